"""Brings a snapshot up to a later version: rows that have changed are read anew, and take their places."""

import sys
from dataclasses import replace

import numpy as np

from listings.index.reading import chunks, read_columns, read_sort_keys
from listings.index.snapshot import Last
from listings.text.records import read_parts


def patched(snapshot, layout, changed, version, using):
    """The snapshot at `version`, which was read before this; `changed` are keys of rows that may differ."""
    if not changed:
        return replace(snapshot, version=version, _memory=Last())
    gone = snapshot.positions(changed)
    alive = snapshot.alive.copy()
    alive[list(gone.values())] = False
    first = len(snapshot.keys)
    rows = layout.rows(using)
    keys, columns, words = _read(snapshot, layout, rows, sorted(changed))
    added = {pk: place for pk, place in snapshot.added.items() if pk not in gone}
    added |= {pk: first + index for index, pk in enumerate(keys.tolist())}
    later = replace(
        snapshot,
        version=version,
        keys=np.concatenate([snapshot.keys, keys]),
        alive=np.concatenate([alive, np.ones(len(keys), bool)]),
        columns=columns,
        added=added,
        words={place: one for place, one in snapshot.words.items() if alive[place]}
        | {first + index: one for index, one in enumerate(words)},
        _memory=Last(),
    )
    return replace(later, orders=_merged(later, layout, rows, keys.tolist()))


def _read(snapshot, layout, rows, changed):
    """(keys, columns with them, words) of the changed rows that are public now."""
    keys, columns, words = [np.zeros(0, np.int64)], snapshot.columns, []
    for some in chunks(changed, 5_000):
        found, columns = read_columns(layout, rows.filter(pk__in=some), columns)
        own = dict(read_parts(layout.parts, rows.filter(pk__in=found.tolist())))
        # A row that went between the two queries has no words; the next patch takes it out.
        words += [_compact(own.get(pk, layout.parts.empty)) for pk in found.tolist()]
        keys.append(found)
    return np.concatenate(keys), columns, words


def _compact(words):
    """The words of one row, part by part, in little memory: most of them are those of other rows too."""
    return {part: tuple(map(sys.intern, tokens)) for part, tokens in words.items()}


def _merged(snapshot, layout, rows, keys):
    """The orders with these keys in their places.

    Where a row belongs is found by halving, all rows and sorts at once: some twenty queries among a million
    rows for up to a thousand that have changed. What a sort compares is not held in memory: names would be
    most of it.
    """
    if not keys:
        return snapshot.orders
    searches = _searches(snapshot, layout, rows, keys)
    open_ones = [search for search in searches if search.is_open]
    while open_ones:
        wanted = {search.probe() for search in open_ones}
        known = read_sort_keys(layout, rows, sorted(wanted - {None}))
        for search in open_ones:
            search.compare(known)
        open_ones = [search for search in open_ones if search.is_open]
    orders = {}
    for key, order in snapshot.orders.items():
        mine = sorted((search for search in searches if search.sort == key), key=lambda search: search.wanted)
        places = [search.low for search in mine]
        orders[key] = np.insert(order, places, [snapshot.added[search.pk] for search in mine])
    return orders


def _searches(snapshot, layout, rows, keys):
    own = read_sort_keys(layout, rows, keys)
    # One that went meanwhile is put anywhere: the next patch takes it out.
    return [
        _Search(snapshot, sort, pk, own[pk][sort] if pk in own else ())
        for sort in snapshot.orders
        for pk in keys
    ]


class _Search:
    """The search for the place of one row in one order, by halving."""

    def __init__(self, snapshot, sort, pk, wanted):
        self.snapshot, self.sort, self.pk, self.wanted = snapshot, sort, pk, wanted
        self.order = snapshot.orders[sort]
        self.low, self.high = 0, len(self.order) if wanted else 0
        self.middle = self.probed = 0

    @property
    def is_open(self):
        return self.low < self.high

    def probe(self):
        """The key of the first living row from the middle of what is left; None where there is none."""
        self.middle = self.probed = (self.low + self.high) // 2
        while self.probed < self.high and not self.snapshot.alive[self.order[self.probed]]:
            self.probed += 1
        return int(self.snapshot.keys[self.order[self.probed]]) if self.probed < self.high else None

    def compare(self, known):
        """Go on in one half, now that the row probed is known."""
        if self.probed == self.high:
            self.high = self.middle
            return
        pk = int(self.snapshot.keys[self.order[self.probed]])
        # A row that went meanwhile is passed over; the next patch takes it out.
        if pk not in known or known[pk][self.sort] < self.wanted:
            self.low = self.probed + 1
        else:
            self.high = self.middle
