"""What of the business environment reaches a zone, a project, a city or a region."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from business_environment.models import ReformCase
from business_environment.reach import Reach
from records.dates import PartialDate
from tests.crawling import Page
from tests.factories import (
    make_aspect,
    make_city,
    make_cost,
    make_policy,
    make_project,
    make_reform,
    make_region,
    make_source,
    make_statement,
    make_transport_link,
    make_zone,
)
from zones.models import Zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def taiyuan():
    return make_city(slug="taiyuan", name_en="Taiyuan", name_zh="太原市")


@pytest.fixture
def datong():
    return make_city(slug="datong", name_en="Datong", name_zh="大同市")


def day_before(days):
    return PartialDate((timezone.localdate() - datetime.timedelta(days=days)).isoformat())


def page_of(record, language="en"):
    address = f"/{language}/" + record.get_absolute_url().split("/", 2)[2]
    response = Client().get(address)
    assert response.status_code == 200
    return Page(address, response)


def environment_of(record, language="en"):
    """The part of a record's page that tells what reaches it."""
    (section,) = [node for node in page_of(record, language).nodes if node.get("id") == "environment"]
    return section


def links_of(section):
    return [node.get("href") for node in section.walk() if node.tag == "a"]


def policies_of(reach):
    return [(one.policy.slug, one.why) for one in reach.policies]


def make_case(reform, **overrides):
    related = {name: overrides.pop(name) for name in ("cities", "zones") if name in overrides}
    values = {"kind": ReformCase.Kind.CASE, "text_en": "So it went.", "text_zh": "如此办理。"}
    case = reform.cases.create(**values | overrides)
    for name, rows in related.items():
        getattr(case, name).set(rows)
    return case


def test_a_zone_is_reached_by_its_own_its_cities_and_the_provinces_policies(taiyuan, datong):
    zone, other = make_zone(city=taiyuan), make_zone(city=taiyuan)
    make_policy(slug="own", zones=[zone], cities=[taiyuan])
    make_policy(slug="other-zone", zones=[other], cities=[taiyuan])
    make_policy(slug="city", cities=[taiyuan, datong])
    make_policy(slug="other-city", cities=[datong])
    make_policy(slug="province")
    make_policy(slug="draft", zones=[zone], state="draft")
    make_policy(slug="withdrawn", cities=[taiyuan], state="withdrawn")
    assert policies_of(Reach.of_zone(zone)) == [
        ("own", "for this zone"),
        ("city", "for Taiyuan"),
        ("province", "for the whole province"),
    ]


def test_a_zone_in_two_cities_is_reached_by_the_policies_of_both(taiyuan, datong):
    zone = make_zone(city=taiyuan, other_cities=[datong])
    make_policy(slug="both", cities=[taiyuan, datong])
    make_policy(slug="second", cities=[datong], date=PartialDate("2019"))
    assert policies_of(Reach.of_zone(zone)) == [("both", "for Taiyuan, Datong"), ("second", "for Datong")]


def test_what_has_lapsed_comes_last_and_says_since_when(taiyuan):
    zone = make_zone(city=taiyuan)
    make_policy(slug="lapsed", zones=[zone], date=day_before(900), valid_until=day_before(1))
    make_policy(slug="province")
    reach = Reach.of_zone(zone)
    assert [(one.policy.slug, one.has_lapsed) for one in reach.policies] == [
        ("province", False),
        ("lapsed", True),
    ]
    assert f"Lapsed: it was valid until {day_before(1)}" in environment_of(zone).text


def test_a_city_is_reached_by_the_policies_of_its_zones_but_names_public_ones_only(taiyuan, datong):
    public, hidden = make_zone(city=taiyuan), make_zone(city=taiyuan, state="draft", name_en="Hidden")
    make_policy(slug="zone", zones=[public, hidden])
    make_policy(slug="hidden-zone", zones=[hidden])
    make_policy(slug="hidden-zone-of-city", zones=[hidden], cities=[taiyuan], date=PartialDate("2019"))
    make_policy(slug="elsewhere", zones=[make_zone(city=datong)])
    make_policy(slug="province")
    reach = Reach.of_cities([taiyuan])
    assert [(one.policy.slug, one.why, one.zones) for one in reach.policies] == [
        ("zone", "", [public]),
        ("hidden-zone-of-city", "for Taiyuan", []),
        ("province", "for the whole province", []),
    ]
    text = environment_of(taiyuan).text
    assert f"Only in: {public.name_en}" in text
    assert "Hidden" not in text


