"""Every setting of the site, for every place it runs.

What differs from place to place is an environment variable, explained in .env.example. With none set, the
site runs on this machine alone. With PRODUCTION=true, whatever it needs and lacks is refused by name.
"""

import re
import sys
from importlib.util import find_spec
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError, validate
from psycopg import ProgrammingError
from psycopg.conninfo import make_conninfo

# --- Readers and the switch ---------------------------------------------------------------------------------

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()


def read(parser, name, default=..., **options):
    """The value of a variable, or its default; `...` requires one. Nonsense is refused, never guessed at."""
    try:
        return parser(name, default, **options)
    except EnvError as error:
        raise ImproperlyConfigured(str(error)) from None


def read_list(name, default):
    """The comma-separated values of a variable, without the spaces and gaps that people leave."""
    return [value for value in read(env.list, name, default, subcast=str.strip) if value]


def refuse_unless(condition, message):
    if not condition:
        raise ImproperlyConfigured(message)


PRODUCTION = read(env.bool, "PRODUCTION", False)
REQUIRED = ...

# --- Core ---------------------------------------------------------------------------------------------------

DEBUG = read(env.bool, "DEBUG", False)
refuse_unless(not (PRODUCTION and DEBUG), "DEBUG must not be true when PRODUCTION is: it shows the insides.")

INSECURE_KEY = "django-insecure-for-one-machine-only-and-refused-in-production"
SECRET_KEY = read(env.str, "SECRET_KEY", REQUIRED if PRODUCTION else INSECURE_KEY)
refuse_unless(
    not PRODUCTION or (len(SECRET_KEY) >= 50 and SECRET_KEY != INSECURE_KEY),
    "SECRET_KEY must be a secret of 50 characters or more when PRODUCTION is true.",
)

ALLOWED_HOSTS = read_list("ALLOWED_HOSTS", REQUIRED if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
refuse_unless(
    not PRODUCTION or (ALLOWED_HOSTS and "*" not in ALLOWED_HOSTS),
    "ALLOWED_HOSTS must name the hosts, and not *, when PRODUCTION is true.",
)

# Where the public finds the site. Absolute links use it, or the host of the request where it is not set.
SITE_URL = read(
    env.str,
    "SITE_URL",
    "",
    validate=validate.Regexp(
        re.compile(r"(https?://[^/?#\s]+)?\Z"),
        error="Not an origin such as https://invest.example, without a path.",
    ),
)

# Where a finder of a security hole turns to; printed in /.well-known/security.txt.
SECURITY_CONTACT = read(
    env.str,
    "SECURITY_CONTACT",
    "",
    validate=validate.Regexp(
        re.compile(r"(mailto:[^@\s]+@[^@\s]+|https://[^/\s]+\S*)?\Z"),
        error="Not an address such as mailto:security@invest.example or https://invest.example/report.",
    ),
)

# The approval number of the map (审图号), printed under it where one was given.
MAP_APPROVAL_NUMBER = read(env.str, "MAP_APPROVAL_NUMBER", "")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Apps ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "desk.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "records",
    "listings",
    "zones",
    "projects",
    "business_environment",
    "desk",
    "shanxi_portal",
]

# --- Middleware ---------------------------------------------------------------------------------------------

MIDDLEWARE = [
    # Headers that every response carries: they stand above WhiteNoise to reach the static files too.
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "shanxi_portal.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Above whatever may ask the database: the next but two asks it for the version of the data.
    "shanxi_portal.routers.ReadFromReplica",
    # The entity tag belongs to the page before it is compressed: compression adds random bytes.
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    # Above whatever may set a cookie, so as to see it; a page that it has need not come further down.
    "shanxi_portal.middleware.PublicCache",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    # Below the language, since it shows a page; above whatever may read the query.
    "shanxi_portal.middleware.RefuseOversizedQuery",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # Below those that check tokens and know who asks.
    "desk.interruptions.KeepTyped",
    # Both look at nobody outside /admin/: public pages depend on no cookie.
    "allauth.account.middleware.AccountMiddleware",
    "desk.accounts.middleware.StaffSession",
    # Tells a request for a part of a page from one for the whole: `request.htmx`.
    "django_htmx.middleware.HtmxMiddleware",
]

# --- URLs and templates -------------------------------------------------------------------------------------

