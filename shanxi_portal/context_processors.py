"""What every page knows of itself: its section, its address, and its other language."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.urls import translate_url
from django.utils.translation import get_language

LANGUAGE_NAMES = {"en": ("en", "English"), "zh-hans": ("zh-Hans", "中文")}


@dataclass(frozen=True)
class Translation:
    """The same page in one language."""

    code: str
    lang: str
    name: str
    url: str
    absolute_url: str
    current: bool


def absolute(request, path):
    """The full address of a path, at the public origin where one is set."""
    if settings.SITE_URL:
        return f"{settings.SITE_URL}{path}"
    try:
        return request.build_absolute_uri(path)
    except DisallowedHost:
        # The page that refuses an unknown host must not fail on it.
        return path


def page(request):
    """`section`, `translations`, `canonical_url` and `origin` for the templates."""
    parts = [part for part in request.path.split("/") if part]
    section = (
        (parts[1].removesuffix(".csv") if len(parts) > 1 else "home")
        if parts and parts[0] in LANGUAGE_NAMES
        else ""
    )
    translations = []
    for code, (lang, name) in LANGUAGE_NAMES.items():
        url = translate_url(request.get_full_path(), code)
        translations.append(
            Translation(
                code,
                lang,
                name,
                url,
                absolute(request, translate_url(request.path, code)),
                code == get_language(),
            )
        )
    return {
        "section": section,
        "translations": translations,
        "canonical_url": absolute(request, request.path),
        "origin": absolute(request, "/").removesuffix("/"),
    }