def test_a_region_is_reached_once_by_what_names_several_of_its_cities(taiyuan, datong):
    region = make_region(cities=[taiyuan, datong])
    policy = make_policy(cities=[taiyuan, datong])
    cost, link = make_cost(cities=[taiyuan, datong]), make_transport_link(cities=[taiyuan, datong])
    reach = Reach.of_cities(region.cities.all())
    assert policies_of(reach) == [(policy.slug, "for Taiyuan, Datong")]
    assert reach.costs == [cost]
    assert [row for row, _figure in reach.transport_links] == [link]
    links = links_of(environment_of(region))
    assert [links.count(row.get_absolute_url()) for row in (policy, cost, link)] == [1, 1, 1]


def test_no_cities_are_reached_by_what_holds_in_the_whole_province(taiyuan):
    make_policy(cities=[taiyuan])
    policy = make_policy()
    reform = make_reform()
    reach = Reach.of_cities([])
    assert policies_of(reach) == [(policy.slug, "for the whole province")]
    assert (reach.reforms, reach.cases, reach.costs, reach.transport_links) == ([reform], [], [], [])
    assert reach.policies_url == "/en/business-environment/policies/?place=province"


def test_cases_are_those_of_the_zone_and_of_its_city_in_public_reforms(taiyuan, datong):
    zone = make_zone(city=taiyuan)
    reform = make_reform(parts=False)
    of_city = make_case(reform, cities=[taiyuan], order=1)
    of_zone = make_case(reform, zones=[zone], order=2)
    make_case(reform, cities=[datong])
    make_case(reform, zones=[make_zone(city=datong)])
    make_case(reform, cities=[taiyuan], kind=ReformCase.Kind.CONTEXT)
    make_case(make_reform(state="draft", parts=False), cities=[taiyuan])
    assert Reach.of_zone(zone).cases == [of_zone, of_city]
    assert Reach.of_cities([taiyuan]).cases == [of_city, of_zone]
    assert Reach.of_zone(make_zone(city=taiyuan)).cases == [of_city]


def test_a_case_names_no_zone_that_is_a_draft(taiyuan):
    hidden = make_zone(city=taiyuan, state="draft", name_en="Hidden")
    make_case(make_reform(parts=False), cities=[taiyuan], zones=[hidden], text_en="Seen here.")
    text = environment_of(taiyuan).text
    assert "Seen here." in text
    assert "Hidden" not in text


def test_costs_and_transport_are_those_of_the_city_with_their_passports(taiyuan, datong):
    zone = make_zone(city=taiyuan)
    source = make_source(publisher_en="Taiyuan Daily")
    cost = make_cost(cities=[taiyuan])
    make_statement(cost, aspect=make_aspect(key="price", unit=""), number="0.3", source=source)
    link = make_transport_link(cities=[taiyuan], is_goal=True)
    time = make_aspect(key="travel-time", unit="minutes", label_en="Travel time", order=1)
    make_statement(link, aspect=make_aspect(order=2), number=7, source=source)
    make_statement(link, aspect=time, number=144, source=source)
    make_cost(cities=[datong]), make_cost(cities=[taiyuan], state="draft")
    make_transport_link(cities=[datong]), make_transport_link(cities=[taiyuan], state="draft")
    reach = Reach.of_zone(zone)
    assert reach.costs == [cost]
    ((shown, figure),) = reach.transport_links
    assert (shown, figure.label) == (link, "Travel time")
    section = environment_of(zone)
    figures = [node for node in section.walk() if "figure" in node.get("class", "").split()]
    assert len(figures) == 2
    for node in figures:
        assert "as of March 2021" in node.text
        assert links_of(node) == [source.get_absolute_url()]
    assert "a goal" in section.text


def test_where_nothing_is_known_the_page_says_so_and_leads_on(taiyuan):
    section = environment_of(make_zone(city=taiyuan))
    for words in (
        "No policy that reaches this place is on this site yet.",
        "No transport link of this place is on this site yet.",
        "No cost of this place is on this site yet.",
    ):
        assert words in section.text
    links = links_of(section)
    assert links == [
        "/en/business-environment/permit-path/",
        "/en/business-environment/policies/",
        "/en/business-environment/transport/",
        "/en/business-environment/costs/",
        "/en/business-environment/indicators/?place=taiyuan",
    ]


