"""Marks text that is not in the language of the page, so that it is read, spelt and drawn rightly."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

register = template.Library()


@register.filter
def in_language(text):
    """The text, in a span with its `lang` where it is in the other language: `{{ name|in_language }}`."""
    if getattr(text, "is_fallback", False):
        return format_html('<span lang="{}">{}</span>', text.lang, str(text))
    return text


@register.filter
def bracketed(text):
    """The text in the brackets of the reader's language, set off as it sets them off; nothing for no text."""
    if not text:
        return ""
    before, after = gettext(" (%(text)s)").split("%(text)s")
    return format_html("{}{}{}", before, in_language(text), after)


@register.filter
def lang_attribute(text):
    """` lang="…"` for the element around a text in the other language, else nothing."""
    if getattr(text, "is_fallback", False):
        return format_html(' lang="{}"', text.lang)
    return mark_safe("")
