"""Where the names of cities stand, and the pins of zones.

A pin stands on the point of its zone, or beside it where pins would cover each other or a city's name.
"""

import math
from functools import lru_cache

from zones.map.outline import HEIGHT, RINGS, WIDTH, lies_in

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
        if is_free(place, taken, boxes):
            cost = distance if city not in RINGS or lies_in(city, *place) else distance + FAR
            if cost < best_cost:
                best, best_cost = place, cost
    return best


def _around(box):
    """Places above and below a name, just not touching it."""
    left, top, right, bottom = box
    columns = range(round(left) - PIN_RADIUS, round(right) + PIN_RADIUS + 1, 6)
    return [(x, round(y)) for x in columns for y in (top - PIN_RADIUS - 2, bottom + PIN_RADIUS + 2)]


def is_free(place, taken, boxes):
    """Whether a pin at this place lies on the drawing and touches no other pin and no name."""
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
