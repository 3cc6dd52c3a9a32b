"""What lies in the database: the tables, and what is derived from them."""

import time

from django.db import connection

from listings.index.layout import layout_of
from listings.index.reading import read_columns, read_order, unchanging
from listings.models import IndexPart, Posting
from projects.filters import ProjectFilter
from projects.models import Project


def measure(_options):
    """Megabytes of the table of projects, of columns and of words, each with its own indexes and without."""
    return {
        "projects": weights(Project),
        "columns": weights(IndexPart),
        "words": weights(Posting),
        "column_seconds": column_seconds(),
    }


def column_seconds():
    """Seconds in which the columns and orders of the index are worked out anew, without its words."""
    layout, begun = layout_of(ProjectFilter), time.monotonic()
    with unchanging("default"):
        rows = layout.rows("default")
        keys, _columns = read_columns(layout, rows)
        for sort in ProjectFilter.sorts:
            read_order(rows, sort, keys)
    return time.monotonic() - begun


def weights(model):
    """(rows alone, with indexes) of a table, in units of a million bytes."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_table_size(%s), pg_total_relation_size(%s)", [table, table])
            alone, whole = cursor.fetchone()
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE tbl_name = %s AND type = 'index'", [table])
            names = [name for (name,) in cursor.fetchall()]
            alone = size(cursor, table)
            whole = alone + sum(size(cursor, name) for name in names)
    return alone / 1e6, whole / 1e6


def size(cursor, name):
    """Bytes of a table or index of SQLite."""
    cursor.execute("SELECT sum(pgsize) FROM dbstat WHERE name = %s", [name])
    return cursor.fetchone()[0] or 0
