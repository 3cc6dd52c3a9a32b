"""The settings of a site whose pages may be kept for a moment only, to see what comes after."""

from tests.served_settings import *  # noqa: F403

PUBLIC_CACHE_SECONDS = 1
