"""The Chromium of this machine: nothing is downloaded."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "There is no Chromium here. Install one, or name it: CHROMIUM=/path/to/chromium"


def find_chromium():
    """Its path, or None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def launch_options(path):
    """What Playwright needs to start it. Its sandbox does not start for root, who runs a container."""
    return {"executable_path": path, "args": ["--no-sandbox"] if os.geteuid() == 0 else []}
