"""What the head of a page needs beyond Django's own tags."""

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY

register = template.Library()


@register.simple_tag(takes_context=True)
def repeat_block(context, name):
    """The content of a block once more: the title stands in the head and in the card of a shared link."""
    return context.render_context[BLOCK_CONTEXT_KEY].get_block(name).render(context)
