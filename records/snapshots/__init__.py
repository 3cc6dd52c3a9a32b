"""The whole of a record as one value that can be kept, compared and put back.

A *snapshot* is JSON: the fields of a record, the keys of its many-to-many values and its child rows,
statements included, each with its primary key. It also holds the names, in both languages, of the rows that
it refers to, so that it can be read when those are gone. History, pending changes, the conflict of two
editors, bringing back and the undoing of an import are all made of it.

    {"model": "zones.zone", "pk": 3, "fields": {"slug": "…", "city": 5, "area_km2": "37.000000"},
     "many": {"industries": [1, 4]},
     "children": {"parks": [{"pk": 7, "fields": …, "many": …, "children": …}], "statements": […]},
     "names": {"zones.city": {"5": {"en": "Changzhi", "zh": "长治市", "public": true}}}}

Who made and changed a record, and when, is no part of it. Its state is, but `put_back` leaves that alone.
"""

from records.snapshots.differing import Difference, Names, differences, without_common
from records.snapshots.putting_back import LEFT_ALONE, put_back
from records.snapshots.taking import add_names, fill, fingerprint, taken, taken_all, whole, without_new_keys

__all__ = [
    "LEFT_ALONE",
    "Difference",
    "Names",
    "add_names",
    "differences",
    "fill",
    "fingerprint",
    "put_back",
    "taken",
    "taken_all",
    "whole",
    "without_common",
    "without_new_keys",
]
