"""The map of the province: a schematic of its eleven cities, drawn by hand on a lattice.

Node (c, r) of the lattice lies at longitude 110.125 + c × 0.12637 and latitude 40.85 − r × 0.1. Every
border is written once, as an arc between two junctions, so neighbours always meet; it is right to about
a tenth of a degree. The arcs were placed by eye from a plot of the simplified shapes of Apache ECharts
4.9, not from an official map: whoever has Shanxi's standard map redraws `ARCS`, and no other line.

A pin stands on the point of its zone, or beside it where pins would cover each other or a city's name.
Nothing here is random: the same rows give the same map.
"""

import math
from dataclasses import dataclass, field
from functools import cache, lru_cache

from django.conf import settings

LONGITUDE, LATITUDE = 110.125, 40.85  # of node (0, 0)
STEP_EAST, STEP_SOUTH = 0.12637, 0.1  # degrees from one node to the next
UNIT = 10  # units of the drawing from one node to the next
WIDTH, HEIGHT = 364, 640
MARGIN = 4

# Name: nodes, the first and the last are junctions.
ARCS = {
    "dt_out": (
        "20,6 22,6 22,5 25,4 25,5 27,5 29,3 30,4 31,3 32,1 33,3 33,5 35,5 34,6 31,7 30,8 31,9 "
        "34,10 34,12 35,13 33,18 31,18 30,17"
    ),
    "dt_xz": "30,17 30,16 29,15 27,14",
    "dt_sz": "27,14 26,12 26,10 25,9 22,9 21,11 20,11 20,6",
    "sz_out": "20,6 18,5 17,6 15,10 14,12",
    "sz_xz": "14,12 14,14 15,16 16,16 17,17 20,18 22,16 23,15 25,15 27,14",
    "xz_west": "14,12 10,12 10,14 8,15 9,16 8,18 7,19 7,21",
    "xz_ll": "7,21 7,22 9,21 9,23 11,24 13,23 14,25 13,26",
    "xz_ty": "13,26 16,27 17,25 19,26 21,26 24,24",
    "xz_yq": "24,24 27,23",
    "xz_east": "27,23 28,22 29,21 29,19 30,17",
    "yq_out": "27,23 27,26 29,27 31,31",
    "yq_jz": "31,31 28,32 26,31 25,28 23,28",
    "yq_ty": "23,28 22,27 24,25 24,24",
    "ty_ll": "13,26 11,28 11,30 12,30 14,31 16,31 17,34",
    "ty_jz": "17,34 20,33 20,31 21,29 23,28",
    "jz_out": "31,31 32,32 31,34 29,38 29,40 27,41",
    "jz_cz": "27,41 25,39 23,39 20,37 19,37 19,39 17,38 15,39 15,42",
    "jz_lf": "15,42 12,41 10,40",
    "jz_ll": "10,40 11,39 14,38 14,36 16,36 17,34",
    "ll_west": "7,21 6,24 4,26 3,28 5,32 5,34 4,35 5,36 3,38 2,40",
    "ll_lf": "2,40 5,39 5,40 8,39 8,40 9,41 10,40",
    "cz_out": "27,41 26,42 27,43 28,44 28,50 27,50",
    "cz_jc": "27,50 24,50 23,49 19,48",
    "cz_lf": "19,48 19,46 16,44 15,42",
    "jc_out": "27,50 28,52 27,53 24,54 22,56 15,56",
    "jc_yc": "15,56 14,53",
    "jc_lf": "14,53 15,50 16,49 18,49 19,48",
    "lf_west": "2,40 2,42 3,43 3,47 4,51",
    "lf_yc": "4,51 6,52 8,50 10,52 9,53 12,53 12,52 14,53",
    "yc_out": "4,51 2,56 1,59 1,62 3,63 6,62 8,60 11,60 12,59 14,58 15,58 15,56",
}

# The arcs around each city, in order; "-" is walked backwards.
RINGS = {
    "datong": "dt_out dt_xz dt_sz",
    "shuozhou": "sz_out sz_xz dt_sz",
    "xinzhou": "xz_west xz_ll xz_ty xz_yq xz_east dt_xz -sz_xz",
    "taiyuan": "xz_ty -yq_ty -ty_jz -ty_ll",
    "yangquan": "yq_out yq_jz yq_ty xz_yq",
    "luliang": "xz_ll ty_ll -jz_ll -ll_lf -ll_west",
    "jinzhong": "jz_out jz_cz jz_lf jz_ll ty_jz -yq_jz",
    "linfen": "ll_lf -jz_lf -cz_lf -jc_lf -lf_yc -lf_west",
    "changzhi": "cz_out cz_jc cz_lf -jz_cz",
    "jincheng": "jc_out jc_yc jc_lf -cz_jc",
    "yuncheng": "lf_yc -jc_yc -yc_out",
}

