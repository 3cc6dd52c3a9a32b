"""Cities and regions: their lists, regions that staff define, and where the sitemap and search lead."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.records.staff import act, form_data, make_user, page, statements_prefix
from zones.models import Region

pytestmark = pytest.mark.django_db


def words(response):
    """The text of a page, without tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", html.unescape(response.content.decode())).split())


def shown(response):
    """{address: (zones, projects, indicators)} of the rows of a list."""
    rows = [row[0] if isinstance(row, tuple) else row for row in response.context["rows"]]
    return {row.place.slug: (row.zones, row.projects, row.indicators) for row in rows}


@pytest.fixture
def places():
    """Two cities with records, public and not, and one without any."""
    taiyuan, datong = (make.make_city(slug=slug, name_en=slug.title()) for slug in ("taiyuan", "datong"))
    make.make_city(slug="linfen", name_en="Linfen")
    make.make_zone(city=taiyuan)
    make.make_zone(city=taiyuan, other_cities=[datong])
    make.make_project(city=taiyuan)
    make.make_project(city=datong)
    make.make_project()
    make.make_indicator(cities=[taiyuan, datong], values=3)
    make.make_indicator(cities=[datong])
    for state in ("draft", "in-review", "withdrawn"):
        make.make_zone(city=datong, state=state)
        make.make_project(city=datong, state=state)
        make.make_indicator(cities=[datong], state=state)
    return taiyuan, datong


# The lists


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_cities_are_counted_by_what_is_public(client, places, language):
    response = client.get(f"/{language}/cities/")
    assert shown(response) == {"taiyuan": (2, 1, 1), "datong": (0, 1, 2), "linfen": (0, 0, 0)}
    page_text = response.content.decode()
    for path in ("zones/?city=taiyuan", "projects/?city=taiyuan", "projects/?city=datong"):
        assert f'href="/{language}/{path}"' in page_text
    assert f'href="/{language}/zones/?city=datong"' not in page_text
    assert {city.slug: city.count for city in response.context["map"].cities} == {
        "taiyuan": 2,
        "datong": 0,
        "linfen": 0,
    }


def test_counts_of_a_city_are_those_of_its_page_and_of_the_lists_they_lead_to(client, places):
    for slug, (zones, projects, indicators) in shown(client.get("/en/cities/")).items():
        context = client.get(f"/en/cities/{slug}/").context
        assert (zones, projects) == (context["zone_count"], context["project_count"])
        assert len(context["indicators"]) == indicators
        assert client.get("/en/zones/", {"city": slug}).context["listing"].page.paginator.count == zones
        assert client.get("/en/projects/", {"city": slug}).context["listing"].page.paginator.count == projects


def test_region_counts_what_is_about_two_of_its_cities_once(client, places):
    make.make_region(slug="both", cities=places)
    make.make_region(slug="hidden", cities=places, state="draft")
    response = client.get("/en/regions/")
    assert shown(response) == {"both": (2, 2, 2)}
    assert "no claim stated 2 zones 2 projects 2 indicators" in words(response)


def test_region_without_records_says_so_and_none_at_all_too(client):
    assert "No region is described on this site yet." in words(client.get("/en/regions/"))
    make.make_region(name_en="Empty quarter")
    assert "no zone, project or indicator of its cities is on this site yet" in words(
        client.get("/en/regions/")
    )


@pytest.mark.parametrize(("path", "number"), [("cities", 5), ("regions", 7)])
def test_lists_cost_the_same_queries_for_three_rows_as_for_one(client, path, number):
    def add():
        city = make.make_city()
        make.make_zone(city=city)
        make.make_indicator(cities=[city])
        make.make_statement(make.make_region(cities=[city]))

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(f"/en/{path}/")
        return len(found)

    add()
    queries()
    # Zones, projects and indicators by city; the cities that projects are counted by; the cities, or the
    # regions with cities and statements.
    one = queries()
    add(), add()
    assert (one, queries()) == (number, number)


def test_home_leads_to_both_lists(client):
    text = client.get("/en/").content.decode()
    assert 'href="/en/cities/"' in text
    assert 'href="/en/regions/"' in text


# Staff define a region


