"""Every filter and every sort of zones, projects and sources."""

from decimal import Decimal

import pytest

from projects.filters import ProjectFilter
from projects.models import Project
from records.dates import PartialDate
from records.models import Source
from tests.factories import make_city, make_industry, make_project, make_source, make_statement, make_zone
from tests.listings.counting import filterset, found, problems
from zones.filters import ZoneFilter
from zones.models import Zone

pytestmark = pytest.mark.django_db

# What of each model is neither filtered, searched nor sorted by, and stays so on purpose.
KEEPING = (
    "id", "state", "withdrawn_on", "withdrawn_reason_en", "withdrawn_reason_zh", "checked_on", "check_due_on",
    "created_at", "created_by", "changed_at", "changed_by", "name_en_translated", "name_zh_translated",
)  # fmt: skip
EXEMPT = {
    Zone: (
        *KEEPING,
        "level_guess",  # for staff alone
        "level_note_en", "level_note_zh", "standing_en", "standing_zh", "also_in_en", "also_in_zh",
        "other_cities", "part_of", "upgraded", "area_kind", "latitude", "longitude", "coordinates_of",
        "gbt37028_name", "catalogue_code",
        "website", "contact_name_en", "contact_name_zh", "contact_phone", "contact_email",
    ),
    Project: (
        *KEEPING,
        "city_guess",  # a guess is no place
        "other_cities", "origin_country_en", "origin_country_zh", "origin_province_en", "origin_province_zh",
        "investment_basis", "status_is_reading", "confidence", "related",
    ),
    Source: ("id", "title_lang", "url", "link_ok", "note_en", "note_zh"),
}  # fmt: skip


@pytest.mark.parametrize("model", EXEMPT)
def test_every_field_can_be_filtered_searched_or_sorted_by_or_is_exempt(model):
    filters = filterset(model, "").filters
    used = {item.field_name for item in filters.values()}
    used |= set(filters["q"].fields or model.search_fields)
    used |= {"slug"}  # the address names the row
    fields = {item.name for item in model._meta.fields} | {item.name for item in model._meta.many_to_many}
    exempt = EXEMPT[model]
    assert len(set(exempt)) == len(exempt)
    assert set(exempt) <= fields
    assert set(exempt) & used == set()
    assert fields - set(exempt) - used == set()


def test_the_filters_are_these():
    assert {model.__name__: list(filterset(model, "").filters) for model in EXEMPT} == {
        "Zone": [
            "q", "city", "level", "type", "industry", "area_from", "area_below", "established_from",
            "established_to",
        ],
        "Project": [
            "q", "city", "sector", "status", "zone", "kind", "investment", "year", "investment_from",
            "investment_below",
        ],
        "Source": ["q", "kind", "reliability", "year"],
    }  # fmt: skip


@pytest.fixture
def zones():
    datong, taiyuan = make_city(slug="datong", order=2), make_city(slug="taiyuan", order=1)
    steel = make_industry(slug="steel")
    make_zone(slug="a", city=datong, level="national", industries=[steel], area_km2=Decimal("10"),
              established=PartialDate("2010-03"))  # fmt: skip
    make_zone(slug="b", city=taiyuan, level="provincial", type="high-tech", area_km2=Decimal("20"),
              established=PartialDate("2011"))  # fmt: skip
    make_zone(slug="c", city=taiyuan, established=PartialDate("2012-12-31"))
    make_zone(slug="d", city=datong, area_km2=Decimal("20.000001"))
    make_zone(slug="hidden", state="draft", city=datong, area_km2=Decimal("15"), level="national")


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", "bcad"),
        ("city=taiyuan", "bc"),
        ("city=taiyuan&city=datong", "bcad"),
        ("level=national", "a"),
        ("level=not-stated", "cd"),
        ("level=not-stated&level=provincial", "bcd"),
        ("type=high-tech", "b"),
        ("industry=steel", "a"),
        ("industry=not-stated", "bcd"),
        ("industry=not-stated&city=datong", "d"),
        ("area_from=10", "bad"),
        ("area_from=10.000001", "bd"),
        ("area_below=20", "a"),
        ("area_below=20.000001", "ba"),
        ("area_from=10&area_below=10", ""),
        ("area_from=0", "bad"),
        ("established_from=2011", "bc"),
        ("established_from=2010", "bca"),
        ("established_to=2011", "ba"),
        ("established_to=2012", "bca"),
        ("established_from=2011&established_to=2011", "b"),
        ("established_from=2013", ""),
        ("area_from=&q=", "bcad"),
    ],
)
def test_zones_are_filtered_with_ranges_half_open_and_unknown_left_out_of_them(zones, query, slugs):
    assert "".join(found(Zone, query)) == slugs


