"""Indicators: the file of their values, and the page of each."""

import csv
import io
from decimal import Decimal

import pytest

from business_environment.models import Indicator
from records.dates import PartialDate
from tests.crawling import Page
from tests.factories import make_indicator, make_source, make_statement

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

LIST = "/en/business-environment/indicators/"
FILE = "/en/business-environment/indicators.csv"


def value(slug, period, number="5", **more):
    return {"slug": slug, "period": PartialDate(period), "number": Decimal(number)} | more


def lines(client, address=FILE):
    response = client.get(address)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def page_of(client, address):
    return Page(address, client.get(address))


def by_class(page, name):
    return [node for node in page.nodes if name in node.get("class", "").split()]


@pytest.fixture
def rows():
    """Values of two indicators, one of them of the nation."""
    make_indicator(
        slug="growth",
        name_en="Growth",
        topic="investment",
        order=3,
        unit="percent",
        values=[value("growth-2021", "2021", "8.7"), value("growth-2020", "2020", "10.6")],
    )
    make_indicator(
        slug="average",
        name_en="Average",
        topic="investment",
        order=2,
        is_in_shanxi=False,
        values=[value("average-2006", "../2006")],
    )


# The file


def test_the_file_has_one_line_for_each_value_with_all_that_is_known(client):
    indicator = make_indicator(
        slug="growth",
        name_en="Growth",
        name_zh="增速",
        unit="percent",
        values=[
            value(
                "growth-2020",
                "2020",
                "10.600000",
                approximation="more_than",
                note_en="Ranked second.",
                doubt_en="Perhaps less.",
                comparison="national-average",
                comparison_number=Decimal("7.7"),
                comparison_unit="percent",
                comparison_words_en="Much higher",
                comparison_doubt_en="It looks like the gap.",
            ),
            value("growth-2021", "2021-H1", "1240000000000"),
        ],
    )
    source = make_source(publisher_en="Growth Daily", title="Booms")
    make_statement(indicator.values.get(slug="growth-2020"), source=source)
    assert lines(client) == [
        {
            "Address": "growth",
            "Key": "growth-2020",
            "Indicator (English)": "Growth",
            "Indicator (Chinese)": "增速",
            "Topic": "Investment",
            "Place": "Shanxi",
            "Figure of Shanxi": "yes",
            "Period": "2020",
            "Approximation": "more than",
            "Number": "10.6",
            "Unit": "per cent",
            "Doubt": "Perhaps less.",
            "Note": "Ranked second.",
            "Compared with": "National average",
            "Number compared with": "7.7",
            "Unit of that number": "per cent",
            "Comparison in words": "Much higher",
            "Doubt about the comparison": "It looks like the gap.",
            "Sources": str(source),
        },
        dict.fromkeys(
            (
                *("Approximation", "Doubt", "Note", "Compared with", "Number compared with", "Sources"),
                *("Unit of that number", "Comparison in words", "Doubt about the comparison"),
            ),
            "",
        )
        | {
            "Address": "growth",
            "Key": "growth-2021",
            "Indicator (English)": "Growth",
            "Indicator (Chinese)": "增速",
            "Topic": "Investment",
            "Place": "Shanxi",
            "Figure of Shanxi": "yes",
            "Period": "2021-H1",
            "Number": "1240000000000",
            "Unit": "per cent",
        },
    ]


# The page of an indicator


def test_the_page_of_an_indicator_has_all_its_values_at_their_own_places(client, rows):
    growth = Indicator.objects.get(slug="growth")
    source = make_source(title="Growth of two years")
    for row in growth.values.all():
        make_statement(row, source=source)
        assert row.get_absolute_url() == f"{LIST}growth/#value-{row.slug}"
    page = page_of(client, f"{LIST}growth/")
    assert page.title.startswith("Growth, Shanxi")
    assert {"value-growth-2020", "value-growth-2021"} <= set(page.ids)
    assert [node.text for node in by_class(page, "columns")] == [
        "Growth, Shanxi, by period 2020 2021 10.6% 8.7%"
    ]
    sources = by_class(page, "sources")[0].text
    assert "Growth of two years" in sources
    assert "Bears out: 2020, 2021" in sources
    assert f"{LIST}?topic=investment" in [node.get("href") for node in page.find("a")]


def test_a_national_figure_says_so_on_its_page(client, rows):
    assert "not a figure of Shanxi" in page_of(client, f"{LIST}average/").body.text
    assert "not a figure of Shanxi" not in page_of(client, f"{LIST}growth/").body.text


def test_an_indicator_without_values_says_so(client):
    make_indicator(slug="bare", values=0)
    page = page_of(client, f"{LIST}bare/")
    assert page.status == 200
    assert by_class(page, "values") == []
    assert "not stated" in page.body.text


def test_a_withdrawn_indicator_leaves_a_tombstone_with_others_of_its_topic(client, rows):
    make_indicator(slug="gone", topic="investment", state="withdrawn")
    response = client.get(f"{LIST}gone/")
    assert response.status_code == 410
    assert [row.slug for row in response.context["alternatives"]] == ["average", "growth"]
    assert "gone" not in [line["Address"] for line in lines(client)]


def test_pages_are_in_the_language_of_the_address(client, rows):
    page = page_of(client, "/zh-hans/business-environment/indicators/growth/")
    growth = Indicator.objects.get(slug="growth")
    assert page.title.startswith(growth.name_zh)
    assert growth.place_zh in page.body.text
    assert "2020年" in page.body.text
