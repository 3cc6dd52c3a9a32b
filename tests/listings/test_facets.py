"""Counts beside the values of facets, against a slow count in plain Python over made-up rows."""

from itertools import product

import pytest

from listings.facets import BandFacet
from projects.filters import INVESTMENT_BANDS
from projects.models import Project
from records.dates import PartialDate
from records.models import Source
from tests.factories import make_city, make_industry, make_project, make_source, make_statement, make_zone
from tests.listings.counting import check, listing, shown
from zones.models import Zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zones():
    taiyuan, datong, empty = (make_city(slug=slug) for slug in ("taiyuan", "datong", "empty"))
    steel, coal, _none = (make_industry(slug=slug) for slug in ("steel", "coal", "none"))
    choices = product([taiyuan, datong], ["national", "provincial", None], [[], [steel], [steel, coal]])
    for number, (city, level, industries) in enumerate(choices):
        make_zone(
            city=city,
            level=level,
            industries=industries,
            type=["economic", "high-tech"][number % 2],
            area_km2=None if number % 3 == 0 else number,
        )
    make_zone(state="draft", city=taiyuan, level="national", industries=[coal])
    make_zone(state="withdrawn", city=empty, level="national", industries=[coal])


@pytest.fixture
def projects():
    taiyuan, datong = make_city(slug="taiyuan"), make_city(slug="datong")
    steel, coal = make_industry(slug="steel"), make_industry(slug="coal")
    public = make_zone(slug="public-zone")
    draft = make_zone(slug="draft-zone", state="draft")
    sums = [None, 1, 10**8 - 1, 10**8, 5 * 10**8 - 1, 5 * 10**8, 10**9, 5 * 10**9, 10**10 - 1, 10**10, 10**15]
    dates = [None, "2021", "2021-03", "2021-03-26", "2019-H2", "2020-01/2021-04", "2018~"]
    for number in range(33):
        make_project(
            city=[taiyuan, datong, None][number % 3],
            sector=[steel, coal][number % 2],
            zone=[public, draft, None, None][number % 4],
            status=Project.Status.values[number % 4],
            kind=Project.Kind.values[number % 5],
            investment_yuan=sums[number % 11],
            investment_basis="total",
            status_on=dates[number % 7] and PartialDate(dates[number % 7]),
        )
    for state in ("draft", "in-review", "withdrawn"):
        make_project(state=state, city=taiyuan, sector=steel, zone=public, status_on=PartialDate("1999"))


@pytest.fixture
def sources():
    zone = make_zone()
    for number, (kind, grade, date) in enumerate(
        product(["official", "media"], ["A", "C", ""], ["2021-03-26", "2020", None])
    ):
        source = make_source(kind=kind, reliability=grade, date=date and PartialDate(date))
        make_statement(zone, source=source)
        if number % 4 == 0:
            make_statement(make_zone(), source=source)
    make_statement(make_zone(state="draft"), source=make_source(kind="book", date=PartialDate("1999")))
    make_source(kind="book", date=PartialDate("1998"))


ZONE_QUERIES = [
    "",
    "city=taiyuan",
    "city=taiyuan&city=datong",
    "city=empty",
    "level=national",
    "level=not-stated",
    "level=not-stated&level=provincial",
    "industry=steel",
    "industry=coal",
    "industry=steel&industry=coal",
    "industry=not-stated",
    "industry=not-stated&industry=coal",
    "industry=none",
    "type=bonded",
    "city=datong&level=national&level=not-stated&industry=steel&type=economic",
    "area_from=5&area_below=9",
    "city=taiyuan&area_from=3&industry=coal",
    "q=zone&level=national&industry=not-stated",
]


@pytest.mark.parametrize("query", ZONE_QUERIES)
def test_counts_of_zones_equal_a_slow_count(zones, query):
    check(Zone, query)


PROJECT_QUERIES = [
    "",
    "city=taiyuan",
    "city=not-stated",
    "city=not-stated&city=datong",
    "sector=coal",
    "zone=public-zone",
    "zone=not-stated",
    "zone=not-stated&zone=public-zone",
    "status=signed&status=operational",
    "kind=bundle",
    "investment=under-100m",
    "investment=not-stated",
    "investment=500m-1bn&investment=10bn-up&investment=not-stated",
    "year=2021",
    "year=not-stated&year=2018",
    "investment_from=100&investment_below=500",
    "city=taiyuan&city=not-stated&sector=steel&investment=under-100m&year=2021",
    "zone=not-stated&investment_from=1&status=signed",
]


