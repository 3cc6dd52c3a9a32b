"""The outline: eleven cities on a lattice, every border written once.

Node (c, r) of the lattice lies at longitude 110.125 + c × 0.12637 and latitude 40.85 − r × 0.1. Every
border is an arc between two junctions, so neighbours always meet; it is right to about a tenth of a degree.
The arcs were placed by eye from a plot of the simplified shapes of Apache ECharts 4.9, not from an official
map: whoever has Shanxi's standard map redraws `ARCS`, and no other line.
"""

import math
from functools import cache

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


def is_near(city, longitude, latitude, tolerance):
    """Whether a point lies in a city or at most so many degrees outside its border, as the drawing has it."""
    x, y = (float(longitude) - LONGITUDE) / STEP_EAST * UNIT, (LATITUDE - float(latitude)) / STEP_SOUTH * UNIT
    if lies_in(city, x, y):
        return True
    nodes = [(column * UNIT, row * UNIT) for column, row in ring(city)]
    far = tolerance / STEP_SOUTH * UNIT
    return any(_distance((x, y), *line) <= far for line in zip(nodes, nodes[1:] + nodes[:1], strict=True))


def _distance(point, start, end):
    """From a point to the line between two others."""
    (x, y), (a, b), (c, d) = point, start, end
    length = (c - a) ** 2 + (d - b) ** 2
    along = max(0, min(1, ((x - a) * (c - a) + (y - b) * (d - b)) / length)) if length else 0
    return math.dist(point, (a + along * (c - a), b + along * (d - b)))
