"""Exact answers from nothing but the rows: each read once, each text read in full, no index, and no counting
by the database.

A query is answered by going through all rows. The words of all queries are looked for in one pass over the
texts, which is what makes thousands of answers possible at all.
"""

from functools import reduce
from operator import and_

import numpy as np
from django.core.paginator import Paginator

from benchmarks.queries import band_of
from benchmarks.ways import PAGE_SIZE, Answer
from listings.facets import NOT_STATED
from listings.text.query import Query as TextQuery
from listings.text.query import parse
from listings.text.records import parts_of, rank, read_parts
from projects.filters import MILLION, ProjectFilter
from projects.models import Project

# The order of rows that a text fits equally well, and of a list without a sort.
FIRST_SORT = ProjectFilter.sorts[0].key
# Higher than any: a term does not occur.
NO_RANK = 100

FACETS = {
    "city": lambda project: project.city.slug if project.city else NOT_STATED,
    "sector": lambda project: project.sector.slug,
    "status": lambda project: project.status,
    "zone": lambda project: project.public_zone.slug if project.public_zone else NOT_STATED,
    "kind": lambda project: project.kind,
    "investment": lambda project: (
        NOT_STATED if project.investment_yuan is None else band_of(project.investment_yuan)
    ),
    "year": lambda project: _year(project.status_on),
}


def _year(date):
    # The "../2" of "before 2006" is no year, and no page offers it.
    return date.text[:4] if date else NOT_STATED


def public():
    return Project.objects.published().order_by("pk")


class Column:
    """The value of one facet of every row."""

    def __init__(self, values):
        self.names, self.codes = np.unique(values, return_inverse=True)

    def having(self, chosen):
        """The mask of the rows with any of these values."""
        return np.isin(self.names, chosen)[self.codes]

    def counts(self, rows):
        """value -> how many of these rows, a mask, have it; without those that none has."""
        counted = np.bincount(self.codes[rows], minlength=len(self.names)).tolist()
        by_name = zip(self.names.tolist(), counted, strict=True)
        return {name: number for name, number in by_name if number}


class SlowAnswers:
    """Answers these queries, from the rows as they were when it was made."""

    def __init__(self, queries):
        rows = public().select_related("city", "zone", "sector").iterator(2_000)
        read = [(row.pk, row.investment_yuan, [value(row) for value in FACETS.values()]) for row in rows]
        keys, sums, values = zip(*read, strict=True)
        self.keys = np.array(keys)
        # What is unknown lies within no limits, as "not a number" does.
        self.sums = np.array(sums, dtype=float)
        self.columns = {
            name: Column(column) for name, column in zip(FACETS, zip(*values, strict=True), strict=True)
        }
        self.orders = {sort.key: self._order(sort) for sort in ProjectFilter.sorts}
        self.ranks = ranks_of({term for query in queries for term in _terms(query)}, self.keys)

    def _order(self, sort):
        """Where the rows stand, from the first to the last of a sort."""
        keys = public().order_by(*sort.order_by, "pk").values_list("pk", flat=True)
        return np.searchsorted(self.keys, list(keys))

    def __call__(self, query):
        """The `Answer` to one of the queries."""
        masks = dict(self._masks(query))
        found = self._all(masks)
        facets = {
            name: column.counts(self._all(masks, leave_out=name)) for name, column in self.columns.items()
        }
        order = self._sorted(query)
        keys = self.keys[order[found[order]]].tolist()
        pages = Paginator(keys, PAGE_SIZE)
        number = min(int((query.of("page") or ["1"])[0]), pages.num_pages)
        return Answer(pages.count, tuple(pages.page(number).object_list), facets)

    def _masks(self, query):
        """(filter, mask of the rows that pass it) of each filter of the query."""
        for name, column in self.columns.items():
            if chosen := query.of(name):
                yield name, column.having(chosen)
        for limit in query.of("investment_from"):
            yield "investment_from", self.sums >= float(limit) * MILLION
        for limit in query.of("investment_below"):
            yield "investment_below", self.sums < float(limit) * MILLION
        for term in _terms(query):
            yield term, self.ranks[term] < NO_RANK

    def _all(self, masks, leave_out=None):
        every = np.ones(len(self.keys), dtype=bool)
        return reduce(and_, (mask for name, mask in masks.items() if name != leave_out), every)

    def _sorted(self, query):
        chosen, terms = query.of("sort"), _terms(query)
        order = self.orders[chosen[0] if chosen else FIRST_SORT]
        if terms and not chosen:
            ranks = sum(self.ranks[term] for term in terms)
            order = order[np.argsort(ranks[order], kind="stable")]
        return order


def _terms(query):
    return parse("".join(query.of("q"))).terms


def ranks_of(terms, keys):
    """term -> its rank in each of the public projects, whose keys are given in their order."""
    parts = parts_of(Project)
    related = {
        name: dict(read_parts(of, Project._meta.get_field(name).related_model.objects.order_by("pk")))
        for name, of in parts.related.items()
    }
    ranks = {term: np.full(len(keys), NO_RANK) for term in terms}
    pointing = public().values_list(*(f"{name}_id" for name in related)).iterator(2_000)
    for place, ((_pk, own), others) in enumerate(zip(read_parts(parts, public()), pointing, strict=True)):
        row = [own, *(related[name][pk] for name, pk in zip(related, others, strict=True) if pk)]
        written = " ".join(token for tokens in row for some in tokens.values() for token in some)
        for term in terms:
            # Most terms do not occur in most rows, which a glance at the text tells.
            if all(needle.scan in written for needle in term.needles):
                found = rank(TextQuery((term,)), row)
                ranks[term][place] = NO_RANK if found is None else found
    return ranks