# Where the middle of each city's name stands. Its seat would be no better: names need room, and two of the
# seats are not known to us.
NAMES = {
    "datong": (288, 130),
    "shuozhou": (192, 145),
    "xinzhou": (196, 218),
    "taiyuan": (166, 283),
    "yangquan": (264, 287),
    "luliang": (88, 338),
    "jinzhong": (247, 347),
    "linfen": (98, 462),
    "changzhi": (220, 428),
    "jincheng": (206, 524),
    "yuncheng": (78, 572),
}
LETTER, CHARACTER, COUNT, NAME_HEIGHT = 8, 15, 26, 18  # room for a letter, a 字, the count after the name
SMALL = 26 / 14  # letters of the small map to those of the large one, see map.css

PIN_RADIUS = 14
PIN_SPACING = 31  # 24.7 CSS pixels to press on the narrowest phone, and a gap
FAR = 60  # a place outside its own city is taken only where it is nearer by this much


def _nodes(arc):
    nodes = [tuple(map(int, node.split(","))) for node in ARCS[arc.lstrip("-")].split()]
    return nodes[::-1] if arc.startswith("-") else nodes


@cache
def ring(city):
    """The border of a city as lattice nodes, not closed; raises ValueError where its arcs do not meet."""
    nodes = []
    for arc in RINGS[city].split():
        more = _nodes(arc)
        if nodes and nodes[-1] != more[0]:
            raise ValueError(f"{city}: {arc} begins at {more[0]}, and the arc before ends at {nodes[-1]}.")
        nodes += more[1:] if nodes else more
    if nodes[0] != nodes[-1]:
        raise ValueError(f"{city}: its arcs end at {nodes[-1]}, and began at {nodes[0]}.")
    return nodes[:-1]


def _draw(nodes):
    steps = [f"{c - a} {d - b}" for (a, b), (c, d) in _scaled_pairs(nodes)]
    x, y = nodes[0]
    return f"M{x * UNIT} {y * UNIT}l{' '.join(steps)}"


def _scaled_pairs(nodes):
    scaled = [(column * UNIT, row * UNIT) for column, row in nodes]
    return zip(scaled, scaled[1:], strict=False)


@cache
def path(city):
    """The outline of a city as SVG path data."""
    return f"{_draw(ring(city))}z"


@cache
def edge():
    """The outline of the province: the arcs that border one city only."""
    used = [arc.lstrip("-") for arcs in RINGS.values() for arc in arcs.split()]
    return "".join(_draw(_nodes(arc)) for arc in ARCS if used.count(arc) == 1)


def project(longitude, latitude):
    """Where a place lies on the drawing."""
    east = (float(longitude) - LONGITUDE) / STEP_EAST
    south = (LATITUDE - float(latitude)) / STEP_SOUTH
    return round(east * UNIT), round(south * UNIT)