ROOT_URLCONF = "shanxi_portal.urls"
WSGI_APPLICATION = "shanxi_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shanxi_portal.context_processors.page",
            ],
        },
    },
]

# --- Database -----------------------------------------------------------------------------------------------

SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"

# A command of manage.py may take long, and has the time: what guards the requests of readers is not for it.
IS_COMMAND = Path(sys.argv[0]).name in {"manage.py", "django-admin"}

# Connections that each gunicorn process keeps: at most one for each of its threads, and at least so many.
POOL_MAX = read(env.int, "DATABASE_POOL_MAX", 4, validate=validate.Range(min=1, max=1000))
POOL_MIN = read(env.int, "DATABASE_POOL_MIN", 1, validate=validate.Range(min=0))
refuse_unless(POOL_MIN <= POOL_MAX, "DATABASE_POOL_MIN must not be more than DATABASE_POOL_MAX.")
# Seconds. 0 is no limit; an hour is the most, since what is meant as milliseconds is soon more.
SECONDS = validate.Range(min=0, max=3600)
STATEMENT_TIMEOUT = read(env.float, "DATABASE_STATEMENT_TIMEOUT", 15, validate=SECONDS)
LOCK_TIMEOUT = read(env.float, "DATABASE_LOCK_TIMEOUT", 5, validate=SECONDS)
IDLE_TIMEOUT = read(env.float, "DATABASE_IDLE_TIMEOUT", 60, validate=SECONDS)


def database(name, config):
    """What a variable names, with what each engine needs to serve many at once."""
    refuse_unless(
        config["ENGINE"] in {SQLITE, POSTGRESQL} and config["NAME"],
        f"{name} must be sqlite:///<file> or postgres://<user>:<password>@<host>/<name>.",
    )
    options = config.setdefault("OPTIONS", {})
    if config["ENGINE"] == POSTGRESQL:
        config["ENGINE"] = "shanxi_portal.engines.postgresql"
        postgresql_options(name, options)
        config["CONN_HEALTH_CHECKS"] = True
    else:
        config["ENGINE"] = "shanxi_portal.engines.sqlite3"
        if config["NAME"] != ":memory:":
            config["NAME"] = BASE_DIR / config["NAME"]
        # Readers do not wait for a writer (WAL). A writer takes its lock at once (IMMEDIATE), so that it
        # waits up to 5 seconds for its turn instead of failing half-way.
        # Rows that INSERT OR REPLACE takes away count as deleted only with recursive triggers.
        options["init_command"] = (
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA recursive_triggers = ON"
        )
        options["transaction_mode"] = "IMMEDIATE"
        options["timeout"] = 5
        # Opening the file reads the whole schema: done once by each thread, not for each request.
        config["CONN_MAX_AGE"] = None
        # Tests know this of Django's own engine, and must be told it of another.
        config["TEST"] = {"NAME": ":memory:"}
    return config


def postgresql_options(name, options):
    """Add a pool and limits to the options that an address carries, such as sslmode; they win."""
    try:
        make_conninfo(**options)
    except ProgrammingError as error:
        raise ImproperlyConfigured(
            f"{name} has an option that PostgreSQL does not know: {str(error).strip()}"
        ) from None
    # A migration that waits for a lock makes everybody else wait behind it: a command gives up as well.
    limits = {"lock_timeout": LOCK_TIMEOUT}
    if not IS_COMMAND:
        limits["statement_timeout"] = STATEMENT_TIMEOUT
        limits["idle_in_transaction_session_timeout"] = IDLE_TIMEOUT
        options["pool"] = {"min_size": POOL_MIN, "max_size": POOL_MAX, "timeout": 10}
    ours = " ".join(f"-c {limit}={round(seconds * 1000)}" for limit, seconds in limits.items())
    options["options"] = f"{ours} {options.get('options', '')}".strip()
    options.setdefault("application_name", "invest-shanxi command" if IS_COMMAND else "invest-shanxi")
    options.setdefault("connect_timeout", 5)


DATABASES = {"default": database("DATABASE_URL", read(env.dj_db_url, "DATABASE_URL", "sqlite:///db.sqlite3"))}
DATABASE_ROUTERS = []
# Seconds for which a replica that did not answer is not asked again.
REPLICA_MEMORY = 15

