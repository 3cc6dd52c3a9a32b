"""The page of a comparison: its differences, its address, and what it makes of a wrong one."""

from decimal import Decimal

import pytest

from records.dates import PartialDate
from tests.factories import (
    make_aspect,
    make_city,
    make_industry,
    make_project,
    make_statement,
    make_zone,
)
from tests.zones.comparing import ADDRESS, columns, compare, get, row
from zones.models import Zone

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


# Only differences


def test_only_differences_leaves_out_rows_that_are_the_same(client, area):
    city = make_city()
    first, second = make_zone(city=city), make_zone(city=city)
    make_statement(first, aspect=area, number=Decimal(5))
    make_statement(second, aspect=area, number=Decimal(6))
    full, short = compare(first, second), compare(first, second, only_differences=True)
    assert [one.label for _label, rows in short.groups for one in rows] == ["Area"]
    assert full.same_count == sum(len(rows) for _label, rows in full.groups) - 1


def test_date_and_source_alone_are_no_difference(area):
    first, second = make_zone(), make_zone()
    make_statement(first, aspect=area, as_of=PartialDate("2020"))
    make_statement(second, aspect=area, as_of=PartialDate("2021"))
    assert not row(compare(first, second), "Area").differs


def test_zones_without_differences_say_so(client):
    first, second = make_zone(), make_zone()
    response = get(client, zone=[first.slug, second.slug], differences=1)
    assert response.status_code == 200
    assert "these zones do not differ" in response.content.decode()


def test_links_switch_differences_and_keep_the_zones(client):
    first, second = make_zone(), make_zone()
    query = f"zone={first.slug}&zone={second.slug}"
    context = get(client, zone=[first.slug, second.slug], differences=1).context
    assert context["all_url"] == f"{ADDRESS}?{query}"
    assert context["differences_url"] == f"{ADDRESS}?{query}&differences=1"
    assert context["columns"][0][1] == f"{ADDRESS}?zone={second.slug}&differences=1"
    assert context["export_url"] == f"/en/zones/compare.csv?{query}&differences=1"


# The address


def test_zones_stand_in_the_order_of_the_address(client):
    zones = [make_zone() for _ in range(3)]
    slugs = [zone.slug for zone in reversed(zones)]
    assert columns(get(client, zone=slugs)) == slugs


def test_more_than_five_zones_show_the_first_five_and_say_so(client):
    zones = [make_zone() for _ in range(7)]
    response = get(client, zone=[zone.slug for zone in zones])
    assert response.status_code == 200
    assert columns(response) == [zone.slug for zone in zones[:5]]
    body = response.content.decode()
    assert "More than 5 are named; the first 5 are shown" in body
    assert zones[5].name_en in body
    assert zones[6].name_en in body
    assert "choose-zone" not in body


def test_unknown_zone_is_named_and_the_rest_is_shown(client):
    zone = make_zone()
    response = get(client, zone=["nowhere", zone.slug])
    assert response.status_code == 200
    assert columns(response) == [zone.slug]
    assert "“nowhere” was not found." in response.content.decode()


@pytest.mark.parametrize("state", ["draft", "in-review"])
def test_unpublished_zone_is_told_as_one_that_never_was(client, state):
    zone = make_zone()
    hidden = make_zone(state=state, name_en="Secret Zone", name_zh="秘密开发区", summary_en="Secret summary")
    make_project(zone=hidden)
    make_statement(hidden, aspect=make_aspect(label_en="Secret aspect"), text_en="Secret text")
    body = get(client, zone=[zone.slug, hidden.slug]).content.decode()
    unknown = get(client, zone=[zone.slug, "x" * len(hidden.slug)]).content.decode()
    assert body.replace(hidden.slug, "x" * len(hidden.slug)) == unknown
    assert "ecret" not in body
    assert "秘密" not in body


def test_zone_that_is_part_of_a_draft_does_not_name_it(client):
    zone = make_zone(part_of=make_zone(state="draft", name_en="Secret Zone", name_zh="秘密开发区"))
    assert "Secret Zone" not in get(client, zone=zone.slug).content.decode()


def test_drafts_cannot_be_chosen(client):
    make_zone(state="draft", name_en="Secret Zone")
    make_zone(state="withdrawn", name_en="Gone Zone")
    open_zone = make_zone()
    body = get(client).content.decode()
    assert f'<option value="{open_zone.slug}">' in body
    assert "Secret Zone" not in body
    assert "Gone Zone" not in body


def test_withdrawn_zone_is_told_with_day_and_reason_and_nothing_else(client, area):
    zone = make_zone()
    gone = make_zone(state="withdrawn", summary_en="Former summary")
    make_statement(gone, aspect=area, number=Decimal("12345"))
    response = get(client, zone=[gone.slug, zone.slug])
    body = response.content.decode()
    assert response.status_code == 200
    assert columns(response) == [zone.slug]
    assert gone.name_en in body
    assert "withdrawn on 6 March 2026" in body
    assert "It was counted twice." in body
    assert "Former summary" not in body
    assert "12,345" not in body


