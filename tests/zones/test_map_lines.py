"""Lines between places on the map: where they run, what they are numbered, and which are not drawn."""

import math
import re
from itertools import combinations

import pytest
from django.urls import reverse

from tests.factories import make_city, make_transport_link
from zones.map import HEIGHT, PIN_SPACING, RINGS, WIDTH, bows, clip, name_box, project, touches

pytestmark = pytest.mark.django_db

ADDRESS = "/en/business-environment/transport/"
SEATS = {
    "taiyuan": ("37.85701", "112.54925"),
    "changzhi": ("36.19111", "113.11356"),
    "datong": ("40.09031", "113.29526"),
}
ZHENGZHOU = {"to_en": "Zhengzhou", "to_zh": "郑州", "to_latitude": "34.7", "to_longitude": "113.6"}
BEIJING = {"to_en": "Beijing", "to_zh": "北京", "to_latitude": "39.9", "to_longitude": "116.4"}


@pytest.fixture
def cities():
    """Every city of the map; three of them with the points of their seats, the others without one."""
    return {
        slug: make_city(
            slug=slug,
            name_en=slug.title(),
            order=order,
            latitude=SEATS.get(slug, (None, None))[0],
            longitude=SEATS.get(slug, (None, None))[1],
        )
        for order, slug in enumerate(RINGS)
    }


def link_from(city, order, **overrides):
    return make_transport_link(from_city=city, cities=[city], order=order, **overrides)


def drawn(client, address=ADDRESS, **query):
    return client.get(address, query).context["map"]


# Where they run


def test_line_within_the_drawing_is_whole():
    assert clip((10, 20), (300, 600)) == ((10, 20), (300, 600))


@pytest.mark.parametrize(
    ("start", "end", "part"),
    [
        ((100, 100), (WIDTH + 100, 100), ((100, 100), (WIDTH, 100))),
        ((-50, 0), (50, 100), ((0, 50), (50, 100))),
        ((-100, 320), (WIDTH + 100, 320), ((0, 320), (WIDTH, 320))),
        ((100, -40), (100, HEIGHT + 40), ((100, 0), (100, HEIGHT))),
    ],
)
def test_line_beyond_the_drawing_ends_at_its_edge(start, end, part):
    assert clip(start, end) == part


@pytest.mark.parametrize(
    ("start", "end"), [((-50, 10), (-10, 600)), ((400, -300), (700, 200)), ((100, 100), (100, 100))]
)
def test_line_outside_and_line_to_the_same_place_are_none(start, end):
    assert clip(start, end) is None


def test_lines_that_lie_upon_each_other_bow_apart_and_their_numbers_keep_off_names():
    taiyuan, changzhi, zhengzhou = (192, 298), (235, 466), (275, 615)
    boxes = tuple(name_box(city, city) for city in RINGS)
    found = bows(((taiyuan, zhengzhou), (changzhi, zhengzhou), (taiyuan, zhengzhou)), boxes)
    for (one, place), (other, other_place) in combinations(found, 2):
        assert one[1] != other[1]
        assert math.dist(place, other_place) >= PIN_SPACING
    assert not any(touches(place, box) for _bow, place in found for box in boxes)
    assert bows.__wrapped__(((taiyuan, zhengzhou),)) == bows.__wrapped__(((taiyuan, zhengzhou),))


# Beside the list


def test_lines_have_the_numbers_of_the_table_in_every_order(client, cities):
    link_from(cities["changzhi"], 1, name_en="Alpha line", **ZHENGZHOU)
    make_transport_link(order=2, name_en="A hub", kind="hub")
    link_from(cities["taiyuan"], 3, name_en="Beta line", **ZHENGZHOU)
    assert [(line.number, line.name) for line in drawn(client).lines] == [(1, "Alpha line"), (3, "Beta line")]
    by_name = drawn(client, sort="name")
    assert [(line.number, line.name) for line in by_name.lines] == [(2, "Alpha line"), (3, "Beta line")]


def test_line_runs_from_point_to_point_and_names_the_end_that_is_no_city(client, cities):
    link = link_from(cities["taiyuan"], 1, **ZHENGZHOU)
    (line,) = drawn(client).lines
    assert (line.bow[0], line.bow[2]) == (project(112.54925, 37.85701), project(113.6, 34.7))
    assert [name for name, *_place in line.ends] == ["Zhengzhou"]
    assert line.url == link.get_absolute_url()
    page = client.get(ADDRESS).content.decode()
    assert f'<path d="{line.path}"/>' in page
    assert len(re.findall(r'<text class="is-beyond[^>]*>Zhengzhou</text>', page)) == 1


