"""What a large list finds: the answers of `listings.results.PlainResults`, worked out from its index."""

from functools import cached_property, reduce

import numpy as np

from listings.index.matching import find
from listings.index.ordering import between
from listings.index.postings import places_of
from listings.index.snapshot import Last
from listings.results import Rows

# Of the filters asked last, what was counted is kept: with 2,500 zones some 200 kB each.
COUNTS_KEPT = 32


class IndexedResults:
    """The answers to a filter set's query string, from a snapshot of its index."""

    def __init__(self, filterset, layout, snapshot):
        self.filterset, self.layout, self.snapshot = filterset, layout, snapshot

    def total(self, leave_out=None, leave_out_value=None):
        """The number of rows; with `leave_out`, as if that filter, or that value of it, were not set."""
        mask = self._mask(leave_out, leave_out_value)
        return self.snapshot.total if mask is None else int(np.count_nonzero(mask))

    def counts(self, name):
        """value -> number of rows, for one facet, with its own choice left out and all others applied."""
        facet = self.filterset.filters[name]
        column = facet.held_name(name)
        return facet.by_value(self._counted.remembered(name, lambda: self._count(name, column)))

    def _count(self, name, column):
        selection = (
            self._selection if name not in self._chosen else Selection(self.snapshot, self._mask(name))
        )
        return selection.counted(column)

    @cached_property
    def _chosen(self):
        return self.filterset.chosen()

    @cached_property
    def _counted(self):
        """What was counted for these filters before: on another page, or in another order."""
        asked = self._chosen | ({"q": self.filterset.query.key} if "q" in self._chosen else {})
        key = tuple((name, repr(value)) for name, value in sorted(asked.items()))
        return self.snapshot.remembered("counts", lambda: Last(COUNTS_KEPT)).remembered(key, Last)

    @property
    def rows(self):
        """The rows in the chosen order, to count, to slice, and to go through in pieces with `iterator`."""
        return Rows(self.filterset.queryset, _Keys(self))

    # Masks -------------------------------------------------------------------------------------

    @cached_property
    def _masks(self):
        """name -> mask of the rows that pass, of every filter that is set."""
        return {name: self._passing(name, value) for name, value in self._chosen.items()}

    def _passing(self, name, value):
        if name == "q":
            return self._text[0]
        return self.filterset.filters[name].passing(self.snapshot.columns, name, value)

    def _mask(self, leave_out=None, leave_out_value=None):
        """Of all filters but one, or but one value of it; None where all rows pass and all live."""
        masks = [mask for name, mask in self._masks.items() if name != leave_out]
        if leave_out_value is not None:
            kept = [value for value in self._chosen[leave_out] if value != leave_out_value]
            masks += [self._passing(leave_out, kept)] if kept else []
        if self.snapshot.total < len(self.snapshot.alive):
            masks.append(self.snapshot.alive)
        return reduce(np.logical_and, masks) if masks else None

    @cached_property
    def mask(self):
        """The rows found; None for all."""
        return self._mask()

    @cached_property
    def _selection(self):
        return Selection(self.snapshot, self.mask)

    # Text --------------------------------------------------------------------------------------

    @cached_property
    def _text(self):
        """(mask, ranks) of the rows that the text finds, by position."""
        query, using = self.filterset.query, self.filterset.queryset.db
        mask = np.zeros(len(self.snapshot.keys), bool)
        ranks = np.zeros(len(self.snapshot.keys), np.uint8)
        for rank, found in find(self.snapshot, self.layout, query, using).items():
            places = places_of(found)
            mask[places] = True
            ranks[places] = rank
        return mask, ranks

    # Order -------------------------------------------------------------------------------------

    @cached_property
    def total_found(self):
        return self._counted.remembered("total", self.total)

    def keys(self, start, stop):
        """Primary keys of the rows from `start` to `stop` of the chosen order."""
        sort = self.filterset.sort
        if sort.is_by_match:
            return self.snapshot.keys[self._by_match[start:stop]]
        return self.snapshot.keys[self._ordered(self.snapshot.orders[sort.key], start, stop)]

    @cached_property
    def _by_match(self):
        order = self.snapshot.orders[self.filterset.sorts[1].key]
        found = self._ordered(order, 0, self.total_found)
        return found[np.argsort(self._text[1][found], kind="stable")]

    def _ordered(self, order, start, stop):
        """Positions found, from `start` to `stop` of an order."""
        if self.mask is None:
            return order[start:stop]
        return between(order, self.mask, start, stop, self.total_found)


class _Keys:
    """The primary keys of what was found, in its order, worked out a slice at a time."""

    def __init__(self, results):
        self.results = results

    def __len__(self):
        return self.results.total_found

    def __getitem__(self, some):
        start, stop, _step = some.indices(len(self))
        return self.results.keys(start, stop)


class Selection:
    """The rows that pass a mask, or all for None, to be counted by one column after the other."""

    def __init__(self, snapshot, mask):
        self.snapshot, self.mask = snapshot, mask

    def counted(self, column):
        """value -> number of these rows that have it; no value has none."""
        totals = self.snapshot.totals(column)
        if self.mask is None:
            return totals
        counted = self.snapshot.columns[column].counted(self._positions)
        if not self._is_most:
            return counted
        kept = {value: number - counted.get(value, 0) for value, number in totals.items()}
        return {value: number for value, number in kept.items() if number}

    @cached_property
    def _is_most(self):
        return 2 * np.count_nonzero(self.mask) > self.snapshot.total

    @cached_property
    def _positions(self):
        """Where the rows stand, or, if most of all do, where the other living ones stand: those are fewer."""
        return np.flatnonzero(self.snapshot.alive & ~self.mask if self._is_most else self.mask)
