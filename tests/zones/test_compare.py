import csv
import io
from decimal import Decimal

import pytest

from records.dates import PartialDate
from records.models import Aspect
from tests.factories import (
    make_aspect,
    make_city,
    make_industry,
    make_project,
    make_source,
    make_statement,
    make_zone,
)
from zones.comparison import Comparison, Measure, find_best
from zones.models import Zone

pytestmark = pytest.mark.django_db

ADDRESS = "/en/zones/compare/"


@pytest.fixture
def area():
    return make_aspect(
        key="area", label_en="Area", label_zh="面积", unit="km2", group=Aspect.Group.LAND, column="area_km2"
    )


@pytest.fixture
def price():
    return make_aspect(
        key="price-of-power",
        label_en="Price of power",
        unit="yuan-per-kwh",
        group=Aspect.Group.LAND,
        better=Aspect.Better.LOWER,
    )


def compare(*zones, only_differences=False):
    """The comparison of these zones, fetched as the page fetches them."""
    rows = Zone.objects.for_comparison().in_bulk([zone.pk for zone in zones])
    return Comparison([rows[zone.pk] for zone in zones], only_differences=only_differences)


def row(comparison, label):
    return next(one for _label, rows in comparison.groups for one in rows if one.label == label)


def get(client, **query):
    return client.get(ADDRESS, query)


def columns(response):
    return [zone.slug for zone, _url in response.context["columns"]]


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
    assert "<code>colour</code> There is no such parameter. There are: zone, differences." in (
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
    # the zones, their industries, their statements; the vocabulary; the zones to choose from
    for number in (1, 3):
        with django_assert_num_queries(5):
            assert len(columns(get(client, zone=slugs[:number]))) == number


def test_page_without_zones_makes_one_query(client, django_assert_num_queries):
    make_zone()
    # the zones to choose from
    with django_assert_num_queries(1):
        get(client)


def test_what_is_no_address_is_not_looked_for(client, django_assert_num_queries):
    # the zones to choose from
    with django_assert_num_queries(1):
        client.get(f"{ADDRESS}?zone=%00")


# The file


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_file_has_value_date_and_source_of_each_zone(client, area):
    source = make_source(publisher_en="Shanxi Daily", title="Zones")
    zone = make_zone(area_km2=Decimal("5"), area_kind="planned")
    make_statement(zone, aspect=area, number=5, as_of=PartialDate("2020-09"), source=source)
    other = make_zone()
    response = client.get("/en/zones/compare.csv", {"zone": [zone.slug, other.slug]})
    head, *lines = rows_of(response)
    assert head == [
        "Group",
        "Row",
        *(zone.name_en, f"{zone.name_en}: as of", f"{zone.name_en}: source"),
        *(other.name_en, f"{other.name_en}: as of", f"{other.name_en}: source"),
    ]
    found = next(line for line in lines if line[1] == "Area")
    assert found == ["Land", "Area", "5 km² (planned)", "2020-09", "Shanxi Daily: Zones", "", "", ""]


def test_file_has_the_rows_of_the_page(client):
    slugs = [make_zone().slug, make_zone(county_en="Yu County").slug]
    page = get(client, zone=slugs, differences=1)
    labels = [row.label for _label, rows in page.context["comparison"].groups for row in rows]
    lines = rows_of(client.get("/en/zones/compare.csv", {"zone": slugs, "differences": 1}))
    assert [line[1] for line in lines[1:]] == labels == ["County or district"]


def test_file_is_refused_where_it_would_lack_a_zone(client):
    zone, gone = make_zone(), make_zone(state="withdrawn")
    response = client.get("/en/zones/compare.csv", {"zone": [zone.slug, "nowhere", gone.slug], "colour": 1})
    assert response.status_code == 400
    assert response.content.decode().splitlines()[1:] == [
        "colour: There is no such parameter. There are: zone, differences.",
        "zone: “nowhere” was not found.",
        f"zone: “{gone.name_en}” was withdrawn.",
    ]


def test_file_of_too_many_or_no_zones_is_refused(client):
    zones = [make_zone() for _ in range(6)]
    response = client.get("/en/zones/compare.csv", {"zone": [zone.slug for zone in zones]})
    assert response.status_code == 400
    assert f"“{zones[5].name_en}” is one too many." in response.content.decode()
    assert client.get("/en/zones/compare.csv").status_code == 400
