"""Indicators: the list of their values, its filters and its order, which its file shares."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from business_environment.filters import IndicatorFilter
from business_environment.models import IndicatorValue
from records.dates import PartialDate
from tests.crawling import Page
from tests.factories import make_city, make_indicator, make_source, make_statement

pytestmark = pytest.mark.django_db

LIST = "/en/business-environment/indicators/"
FILE = "/en/business-environment/indicators.csv"


def value(slug, period, number="5", **more):
    return {"slug": slug, "period": PartialDate(period), "number": Decimal(number)} | more


def slugs(query=""):
    """Keys of the values that the list shows, in its order."""
    rows = IndicatorValue.objects.published()
    filterset = IndicatorFilter(data=QueryDict(query), queryset=rows)
    assert filterset.problems() == []
    return [row.slug for row in filterset.sorted_rows()]


def counts(name, query=""):
    """The facet's counts, those above zero."""
    filterset = IndicatorFilter(data=QueryDict(query), queryset=IndicatorValue.objects.published())
    assert filterset.problems() == []
    found = filterset.facets[name].counts(filterset.rows(leave_out=name))
    return {key: number for key, number in found.items() if number}


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
    """Values of three indicators, two of one topic; one of the nation, one of two cities."""
    cities = [make_city(slug="changzhi", name_en="Changzhi"), make_city(slug="jincheng")]
    make_indicator(
        slug="trade",
        name_en="Trade",
        topic="trade-and-foreign-capital",
        order=1,
        cities=cities,
        values=[value("trade-2021", "2021-06"), value("trade-2019", "2019/2021")],
    )
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
    make_indicator(slug="hidden", state="draft", values=[value("hidden-2022", "2022")])


# Filters and sorts


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        # Topics in the order of the facet, not of their keys; in a topic as staff order them.
        ("", ["average-2006", "growth-2020", "growth-2021", "trade-2019", "trade-2021"]),
        ("sort=latest", ["trade-2021", "growth-2021", "growth-2020", "trade-2019", "average-2006"]),
        ("sort=earliest", ["average-2006", "trade-2019", "growth-2020", "growth-2021", "trade-2021"]),
        ("sort=name", ["average-2006", "growth-2020", "growth-2021", "trade-2019", "trade-2021"]),
        ("topic=investment", ["average-2006", "growth-2020", "growth-2021"]),
        ("topic=economy", []),
        ("place=changzhi", ["trade-2019", "trade-2021"]),
        ("place=province", ["growth-2020", "growth-2021"]),
        ("place=nation", ["average-2006"]),
        ("place=nation&place=jincheng", ["average-2006", "trade-2019", "trade-2021"]),
        ("year=2021", ["growth-2021", "trade-2021"]),
        ("year=2019&year=2020", ["growth-2020", "trade-2019"]),
        ("q=growth", ["growth-2020", "growth-2021"]),
    ],
)
def test_values_are_filtered_and_sorted(rows, query, keys):
    assert slugs(query) == keys


def test_values_are_counted_by_what_choosing_them_gives(rows):
    assert counts("topic") == {"investment": 3, "trade-and-foreign-capital": 2}
    assert counts("place") == {"changzhi": 2, "jincheng": 2, "province": 2, "nation": 1}
    assert {key: n for key, n in counts("year").items() if key.isdigit()} == {"2019": 1, "2020": 1, "2021": 2}
    for name in ("topic", "place"):
        for key, number in counts(name, "year=2021").items():
            assert len(slugs(f"year=2021&{name}={key}")) == number


@pytest.mark.parametrize(
    "query", ["topic=magic", "place=atlantis", "year=1066", "foo=1", "sort=best", "page=x"]
)
def test_what_is_not_understood_is_named(client, rows, query):
    parameter = query.partition("=")[0]
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 400
    assert parameter in [problem.parameter for problem in response.context["listing"].errors]
    assert client.get(f"{FILE}?{query}").status_code == 400


# The list