def test_end_far_away_is_cut_at_the_edge(client, cities):
    link_from(cities["datong"], 1, **BEIJING)
    (line,) = drawn(client).lines
    assert line.bow[2][0] == WIDTH
    assert drawn(client).ends[0][3] == "end"


def test_goals_are_dashed_and_said_to_be_goals(client, cities):
    link_from(cities["taiyuan"], 1, name_en="Built line", **ZHENGZHOU)
    link_from(cities["changzhi"], 2, name_en="Planned line", is_goal=True, **ZHENGZHOU)
    built, planned = drawn(client).lines
    page = client.get(ADDRESS).content.decode()
    assert f'<path d="{planned.path}" class="is-goal"/>' in page
    assert f'<path d="{built.path}"/>' in page
    assert 'aria-label="2 Planned line, a goal"' in page
    assert "A dashed line is a goal." in page


def test_what_cannot_be_drawn_is_counted_in_words(client, cities):
    link_from(cities["taiyuan"], 1, **ZHENGZHOU)
    # Its city has no point; the other end has no point; no ends at all; both ends in one place.
    link_from(cities["linfen"], 2, **ZHENGZHOU)
    link_from(cities["taiyuan"], 3, to_en="The sea", to_zh="海")
    make_transport_link(order=4, kind="hub")
    link_from(cities["taiyuan"], 5, to_city=cities["taiyuan"])
    drawing = drawn(client)
    assert ([line.number for line in drawing.lines], drawing.without_line) == ([1], 4)
    page = client.get(ADDRESS).content.decode()
    assert "4 of this page have no line: they are hubs, airports or plans" in page
    assert "A dashed line is a goal." not in page


def test_drafts_have_no_line(client, cities):
    for state in ("draft", "in-review", "withdrawn"):
        link_from(cities["taiyuan"], 1, state=state, **ZHENGZHOU)
    drawing = drawn(client)
    assert (drawing.lines, drawing.without_line) == ([], 0)


def test_cities_toggle_the_place_filter_and_carry_its_counts(client, cities):
    link_from(cities["taiyuan"], 1, **ZHENGZHOU)
    make_transport_link(order=2, cities=[cities["taiyuan"], cities["datong"]])
    make_transport_link(order=3)
    response = client.get(ADDRESS, {"place": "datong"})
    facet = next(facet for facet in response.context["listing"].facets if facet.name == "place")
    options = {option.value: option for option in facet.options}
    shown = {city.slug: (city.count, city.url, city.selected) for city in response.context["map"].cities}
    assert shown == {slug: (options[slug].count, options[slug].url, options[slug].selected) for slug in RINGS}
    assert shown["taiyuan"] == (2, f"{ADDRESS}?place=datong&place=taiyuan", False)
    assert shown["datong"] == (1, ADDRESS, True)
    page = client.get(ADDRESS).content.decode()
    assert 'aria-label="Taiyuan, 2 transport links"' in page
    assert "1 names no city and is counted in none." in page


def test_map_of_a_misunderstood_list_has_no_lines(client, cities):
    link_from(cities["taiyuan"], 1, **ZHENGZHOU)
    response = client.get(ADDRESS, {"place": "atlantis"})
    assert response.status_code == 400
    assert response.context["map"].lines == []


# On the page of one link


def test_page_of_a_link_shows_its_line_without_a_number(client, cities):
    link = link_from(cities["taiyuan"], 1, is_goal=True, **ZHENGZHOU)
    response = client.get(link.get_absolute_url())
    (line,) = response.context["map"].lines
    assert line.number == 0
    assert [city.slug for city in response.context["map"].selected] == ["taiyuan"]
    page = response.content.decode()
    assert 'class="pin"' not in page
    assert "It is dashed because it is a goal." in page


def test_page_of_a_link_without_points_says_that_no_line_is_drawn(client, cities):
    link = make_transport_link(cities=[cities["linfen"]], from_en="Here", to_en="There")
    page = client.get(link.get_absolute_url()).content.decode()
    assert "No line is drawn: there are not two ends with a known point." in page
    nowhere = client.get(make_transport_link(kind="hub").get_absolute_url())
    assert nowhere.context["map"] is None
    assert '<svg class="map' not in nowhere.content.decode()


def test_city_pages_of_other_lists_have_no_lines(client, cities):
    assert drawn(client, reverse("zones:list")).lines == []
    assert drawn(client, reverse("cities")).lines == []
