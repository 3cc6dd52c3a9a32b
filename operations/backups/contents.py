"""What a database holds, as far as it can be told in a few lines."""

import contextlib
from dataclasses import dataclass

from listings import triggers


@dataclass(frozen=True)
class Contents:
    """Rows by table, the applied migrations, and the number of each content type."""

    rows: dict
    migrations: list
    content_types: dict


def contents(connection):
    """What is in the database of a connection, at one moment if that has a transaction open."""
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        rows = {table: _one(connection, cursor, table) for table in tables}
        migrations, types = [], []
        if "django_migrations" in rows:
            cursor.execute("SELECT app, name FROM django_migrations")
            migrations = sorted({f"{app}.{name}" for app, name in cursor.fetchall()})
        if "django_content_type" in rows:
            cursor.execute("SELECT app_label, model, id FROM django_content_type")
            types = cursor.fetchall()
    return Contents(rows, migrations, {f"{app}.{model}": number for app, model, number in types})


def _one(connection, cursor, table):
    cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
    return cursor.fetchone()[0]


@contextlib.contextmanager
def another_session(connection, name=None):
    """A connection like another, to the same database or to one of this name, which nobody else uses."""
    session = connection.copy()
    session.settings_dict["NAME"] = str(name or connection.settings_dict["NAME"])
    try:
        yield session
    finally:
        session.close()


def begin_anew(session):
    """Make void, in a restored database, what belongs to its former life: versions of the data, sessions."""
    with session.cursor() as cursor:
        tables = session.introspection.table_names(cursor)
        if "listings_dataversion" in tables:
            triggers.renew(session)
        if "django_session" in tables:
            cursor.execute("DELETE FROM django_session")