if read(env.str, "DATABASE_REPLICA_URL", None) is not None:
    DATABASES["replica"] = database("DATABASE_REPLICA_URL", read(env.dj_db_url, "DATABASE_REPLICA_URL"))
    refuse_unless(
        {config["ENGINE"] for config in DATABASES.values()} == {"shanxi_portal.engines.postgresql"},
        "DATABASE_REPLICA_URL needs PostgreSQL in it and in DATABASE_URL: SQLite has no replicas.",
    )
    DATABASES["replica"]["TEST"] = {"MIRROR": "default"}
    # Readers are not kept waiting for it while the primary can answer, and nothing is ever written to it.
    options = DATABASES["replica"]["OPTIONS"]
    options["options"] += " -c default_transaction_read_only=on"
    options["connect_timeout"] = min(options["connect_timeout"], 2)
    if "pool" in options:
        options["pool"]["timeout"] = 2
    DATABASE_ROUTERS = ["shanxi_portal.routers.ReplicaRouter"]

# --- Languages ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Static files -------------------------------------------------------------------------------------------

# With a manifest, files are collected, compressed and named by their content. Without, they are served from
# where they lie, so that a change is seen at once and tests need no step before them.
STATIC_MANIFEST = read(env.bool, "STATIC_MANIFEST", PRODUCTION)
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if STATIC_MANIFEST
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        ),
    },
}
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
# Our files are for our pages: no other site needs to read them from a script.
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- Cache --------------------------------------------------------------------------------------------------

LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
REDIS = "django.core.cache.backends.redis.RedisCache"


def cache():
    """The memory of each process, or the Redis that all of them share."""
    config = read(env.dj_cache_url, "CACHE_URL", "locmem://")
    refuse_unless(config["BACKEND"] in {LOCMEM, REDIS}, "CACHE_URL must be locmem:// or redis://<host>.")
    refuse_unless(
        config["BACKEND"] != REDIS or find_spec("redis"),
        "CACHE_URL names Redis, and its client is not installed: pip install redis.",
    )
    if config["BACKEND"] == LOCMEM:
        # Fact sheets lie in it, half a megabyte each at most: 50 MB a process.
        config["OPTIONS"] = {"MAX_ENTRIES": 100}
    else:
        config["BACKEND"] = "shanxi_portal.caches.OptionalRedis"
        # Seconds. A reader who waited longer would be served sooner without it.
        config["OPTIONS"] = {"socket_connect_timeout": 0.5, "socket_timeout": 1}
    return config


def page_cache(config):
    """A part of that cache for pages, which neither crowd out fact sheets nor are crowded out by them."""
    # Nobody asks again for a page of an earlier version: it has to go by itself.
    config = config | {"KEY_PREFIX": f"{config.get('KEY_PREFIX', '')}pages", "TIMEOUT": 60 * 60}
    if config["BACKEND"] == LOCMEM:
        config |= {"LOCATION": f"{config['LOCATION']}pages", "OPTIONS": {"MAX_ENTRIES": 200}}
    return config


CACHES = {"default": cache()}
CACHES["pages"] = page_cache(CACHES["default"])
# A page larger than this, compressed, is not kept: 200 of them are 13 MB a process at most.
PAGE_CACHE_BYTES = 64 * 1024
# Seconds for which a Redis that failed is not asked again.
REDIS_MEMORY = 15

# Anyone may keep a public page this long: editors change records by the day, not by the minute.
PUBLIC_CACHE_SECONDS = 0 if DEBUG else 300
# Apps and models of which public pages show nothing: when they change, pages stay as they are.
UNSHOWN = {"account", "mfa", "desk", "records.note", "records.pendingchange"}
UNCACHED_PATHS = ("/admin/", "/healthz", "/readyz")

# --- Security -----------------------------------------------------------------------------------------------

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

# --- Signing in ---------------------------------------------------------------------------------------------

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

# No address that our own pages make comes near this.
MAX_QUERY_BYTES = 4000
# A record in the admin has a row of fields for each of its statements. No query of 4,000 bytes holds as many.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Logging ------------------------------------------------------------------------------------------------

# One line each, to the console: whoever runs the site collects it from there.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": read(env.log_level, "LOG_LEVEL", "INFO")},
    "loggers": {
        # Django's own handlers would print a line twice, and mail errors to nobody.
        "django": {"handlers": []},
        # It tells each step of each sheet that it prints, at INFO.
        "weasyprint.progress": {"level": "WARNING"},
    },
}
