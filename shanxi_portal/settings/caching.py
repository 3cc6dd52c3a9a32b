"""What is kept of pages and fact sheets, where, and for how long."""

from importlib.util import find_spec

from .identity import DEBUG
from .reading import env, read, refuse_unless
from .security import ADMIN_ROOT

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
UNCACHED_PATHS = (ADMIN_ROOT, "/healthz", "/readyz")
