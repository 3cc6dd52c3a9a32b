"""An index as one process holds it: columns, orders and changed rows, true of one version of the data.

Rows go by their position: first those of the build in the order of their keys, then those that have changed
since, each under a new position, while the old one is no longer `alive`. A snapshot never changes, except
that it remembers what was worked out from it.
"""

from dataclasses import dataclass, field

import numpy as np

from listings.versions import Version

NOTHING = object()


class Last:
    """Remembers what was worked out: the last so many, or all."""

    def __init__(self, number=None):
        self.number, self._kept = number, {}

    def remembered(self, name, make):
        """What `make` gives, worked out once while it is among the last."""
        # Two threads at once do it twice, to the same end.
        value = self._kept.pop(name, NOTHING)
        if value is NOTHING:
            value = make()
        self._kept[name] = value
        if self.number is not None:
            for old in list(self._kept)[: -self.number]:
                self._kept.pop(old, None)
        return value


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The public rows of one table at one version.

    `keys` are primary keys by position; `columns` and `orders` (positions in the order of a sort) go by name;
    `base` is the number of rows of the build; `added` tells the position of rows that came after it by key,
    and `words` their words, part by part, by position.
    """

    build: str
    version: Version
    base: int
    keys: np.ndarray
    alive: np.ndarray
    columns: dict
    orders: dict
    added: dict = field(default_factory=dict)
    words: dict = field(default_factory=dict)
    _memory: Last = field(default_factory=Last)

    def is_worn(self, most):
        """Whether so many rows were put in later, some again and again, that it is better loaded anew."""
        return len(self.keys) - self.base > 2 * most

    def positions(self, keys):
        """key -> position of the living rows with these primary keys; others are left out."""
        keys = np.fromiter(keys, np.int64)
        places = np.searchsorted(self.keys[: self.base], keys)
        found = {}
        for key, place in zip(keys.tolist(), places.tolist(), strict=True):
            place = self.added.get(key, place)
            if place < len(self.keys) and self.keys[place] == key and self.alive[place]:
                found[key] = place
        return found

    def remembered(self, name, make):
        """What `make` gives, worked out once for this version."""
        return self._memory.remembered(name, make)

    def totals(self, name):
        """value -> number of rows of a column, with no filter set."""
        return self.remembered(("totals", name), lambda: self.columns[name].counted(self._living))

    @property
    def _living(self):
        return None if len(self.alive) == self.total else np.flatnonzero(self.alive)

    @property
    def total(self):
        """The number of living rows."""
        return self.remembered("total", lambda: int(np.count_nonzero(self.alive)))
