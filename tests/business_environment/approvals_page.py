"""Reads the approvals page: its parts, what it has counted, and the joins of before and after."""

from business_environment.models import Procedure
from business_environment.views.approvals import BeforeAfter, Ledger
from tests.crawling import Page

ADDRESS = "/en/business-environment/approvals/"
SECTIONS = (
    *("claim", "accounts", "ledger", "before-and-after"),
    *("not-documented", "timeline", "legal-texts", "cases"),
)


def read(client, address=ADDRESS):
    response = client.get(address)
    assert response.status_code == 200
    return Page(address, response)


def has_class(node, *names):
    return bool({*names} & {*node.get("class", "").split()})


def within(node, *names):
    return node is not None and (has_class(node, *names) or within(node.parent, *names))


def counts(client):
    """What the page says it has counted: number by label."""
    box = next(node for node in read(client).nodes if has_class(node, "counted"))
    found = {}
    for item in (node for node in box.walk() if node.tag == "li"):
        number = next(node for node in item.walk() if node.tag == "b").text
        found[item.text.removeprefix(number).removesuffix(number).strip()] = int(number)
    return found


def steps():
    """Before and after, of the rows that are public now."""
    return BeforeAfter(Ledger(list(Procedure.objects.published().order_by("order", "slug"))))


def groups(client, address=ADDRESS):
    """(names before, fates, words after) of each group of the page."""
    page = Page(address, client.get(address))

    def texts(node, name):
        return [one.text for one in node.walk() if name in one.get("class", "").split()]

    def names(node):
        return [one.text for one in node.walk() if one.tag == "a"]

    found = []
    for node in page.nodes:
        if "join" in node.get("class", "").split():
            after = next(one for one in node.walk() if "join__after" in one.get("class", "").split())
            before = [one for one in names(node) if one not in names(after) or len(names(node)) == 2]
            found.append((before[: len(texts(node, "fate"))], texts(node, "fate"), after.text))
    return found
