"""Reads the rows of a list from its table, as the columns and orders of an index."""

from contextlib import contextmanager
from itertools import islice

import numpy as np
from django.db import connections
from django.db.models import F

CHUNK = 20_000


@contextmanager
def unchanging(using):
    """Within it all queries see the data as they were at its beginning; others go on writing.

    Does nothing in a transaction, which is taken to be one already.
    """
    connection = connections[using]
    if connection.in_atomic_block:
        yield
        return
    begin = {
        # Unlike a transaction of Django's, it takes no lock that writers need.
        "sqlite": "BEGIN DEFERRED",
        "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def chunks(iterable, size=CHUNK):
    """Lists of at most `size` items."""
    iterator = iter(iterable)
    while chunk := list(islice(iterator, size)):
        yield chunk


def read_columns(layout, rows, held=None):
    """(primary keys, columns) of the rows of a query set, in order of key; `held` are columns to add to."""
    names = list(layout.columns)
    # Named apart, since a column may have the name of a field.
    expressions = {f"held_{i}": layout.columns[name].expression for i, name in enumerate(names)}
    query = rows.order_by("pk").annotate(**expressions).values_list("pk", *expressions)
    keys, columns = [], held
    for chunk in chunks(query.iterator(chunk_size=CHUNK)):
        pks, *values = zip(*chunk, strict=True)
        keys.append(np.array(pks, np.int64))
        columns = {
            name: how.extend(columns[name], column, len(pks)) if columns else how.read(column, len(pks))
            for (name, how), column in zip(layout.columns.items(), values, strict=True)
        }
    if columns is None:
        columns = {name: how.read([], 0) for name, how in layout.columns.items()}
    return np.concatenate([np.zeros(0, np.int64), *keys]), columns


def read_order(rows, sort, keys):
    """The positions of the rows in the order of a sort, as the database sorts; `keys` are in order."""
    query = rows.order_by(*sort.order_by, "pk").values_list("pk", flat=True)
    sorted_keys = np.fromiter(query.iterator(chunk_size=CHUNK), np.int64)
    return np.searchsorted(keys, sorted_keys).astype(np.int32)


def read_sort_keys(layout, rows, keys):
    """primary key -> sort -> what Python compares as the database compares the row's columns."""
    columns = sorted({column for parts in layout.sorts.values() for column, _descending in parts})
    expressions = {f"held_{i}": F(column) for i, column in enumerate(columns)}
    found = {}
    for some in chunks(keys, 5_000):
        for pk, *values in rows.filter(pk__in=some).annotate(**expressions).values_list("pk", *expressions):
            row = dict(zip(columns, values, strict=True))
            found[pk] = {
                key: (*(Place(row[column], descending) for column, descending in parts), pk)
                for key, parts in layout.sorts.items()
            }
    return found


class Place:
    """The place of a value in a sort: up or down, unknown ones last in both."""

    __slots__ = ("descending", "value")

    def __init__(self, value, descending):
        self.value = value if value is None else getattr(value, "text", value)
        self.descending = descending

    def __eq__(self, other):
        return self.value == other.value

    def __lt__(self, other):
        if self.value is None or other.value is None:
            return self.value is not None and other.value is None
        return other.value < self.value if self.descending else self.value < other.value
