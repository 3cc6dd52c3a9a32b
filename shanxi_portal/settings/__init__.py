"""Every setting of the site, for every place it runs.

What differs from place to place is an environment variable, explained in .env.example. With none set, the
site runs on this machine alone. With PRODUCTION=true, whatever it needs and lacks is refused by name.

The parts, each about one thing: `reading`, `databases`, `caching`, `identity`, `security`,
`limiting`, `signing_in`, `logs`, `watching`, `backing_up`.
"""

from .reading import *  # isort: split

from .backing_up import *
from .caching import *
from .databases import *
from .identity import *
from .limiting import *
from .logs import *
from .security import *
from .signing_in import *
from .watching import *

# --- Apps ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "desk.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
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
    "operations",
    "shanxi_portal",
    # Below ours, whose collectstatic waits for another one.
    "django.contrib.staticfiles",
]

# --- Middleware ---------------------------------------------------------------------------------------------

MIDDLEWARE = [
    # Above all: each request has an id from here on, and is measured whoever answers it.
    "operations.middleware.WatchRequests",
    # Headers that every response carries: they stand above WhiteNoise to reach the static files too.
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "shanxi_portal.middleware.SecurityHeaders",
    # Above whatever minds the host or needs the database: a load balancer asks by address, and always.
    "operations.middleware.AnswerProbes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Above the next, which may know a way to make the page all the same.
    "shanxi_portal.unavailable.Unavailable",
    # Above whatever may ask the database: the next but two asks it for the version of the data.
    "shanxi_portal.routers.ReadFromReplica",
    # The entity tag belongs to the page before it is compressed: compression adds random bytes.
    "django.middleware.gzip.GZipMiddleware",
    "shanxi_portal.middleware.ConditionalGet",
    # Above whatever may set a cookie, so as to see it; a page that it has need not come further down.
    "shanxi_portal.middleware.PublicCache",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    # Below the language, since it shows a page; above whatever may read the query.
    "shanxi_portal.middleware.RefuseOversizedQuery",
    # Above whatever may read the body: who may come to the administration, and what asks for too much.
    "operations.limits.middleware.GuardAdministration",
    "operations.limits.middleware.LimitRequests",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # Below those that check tokens and know who asks.
    "desk.interruptions.KeepTyped",
    "shanxi_portal.unavailable.KeepUnsaved",
    # All three look at nobody outside the administration: public pages depend on no cookie.
    "allauth.account.middleware.AccountMiddleware",
    "desk.accounts.middleware.FollowedLink",
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

# --- Languages ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["shanxi_portal.formats"]
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
