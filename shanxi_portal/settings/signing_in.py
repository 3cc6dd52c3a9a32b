"""How staff sign in, by django-allauth, and how long they stay."""

from environs import validate

from .reading import PRODUCTION, env, read

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"

# Hours after which a session ends in any case, and minutes without a request after which it ends; it also
# ends with the browser.
SESSION_COOKIE_AGE = 60 * 60 * read(env.int, "SESSION_HOURS", 8, validate=validate.Range(min=1, max=24 * 14))
SESSION_IDLE_SECONDS = 60 * read(
    env.int, "SESSION_IDLE_MINUTES", 60, validate=validate.Range(min=5, max=60 * 24)
)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ENGINE = "desk.accounts.kept_sessions"

# Publishers and administrators must have a second factor; where it is false, they may.
REQUIRE_SECOND_FACTOR = read(env.bool, "REQUIRE_SECOND_FACTOR", PRODUCTION)

# Proxies in front of us, each of which adds an address to X-Forwarded-For: that of the last but so many is
# the reader's. With 0 it is that of the connection.
TRUSTED_PROXIES = read(env.int, "TRUSTED_PROXIES", 0, validate=validate.Range(min=0, max=10))

# Failed attempts within a quarter of an hour after which no more are checked. An office has one address.
SIGN_IN_WINDOW = 15 * 60
SIGN_IN_FAILURES_BY_NAME = 10
SIGN_IN_FAILURES_BY_ADDRESS = 100

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "desk.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# Seconds for which it need not be said again who one is before a second factor is changed.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_FORMS = {
    "login": "desk.accounts.forms.LoginForm",
    "change_password": "desk.accounts.forms.ChangePasswordForm",
    "reauthenticate": "desk.accounts.forms.ReauthenticateForm",
}
MFA_ADAPTER = "desk.accounts.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A code may be half a minute old, or a telephone so much ahead.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "desk.accounts.forms.AuthenticateForm",
    "reauthenticate": "desk.accounts.forms.ReauthenticateCodeForm",
    "activate_totp": "desk.accounts.forms.ActivateTOTPForm",
    "authenticate_webauthn": "desk.accounts.forms.AuthenticateWebAuthnForm",
    "login_webauthn": "desk.accounts.forms.LoginWebAuthnForm",
    "reauthenticate_webauthn": "desk.accounts.forms.ReauthenticateWebAuthnForm",
    "add_webauthn": "desk.accounts.forms.AddWebAuthnForm",
    "edit_webauthn": "desk.accounts.forms.EditWebAuthnForm",
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
