"""A page of ours as a tagged PDF (PDF/UA-1), for readers who carry paper.

WeasyPrint prints it, with the Pango library and the fonts of the machine. The site runs without them and
then prints nothing: a sheet with empty boxes for Chinese would be worse than none. `manage.py check` says
what to install.
"""

import hashlib
import mimetypes
import re
import shutil
import subprocess
from functools import cache
from threading import Lock

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.cache import cache as kept
from django.core.checks import Error, Warning, register
from django.utils.translation import gettext as _

# A sheet names the day it was made, so it is made anew on the next.
KEPT_SECONDS = 24 * 60 * 60
# Print templates name our own files like this, and nothing else can be fetched.
OWN_FILE = re.compile(r'"static:([^"]+)"')
CHINESE = re.compile("[\u3400-\u9fff]")

# One sheet at a time in each process: printing takes the processor whole, and others shall read meanwhile.
_printing = Lock()


class CannotPrint(Exception):
    """This machine lacks what printing needs. The message tells the reader."""


def print_pdf(html):
    """The PDF of a page, and a fingerprint of the page. Raises CannotPrint.

    The same page is the same file, made once and kept: whatever changes a page also changes its file.
    """
    fingerprint = _fingerprint(html)
    key = f"pdf:{fingerprint}"
    pdf = kept.get(key)
    if pdf is None:
        with _printing:
            # Another reader may have waited for the same sheet.
            pdf = kept.get(key) or _print(html)
            kept.set(key, pdf, KEPT_SECONDS)
    return pdf, fingerprint


def _fingerprint(html):
    """Changes with the page and with each file of ours that it names."""
    digest = hashlib.sha256(html.encode())
    for name in OWN_FILE.findall(html):
        digest.update(_own_file(name))
    return digest.hexdigest()


def _print(html):
    weasyprint = printer()
    if weasyprint is None:
        raise CannotPrint(_("This server lacks the software that prints."))
    if CHINESE.search(html) and not has_chinese_font():
        raise CannotPrint(_("This server has no Chinese font, and would print empty boxes in its place."))

    class OwnFilesOnly(weasyprint.urls.URLFetcher):
        """Reads files below static/. Whatever else a page names stops the printing: no network, no disk."""

        def fetch(self, url, headers=None):
            scheme, _colon, name = url.partition(":")
            if scheme != "static":
                raise ValueError(f"A sheet may not fetch {url}")
            headers = {"Content-Type": mimetypes.guess_type(name)[0]}
            return weasyprint.urls.URLFetcherResponse(url, _own_file(name), headers)

    page = weasyprint.HTML(string=html, url_fetcher=OwnFilesOnly(fail_on_errors=True))
    return page.write_pdf(pdf_variant="pdf/ua-1")


def _own_file(name):
    # Refuses names that lead out of static/, and leaves aside the files that other apps bring.
    path = FileSystemFinder().find(name)
    if not path:
        raise FileNotFoundError(f"There is no {name} in static/.")
    with open(path, "rb") as file:
        return file.read()


@cache
def printer():
    """WeasyPrint, or None where it or a library below it is missing. Loading takes half a second."""
    try:
        import weasyprint
    except (ImportError, OSError):
        return None
    return weasyprint


@cache
def has_chinese_font():
    """Whether fontconfig, which Pango asks, knows a font for simplified Chinese."""
    fc_list = shutil.which("fc-list")
    if fc_list is None:
        return False
    listed = subprocess.run(  # noqa: S603  nothing in it comes from outside
        [fc_list, ":lang=zh-cn", "family"], capture_output=True, check=False
    )
    return bool(listed.stdout)


@register
def check_printing(app_configs, **kwargs):
    """What fact sheets need of the machine, said each time a command of manage.py runs."""
    if printer() is None:
        return [
            Warning(
                "WeasyPrint cannot be loaded, so there are no fact sheets (PDF).",
                hint="Install Pango; on Debian: "
                "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
                id="records.W001",
            )
        ]
    if not has_chinese_font():
        level, number = (Error, "E001") if settings.PRODUCTION else (Warning, "W002")
        return [
            level(
                "There is no Chinese font, so there are no fact sheets (PDF): Chinese would be empty boxes.",
                hint="Install a font and fontconfig; on Debian: apt-get install fonts-noto-cjk fontconfig",
                id=f"records.{number}",
            )
        ]
    return []
