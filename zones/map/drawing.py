"""The map as templates get it: cities, pins and lines, with all that is to be said of them."""

from dataclasses import dataclass, field

from django.conf import settings

from zones.map.lines import bows, clip
from zones.map.outline import HEIGHT, MARGIN, RINGS, WIDTH, edge, path, project
from zones.map.pins import NAMES, PIN_RADIUS, name_box, spread


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


@dataclass(frozen=True)
class Line:
    """A way between two places, its number at x, y (0: it has none); `ends` are (name, x, y), names of
    places that are no city of the map."""

    number: int
    name: str
    url: str
    is_goal: bool
    bow: tuple
    x: int
    y: int
    ends: tuple = ()

    @property
    def path(self):
        (a, b), (c, d), (e, f) = self.bow
        return f"M{a} {b}Q{c} {d} {e} {f}"


@dataclass
class Map:
    """The map of one page. `filters` is true where cities are the place filter of the list beside it."""

    cities: list
    pins: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    filters: bool = False
    without_city: int = 0
    without_point: int = 0
    inexact: int = 0
    without_line: int = 0

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

    @property
    def ends(self):
        """(name, x, y, anchor, below) of each end of a line that is no city of the map, once."""
        ends = dict.fromkeys(end for line in self.lines for end in line.ends)
        return [(name, x, y, _anchor(x), y + 24 < HEIGHT) for name, x, y in ends]

    @property
    def has_goals(self):
        return any(line.is_goal for line in self.lines)

    @property
    def has_counts(self):
        return any(city.count is not None for city in self.cities)

    @classmethod
    def of_listing(cls, listing, zones=(), *, facet="city", links=()):
        """Beside a list: cities toggle its city or place filter and carry its counts.

        Zones of the page are pins, links of it lines, both numbered as in the list. Reads the facet that the
        list has counted, and so costs no query.
        """
        options = next(one for one in listing.facets if one.name == facet).options
        cities = [
            MapCity(option.value, str(option.label), option.url, option.count, option.selected)
            for option in options
            if option.value in RINGS
        ]
        elsewhere = sum(option.count or 0 for option in options if option.value not in RINGS)
        start = listing.page.start_index() if zones or links else 1
        marks = {**_pins(zones, start, cities), **_lines(links, start, cities)}
        return cls(cities, filters=True, without_city=elsewhere, **marks)

    @classmethod
    def of_cities(cls, every_city, selected, zones=(), *, link=None, counts=None):
        """On the page of a place or a record: its cities stand out, its zones are pins, a link is a line.

        `counts` are numbers by the address of a city, where all of them are named with one.
        """
        chosen = {city.slug for city in selected}
        cities = [
            MapCity(
                city.slug,
                str(city.name),
                city.get_absolute_url(),
                None if counts is None else counts.get(city.slug, 0),
                city.slug in chosen,
            )
            for city in every_city
            if city.slug in RINGS
        ]
        named = [city for city in cities if city.selected]
        return cls(cities, **_pins(zones, 1, named), **_lines([link] if link else [], 0, named))

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


def _lines(links, start, named):
    """Lines of the links whose two ends have points, numbered as in the list, and how many have none.

    `ends` of a link are two of (address of a city or "", name, point or None), or nothing.
    """
    links = list(links)
    known = []
    for number, link in enumerate(links, start):
        points = [project(*point) if point else None for _slug, _name, point in link.ends]
        part = clip(*points) if points and all(points) else None
        if part:
            known.append((number, link, part))
    boxes = tuple(name_box(city.slug, city.name) for city in named)
    drawn = bows(tuple(part for _number, _link, part in known), boxes)
    lines = [
        Line(number, str(link.name), link.get_absolute_url(), link.is_goal, bow, *place, _foreign(link, part))
        for (number, link, part), (bow, place) in zip(known, drawn, strict=True)
    ]
    return {"lines": lines, "without_line": len(links) - len(known)}


def _foreign(link, part):
    """(name, x, y) of the ends that are no city of the map, and so have no name on it yet."""
    return tuple(
        (str(name), *place)
        for (slug, name, _point), place in zip(link.ends, part, strict=True)
        if slug not in RINGS
    )


def _anchor(x):
    """Where the letters of a name begin, so that they stay on the drawing."""
    return "start" if x < 60 else "end" if x > WIDTH - 60 else "middle"
