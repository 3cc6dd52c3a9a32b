"""What the tests of backups share: a database of their own to lose, and how to tell two states apart."""

import io

from django.core.management import call_command
from django.db import connection

# Neither belongs to the records: a restored database has no sessions, and a new epoch of its versions.
OF_ONE_LIFE = {"django_session", "listings_dataversion"}


def everything(*, without=()):
    """{table: its rows, as texts in order} of the whole database."""
    with connection.cursor() as cursor:
        found = {}
        for table in set(connection.introspection.table_names(cursor)) - set(without):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            found[table] = sorted(map(repr, cursor.fetchall()))
        return found


def run(command, *arguments, **options):
    """What a command prints."""
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out, stderr=out, **options)
    return out.getvalue()


def taken(directory, *arguments):
    """Take a backup; its file, which is the newest that there is."""
    run("backup", *arguments)
    return max(
        path for path in directory.iterdir() if path.suffix not in {".json", ".lock"} and path.is_file()
    )
