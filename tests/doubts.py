"""What "beside" means of a figure and its doubt, for whoever reads a page."""

import re
from functools import cache

from business_environment.models import IndicatorValue

DOUBTED = re.compile(r"(?<![\d.])7\.7(?![\d])")


def is_row(node):
    """A row of a table, an item of a list, or a term with what is said of it."""
    return node.tag in ("tr", "li") or (node.tag == "div" and node.parent and node.parent.tag == "dl")


def has_class(node, name):
    return name in node.get("class", "").split()


def within(node, condition):
    """The nearest element, the node itself included, for which the condition holds; else None."""
    while node is not None and not condition(node):
        node = node.parent
    return node


def own_texts(node):
    """What the element itself says, without the elements below: its text, what follows those, attributes."""
    yield node.element.text or ""
    yield from (child.element.tail or "" for child in node.children)
    yield from (node.get(name, "") for name in ("aria-label", "alt", "title", "content", "value"))


def saying(page, pattern):
    """Elements that say it in their own words."""
    return [node for node in page.nodes if any(pattern.search(text) for text in own_texts(node))]


@cache
def doubt_of(language):
    """The doubt about the 7.7 %, in one line; nothing that the tests do changes it for good."""
    ending = "en" if language == "en" else "zh"
    value = IndicatorValue.objects.get(slug="fai-growth-2020")
    return " ".join(getattr(value, f"comparison_doubt_{ending}").split())


def is_beside_its_doubt(node, doubt):
    """The row that holds the element, or else that element, holds the whole doubt as well.

    A doubt that names the number needs no other one: it says of it what is to be said.
    """
    if within(node, lambda one: has_class(one, "doubt")):
        return True
    row = within(node, is_row)
    return row is not None and any(has_class(one, "doubt") and doubt in one.text for one in row.walk())


def shows_a_doubted_number_alone(page):
    """Yields every element that says 7.7 without its doubt beside it."""
    for node in saying(page, DOUBTED):
        if not is_beside_its_doubt(node, doubt_of(page.language)):
            yield f"{node.tag}: {node.text[:80]}"
