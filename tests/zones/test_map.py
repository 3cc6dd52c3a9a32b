from itertools import combinations

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tests.factories import make_city, make_project, make_region, make_zone
from zones import map as drawing
from zones.map import ARCS, NAMES, PIN_SPACING, RINGS, Map, lies_in, name_box, project, ring, spread, touches
from zones.models import City

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def in_english():
    """Whatever language the test before has read its pages in."""
    with translation.override("en"):
        yield


CITIES = list(RINGS)
TAIYUAN = {"latitude": "37.857014", "longitude": "112.549248", "coordinates_of": "city"}


@pytest.fixture
def cities():
    """Every city of the lattice by its slug, with names as short as the real ones."""
    return {slug: make_city(slug=slug, name_en=slug.title(), name_zh=slug[:2]) for slug in RINGS}


def borders(city):
    """The border of a city, step by step, without a direction."""
    nodes = ring(city)
    return {frozenset(step) for step in zip(nodes, nodes[1:] + nodes[:1], strict=True)}


def drawn(response):
    return response.context["map"]


# The lattice


@pytest.mark.parametrize("city", CITIES)
def test_ring_closes_and_does_not_meet_itself(city):
    assert len(ring(city)) == len(set(ring(city))) > 8


def test_a_gap_in_a_ring_is_refused(monkeypatch):
    monkeypatch.setitem(drawing.RINGS, "gap", "dt_out sz_out")
    with pytest.raises(ValueError, match="gap: sz_out begins at"):
        ring("gap")


def test_neighbours_meet_and_no_border_has_three_sides():
    outer = {arc for arc in ARCS if sum(arc in arcs.replace("-", "").split() for arcs in RINGS.values()) == 1}
    for one, other in combinations(CITIES, 2):
        shared = borders(one) & borders(other)
        common = set(RINGS[one].replace("-", "").split()) & set(RINGS[other].replace("-", "").split())
        assert bool(shared) == bool(common)
        assert not common & outer
    assert len(outer) + sum(
        len(set(RINGS[a].replace("-", "").split()) & set(RINGS[b].replace("-", "").split()))
        for a, b in combinations(CITIES, 2)
    ) == len(ARCS)


def test_no_point_lies_in_two_cities():
    for x in range(5, 360, 10):
        for y in range(5, 640, 10):
            assert sum(lies_in(city, x + 0.5, y + 0.5) for city in CITIES) <= 1


def test_every_seat_that_is_known_and_every_zone_lies_in_its_city():
    call_command("load_data", verbosity=0)
    seats = [city for city in City.objects.all() if city.latitude is not None]
    assert len(seats) >= 9
    for city in seats:
        assert lies_in(city.slug, *project(city.longitude, city.latitude)), city.slug
        for zone in city.zones.exclude(latitude=None):
            assert lies_in(city.slug, *project(zone.longitude, zone.latitude)), zone.slug
    assert {city.slug for city in City.objects.all()} == set(RINGS)


@pytest.mark.parametrize("city", CITIES)
def test_name_stands_in_its_city_and_covers_no_other(city):
    assert lies_in(city, *NAMES[city])
    left, top, right, bottom = name_box(city, city)
    for other in set(CITIES) - {city}:
        a, b, c, d = name_box(other, other)
        assert right < a or c < left or bottom < b or d < top


# Pins


def test_pin_that_stands_alone_stays_on_its_point():
    x, y = project(112.549248, 37.857014)
    assert spread((("taiyuan", x, y),)) == [(x, y)]


def test_pins_of_one_point_are_pushed_apart_and_keep_off_names():
    x, y = project(112.549248, 37.857014)
    boxes = tuple(name_box(city, city) for city in CITIES)
    points = tuple(("taiyuan", x, y) for _number in range(25))
    places = spread(points, boxes)
    for (a, b), (c, d) in combinations(places, 2):
        assert (a - c) ** 2 + (b - d) ** 2 >= PIN_SPACING**2
    assert not any(touches(place, box) for place in places for box in boxes)
    assert spread.__wrapped__(points, boxes) == places


def test_few_pins_of_one_point_stay_in_their_city():
    x, y = project(111.134335, 37.524366)
    assert all(lies_in("luliang", *place) for place in spread((("luliang", x, y),) * 5))


# The map beside lists


def test_cities_of_the_zone_list_have_the_counts_and_addresses_of_the_facet(client, cities):
    make_zone(city=cities["taiyuan"])
    make_zone(city=cities["taiyuan"], state="draft")
    response = client.get(reverse("zones:list"), {"city": "datong"})
    facet = next(facet for facet in response.context["listing"].facets if facet.name == "city")
    shown = {city.slug: (city.count, city.url, city.selected) for city in drawn(response).cities}
    assert shown == {option.value: (option.count, option.url, option.selected) for option in facet.options}
    assert shown["taiyuan"] == (1, f"{reverse('zones:list')}?city=datong&city=taiyuan", False)
    assert shown["datong"] == (0, reverse("zones:list"), True)


def test_pins_have_the_numbers_of_the_cards_on_every_page(client, cities):
    for _number in range(27):
        make_zone(city=cities["taiyuan"], **TAIYUAN)
    make_zone(city=cities["yuncheng"])
    first, second = (client.get(reverse("zones:list"), {"page": page}) for page in (1, 2))
    assert [pin.number for pin in drawn(first).pins] == list(range(1, 26))
    # The zone without a point has its place in the list and no pin.
    assert [pin.number for pin in drawn(second).pins] == [26, 27]
    assert drawn(second).without_point == 1
    text = second.content.decode()
    assert '<span class="card__number">28</span>' in text
    assert "1 zone of this list has no known point and no pin." in text


