"""The settings of the site, with the collected files in a directory of the test's own."""

import os
import select
import time
from pathlib import Path

from shanxi_portal.settings import *  # noqa: F403, TID251

STATIC_ROOT = Path(os.environ["SERVED_STATIC_ROOT"])
# A test has no patience for the usual.
REPLICA_MEMORY = 1
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if "FAKETIME_TIMESTAMP_FILE" in os.environ:
    # libfaketime 0.9.10 fails where Python sleeps until a moment of the clock that is not to be changed.
    time.sleep = lambda seconds: select.select([], [], [], max(0, seconds))