@pytest.mark.sqlite
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_link_of_the_section_leads_to_a_page(taiyuan, language):
    zone = make_zone(city=taiyuan)
    case = make_case(make_reform(), zones=[zone], cities=[taiyuan])
    make_statement(case)
    make_policy(zones=[zone]), make_policy(cities=[taiyuan]), make_policy()
    make_statement(make_cost(cities=[taiyuan]), aspect=make_aspect(key="price"))
    make_statement(make_transport_link(cities=[taiyuan]))
    for place in (zone, taiyuan, make_region(cities=[taiyuan]), make_project(zone=zone)):
        for url in links_of(environment_of(place, language)):
            assert Client().get(url).status_code == 200, url


def test_a_project_is_reached_as_its_public_zone_is_else_as_its_cities(taiyuan, datong):
    zone = make_zone(city=taiyuan)
    hidden = make_zone(city=taiyuan, state="draft", name_en="Hidden")
    make_policy(name_en="Zone policy", zones=[zone])
    make_policy(name_en="Hidden policy", zones=[hidden])
    make_policy(name_en="Taiyuan policy", cities=[taiyuan])
    make_policy(name_en="Datong policy", cities=[datong])
    make_policy(name_en="Province policy")
    shown = {
        name: {
            word
            for word in ("Zone", "Hidden", "Taiyuan", "Datong", "Province")
            if f"{word} policy" in environment_of(project).text
        }
        for name, project in {
            "in a zone": make_project(zone=zone, city=taiyuan),
            "in a draft zone": make_project(zone=hidden, city=taiyuan),
            "in two cities": make_project(city=taiyuan, other_cities=[datong]),
            "nowhere": make_project(),
        }.items()
    }
    assert shown == {
        "in a zone": {"Zone", "Taiyuan", "Province"},
        "in a draft zone": {"Taiyuan", "Province"},
        "in two cities": {"Taiyuan", "Datong", "Province"},
        "nowhere": {"Province"},
    }


def test_a_project_leads_to_the_place_that_tells_more(taiyuan):
    zone = make_zone(city=taiyuan)
    in_zone, in_city = make_project(zone=zone, city=taiyuan), make_project(city=taiyuan)
    assert f"{zone.get_absolute_url()}#environment" in links_of(environment_of(in_zone))
    assert f"{taiyuan.get_absolute_url()}#environment" in links_of(environment_of(in_city))
    assert [url for url in links_of(environment_of(make_project())) if "#environment" in url] == []


def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(taiyuan):
    zone = make_zone(city=taiyuan)
    reform = make_reform(parts=False)

    def grow():
        case = make_case(reform, cities=[taiyuan], zones=[zone])
        for row in (
            case,
            make_policy(zones=[zone], cities=[taiyuan]),
            make_cost(cities=[taiyuan]),
            make_transport_link(cities=[taiyuan]),
        ):
            make_statement(row), make_statement(row)

    def queries():
        reach, found = Reach.of_zone(zone), {}
        for part in ("policies", "reforms", "cases", "transport_links", "costs"):
            with CaptureQueriesContext(connection) as captured:
                rows = getattr(reach, part)
                assert rows
                [case.citations() for case in rows if part == "cases"]
                [cost.price for cost in rows if part == "costs"]
            found[part] = len(captured)
        return found

    grow()
    expected = {"policies": 3, "reforms": 1, "cases": 4, "transport_links": 2, "costs": 2}
    assert queries() == expected
    grow(), grow()
    assert queries() == expected


def test_of_the_shipped_records_the_demonstration_zone_is_reached_by_its_own_policy_first(shipped_data):
    reach = Reach.of_zone(Zone.objects.get(slug="shanxi-demo-zone"))
    assert policies_of(reach)[0] == ("demo-zone-trade-2020", "for this zone")
    other = Reach.of_zone(Zone.objects.get(slug="datong-etdz"))
    assert "demo-zone-trade-2020" not in dict(policies_of(other))
    assert len(reach.policies) == 10
