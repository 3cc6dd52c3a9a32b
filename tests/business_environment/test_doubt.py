"""The 7.7 %, and any figure: never without its doubt, and from one row wherever it is shown."""

from decimal import Decimal

import pytest
from django.test import Client

from business_environment.models import IndicatorValue
from tests.crawling import Page
from tests.doubts import doubt_of, has_class, shows_a_doubted_number_alone, within

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

SHOWN_ON = {
    f"/{language}/{path}"
    for language in ("en", "zh-hans")
    for path in (
        "",
        "business-environment/",
        "business-environment/indicators/",
        "business-environment/indicators/fai-growth/",
        "business-environment/indicators/fai-growth-national/",
    )
}


def figures(page):
    """(text, element) of the numbers that a page shows: values, comparisons, charts."""
    return [
        (node.text, node)
        for node in page.nodes
        if has_class(node, "figure__value")
        or (node.tag == "strong" and has_class(node.parent.parent, "compared"))
        or (node.tag == "td" and within(node, lambda one: has_class(one, "columns")))
    ]


def read(address):
    return Page(address, Client().get(address))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_file_has_number_and_doubt_in_one_line(shipped_data, language):
    response = Client().get(f"/{language}/business-environment/indicators.csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    found = [line for line in text.splitlines() if ",7.7," in line]
    assert len(found) == 1
    assert doubt_of(language) in found[0]


def test_the_test_finds_a_number_that_stands_alone(shipped_data):
    """Without its doubt in the row, what the crawl looks for on every page is there."""
    assert doubt_of("en")
    IndicatorValue.objects.filter(slug="fai-growth-2020").update(
        comparison_doubt_en="", comparison_doubt_zh=""
    )
    page = read("/en/business-environment/indicators/fai-growth/")
    assert len([*shows_a_doubted_number_alone(page)]) >= 3


@pytest.mark.parametrize(
    ("column", "old", "new"), [("number", "10.6%", "11.3%"), ("comparison_number", "7.7%", "9.4%")]
)
def test_a_figure_comes_from_its_one_row_wherever_it_is_shown(shipped_data, column, old, new):
    before = {address: [text for text, _node in figures(read(address))] for address in SHOWN_ON}
    places = {address: [text == old for text in texts] for address, texts in before.items()}
    assert {address for address, found in places.items() if any(found)} == SHOWN_ON

    IndicatorValue.objects.filter(slug="fai-growth-2020").update(**{column: Decimal(new[:-1])})
    for address, texts in before.items():
        expected = [new if text == old else text for text in texts]
        assert [text for text, _node in figures(read(address))] == expected, address


def test_a_figure_in_the_file_comes_from_the_same_row(shipped_data):
    IndicatorValue.objects.filter(slug="fai-growth-2020").update(number=Decimal("11.3"))
    response = Client().get("/en/business-environment/indicators.csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert [line.split(",")[1] for line in text.splitlines() if ",11.3," in line] == ["fai-growth-2020"]
    assert ",10.6," not in text