def test_pins_are_named_links_and_say_what_their_points_are(client, cities):
    zone = make_zone(city=cities["taiyuan"], name_en="Steel “Park” & Co", **TAIYUAN)
    text = client.get(reverse("zones:list")).content.decode()
    assert f'href="{zone.get_absolute_url()}" aria-label="1 Steel “Park” &amp; Co"' in text
    assert "Points are the centres of cities, counties or districts" in text
    make_zone(city=cities["taiyuan"], **TAIYUAN | {"coordinates_of": "zone"})
    text = client.get(reverse("zones:list")).content.decode()
    assert "1 point is the centre of a city, county or district, not of the zone itself." in text


def test_map_is_schematic_and_prints_its_approval_number(client, cities, settings):
    text = client.get(reverse("zones:list")).content.decode()
    assert "Schematic: outlines are simplified" in text
    assert "approval number" not in text
    settings.MAP_APPROVAL_NUMBER = "晋S(2026)001号"
    text = client.get(reverse("zones:list")).content.decode()
    assert "Map approval number: 晋S(2026)001号" in text


def test_project_list_counts_cities_and_has_no_pins(client, cities):
    make_project(city=cities["linfen"])
    make_project()
    response = client.get(reverse("projects:list"))
    assert {city.slug: city.count for city in drawn(response).cities}["linfen"] == 1
    assert not drawn(response).pins
    text = response.content.decode()
    assert 'aria-label="Linfen, 1 project"' in text
    assert "Projects have no points of their own" in text
    assert "1 states no city and is not on the map." in text


def test_map_of_a_misunderstood_list_counts_nothing(client, cities):
    make_zone(city=cities["taiyuan"], **TAIYUAN)
    response = client.get(reverse("zones:list"), {"colour": "red"})
    assert response.status_code == 400
    assert not drawn(response).pins
    assert {city.count for city in drawn(response).cities} == {None}


@pytest.mark.parametrize("path", ["zones:list", "projects:list"])
def test_lists_cost_the_same_number_of_queries_with_one_row_as_with_three(client, cities, path):
    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(reverse(path))
        return len(found)

    make_zone(city=cities["taiyuan"], **TAIYUAN)
    make_project(city=cities["taiyuan"])
    queries()
    one = queries()
    for slug in ("datong", "linfen"):
        make_zone(city=cities[slug], **TAIYUAN)
        make_project(city=cities[slug])
    assert queries() == one


# The map on pages of places and records


def test_city_without_a_point_is_drawn_and_gets_none(client, cities):
    City.objects.filter(slug="linfen").update(latitude=None, longitude=None)
    response = client.get(reverse("city", args=["linfen"]))
    assert [city.slug for city in drawn(response).selected] == ["linfen"]
    assert not drawn(response).pins
    assert "<text" in response.content.decode()


def test_place_pages_show_their_zones_and_no_draft(client, cities):
    region = make_region(cities=[cities["taiyuan"], cities["datong"]])
    make_zone(city=cities["taiyuan"], **TAIYUAN)
    make_zone(city=cities["taiyuan"], state="draft", **TAIYUAN)
    for address in (reverse("city", args=["taiyuan"]), region.get_absolute_url()):
        assert [pin.number for pin in drawn(client.get(address)).pins] == [1]
    assert {city.slug for city in drawn(client.get(region.get_absolute_url())).selected} == {
        "taiyuan",
        "datong",
    }


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        ("city", "The point is the centre of the city, not of the zone itself."),
        ("county", "The point is the centre of the county or district, not of the zone itself."),
        ("zone", "The point is the zone itself."),
    ],
)
def test_zone_page_says_what_its_point_is(client, cities, precision, words):
    zone = make_zone(city=cities["taiyuan"], **TAIYUAN | {"coordinates_of": precision})
    response = client.get(zone.get_absolute_url())
    assert words in response.content.decode()
    (pin,) = drawn(response).pins
    assert (pin.from_x, pin.from_y) == project(112.549248, 37.857014)
    # It stands beside its city's name, not on it.
    left, top, right, bottom = name_box("taiyuan", cities["taiyuan"].name, small=True)
    assert not (left < pin.x < right and top < pin.y < bottom)


def test_zone_in_a_city_that_the_map_does_not_draw_has_its_point(client, cities):
    response = client.get(make_zone(**TAIYUAN).get_absolute_url())
    (pin,) = drawn(response).pins
    assert (pin.x, pin.y) == project(112.549248, 37.857014)


def test_zone_without_a_point_has_its_city_marked(client, cities):
    zone = make_zone(city=cities["taiyuan"])
    response = client.get(zone.get_absolute_url())
    assert "No point is known; only the city is marked." in response.content.decode()
    assert not drawn(response).pins


def test_project_page_marks_its_city_and_guesses_none(client, cities):
    placed = client.get(make_project(city=cities["linfen"]).get_absolute_url())
    assert [city.slug for city in drawn(placed).selected] == ["linfen"]
    assert "has no point of its own" in placed.content.decode()
    guessed = client.get(make_project(city_guess=cities["linfen"]).get_absolute_url())
    assert drawn(guessed) is None
    assert '<svg class="map' not in guessed.content.decode()


def test_city_that_is_not_on_the_lattice_is_left_out():
    city = make_city(slug="elsewhere")
    assert Map.of_cities([city], [city]).cities == []
