"""What tests of the triggers do and ask: statements of SQL, the command `migrate`, the log."""

import io

import pytest
from django.core.management import call_command
from django.db import connection

from listings import triggers
from listings.models import Change

ZONES, PROJECTS = "zones_zone", "projects_project"

committing = pytest.mark.django_db(transaction=True)


def settle():
    """What PostgreSQL leaves for the end of a transaction, now: a test's own transaction never commits."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def execute(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def migrate(*arguments, **options):
    output = io.StringIO()
    call_command("migrate", *arguments, stdout=output, skip_checks=True, **options)
    return output.getvalue()


def logged(after):
    """(table, row) of all changes after a version. On SQLite emptying a database is itself logged."""
    return set(Change.objects.filter(number__gt=after.number).values_list("table", "row"))


def installed():
    with connection.cursor() as cursor:
        return triggers.ENGINES[connection.vendor].installed(cursor)


def drop(table, name):
    execute(f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if connection.vendor == "postgresql" else ""))
