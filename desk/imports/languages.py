"""Words of the interface in every language that the site has."""

from django.conf import settings
from django.utils import translation


def in_each_language(text):
    """The lazy text in each language of the site, in their order."""
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append(str(text))
    return found


def is_chinese():
    """Whether the language of the moment is Chinese."""
    return (translation.get_language() or "").startswith("zh")
