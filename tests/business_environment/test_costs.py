"""Costs: which are compared, and why each of the others is not; the list, the file and the page of each."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from business_environment.comparison import costs_by_item
from business_environment.filters import CostFilter
from business_environment.models import Cost
from records.dates import PartialDate
from records.models import Aspect
from tests.crawling import Page
from tests.factories import make_aspect, make_city, make_cost, make_source, make_statement

pytestmark = pytest.mark.django_db

LIST = "/en/business-environment/costs/"
FILE = "/en/business-environment/costs.csv"


@pytest.fixture
def cost():
    """Makes a cost with its adopted price; without a number its price is in words."""
    aspect = make_aspect(key="price", label_en="Price", unit="", kind=Aspect.Kind.NUMBER)

    def cost(slug, number=None, as_of="2021", said=None, **overrides):
        row = make_cost(slug=slug, name_en=slug, place_en=f"Place of {slug}", **overrides)
        value = {"number": Decimal(number)} if number else {"text_en": "Low.", "text_zh": "较低。"}
        period = PartialDate(as_of) if as_of else None
        make_statement(row, aspect=aspect, as_of=period, **value | (said or {}))
        return row

    return cost


def compared():
    """What the list compares, [(unit, part, year, slugs)], and why not the others, {slug: reason}."""
    items = costs_by_item(Cost.objects.order_by("item", "pk").with_statements())
    together = [
        (one.basis.unit, one.basis.part, one.basis.year, [price.cost.slug for price in one.prices])
        for item in items
        for one in item.comparisons
    ]
    return together, {row.slug: reason for item in items for row, reason in item.singles}


def page_of(client, address):
    return Page(address, client.get(address))


def by_class(page, name):
    return [node for node in page.nodes if name in node.get("class", "").split()]


def lines(client, address=FILE):
    response = client.get(address)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


# What is compared


def test_prices_of_one_item_unit_part_and_year_are_compared_the_lowest_first(cost):
    cost("dear", "0.6")
    cost("cheap", "0.3", as_of="2021-06-23")
    cost("middle", "0.45", as_of="2021-H1")
    assert compared() == ([("yuan-per-kwh", "", 2021, ["cheap", "middle", "dear"])], {})


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        (
            {"number": "0.6", "as_of": "2011"},
            (
                "The other figures in this unit are of another year: 2011.",
                "The other figures in this unit are of another year: 2021.",
            ),
        ),
        (
            {"number": "0.6", "unit": "yuan-per-m3"},
            (
                "The other figures for this item are in another unit: yuan per m³.",
                "The other figures for this item are in another unit: yuan per kWh.",
            ),
        ),
        (
            {"number": "0.026", "said": {"part_en": "increase"}},
            (
                "The others in this unit are figures of “increase”, which is not the same.",
                "It is a figure of “increase”, and the others in this unit are not.",
            ),
        ),
        (
            {"number": "0.2", "said": {"number_max": Decimal("0.4")}},
            ("No other single figure for this item is listed.", "It is a range, not one price."),
        ),
        (
            {"number": "0.6", "as_of": None},
            ("No other single figure for this item is listed.", "No single year is stated for it."),
        ),
        (
            {"number": "0.6", "as_of": "2020/2021"},
            ("No other single figure for this item is listed.", "No single year is stated for it."),
        ),
        (
            {"number": "0.6", "as_of": "../2021"},
            ("No other single figure for this item is listed.", "No single year is stated for it."),
        ),
        ({}, ("No other single figure for this item is listed.", "No figure is stated.")),
        (
            {"number": "0.6", "item": "water"},
            (
                "No other single figure for this item is listed.",
                "No other single figure for this item is listed.",
            ),
        ),
    ],
)
def test_what_is_not_alike_stands_alone_with_the_reason(cost, other, reasons):
    cost("first", "0.3")
    cost("second", **other)
    assert compared() == ([], dict(zip(("first", "second"), reasons, strict=True)))


def test_a_cost_of_which_nothing_is_adopted_has_no_figure(cost):
    row = make_cost(slug="bare")
    cost("first", "0.3")
    make_statement(row, aspect=Aspect.objects.get(key="price"), number=5, adopted=False)
    assert compared() == (
        [],
        {"bare": "No figure is stated.", "first": "No other single figure for this item is listed."},
    )


def test_those_that_are_alike_are_compared_beside_one_that_is_not(cost):
    for slug, number, year in (("a", "0.3", "2021"), ("b", "0.2", "2021"), ("c", "0.1", "2011")):
        cost(slug, number, as_of=year)
    together, alone = compared()
    assert together == [("yuan-per-kwh", "", 2021, ["b", "a"])]
    assert alone == {"c": "The other figures in this unit are of another year: 2021."}


# The list


def test_what_is_compared_is_drawn_with_its_passports_and_its_basis_is_said(client, cost):
    cost("dear", "0.6")
    cost("cheap", "0.3", is_in_shanxi=False)
    cost("doubted", "0.4", said={"doubt_en": "Perhaps a typing error."})
    page = page_of(client, LIST)
    assert "3 of these figures can be compared." in page.body.text
    assert "Compared: 3 prices in yuan per kWh, of 2021, the lowest first." in page.body.text
    rows = [node.text for node in by_class(page, "bars--figures")[0].walk() if node.tag == "tr"][1:]
    assert [row.partition(" as of 2021 ")[0] for row in rows] == [
        "Place of cheap not a figure of Shanxi 0.3 yuan per kWh",
        "Place of doubted in doubt 0.4 yuan per kWh",
        "Place of dear 0.6 yuan per kWh",
    ]
    assert "Doubt: Perhaps a typing error." in rows[1]
    marks = [mark for bar in by_class(page, "bar-mark") for mark in bar.children]
    assert [mark.get("width") for mark in marks] == ["50", "66.67", "100"]
    assert by_class(page, "cost") == []


def test_a_changed_price_changes_the_list(client, cost):
    cost("dear", "0.6")
    cost("cheap", "0.3").statements.update(number=Decimal("0.9"))
    text = page_of(client, LIST).body.text
    assert "0.3 yuan" not in text
    assert text.index("0.6 yuan per kWh") < text.index("0.9 yuan per kWh")


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ["power", "power-old", "land", "labour"]),
        ("sort=name", ["power", "power-old", "land", "labour"]),
        ("item=land", ["land"]),
        ("place=datong", ["power"]),
        ("place=province", ["power-old", "labour"]),
        ("place=nation", ["land"]),
        ("unit=yuan-per-kwh", ["power", "power-old"]),
        ("unit=not-stated&unit=yuan-per-m2", ["land", "labour"]),
        ("q=power", ["power", "power-old"]),
    ],
)
def test_costs_are_filtered_and_sorted(client, cost, query, slugs):
    cost("labour", item="labour", unit="")
    cost("land", "60", item="land", unit="yuan-per-m2", is_in_shanxi=False)
    cost("power-old", "0.1", as_of="2011", order=2)
    cost("power", "0.3", order=1, cities=[make_city(slug="datong")])
    cost("hidden", "5", unit="yuan-per-tonne", state="draft")
    filterset = CostFilter(data=QueryDict(query), queryset=Cost.objects.published())
    assert filterset.problems() == []
    assert [row.slug for row in filterset.sorted_rows()] == slugs
    assert [line["Address"] for line in lines(client, f"{FILE}?{query}")] == slugs
    # A unit that only a draft has is not offered.
    assert [value for value, _label in filterset.facets["unit"].options] == [
        "yuan-per-kwh",
        "yuan-per-m2",
        "not-stated",
    ]
    assert client.get(f"{LIST}hidden/").status_code == 404


@pytest.mark.parametrize("query", ["item=gold", "unit=yuan-per-m3", "place=atlantis", "foo=1", "sort=best"])
def test_what_is_not_understood_is_named(client, cost, query):
    cost("power", "0.3")
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 400
    assert query.partition("=")[0] in [problem.parameter for problem in response.context["listing"].errors]
    assert client.get(f"{FILE}?{query}").status_code == 400


@pytest.mark.parametrize("address", [LIST, FILE])
def test_many_costs_cost_the_queries_of_one(client, cost, address):
    def queries():
        with CaptureQueriesContext(connection) as found:
            response = client.get(address)
            b"".join(response.streaming_content) if response.streaming else response.content
        return len(found)

    cost("one", "0.3", cities=[make_city()])
    first = queries()
    cost("two", "0.4", cities=[make_city()])
    cost("three", "0.4", as_of="2011", cities=[make_city()])
    assert queries() == first


# The file and the page


def test_the_file_has_number_unit_part_date_and_source_of_each_price(client, cost):
    source = make_source(publisher_en="Daily", title="Prices")
    said = {"number_max": Decimal("3.5"), "part_en": "Industry", "note_en": "Reduced.", "source": source}
    cost("gas", "2", as_of="2021-06-23", said=said, item="gas", unit="yuan-per-m3")
    cost("labour", item="labour", unit="", as_of="2022")
    gas, labour = lines(client)
    assert {
        name: gas[name] for name in ("Number", "Upper end", "Unit", "Of which part", "As of", "Note")
    } == {
        "Number": "2",
        "Upper end": "3.5",
        "Unit": "yuan per m³",
        "Of which part": "Industry",
        "As of": "2021-06-23",
        "Note": "Reduced.",
    }
    assert gas["Sources"] == str(source)
    assert (labour["Number"], labour["Unit"], labour["In words"], labour["As of"]) == ("", "", "Low.", "2022")


def test_the_page_of_a_cost_has_its_price_with_passport_and_what_others_say(client, cost):
    row = cost("power", "0.3", said={"source": make_source(publisher_en="Daily")}, is_in_shanxi=False)
    price = Aspect.objects.get(key="price")
    make_statement(
        row, aspect=price, number=Decimal("0.35"), adopted=False, source=make_source(publisher_en="Weekly")
    )
    text = page_of(client, f"{LIST}power/").body.text
    assert "not a figure of Shanxi 0.3 yuan per kWh as of 2021 Daily" in text
    assert "Other sources say… 0.35 yuan per kWh as of March 2021 Weekly" in text


def test_a_withdrawn_cost_leaves_a_tombstone_with_others_of_its_item(client, cost):
    cost("gone", "0.3", state="withdrawn")
    cost("power", "0.3")
    cost("land", "60", item="land", unit="yuan-per-m2")
    response = client.get(f"{LIST}gone/")
    assert response.status_code == 410
    assert [row.slug for row in response.context["alternatives"]] == ["power"]
