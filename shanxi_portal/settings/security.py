"""Headers, cookies, and the door of the administration: what browsers may do with pages, and who enters."""

import re
from ipaddress import ip_network

from csp.constants import NONE, SELF
from environs import validate

from .reading import PRODUCTION, env, read, read_list, refuse_unless

# --- The administration -------------------------------------------------------------------------------------

# Where it lies, without the slash before it.
ADMIN_PATH = read(
    env.str,
    "ADMIN_PATH",
    "admin/",
    validate=validate.Regexp(
        re.compile(r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*/\Z"),
        error="Not a path such as staff/ of small letters and digits, with a slash behind it.",
    ),
)
ADMIN_ROOT = f"/{ADMIN_PATH}"
TAKEN = ("en", "zh-hans", "static", "healthz", "readyz", "metrics")
refuse_unless(
    ADMIN_PATH.partition("/")[0] not in TAKEN,
    f"ADMIN_PATH must not begin with what the public site uses: {', '.join(TAKEN)}.",
)


def network(text):
    """A network such as 192.0.2.0/24, or a single address."""
    try:
        return ip_network(text)
    except ValueError:
        refuse_unless(False, f"ADMIN_ALLOWED must hold addresses and networks, and {text!r} is neither.")


# Networks from which the administration can be reached; with none named, from all.
ADMIN_ALLOWED = [network(text) for text in read_list("ADMIN_ALLOWED", [])]

# --- Headers ------------------------------------------------------------------------------------------------

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

# --- HTTPS --------------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = PRODUCTION
# The probes of a load balancer speak plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
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

# --- Cookies, of staff alone --------------------------------------------------------------------------------

# With `__Host-` a browser takes a cookie by HTTPS only, and from this very host: no other host of the domain
# can set one in its place. It needs Secure, and so HTTPS.
PREFIX = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME = f"{PREFIX}sessionid"
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
# Not even a link from elsewhere carries it; `desk.accounts.middleware` helps those who follow one.
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_NAME = f"{PREFIX}csrftoken"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_TRUSTED_ORIGINS = read_list("CSRF_TRUSTED_ORIGINS", [])
CSRF_FAILURE_VIEW = "desk.interruptions.csrf_failure"
# In the session, and in no cookie of their own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# What looks at records that staff have changed, as soon as they are saved.
AFTER_CHANGES = "desk.findings.after_changes"
