"""Words in the right language: texts of the other one are marked, and days are written as pages have them."""

import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from records.dates import PartialDate
from records.history import public_changes
from records.translations import behind_of

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


@register.filter
def number_in(item, items):
    """The place of an item in a list, from 1: on paper, where a source is named by its number."""
    return items.index(item) + 1


@register.filter
def in_words(day):
    """A day, or the day of a moment, written as all dates of the site are: "6 March 2021", 2021年3月6日."""
    if isinstance(day, datetime.datetime):
        day = timezone.localtime(day).date()
    return str(PartialDate(day.isoformat())) if day else ""


@register.simple_tag
def behind(record):
    """The texts of a record that are older, in the reader's language, than in the other one."""
    return behind_of(record)


@register.simple_tag
def changes_of(record):
    """What the public is told of a record, day by day, the latest first: (day, lines). One query."""
    return public_changes(record)
