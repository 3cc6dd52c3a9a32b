"""Pictures of every kind of page in both languages, at two widths, in light and dark: `make screenshots`.

They are for people to look at; no test compares them.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import django
from playwright.sync_api import sync_playwright

from tests.browser.pages import KINDS, LANGUAGES, address
from tests.chromium import MISSING, find_chromium, launch_options

WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")


def take(browser, server, folder):
    for width in WIDTHS:
        for scheme in SCHEMES:
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            for language in LANGUAGES:
                for kind in KINDS:
                    page.goto(server.url + address(kind, language))
                    page.screenshot(path=folder / f"{kind}-{language}-{width}-{scheme}.png", full_page=True)
            page.close()


def main():
    path = find_chromium()
    if path is None:
        sys.exit(MISSING)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanxi_portal.settings")
    django.setup()
    from django.conf import settings

    from tests.serving import Ground, Server

    folder = settings.BASE_DIR / "screenshots"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with (
        tempfile.TemporaryDirectory() as directory,
        Server(Ground(Path(directory)).migrate().load().fill().collect(), "pictures") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**launch_options(path))
        take(browser, server, folder)
        browser.close()
    sys.stdout.write(f"{len(list(folder.iterdir()))} pictures are in {folder}\n")


if __name__ == "__main__":
    main()
