"""The entity tag of a public page, known before the page is made: a digest of all that the page depends on.

These are the version of the data, the day, the edition of the software, a few settings, and the request.
So an unchanged page is renewed (304), or found in the cache, without any view. The version is read before the
data: a page may be newer than its tag, never older.
"""

import hashlib
import logging
from functools import cache

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import DisallowedHost
from django.db import Error, connections
from django.utils import timezone
from django.utils.http import parse_etags
from django.utils.translation import get_language_from_path

from listings import versions
from operations import outages
from shanxi_portal.routers import PRIMARY, ReplicaRouter, is_signed_in, reads_from

# Settings that a variable sets and that pages show. What else they show of the settings stands in the code.
SHOWN = ("SITE_URL", "MAP_APPROVAL_NUMBER")
SOURCES = {".py", ".html", ".txt", ".xml", ".mo"}
# The headers that a page may depend on, and how WSGI calls them.
FRAGMENT_HEADERS = {
    "HX-Request": "HTTP_HX_REQUEST",
    "HX-History-Restore-Request": "HTTP_HX_HISTORY_RESTORE_REQUEST",
}
# The end of a tag: the Vary of its page, so that a 304 can say what the page would. A page that varies by
# anything else has no such tag.
VARIANTS = {
    "": ("Accept-Encoding",),
    "-hx": ("Accept-Encoding", *FRAGMENT_HEADERS),
}

logger = logging.getLogger(__name__)


@cache
def edition():
    """A digest of what pages are made with: code, templates, catalogues, libraries, names of static files.

    It is the same on every machine with the same files. Reading them takes some 25 ms, once in a process.
    """
    digest = hashlib.blake2b(getattr(staticfiles_storage, "manifest_hash", "").encode(), digest_size=16)
    for path in sorted(made_from()):
        digest.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode())
        digest.update(hashlib.blake2b(path.read_bytes()).digest())
    return digest.hexdigest()


def made_from():
    """The files of the project that pages are made from. Libraries are told by their pinned versions."""
    yield from settings.BASE_DIR.glob("requirements.txt")
    folders = {config.path for config in apps.get_app_configs()}
    folders.update(map(str, [*settings.TEMPLATES[0]["DIRS"], *settings.LOCALE_PATHS]))
    for folder in map(settings.BASE_DIR.joinpath, folders):
        # A virtual environment, with the apps of others, may lie in the checkout as well.
        if folder.parent == settings.BASE_DIR:
            yield from (path for path in folder.rglob("*.*") if path.suffix in SOURCES)


def page_key(request):
    """A digest of all that the page of a request depends on; None where that is not known beforehand.

    It is known of addresses below a language; not in a transaction, nor with DEBUG, when files change. Where
    the database does not answer it is that of the last version heard of, and `request.is_without_database`.
    """
    request.is_without_database = False
    if settings.DEBUG or request.method not in {"GET", "HEAD"}:
        return None
    if not get_language_from_path(request.path_info):
        return None
    version = _version(request)
    try:
        host = request.get_host()
    except DisallowedHost:
        return None
    if version is None:
        return None
    asked = (request.scheme, host, request.path, request.META.get("QUERY_STRING", ""))
    asked += tuple(request.META.get(name) for name in FRAGMENT_HEADERS.values())
    shown = tuple(getattr(settings, name) for name in SHOWN)
    # Whether a policy is in force depends on the day.
    state = (edition(), str(version), timezone.localdate().isoformat(), shown, asked)
    return hashlib.blake2b(repr(state).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _version(request):
    """The version of the data in the database that the page will be read from."""
    if connections[PRIMARY].in_atomic_block:
        return None
    alias = reads_from()
    try:
        # Staff see at once what they have written. Lists, which ask after us, are told as much.
        return versions.recent(alias, ask=is_signed_in(request))
    except Error as error:
        if alias != PRIMARY:
            ReplicaRouter.leave(error)
            return None
        logger.warning("The version of the data cannot be read: %s", error)
        if outages.reason(error) is None:
            return None
        # A page of some minutes ago is better than none.
        request.is_without_database = True
        return versions.remembered(alias)


def variant_of(response, key):
    """(entity tag, Vary) of the page of a key; None if it varies by what the key does not know."""
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",")} - {""}
    for end, names in VARIANTS.items():
        if varies | {"accept-encoding"} == {name.lower() for name in names}:
            return _tag(key, end), ", ".join(names)
    return None


def held_variant(request, key):
    """(entity tag, Vary) of the page of a key, if the request says that its sender has it; else None."""
    if "HTTP_IF_MATCH" in request.META or "HTTP_IF_UNMODIFIED_SINCE" in request.META:
        return None
    held = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    for end, names in VARIANTS.items():
        tag = _tag(key, end)
        if tag in held or tag.removeprefix("W/") in held:
            return tag, ", ".join(names)
    return None


def _tag(key, end):
    """Weak, as it is true of the page and of its compressed form alike."""
    return f'W/"{key}{end}"'
