"""The triggers by which the database itself counts changes of the records, and logs those of some tables.

Every table of our own counts: a page shows records together with the cities, sources and statements that
belong to them. While a table has an index (a row of `Index`), the keys of its changed rows are logged as
well; a change of its many-to-many values is logged as a change of the row that has them.

The triggers are written from the installed models; the command `migrate` installs them.
"""

from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import transaction

from listings.models import Change, DataVersion, Index
from listings.triggers import postgresql, sqlite

ENGINES = {"postgresql": postgresql, "sqlite": sqlite}


@dataclass(frozen=True)
class Followed:
    """A table whose rows are followed: each change is one of the row of `logged` that `column` names."""

    table: str
    logged: str
    column: str


def followed():
    """All tables of ours, those of many-to-many fields with them; Django's own and those of lists are not.

    Nor are those of which public pages show nothing (UNSHOWN): a failed sign-in would make every page anew.
    """
    return [
        _followed(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and not model._meta.app_config.name.startswith("django.")
        and model._meta.app_label != DataVersion._meta.app_label
        and not {model._meta.app_label, model._meta.label_lower} & settings.UNSHOWN
    ]


def _followed(model):
    if record := model._meta.auto_created:
        (field,) = (field for field in record._meta.local_many_to_many if field.remote_field.through is model)
        return Followed(model._meta.db_table, record._meta.db_table, field.m2m_column_name())
    return Followed(model._meta.db_table, model._meta.db_table, model._meta.pk.column)


def missing(connection):
    """The triggers that a database should have and has not, each as (table, trigger).

    None are, while there are no tables of lists to write into.
    """
    with connection.cursor() as cursor:
        return sorted(_wanted(connection, cursor).keys() - _engine(connection).installed(cursor))


def install(connection):
    """Create the triggers that are missing, drop those of ours that are not wanted; what was missing.

    What was written without them nobody has seen: a new epoch begins, and whatever was derived is void.
    """
    engine = _engine(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        wanted, installed = _wanted(connection, cursor), engine.installed(cursor)
        engine.drop(cursor, sorted(installed - wanted.keys()))
        created = sorted(wanted.keys() - installed)
        if created:
            engine.create(cursor, {name: wanted[name] for name in created})
            engine.renew(cursor)
    return created


def remove(connection):
    """Drop all triggers of ours, without which the tables of lists can be altered and dropped."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        engine = _engine(connection)
        engine.drop(cursor, sorted(engine.installed(cursor)))


def count(connection):
    """Count a change as a trigger does; on PostgreSQL, wait for those who are about to commit theirs."""
    with connection.cursor() as cursor:
        _engine(connection).count(cursor)


def renew(connection):
    """Begin a new epoch, after another state of the whole database was put in place, such as a backup.

    Whatever a process has derived from the records before is void. An index that came along with its records
    and their log is as true of them as it was, and goes on in the new epoch.
    """
    version, index = DataVersion._meta.db_table, Index._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT epoch FROM {version}")  # noqa: S608
        epochs = cursor.fetchall()
        cursor.execute(f"UPDATE {version} SET epoch = {_engine(connection).EPOCH}")  # noqa: S608
        for epoch in epochs:
            renewed = f"(SELECT epoch FROM {version})"  # noqa: S608
            cursor.execute(f"UPDATE {index} SET epoch = {renewed} WHERE epoch = %s", epoch)  # noqa: S608


def _wanted(connection, cursor):
    """{(table, trigger): the statement that creates it} for the tables that there are."""
    tables = set(connection.introspection.table_names(cursor))
    if not {model._meta.db_table for model in (DataVersion, Change, Index)} <= tables:
        return {}
    return _engine(connection).definitions(cursor, [item for item in followed() if item.table in tables])


def _engine(connection):
    return ENGINES[connection.vendor]