def test_staff_define_a_region_and_its_page_is_made_of_rows(client, places):
    taiyuan, datong = places
    advantage = make.make_aspect(key="advantage", kind="text", label_en="Advantage claimed")
    source = make.make_source(publisher_en="Congress Daily")
    client.force_login(make_user("editors"))
    form = client.get(page(Region, "add"))
    prefix = statements_prefix(form)
    data = form_data(form) | {
        "name_en": "The North",
        "name_zh": "晋北",
        "slug": "north",
        "cities": [taiyuan.pk, datong.pk],
        f"{prefix}-TOTAL_FORMS": "2",
    }
    for number, text in enumerate(("Much wind", "Much sun")):
        data |= {
            f"{prefix}-{number}-aspect": advantage.pk,
            f"{prefix}-{number}-adopted": "on",
            f"{prefix}-{number}-position": number,
            f"{prefix}-{number}-source": source.pk,
            f"{prefix}-{number}-text_en": text,
            f"{prefix}-{number}-as_of": "2022-03-10",
        }
    assert client.post(page(Region, "add"), data).status_code == 302
    region = Region.objects.get(slug="north")
    public = Client()
    assert public.get("/en/regions/north/").status_code == 404
    assert shown(public.get("/en/regions/")) == {}

    client.force_login(make_user("publishers"))
    act(client, "publish", region)

    response = public.get("/en/regions/north/")
    text = words(response)
    assert response.status_code == 200
    assert "What is claimed for it" in text
    for claim in ("Much wind", "Much sun"):
        assert f"{claim} as of 10 March 2022 Congress Daily" in text
    assert (response.context["zone_count"], response.context["project_count"]) == (2, 2)
    assert len(response.context["indicators"]) == 2
    assert shown(public.get("/en/regions/")) == {"north": (2, 2, 2)}
    assert "2 claims" in words(public.get("/en/regions/"))


# Sitemap and search


def test_sitemap_has_every_public_record_and_page_of_the_section(client):
    rows = {
        "approvals": make.make_procedure(slug="a-procedure"),
        "indicators": make.make_indicator(slug="an-indicator"),
        "policies": make.make_policy(slug="a-policy"),
        "costs": make.make_cost(slug="a-cost"),
        "transport": make.make_transport_link(slug="a-link"),
    }
    for state in ("draft", "in-review", "withdrawn"):
        make.make_procedure(state=state), make.make_indicator(state=state), make.make_policy(state=state)
        make.make_cost(state=state), make.make_transport_link(state=state)
    found = set(
        re.findall(r"<loc>http://testserver([^<]+)</loc>", client.get("/sitemap.xml").content.decode())
    )
    section = {path for path in found if path.startswith("/en/business-environment/")}
    pages = ("", "approvals/", "approvals/ledger/", "permit-path/", "indicators/", "policies/", "costs/")
    assert section == {
        *(f"/en/business-environment/{path}" for path in (*pages, "transport/")),
        *(f"/en/business-environment/{path}/{row.slug}/" for path, row in rows.items()),
    }
    assert {"/en/cities/", "/zh-hans/cities/", "/en/regions/", "/zh-hans/regions/"} <= found


KINDS = {
    "Approval procedures": make.make_procedure,
    "Policies": make.make_policy,
    "Costs": make.make_cost,
    "Transport": make.make_transport_link,
}


@pytest.mark.parametrize("label", KINDS)
def test_search_shows_the_best_few_and_leads_to_a_list_of_the_same_number(client, label):
    for number in range(7):
        KINDS[label](name_en=f"Quicksilver {number}")
    KINDS[label](name_en="Quicksilver", state="draft")
    (group,) = client.get("/en/search/", {"q": "quicksilver"}).context["groups"]
    assert (group.label, group.count, len(group.rows), group.left_out) == (label, 7, 5, 0)
    listed = client.get(group.more_url)
    assert listed.status_code == 200
    assert listed.context["listing"].page.paginator.count == 7


def test_search_says_how_many_indicators_it_leaves_out_and_promises_no_number_of_values(client):
    for number in range(7):
        make.make_indicator(name_en=f"Quicksilver {number}", values=2)
    response = client.get("/en/search/", {"q": "quicksilver"})
    (group,) = response.context["groups"]
    assert (group.count, len(group.rows), group.left_out) == (7, 5, 2)
    text = words(response)
    assert "2 more are not shown here. Look for them among the values of all indicators" in text
    assert "All 7 results" not in text
    assert group.more_url == "/en/business-environment/indicators/?q=quicksilver"
    assert client.get(group.more_url).context["listing"].page.paginator.count == 14


def test_search_shows_a_few_matches_whole(client):
    for number in range(5):
        make.make_indicator(name_en=f"Quicksilver {number}")
    (group,) = client.get("/en/search/", {"q": "quicksilver"}).context["groups"]
    assert (len(group.rows), group.more_url, group.left_out) == (5, "", 0)


# The records that are shipped: they stay until the end of this module


def test_advantages_of_the_southeast_are_told_as_claims_of_deputies(client, shipped_data):
    text = words(client.get("/en/regions/southeast/"))
    assert "What is claimed for it" in text
    assert (
        text.count("Claims of Shanxi’s deputies to the National People’s Congress, not measured facts.") == 8
    )
    assert text.count("as of 10 March 2022") >= 8
    assert "8 claims" in words(client.get("/en/regions/"))
    chinese = words(client.get("/zh-hans/regions/southeast/"))
    assert chinese.count("系山西省全国人大代表的表述，并非经测算的数据。") == 8
