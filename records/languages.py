"""Two languages as plain columns: `name_en` and `name_zh`, read as `name`.

Explicit columns keep search, constraints, import and admin ordinary Django. `Localized` picks the
column of the reader's language and falls back to the other one, never silently: the text knows
the language it is in, and templates mark it (`{{ zone.name|in_language }}`).
"""

from django.utils.translation import get_language

ENGLISH, CHINESE = "en", "zh-Hans"


def reader_language():
    """The language of the page being made, as an HTML `lang` value."""
    return CHINESE if (get_language() or ENGLISH).startswith("zh") else ENGLISH


class LocalizedText(str):
    """A text that knows its language (`lang`, an HTML value) and whether it is a fallback."""

    def __new__(cls, text, lang):
        self = super().__new__(cls, text)
        self.lang = lang
        return self

    @property
    def is_fallback(self):
        return bool(self) and self.lang != reader_language()


def mark_language(text):
    """A text of which only its letters tell the language: Chinese characters make it Chinese."""
    return LocalizedText(text, CHINESE if any("\u4e00" <= char <= "\u9fff" for char in text) else ENGLISH)


def choose(english, chinese):
    """The text for this reader, or the other language's where it is missing."""
    if reader_language() == CHINESE:
        return LocalizedText(chinese, CHINESE) if chinese else LocalizedText(english or "", ENGLISH)
    return LocalizedText(english, ENGLISH) if english else LocalizedText(chinese or "", CHINESE)


class Localized:
    """Descriptor: `name = Localized("name")` reads `name_en` or `name_zh` by the reader's language."""

    def __init__(self, field):
        self.field = field

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return choose(getattr(instance, f"{self.field}_en"), getattr(instance, f"{self.field}_zh"))


class Other:
    """Descriptor: the same text in the other language, empty where it has none."""

    def __init__(self, field):
        self.field = field

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if reader_language() == CHINESE:
            return LocalizedText(getattr(instance, f"{self.field}_en") or "", ENGLISH)
        return LocalizedText(getattr(instance, f"{self.field}_zh") or "", CHINESE)