def lies_in(city, x, y):
    """Whether a point lies inside a city: a line to its right crosses the border an odd number of times."""
    nodes = [(column * UNIT, row * UNIT) for column, row in ring(city)]
    inside = False
    for (x1, y1), (x2, y2) in zip(nodes, nodes[1:] + nodes[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


# Pins -----------------------------------------------------------------------------------------------

# Places around a pin, just not touching it.
_RIM = [
    (
        round((PIN_SPACING + 1) * math.cos(turn / 18 * math.pi)),
        round((PIN_SPACING + 1) * math.sin(turn / 18 * math.pi)),
    )
    for turn in range(36)
]


def name_box(city, name, *, small=False):
    """(left, top, right, bottom) of the room for the name of a city: with its count, or on the small map."""
    x, y = NAMES[city]
    letters = sum(CHARACTER if letter > "\u2e80" else LETTER for letter in name)
    width, height = (letters * SMALL, NAME_HEIGHT * SMALL) if small else (letters + COUNT, NAME_HEIGHT)
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


@lru_cache(maxsize=512)
def spread(points, boxes=()):
    """Places for pins, in order: each on its point, or as near to it as other pins and the names leave room.

    `points` are (city, x, y), `boxes` the rooms of the names. A place in its own city is preferred. Points
    that stand alone come first, so that a crowd elsewhere does not push them away.
    """

    def crowd(index):
        _city, x, y = points[index]
        return sum((x - a) ** 2 + (y - b) ** 2 < PIN_SPACING**2 for _other, a, b in points)

    places = {}
    for index in sorted(range(len(points)), key=lambda index: (crowd(index), index)):
        places[index] = _nearest_place(*points[index], list(places.values()), boxes)
    return [places[index] for index in range(len(points))]


def _nearest_place(city, x, y, taken, boxes):
    """The nearest free place touches what is in the way, so only such places are looked at."""
    beside = [(a + right, b + down) for a, b in taken for right, down in _RIM]
    around = [place for box in boxes for place in _around(box)]
    best, best_cost = (x, y), math.inf
    for distance, place in sorted((math.dist(place, (x, y)), place) for place in {(x, y), *beside, *around}):
        if distance >= best_cost:
            break
        if _is_free(place, taken, boxes):
            cost = distance if city not in RINGS or lies_in(city, *place) else distance + FAR
            if cost < best_cost:
                best, best_cost = place, cost
    return best


def _around(box):
    """Places above and below a name, just not touching it."""
    left, top, right, bottom = box
    columns = range(round(left) - PIN_RADIUS, round(right) + PIN_RADIUS + 1, 6)
    return [(x, round(y)) for x in columns for y in (top - PIN_RADIUS - 2, bottom + PIN_RADIUS + 2)]


def _is_free(place, taken, boxes):
    x, y = place
    return (
        PIN_RADIUS <= x <= WIDTH - PIN_RADIUS
        and PIN_RADIUS <= y <= HEIGHT - PIN_RADIUS
        and all((x - a) ** 2 + (y - b) ** 2 >= PIN_SPACING**2 for a, b in taken)
        and not any(touches(place, box) for box in boxes)
    )


def touches(place, box):
    """Whether a pin at this place would touch a name."""
    x, y = place
    left, top, right, bottom = box
    return math.dist((x, y), (min(max(x, left), right), min(max(y, top), bottom))) < PIN_RADIUS + 1


# What templates get ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class MapCity:
    """A city as drawn; `count` is None where nothing is counted, `url` empty where it leads nowhere."""

    slug: str
    name: str
    url: str = ""
    count: int | None = None
    selected: bool = False

    @property
    def path(self):
        return path(self.slug)

    @property
    def x(self):
        return NAMES[self.slug][0]

    @property
    def y(self):
        return NAMES[self.slug][1]


@dataclass(frozen=True)
class Pin:
    """A zone at x, y. Its point is at `from_x`, `from_y`; `url` is empty on the zone's own page."""

    number: int
    name: str
    url: str
    x: int
    y: int
    from_x: int
    from_y: int

    @property
    def is_moved(self):
        """Whether it stands so far from its point that a line has to join them."""
        return (self.x - self.from_x) ** 2 + (self.y - self.from_y) ** 2 > PIN_RADIUS**2


@dataclass
class Map:
    """The map of one page. `filters` is true where cities are the city filter of the list beside it."""

    cities: list
    pins: list = field(default_factory=list)
    filters: bool = False
    without_city: int = 0
    without_point: int = 0
    inexact: int = 0

    view_box = f"-{MARGIN} 0 {WIDTH + 2 * MARGIN} {HEIGHT}"
    pin_radius = PIN_RADIUS

    @property
    def edge(self):
        return edge()

    @property
    def approval_number(self):
        """The approval number of the map (审图号), where one was given."""
        return settings.MAP_APPROVAL_NUMBER

    @property
    def selected(self):
        return [city for city in self.cities if city.selected]

    @classmethod
    def of_listing(cls, listing, zones=()):
        """Beside a list: cities toggle its city filter and carry its counts; zones of the page are pins.

        Reads the facet that the list has counted, and so costs no query. Zones are numbered as in the list.
        """
        facet = next(facet for facet in listing.facets if facet.name == "city")
        cities = [
            MapCity(option.value, str(option.label), option.url, option.count, option.selected)
            for option in facet.options
            if option.value in RINGS
        ]
        elsewhere = sum(option.count or 0 for option in facet.options if option.value not in RINGS)
        start = listing.page.start_index() if zones else 1
        return cls(cities, filters=True, without_city=elsewhere, **_pins(zones, start, cities))

    @classmethod
    def of_cities(cls, every_city, selected, zones=()):
        """On the page of a place or a record: its cities stand out, its zones are pins."""
        chosen = {city.slug for city in selected}
        cities = [
            MapCity(city.slug, str(city.name), city.get_absolute_url(), selected=city.slug in chosen)
            for city in every_city
            if city.slug in RINGS
        ]
        return cls(cities, **_pins(zones, 1, [city for city in cities if city.selected]))

    @classmethod
    def of_zone(cls, every_city, zone):
        """On a zone's own page: its city, and its point where it has one."""
        drawn = cls.of_cities(every_city, [zone.city, *zone.other_cities.all()])
        if zone.latitude is not None:
            place = point = project(zone.longitude, zone.latitude)
            if zone.city.slug in RINGS:
                boxes = tuple(name_box(city.slug, city.name, small=True) for city in drawn.selected)
                (place,) = spread(((zone.city.slug, *point),), boxes)
            drawn.pins = [Pin(0, str(zone.name), "", *place, *point)]
        return drawn


def _pins(zones, start, named):
    """Pins of the zones that have a point, numbered as in the list, and how many are not exact."""
    boxes = tuple(name_box(city.slug, city.name) for city in named)
    zones = list(zones)
    known = [(start + index, zone) for index, zone in enumerate(zones) if zone.latitude is not None]
    points = tuple((zone.city.slug, *project(zone.longitude, zone.latitude)) for _number, zone in known)
    pins = [
        Pin(number, str(zone.name), zone.get_absolute_url(), *place, *point[1:])
        for (number, zone), point, place in zip(known, points, spread(points, boxes), strict=True)
    ]
    return {
        "pins": pins,
        "without_point": len(zones) - len(known),
        "inexact": sum(zone.coordinates_of != zone.Precision.ZONE for _number, zone in known),
    }