def test_withdrawn_zone_alone_is_understood(client):
    gone = make_zone(state="withdrawn")
    response = get(client, zone=gone.slug)
    assert response.status_code == 200
    assert "withdrawn on 6 March 2026" in response.content.decode()


def test_zone_named_twice_is_shown_once_and_told(client):
    zone, other = make_zone(), make_zone()
    response = get(client, zone=[zone.slug, other.slug, zone.slug])
    assert columns(response) == [zone.slug, other.slug]
    assert "Named more than once, shown once" in response.content.decode()


def test_address_of_what_is_shown_is_offered(client):
    zone = make_zone()
    response = get(client, zone=[zone.slug, "nowhere", zone.slug])
    assert f'href="{ADDRESS}?zone={zone.slug}">The address of what is shown' in response.content.decode()


@pytest.mark.parametrize("query", ["", "zone=", "differences=1"])
def test_page_without_zones_explains_how_to_choose(client, query):
    response = client.get(f"{ADDRESS}?{query}")
    assert response.status_code == 200
    assert "No zone is chosen yet" in response.content.decode()


def test_unknown_parameter_is_named_and_refused(client):
    zone = make_zone()
    response = get(client, zone=zone.slug, colour="red")
    assert response.status_code == 400
    assert columns(response) == [zone.slug]
    assert "<code>colour</code> There is no such parameter. There are: zone, differences, find_zone." in (
        response.content.decode()
    )


def test_wrong_value_of_the_switch_is_named_and_refused(client):
    response = get(client, zone=make_zone().slug, differences="yes")
    assert response.status_code == 400
    assert "<code>differences</code> “yes” is not one of the values." in response.content.decode()


@pytest.mark.parametrize("text", ["nowhere", "a b", "%00", "%F0%9F%90%88", "大同", "'", "x" * 2000])
def test_nothing_understood_is_refused(client, text):
    response = client.get(f"{ADDRESS}?zone={text}")
    assert response.status_code == 400
    assert "was not found." in response.content.decode()
    assert "No zone is chosen yet" in response.content.decode()


def test_markup_in_the_address_is_harmless(client):
    body = get(client, zone="<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in body


def test_language_switch_keeps_the_comparison(client):
    first, second = make_zone(), make_zone()
    query = f"zone={first.slug}&zone={second.slug}&differences=1"
    body = client.get(f"{ADDRESS}?{query}").content.decode()
    assert f'href="/zh-hans/zones/compare/?{query.replace("&", "&amp;")}"' in body
    response = client.get(f"/zh-hans/zones/compare/?{query}")
    assert columns(response) == [first.slug, second.slug]
    assert first.name_zh in response.content.decode()


def test_page_is_public_not_indexed_and_canonical_without_its_query(client, settings):
    settings.PUBLIC_CACHE_SECONDS = 300
    response = get(client, zone=make_zone().slug)
    body = response.content.decode()
    assert response["Cache-Control"] == "public, max-age=300"
    assert not response.cookies
    assert '<meta name="robots" content="noindex">' in body
    assert '<link rel="canonical" href="http://testserver/en/zones/compare/">' in body
    assert "compare" not in client.get("/sitemap.xml").content.decode()


def test_list_offers_boxes_to_tick(client):
    zone = make_zone()
    body = client.get("/en/zones/").content.decode()
    assert f'<input type="checkbox" name="zone" value="{zone.slug}" form="compare">' in body
    assert '<form class="tray" id="compare" action="/en/zones/compare/" method="get">' in body


def test_zone_page_leads_to_comparison_and_shortlist(client):
    zone = make_zone()
    body = client.get(f"/en/zones/{zone.slug}/").content.decode()
    assert f'href="/en/zones/compare/?zone={zone.slug}"' in body
    assert f'href="/en/shortlist/?zone={zone.slug}"' in body


def test_comparison_costs_the_same_with_one_zone_and_with_three(client, area, django_assert_num_queries):
    for _ in range(3):
        zone = make_zone(
            industries=[make_industry(), make_industry()], part_of=make_zone(), area_km2=5, area_kind="total"
        )
        make_statement(zone, aspect=area)
        make_statement(zone)
        make_project(zone=zone)
    slugs = list(Zone.objects.filter(part_of__isnull=False).values_list("slug", flat=True))
    get(client, zone=slugs)  # content types are remembered from here on
    # the zones, their industries, their statements; the vocabulary; projects by zone, and the zones they are
    # counted by; how many zones there are to choose from, and which
    for number in (1, 3):
        with django_assert_num_queries(8):
            assert len(columns(get(client, zone=slugs[:number]))) == number


def test_page_without_zones_makes_two_queries(client, django_assert_num_queries):
    make_zone()
    # how many zones there are to choose from, and which
    with django_assert_num_queries(2):
        get(client)


def test_what_is_no_address_is_not_looked_for(client, django_assert_num_queries):
    # how many zones there are to choose from, and which
    with django_assert_num_queries(2):
        client.get(f"{ADDRESS}?zone=%00")
