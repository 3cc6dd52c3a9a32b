"""The costs that are shipped: few, and no two of them alike."""

import pytest

from business_environment.models import Cost
from tests.crawling import Page

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

LIST = "/en/business-environment/costs/"


def by_class(page, name):
    return [node for node in page.nodes if name in node.get("class", "").split()]


def test_of_the_prices_that_are_known_none_can_be_compared_and_the_page_says_so(client, shipped_data):
    page = Page(LIST, client.get(LIST))
    assert "None of these figures can be compared with another." in page.body.text
    assert by_class(page, "bars") == []
    assert {node.get("id") for node in by_class(page, "cost")} == set(
        Cost.objects.published().values_list("slug", flat=True)
    )
    assert all("Not compared:" in node.text for node in by_class(page, "cost"))
    minimum = next(node for node in by_class(page, "cost") if node.get("id") == "land-minimum-national")
    assert "not a figure of Shanxi" in minimum.text
