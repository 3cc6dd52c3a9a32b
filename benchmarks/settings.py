"""The settings of the site, for measuring it: a page more, and collected files in a place of their own."""

import os
from pathlib import Path

from shanxi_portal.settings import *  # noqa: F403, TID251

ROOT_URLCONF = "benchmarks.urls"
# All that measures comes from one address.
RATE_LIMITS = {}
STATIC_ROOT = Path(os.environ.get("BENCH_STATIC_ROOT", STATIC_ROOT))  # noqa: F405
