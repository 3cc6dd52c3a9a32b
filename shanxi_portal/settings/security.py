"""Headers, cookies and limits: what a browser may do with our pages, and what we take from it."""

from csp.constants import NONE, SELF
from environs import validate

from .reading import PRODUCTION, env, read, read_list

# Nothing from another host, nothing inline, no frames. Django's admin needs no more than this either.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}
# What the pages never ask of a browser, no script may ask of it.
PERMISSIONS_POLICY = (
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), "
    "encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), "
    "usb=(), xr-spatial-tracking=()"
)
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

SECURE_SSL_REDIRECT = PRODUCTION
# The probes of a load balancer speak plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = read(
    env.int, "HSTS_SECONDS", 31_536_000 if PRODUCTION else 0, validate=validate.Range(min=0)
)
SILENCED_SYSTEM_CHECKS = [
    # HSTS for all subdomains, and for the preload list of browsers: that is for the owner of the domain to
    # decide, not for one site in it.
    "security.W005",
    "security.W021",
]
if read(env.bool, "PROXY_SSL_HEADER", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_TRUSTED_ORIGINS = read_list("CSRF_TRUSTED_ORIGINS", [])
CSRF_FAILURE_VIEW = "desk.interruptions.csrf_failure"

# What looks at records that staff have changed, as soon as they are saved.
AFTER_CHANGES = "desk.findings.after_changes"
