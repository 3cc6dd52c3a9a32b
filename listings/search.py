"""Text search by the plain path: every text is read from its table, and compared in Python.

What matches, and how well, is said in `listings.text`, which an index uses as well; here it is asked of each
row. That is right for thousands of records, and still right, only slow, for a million.
"""

import json
from collections import Counter
from functools import lru_cache

from django.db import models
from django.db.models import BigIntegerField, Expression

from listings.index.matching import indexed_matches, indexed_vocabulary
from listings.text.folding import fold
from listings.text.query import parse
from listings.text.records import CHUNK, parts_of, rank
from listings.text.tokens import tokens

# Rows whose folded texts, and whose tokens, are kept: some 10 MB of each where texts are long.
FOLDED_KEPT, TOKENS_KEPT = 4_096, 512
# Rows whose words are gathered where nothing is found: a second at most.
VOCABULARY_ROWS = 10_000


def ranks(rows, query, fields=None):
    """primary key -> rank of the rows that match, in the order of the rows; 0 is the best.

    `fields` are searched, or the model's own `search_fields`: columns of the row, or of a row it points to.
    One query.
    """
    reader = _reader(rows.model, tuple(fields or rows.model.search_fields))
    ranked = ((pk, reader.rank(query, texts)) for pk, texts in reader.read(rows))
    return {pk: number for pk, number in ranked if number is not None}


def search(rows, text, fields=None):
    """The rows that match a text; all rows for one without words. Raises ValidationError as `parse` does."""
    query = parse(text)
    return rows.filter(pk__in=Keys(ranks(rows.order_by(), query, fields))) if query else rows


class Matches:
    """The rows of a query set that match a query: how many, and the best of them."""

    def __init__(self, rows, query):
        self.rows = rows
        order = rows.query.order_by or rows.model._meta.ordering
        self.ranks = ranks(rows.order_by(*order, "pk"), query)

    @property
    def total(self):
        return len(self.ranks)

    def best(self, number=None):
        """The best matches as a list, equal ones in the order of the rows; so many, or all. One query."""
        keys = sorted(self.ranks, key=self.ranks.get)[:number]
        found = self.rows.in_bulk(keys) if keys else {}
        # A row may have been withdrawn a moment ago.
        return [found[key] for key in keys if key in found]


def matches(rows, query):
    """The matches among all public rows of a kind of record. All that shows them asks here.

    A large list has an index that answers, in the order of its first sort: so should these rows be.
    """
    return indexed_matches(rows, query) or Matches(rows, query)


def vocabulary(rows, query):
    """token -> number of the rows that have it: what a misspelt word of the query may have meant. One query.

    Of a large list not all: those that could be it by its index, else those of the latest rows.
    """
    indexed = indexed_vocabulary(rows.model, query)
    if indexed is not None:
        return indexed
    reader = _reader(rows.model, tuple(rows.model.search_fields))
    counted = Counter()
    for _pk, texts in reader.read(rows.order_by("-pk")[:VOCABULARY_ROWS]):
        # Without the pinyin of places, some of which nobody writes.
        counted.update(tokens(*texts))
    return counted


class SearchQuerySet(models.QuerySet):
    """Adds `search(text)` over the model's `search_fields`."""

    def search(self, text):
        """Rows in which every word of the text occurs, in either language."""
        return search(self, text)


class Keys(Expression):
    """Primary keys for `pk__in`, as one parameter of a query however many they are."""

    output_field = BigIntegerField()

    def __init__(self, keys):
        super().__init__()
        self.keys = list(keys)

    def as_sqlite(self, compiler, connection):
        return "SELECT value FROM json_each(%s)", [json.dumps(self.keys)]

    def as_postgresql(self, compiler, connection):
        return "SELECT unnest(%s::bigint[])", [self.keys]


class _Reader:
    """Reads the texts of a kind of record and of the rows it points to; remembers the last ones."""

    def __init__(self, model, fields):
        self.parts = parts_of(model, fields)
        self.paths = list(self.parts.columns)
        for relation, parts in self.parts.related.items():
            self.paths += [f"{relation}__{column}" for column in parts.columns]
        self.tokens = lru_cache(TOKENS_KEPT)(self._tokens)
        self._folded = lru_cache(FOLDED_KEPT)(self._fold)

    def read(self, rows):
        """(primary key, texts) of each row."""
        query = rows.prefetch_related(None).values_list("pk", *self.paths)
        return ((pk, tuple(texts)) for pk, *texts in query.iterator(chunk_size=CHUNK))

    def rank(self, query, texts):
        """The rank of a row with these texts, None where it does not match."""
        # Tells most rows that do not, in a twentieth of the time that making tokens takes.
        folded = self._folded(texts)
        if all(needle.scan in folded for term in query.terms for needle in term.needles):
            return rank(query, self.tokens(texts))
        return None

    def _rows(self, texts):
        """(parts, column -> text) of the row, and of each row it points to."""
        rest = iter(texts)
        for parts in (self.parts, *self.parts.related.values()):
            yield parts, {column: next(rest) for column in parts.columns}

    def _tokens(self, texts):
        """part -> tokens of the row, and of each row it points to."""
        return [parts.tokens(row) for parts, row in self._rows(texts)]

    def _fold(self, texts):
        """One text in which all tokens of the row stand."""
        places = (word for parts, row in self._rows(texts) for word in parts.place_tokens(row))
        return " ".join([*map(fold, filter(None, texts)), *places])


@lru_cache(maxsize=32)
def _reader(model, fields):
    return _Reader(model, fields)
