"""When a value may be called best, and the rows that say so."""

from decimal import Decimal

import pytest

from records.dates import PartialDate
from tests.factories import (
    make_industry,
    make_project,
    make_source,
    make_statement,
    make_zone,
)
from tests.zones.comparing import compare, get, row
from zones.comparison import Measure, find_best
from zones.models import Zone

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


# The rule of the best


def measures(*numbers, **same):
    values = {"unit": "km2", "year": 2020} | same
    return [Measure(Decimal(number), **values) for number in numbers]


def test_highest_is_best_where_higher_is_better():
    assert find_best(measures(1, 3, 2), "higher") == ({1}, "")


def test_lowest_is_best_where_lower_is_better():
    assert find_best(measures(2, 3, 1), "lower") == ({2}, "")


def test_values_that_tie_are_all_best():
    assert find_best(measures(3, 1, 3), "higher") == ({0, 2}, "")


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (None, "not all are known"),
        ({"unit": "m2"}, "different units"),
        ({"kind": "planned"}, "different kinds of area"),
        ({"kind": None}, "different kinds of area"),
        ({"part": "phase one"}, "different parts"),
        ({"year": 2021}, "different years"),
        ({"year": None}, "the year is not stated for all"),
        ({"is_exact": False}, "not all are exact"),
        ({"is_doubtful": True}, "not all are free of doubt"),
    ],
)
def test_nothing_is_best_where_values_cannot_be_ranked(other, reason):
    first = Measure(Decimal(1), "km2", year=2020)
    second = other and Measure(Decimal(2), **({"unit": "km2", "year": 2020} | other))
    assert find_best([first, second], "higher") == (set(), reason)


def test_nothing_is_best_where_no_kind_is_stated():
    assert find_best(measures(1, 2, kind=None), "higher") == (set(), "the kind of area is not stated")


def test_nothing_is_best_where_no_way_is_better():
    assert find_best(measures(1, 2), "") == (set(), "neither more nor less is better in itself")


def test_nothing_is_best_where_all_are_equal():
    assert find_best(measures(2, 2), "higher") == (set(), "all are equal")


def test_nothing_is_said_of_one_value_or_of_none():
    assert find_best(measures(1), "higher") == (set(), "")
    assert find_best([None, None], "higher") == (set(), "")


# Rows


def test_best_cell_is_marked_in_words(client, price):
    cheap, dear = make_zone(), make_zone()
    make_statement(dear, aspect=price, number=Decimal("0.6"), as_of=PartialDate("2021-05"))
    make_statement(cheap, aspect=price, number=Decimal("0.5"), as_of=PartialDate("2021"))
    cells = row(compare(dear, cheap), "Price of power").cells
    assert [cell.is_best for cell in cells] == [False, True]
    body = get(client, zone=[dear.slug, cheap.slug]).content.decode()
    assert body.count("Best of these") == 1


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        ({"number_max": Decimal("0.7")}, "not all are exact"),
        ({"approximation": "about"}, "not all are exact"),
        ({"doubt_en": "A misprint?"}, "not all are free of doubt"),
        ({"part_en": "phase one"}, "different parts"),
        ({"as_of": PartialDate("2022")}, "different years"),
        ({"as_of": PartialDate("2021~")}, "the year is not stated for all"),
        ({"as_of": PartialDate("2020-12/2021-01")}, "the year is not stated for all"),
        ({"as_of": None}, "the year is not stated for all"),
    ],
)
def test_row_says_why_none_is_best(client, price, overrides, reason):
    first, second = make_zone(), make_zone()
    make_statement(first, aspect=price, number=Decimal("0.5"), as_of=PartialDate("2021"))
    make_statement(
        second, **{"aspect": price, "number": Decimal("0.6"), "as_of": PartialDate("2021")} | overrides
    )
    found = row(compare(first, second), "Price of power")
    assert (found.why_none, [cell.is_best for cell in found.cells]) == (reason, [False, False])
    body = get(client, zone=[first.slug, second.slug]).content.decode()
    assert f"None is marked best: {reason}." in body
    assert "Best of these" not in body


def test_areas_of_different_kinds_are_not_ranked(area):
    planned = make_zone(area_km2=10, area_kind=Zone.AreaKind.PLANNED)
    total = make_zone(area_km2=20, area_kind=Zone.AreaKind.TOTAL)
    for zone in (planned, total):
        make_statement(zone, aspect=area, number=zone.area_km2)
    found = row(compare(planned, total), "Area")
    assert found.why_none == "different kinds of area"
    assert [cell.kind for cell in found.cells] == ["planned", "total"]


def test_zone_with_two_figures_of_one_aspect_is_not_ranked(price):
    one, two = make_zone(), make_zone()
    make_statement(one, aspect=price)
    make_statement(two, aspect=price, position=0)
    make_statement(two, aspect=price, position=1)
    assert row(compare(one, two), "Price of power").why_none == "a zone has several figures"


def test_cell_prints_figure_with_unit_date_and_source(client, area):
    source = make_source(publisher_en="Shanxi Daily")
    zone = make_zone(area_km2=Decimal("239.4"), area_kind=Zone.AreaKind.TOTAL)
    make_statement(zone, aspect=area, number=zone.area_km2, as_of=PartialDate("2020-09"), source=source)
    body = get(client, zone=zone.slug).content.decode()
    assert "239.4 km²" in body
    assert "as of September 2020" in body
    assert f'<a href="/en/sources/{source.slug}/">Shanxi Daily</a>' in body


def test_what_no_source_states_is_a_word(client, area):
    first, second = make_zone(), make_zone()
    make_statement(first, aspect=area)
    found = row(compare(first, second), "Area")
    assert [cell.is_known for cell in found.cells] == [True, False]
    assert "not stated" in get(client, zone=[first.slug, second.slug]).content.decode()


def test_figure_of_which_sources_disagree_and_none_is_adopted_is_not_shown_as_silence(area):
    zone = make_zone()
    make_statement(zone, aspect=area, adopted=False)
    cell = row(compare(zone), "Area").cells[0]
    assert (cell.is_known, cell.is_disputed) == (False, True)


def test_rows_are_the_same_for_all_and_grouped(client, area):
    zones = [make_zone(industries=[make_industry()]), make_zone()]
    comparison = compare(*zones)
    assert [label for label, _rows in comparison.groups] == [
        "Identity",
        "Standing",
        "Land",
        "Industries and companies",
        "On this site",
    ]
    assert all(len(one.cells) == 2 for _label, rows in comparison.groups for one in rows)


def test_projects_are_counted_from_public_rows_and_lead_to_the_list(client):
    zone, other = make_zone(), make_zone()
    make_project(zone=zone)
    make_project(zone=zone)
    make_project(zone=zone, state="draft")
    cells = row(compare(zone, other), "Projects").cells
    assert [(cell.words, cell.url) for cell in cells] == [
        (["2 projects"], f"/en/projects/?zone={zone.slug}"),
        (["none"], ""),
    ]
