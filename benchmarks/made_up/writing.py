"""Rows into tables, as fast as each engine takes them, past the models."""

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection
from django.db.models import NOT_PROVIDED


def model_of(name):
    """The model of a table as `Rows` name it: "zones.Zone", or the pairs of "zones.Zone.industries"."""
    app, model, *field = name.split(".")
    found = apps.get_model(app, model)
    return found._meta.get_field(field[0]).remote_field.through if field else found


def insert(rows):
    """Write `Rows` into their table; a column that they do not name gets what its field says."""
    model = model_of(rows.model)
    rest = {
        field.column: _default(field)
        for field in model._meta.concrete_fields
        if not field.primary_key and field.column not in rows.columns
    }
    rest = {column: value for column, value in rest.items() if value is not None}
    columns, more = [*rows.columns, *rest], tuple(rest.values())
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows.rows:
                    copy.write_row(row + more)
        else:
            marks = ", ".join(["?"] * len(columns))
            statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  names of our own models
            # Past Django, which would rewrite the statement for each call and remember every row of it.
            connection.connection.executemany(statement, (row + more for row in rows.rows))


def _default(field):
    """What a new row holds in this column; None is left to the database."""
    if field.default is not NOT_PROVIDED:
        value = field.get_default()
        return getattr(value, "value", value)
    return None if field.null else ""


def settle(names):
    """After loading: numbers of new rows follow those given, and PostgreSQL knows what the tables hold.

    SQLite does the one by itself, and nobody does the other for it on a real site.
    """
    if connection.vendor != "postgresql":
        return
    models = [model_of(name) for name in names]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        for model in models:
            # In time its autovacuum does it, at a moment that would make measurements differ.
            cursor.execute(f"VACUUM (ANALYZE) {connection.ops.quote_name(model._meta.db_table)}")
