from django import template

from listings.index.notices import notices

register = template.Library()


@register.simple_tag
def index_notices():
    """Sentences on lists that are slow, for staff; looked at anew."""
    return notices()
