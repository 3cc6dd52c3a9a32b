"""Where a text matches what was searched for."""

from django import template

from listings.text.marking import mark

register = template.Library()


@register.filter
def marked(text, query):
    """The text with what matches a query in `<mark>`: `{{ zone.name|marked:query|in_language }}`.

    The text as it is where nothing was searched for.
    """
    return mark(text, query) if text and query else text
