"""One column of a list in memory: a number a row, in as few bytes as will do.

Columns never change: what is added makes a new one, so that a request goes on with what it began with.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

import numpy as np
from django.db.models import F

UNKNOWN = np.iinfo(np.int64).min
PIECE = 2**16


@dataclass(frozen=True)
class Codes:
    """Values of which there are few: each row has the place of its value in `values`. 0 is unknown."""

    array: np.ndarray
    values: tuple

    @classmethod
    def of(cls, values, count):
        """From an iterable of `count` values, None and "" for unknown."""
        return cls(np.zeros(0, np.uint8), (None,)).extended(values, count)

    def extended(self, values, count):
        """With the values of `count` rows more."""
        codes = self.codes
        more = np.fromiter(
            (codes.setdefault(None if value == "" else value, len(codes)) for value in values),
            np.int64,
            count,
        )
        array = np.concatenate([self.array, more.astype(np.min_scalar_type(len(codes)))])
        return Codes(array, tuple(codes))

    @property
    def codes(self):
        return {value: code for code, value in enumerate(self.values)}

    def having(self, wanted):
        """The mask of the rows that have one of the values."""
        codes = [code for code, value in enumerate(self.values) if value in wanted]
        if len(codes) > 8:
            among = np.zeros(len(self.values), bool)
            among[codes] = True
            return among[self.array]
        mask = np.zeros(len(self.array), bool)
        for code in codes:
            mask |= self.array == code
        return mask

    def counted(self, rows):
        """value -> number of rows at these positions that have it; all rows for None."""
        counts = np.zeros(len(self.values), np.int64)
        # A piece at a time stays in the cache of the processor, and needs no room of its own.
        for start in range(0, len(self.array if rows is None else rows), PIECE):
            piece = slice(start, start + PIECE)
            codes = self.array[piece] if rows is None else self.array[rows[piece]]
            counts += np.bincount(codes, minlength=len(self.values))
        return {self.values[code]: int(counts[code]) for code in np.flatnonzero(counts)}

    def at(self, positions):
        """The values of these rows."""
        return [self.values[code] for code in self.array[positions]]

    def dump(self):
        """(array, values) as they are stored."""
        return self.array, list(self.values)

    @classmethod
    def load(cls, array, values):
        return cls(array, tuple(values))


@dataclass(frozen=True)
class Numbers:
    """Numbers, in whole units of 1 / `scale`; unknown ones are in no range."""

    array: np.ndarray
    scale: int = 1

    @classmethod
    def of(cls, values, count, scale=1):
        return cls(np.zeros(0, np.int64), scale).extended(values, count)

    def extended(self, values, count):
        """With the numbers of `count` rows more, None for unknown."""
        more = np.fromiter(
            (UNKNOWN if value is None else int(value * self.scale) for value in values), np.int64, count
        )
        return Numbers(np.concatenate([self.array, more]), self.scale)

    def within(self, lookup, limit):
        """The mask of the rows that are known and `gte` or `lt` the limit."""
        # Between whole units there is no row: at least 2.5 is at least 3, and below 2.5 is below 3.
        whole = int((Decimal(limit) * self.scale).to_integral_value(ROUND_CEILING))
        if lookup == "gte":
            return self.array >= max(whole, UNKNOWN + 1)
        return (self.array < whole) & (self.array != UNKNOWN)

    def at(self, positions):
        """The numbers of these rows, in units of 1 / `scale`; None for unknown ones."""
        return [None if number == UNKNOWN else number for number in self.array[positions].tolist()]

    def dump(self):
        """(array, scale) as they are stored."""
        return self.array, self.scale

    @classmethod
    def load(cls, array, scale):
        return cls(array, scale)


@dataclass(frozen=True)
class CodesOf:
    """How a facet is held: the values of an expression of the row's own columns, perhaps grouped by `key`."""

    expression: object
    key: object = None
    kind = Codes

    def read(self, values, count):
        return Codes.of(self._keys(values), count)

    def extend(self, column, values, count):
        return column.extended(self._keys(values), count)

    def _keys(self, values):
        return map(self.key, values) if self.key else values


@dataclass(frozen=True)
class NumbersOf:
    """How a range is held: a numeric column with so many decimal places."""

    expression: F
    places: int = 0
    kind = Numbers

    def read(self, values, count):
        return Numbers.of(values, count, 10**self.places)

    def extend(self, column, values, count):
        return column.extended(values, count)