def test_values_stand_below_their_topic_and_their_indicator(client, rows):
    page = page_of(client, LIST)
    heads = [
        (node.get("class"), node.text)
        for node in page.find("tr")
        if node.get("class") in ("values__topic", "values__indicator")
    ]
    assert heads == [
        ("values__topic", "Investment"),
        ("values__indicator", "Average Shanxi (not a figure of Shanxi)"),
        ("values__indicator", "Growth Shanxi"),
        ("values__topic", "Trade and foreign capital"),
        ("values__indicator", "Trade Shanxi"),
    ]
    assert [node.get("id") for node in page.find("tr") if node.get("id")] == [
        f"value-{key}" for key in slugs()
    ]


def test_by_time_no_topic_stands_above_and_an_indicator_comes_as_often_as_its_values_do(client, rows):
    page = page_of(client, f"{LIST}?sort=latest")
    assert by_class(page, "values__topic") == []
    assert [node.text.split()[0] for node in by_class(page, "values__indicator")] == [
        "Trade",
        "Growth",
        "Trade",
        "Average",
    ]


def test_series_is_drawn_where_all_of_it_stands_below(client, rows):
    assert [node.text for node in by_class(page_of(client, LIST), "columns")] == [
        "Growth, Shanxi, by period 2020 2021 10.6% 8.7%"
    ]
    for query in ("year=2021", "sort=earliest&topic=investment&year=2020"):
        assert by_class(page_of(client, f"{LIST}?{query}"), "columns") == []


def test_each_number_has_its_passport_and_its_comparison_in_its_row(client):
    indicator = make_indicator(
        unit="percent",
        values=[
            value(
                "one",
                "2020",
                "10.6",
                approximation="about",
                note_en="Of the plan.",
                doubt_en="Perhaps less.",
                comparison="national-average",
                comparison_number=Decimal("7.7"),
                comparison_unit="percent",
                comparison_words_en="as it is said",
                comparison_doubt_en="It looks like the gap.",
            ),
            value("two", "2021", "8", comparison_words_en="the best for years"),
            value("three", "2022", "9"),
        ],
    )
    make_statement(indicator.values.get(slug="one"), source=make_source(publisher_en="Growth Daily"))
    page = page_of(client, LIST)
    texts = {node.get("id"): node.text for node in page.find("tr") if node.get("id")}
    assert texts == {
        "value-one": "2020 about 10.6% as of 2020 Growth Daily Doubt: Perhaps less. Of the plan. "
        "National average: 7.7% (as it is said) Doubt: It looks like the gap.",
        "value-two": "2021 8% as of 2021 source not stated the best for years",
        "value-three": "2022 9% as of 2022 source not stated none stated",
    }


def test_drafts_are_on_no_list_and_in_no_file(client, rows):
    page = page_of(client, LIST)
    assert "hidden" not in page.body.text
    assert "Year 2022" not in page.body.text
    assert "hidden" not in [line["Address"] for line in lines(client)]
    assert client.get(f"{LIST}hidden/").status_code == 404


def test_an_empty_list_says_what_to_drop(client, rows):
    page = page_of(client, f"{LIST}?topic=economy")
    assert page.status == 200
    assert by_class(page, "values") == []


@pytest.mark.parametrize("address", [LIST, f"{LIST}?sort=latest", FILE])
def test_many_values_cost_the_queries_of_one(client, address):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(address)
            b"".join(response.streaming_content) if response.streaming else response.content
        return len(queries)

    def add(number):
        periods = [value(f"{number}-{year}", year) for year in ("2020", "2021", "2022")]
        for row in make_indicator(cities=[make_city()], values=periods).values.all():
            make_statement(row)

    add(1)
    first = cost()
    add(2)
    add(3)
    assert cost() == first


def test_the_file_has_the_rows_of_the_list_in_its_order(client, rows):
    for query in ("", "sort=latest", "place=nation&place=changzhi&sort=earliest"):
        assert [line["Key"] for line in lines(client, f"{FILE}?{query}")] == slugs(query)