@pytest.mark.parametrize("query", PROJECT_QUERIES)
def test_counts_of_projects_equal_a_slow_count(projects, query):
    check(Project, query)


SOURCE_QUERIES = [
    "",
    "kind=media",
    "kind=book",
    "reliability=not-stated",
    "reliability=A&reliability=not-stated&kind=official",
    "year=2021",
    "year=not-stated&reliability=C",
]


@pytest.mark.parametrize("query", SOURCE_QUERIES)
def test_counts_of_sources_equal_a_slow_count(sources, query):
    check(Source, query)


def test_a_zone_of_two_industries_counts_once_for_each_and_shows_both_when_one_is_chosen():
    steel, coal = make_industry(slug="steel"), make_industry(slug="coal")
    make_zone(industries=[steel, coal])
    make_zone(industries=[steel])
    # A join on the chosen value alone would hide the other value of the same zone.
    assert shown(Zone, "level=not-stated&industry=coal")["industry"] == {
        "steel": 2,
        "coal": 1,
        "not-stated": 0,
    }
    assert shown(Zone, "industry=steel&industry=coal")["level"]["not-stated"] == 2
    assert listing(Zone, "industry=steel&industry=coal").total == 2


def test_values_without_rows_stay_in_place_at_zero():
    make_zone(level="national", city=make_city(slug="taiyuan", order=2))
    make_city(slug="datong", order=1)
    assert list(shown(Zone, "")["city"].items()) == [("datong", 0), ("taiyuan", 1)]
    assert list(shown(Zone, "level=provincial")["city"].items()) == [("datong", 0), ("taiyuan", 0)]
    assert shown(Zone, "")["level"] == {"national": 1, "provincial": 0, "not-stated": 0}


def test_choosing_a_value_gives_as_many_rows_more_as_its_count_says():
    make_zone(level="national"), make_zone(level="provincial"), make_zone(level=None)
    for option in listing(Zone, "level=national").facets[1].options:
        chosen = {"national", option.value}
        query = "&".join(f"level={value}" for value in chosen)
        assert listing(Zone, query).total == len(chosen)


def test_a_project_in_a_draft_zone_is_one_whose_zone_is_not_stated():
    draft = make_zone(slug="secret-zone", state="draft")
    make_project(zone=draft)
    make_project(zone=make_zone(slug="open-zone"))
    make_project(zone=None)
    assert shown(Project, "")["zone"] == {"open-zone": 1, "not-stated": 2}
    assert listing(Project, "zone=not-stated").total == 2
    refused = listing(Project, "zone=secret-zone")
    unknown = listing(Project, "zone=no-such-zone")
    assert [str(error.message) for error in refused.errors] == ["“secret-zone” is not one of the values."]
    assert [str(error.message) for error in unknown.errors] == ["“no-such-zone” is not one of the values."]


def test_a_zone_is_offered_as_soon_as_it_and_a_project_in_it_are_public():
    zone = make_zone(slug="zone-a")
    make_zone(slug="without-projects")
    hidden = make_project(zone=zone, state="draft")
    assert shown(Project, "")["zone"] == {"not-stated": 0}
    hidden.state = "published"
    hidden.save()
    assert shown(Project, "")["zone"] == {"zone-a": 1, "not-stated": 0}


def test_years_of_hidden_rows_are_not_offered(projects):
    assert list(shown(Project, "")["year"]) == ["2021", "2020", "2019", "2018", "not-stated"]


def test_every_sum_lies_in_exactly_one_band(projects):
    facet = BandFacet("investment_yuan", INVESTMENT_BANDS, label="", unknown=True)
    counts = facet.counts(Project.objects.published())
    assert sum(counts.values()) == Project.objects.published().count()
    assert [(band.low, band.high) for band in INVESTMENT_BANDS] == [
        (None, 10**8),
        (10**8, 5 * 10**8),
        (5 * 10**8, 10**9),
        (10**9, 5 * 10**9),
        (5 * 10**9, 10**10),
        (10**10, None),
    ]


def test_a_facet_says_how_many_of_its_values_are_chosen(zones):
    chosen = {
        facet.name: facet.selected_count
        for facet in listing(Zone, "city=taiyuan&city=datong&level=national").facets
    }
    assert chosen == {"city": 2, "level": 1, "type": 0, "industry": 0}


def test_a_value_given_twice_is_one_value(zones):
    twice, once = listing(Zone, "city=taiyuan&city=taiyuan"), listing(Zone, "city=taiyuan")
    assert [chip.url for chip in twice.chips] == [chip.url for chip in once.chips]
    assert twice.url() == once.url()