ZONE_SORTS = {
    "city": "bcad",
    "area-largest": "dbac",
    "area-smallest": "abdc",
    "established-latest": "cbad",
    "established-earliest": "abcd",
}


@pytest.mark.parametrize(("sort", "slugs"), ZONE_SORTS.items())
def test_zones_are_sorted_and_the_unknown_comes_last_in_both_directions(zones, sort, slugs):
    assert "".join(found(Zone, f"sort={sort}")) == slugs


@pytest.fixture
def projects():
    million = 10**6
    steel = make_industry(slug="steel")
    city = make_city(slug="datong")
    for slug, yuan, date, sector in [
        ("a", 100 * million, "2021-03", steel),
        ("b", 100 * million - 1, "2020", None),
        ("c", None, "2021-03-26", steel),
        ("d", 500 * million, None, None),
    ]:
        make_project(
            slug=slug,
            name_en=slug.upper(),
            investment_yuan=yuan,
            investment_basis="total",
            status_on=date and PartialDate(date),
            city=city if slug == "a" else None,
            **({"sector": sector} if sector else {}),
        )


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", "cabd"),
        ("investment_from=100", "ad"),
        ("investment_from=99.999999", "abd"),
        ("investment_below=100", "b"),
        ("investment_below=500", "ab"),
        ("investment_from=100&investment_below=500", "a"),
        ("investment=under-100m", "b"),
        ("investment=100m-500m", "a"),
        ("investment=500m-1bn", "d"),
        ("investment=not-stated", "c"),
        ("year=2021", "ca"),
        ("year=2020&year=not-stated", "bd"),
        ("city=not-stated", "cbd"),
        ("sector=steel", "ca"),
        ("status=signed", "cabd"),
        ("status=operational", ""),
        ("kind=project&kind=park", "cabd"),
        ("zone=not-stated", "cabd"),
        ("sort=earliest", "bacd"),
        ("sort=latest", "cabd"),
        ("sort=investment-largest", "dabc"),
        ("sort=investment-smallest", "badc"),
        ("sort=name", "abcd"),
    ],
)
def test_projects_are_filtered_and_sorted(projects, query, slugs):
    assert "".join(found(Project, query)) == slugs


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", "bacd"),
        ("sort=earliest", "cabd"),
        ("sort=publisher", "dcba"),
        ("kind=official", "ba"),
        ("reliability=A", "ad"),
        ("reliability=not-stated", "c"),
        ("reliability=not-stated&reliability=B", "bc"),
        ("year=2021", "ba"),
        ("year=not-stated", "d"),
        ("year=2019&year=not-stated", "cd"),
    ],
)
def test_sources_are_filtered_and_sorted(query, slugs):
    zone = make_zone()
    for slug, publisher, kind, grade, date in [
        ("a", "Z", "official", "A", "2021"),
        ("b", "Y", "official", "B", "2021-03"),
        ("c", "X", "media", "", "2019"),
        ("d", "W", "media", "A", None),
    ]:
        source = make_source(slug=slug, publisher_en=publisher, kind=kind, reliability=grade,
                             date=date and PartialDate(date))  # fmt: skip
        make_statement(zone, source=source)
    assert "".join(found(Source, query)) == slugs


