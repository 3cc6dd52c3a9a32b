"""The map of the province: a schematic of its eleven cities, drawn by hand on a lattice.

`outline` has the borders, `pins` the names and where pins stand, `lines` what joins two places, `drawing` the
map of one page. Nothing here is random: the same rows give the same map.
"""

from zones.map.drawing import Line, Map, MapCity, Pin
from zones.map.lines import bows, clip
from zones.map.outline import ARCS, HEIGHT, RINGS, WIDTH, lies_in, path, project, ring
from zones.map.pins import NAMES, PIN_RADIUS, PIN_SPACING, name_box, spread, touches

__all__ = [
    "ARCS",
    "HEIGHT",
    "NAMES",
    "PIN_RADIUS",
    "PIN_SPACING",
    "RINGS",
    "WIDTH",
    "Line",
    "Map",
    "MapCity",
    "Pin",
    "bows",
    "clip",
    "lies_in",
    "name_box",
    "path",
    "project",
    "ring",
    "spread",
    "touches",
]
