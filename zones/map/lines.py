"""Lines between two places: bows and no courses of a road, on which their numbers stand."""

import math
from functools import lru_cache

from zones.map.outline import HEIGHT, WIDTH
from zones.map.pins import is_free

BOWS = (0.05, -0.05, 0.15, -0.15, 0.25)  # how far a line bows out, in parts of its length
SPOTS = (0.5, 0.4, 0.6, 0.3, 0.7)  # where on a line its number may stand
NEAR = 8  # lines nearer than this look like one


def clip(start, end):
    """The part of a straight line that lies on the drawing, as two points; None where no part does."""
    (x, y), (right, down) = start, (end[0] - start[0], end[1] - start[1])
    first, last = 0.0, 1.0
    for step, room in ((-right, x), (right, WIDTH - x), (-down, y), (down, HEIGHT - y)):
        if step < 0:
            first = max(first, room / step)
        elif step > 0:
            last = min(last, room / step)
        elif room < 0:
            return None
    if first >= last or start == end:
        return None
    return tuple((round(x + right * part), round(y + down * part)) for part in (first, last))


def _bow(start, end, bend):
    """Start, the point that it bends towards, and end."""
    (a, b), (c, d) = start, end
    return start, (round((a + c) / 2 + (d - b) * 2 * bend), round((b + d) / 2 - (c - a) * 2 * bend)), end


def _at(bow, part):
    """The point of a bow at a part of its way."""
    return tuple(
        round(a * (1 - part) ** 2 + 2 * b * part * (1 - part) + c * part**2)
        for a, b, c in zip(*bow, strict=True)
    )


@lru_cache(maxsize=512)
def bows(pairs, boxes=()):
    """(bow, place of its number) for each pair of points: the flattest that keeps off lines and names."""
    found = []
    for start, end in pairs:
        others = [_at(bow, step / 12) for bow, _place in found for step in range(13)]
        places = [place for _bow, place in found]
        choices = []
        for bow in (_bow(start, end, bend) for bend in BOWS):
            near = sum(math.dist(_at(bow, part), one) < NEAR for part in (0.3, 0.5, 0.7) for one in others)
            spots = [_at(bow, part) for part in SPOTS]
            choices += [((near, not is_free(spot, places, boxes)), bow, spot) for spot in spots]
        _faults, *best = min(choices, key=lambda choice: choice[0])
        found.append(tuple(best))
    return found