@pytest.mark.parametrize("sort", [sort.key for sort in ZoneFilter.sorts])
def test_rows_that_tie_come_in_the_order_of_their_ids(sort):
    city = make_city()
    same = {
        "city": city,
        "name_en": "Same",
        "name_zh": "同",
        "area_km2": 5,
        "established": PartialDate("2012"),
    }
    made = [make_zone(**same, slug=f"zone-{letter}") for letter in "abcdef"]
    assert found(Zone, f"sort={sort}") == [zone.slug for zone in made]


@pytest.mark.parametrize("sort", [sort.key for sort in ProjectFilter.sorts])
def test_projects_without_any_value_come_in_the_order_of_their_ids(sort):
    sector = make_industry()
    made = [make_project(name_en="Same", name_zh="同", sector=sector, slug=slug) for slug in "zyxw"]
    assert found(Project, f"sort={sort}") == [project.slug for project in made]


WRONG = {
    "foo=1": [("foo", "There is no such filter. There are: q, kind, reliability, year, sort.")],
    "kind=castle": [("kind", "“castle” is not one of the values.")],
    "kind=media&kind=castle": [("kind", "“castle” is not one of the values.")],
    "kind=": [("kind", "“” is not one of the values.")],
    "KIND=media": [("KIND", "There is no such filter. There are: q, kind, reliability, year, sort.")],
    "sort=size": [("sort", "“size” is not a way to sort. There are: latest, earliest, publisher.")],
    "sort=latest&sort=earliest": [("sort", "This filter takes one value, not several.")],
    "q=a&q=b": [("q", "This filter takes one value, not several.")],
    "q=a&q=": [("q", "This filter takes one value, not several.")],
    "sort=earliest&sort=": [("sort", "This filter takes one value, not several.")],
    "foo=1&bar=2": [
        ("foo", "There is no such filter. There are: q, kind, reliability, year, sort."),
        ("bar", "There is no such filter. There are: q, kind, reliability, year, sort."),
    ],
    "year=2021": [("year", "“2021” is not one of the values.")],
    "year=not-stated%00": [("year", "“not-stated\x00” is not one of the values.")],
    "q=%00": [("q", "Null characters are not allowed.")],
}


@pytest.mark.parametrize(("query", "named"), WRONG.items())
def test_what_is_not_understood_is_named(query, named):
    assert problems(Source, query) == named


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("area_from=large", [("area_from", "Enter a number.")]),
        ("area_from=NaN", [("area_from", "Enter a number.")]),
        ("area_from=Infinity", [("area_from", "Enter a number.")]),
        ("area_from=-1", [("area_from", "Ensure this value is greater than or equal to 0.")]),
        ("area_below=1e30", [("area_below", "Ensure this value is less than or equal to 1000000000.")]),
        ("area_from=5&area_below=4", [("area_below", "The upper limit lies below the lower one.")]),
        ("area_from=1&area_from=2", [("area_from", "This filter takes one value, not several.")]),
        (
            "established_from=99999",
            [("established_from", "Ensure this value is less than or equal to 9998.")],
        ),
        (
            "established_to=2012.5",
            [("established_to", "Ensure that there are no more than 0 decimal places.")],
        ),
        (
            "established_from=2012&established_to=2011",
            [("established_to", "The upper limit lies below the lower one.")],
        ),
    ],
)
def test_numbers_that_cannot_be_are_named(query, named):
    assert problems(Zone, query) == named


def test_a_limit_may_equal_the_other():
    assert problems(Zone, "area_from=5&area_below=5") == []


def test_dates_before_a_year_lie_in_no_range_of_years():
    make_zone(slug="before", established=PartialDate("../2006"))
    make_zone(slug="known", established=PartialDate("1999"))
    assert found(Zone, "established_to=2005") == ["known"]
    assert found(Zone, "established_from=1990") == ["known"]
