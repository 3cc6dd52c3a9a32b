"""Backups of PostgreSQL, by its own pg_dump and pg_restore."""

import os
import re
import shutil
import subprocess
from collections import Counter
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

from django.db import DatabaseError, OperationalError, transaction
from psycopg.conninfo import make_conninfo

from listings import triggers
from operations.backups import Refused
from operations.backups.contents import another_session, begin_anew, contents

# pg_dump compresses by itself.
IS_COMPRESSED = True
# The live database is the only one there is.
MIGRATES_BEFORE = False
# Each may wait for DATABASE_LOCK_TIMEOUT.
ATTEMPTS = 6
DEBIAN = Path("/usr/lib/postgresql")
COPY = re.compile(rb'COPY (?:"?[^".]+"?\.)?"?([^"\s(]+)"? .*FROM stdin;\n')
END = b"\\.\n"
# Ends what other processes of the site wait for because of us.
SEND_AWAY = """
    SELECT pg_cancel_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user
    AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
"""
# What is meant for psql, and what servers before 17 do not know: neither can be executed.
NOT_FOR_SERVERS = re.compile(rb"\\(un)?restrict |SET transaction_timeout ")


def size(connection):
    """Bytes of the database; 0 where it has no tables yet."""
    with connection.cursor() as cursor:
        if not connection.introspection.table_names(cursor):
            return 0
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


def room_to_take(size):
    """Bytes that taking a backup may need at most: a dump is compressed, and two are less than that."""
    return size


def room_to_put(_connection, _size):
    """None: the room of the server is not ours to see."""
    return None


def copy(connection, target):
    """Dump the database as it is at this moment into a file; what is in that, and 0 rows that dangle.

    What is counted and what is dumped is one snapshot, so both must be the same to the row.
    """
    with another_session(connection) as session:
        with session.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        held = contents(session)
        _run(
            find("pg_dump", session.pg_version // 10000),
            *("--format=custom", "--no-password", f"--snapshot={snapshot}", f"--file={target}"),
            session=session,
        )
        session.rollback()
    if rows_in(connection, target) != held.rows:
        raise Refused("The dump does not hold the rows that were there.")
    return held, 0


def rows_in(_connection, path):
    """{table: rows} of a dump, all of which is read; Refused if that cannot be done."""
    counted = Counter()
    with _script(path) as lines:
        for statement, rows in _blocks(lines):
            if rows is not None:
                counted[COPY.match(statement)[1].decode()] = sum(1 for _ in rows)
    return dict(counted)


def prepare(_connection, _path, _migrate):
    """None: a dump is put in place as it is."""
    return None


def put_in_place(connection, path, before):
    """Put what a dump holds in the place of all our tables, in one transaction.

    Others can read until their table is replaced, and then wait for the end; nobody can write from the
    beginning. Then `before` is called: it sees all that was acknowledged. What fails leaves everything as
    it was.
    """
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            tables = ", ".join(map(connection.ops.quote_name, connection.introspection.table_names(cursor)))
            if tables:
                _lock(connection, cursor, tables, "SHARE")
                before()
                _lock(connection, cursor, tables, "ACCESS EXCLUSIVE")
                triggers.remove(connection)
                cursor.execute(f"DROP TABLE {tables} CASCADE")
            with _script(path) as lines:
                _execute(cursor, lines)
            # A dump sets what suits it, an empty search path among others.
            cursor.execute("RESET ALL")
            begin_anew(connection)
    except DatabaseError as error:
        raise Refused(f"It cannot be put in place: {_first(str(error))}. Nothing was changed.") from None
    finally:
        connection.close()


def _lock(connection, cursor, tables, mode):
    """Lock all tables, one by one as LOCK does; again where somebody else had the next one for too long.

    Who has it may wait for us: a save that has read one table and must not write another. Neither would ever
    give way, so before another attempt those are refused, as they soon would be for having waited too long.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic(using=connection.alias):
                return cursor.execute(f"LOCK TABLE {tables} IN {mode} MODE")
        except OperationalError:
            if attempt == ATTEMPTS:
                raise
            cursor.execute(SEND_AWAY)


def _execute(cursor, lines):
    for statement, rows in _blocks(lines):
        if rows is None:
            cursor.execute(statement.decode())
            continue
        with cursor.copy(statement.decode()) as target:
            for row in rows:
                target.write(row)


def _blocks(lines):
    """(statements, None) and (a COPY, the lines of its rows) by turns, in the order of a script.

    The rows of one have to be read before the next is asked for.
    """
    statements = []
    for line in lines:
        if COPY.match(line):
            yield b"".join(statements), None
            yield line, takewhile(lambda row: row != END, lines)
            statements = []
        elif not NOT_FOR_SERVERS.match(line):
            statements.append(line)
    yield b"".join(statements), None


@contextmanager
def _script(path):
    """The lines of the SQL that a dump is; Refused if it breaks off."""
    command = [find("pg_restore"), "--no-owner", "--no-privileges", "--file=-", path]
    with subprocess.Popen(  # noqa: S603  nothing of it was typed by a stranger
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        yield process.stdout
        told = process.stderr.read().decode(errors="replace")
    if process.returncode:
        raise Refused(f"The dump cannot be read: {_first(told)}")


def find(program, server=0):
    """The path of a program of PostgreSQL that fits a server of this major version: the next newer one.

    Without a version, the newest that there is: it reads the dumps of all before it.
    """
    found = {}
    for path in filter(None, [*DEBIAN.glob(f"*/bin/{program}"), shutil.which(program)]):
        command = [path, "--version"]
        told = subprocess.run(command, capture_output=True, text=True).stdout  # noqa: S603
        if version := re.search(r"\) (\d+)", told):
            found[int(version[1])] = path
    fitting = [version for version in found if version >= server]
    if fitting:
        return found[min(fitting) if server else max(fitting)]
    package = f"postgresql-client-{server}" if server else "postgresql-client"
    has = f" is of version {max(found)}, too old for this server" if found else " is missing"
    raise Refused(f"{program}{has}: install {package}.")


def _run(program, *arguments, session):
    """Run a program on the database of a session; the password goes where no other user sees it."""
    info = session.connection.info
    named = {name: value for name, value in info.get_parameters().items() if name != "options"}
    done = subprocess.run(  # noqa: S603  nothing of it was typed by a stranger
        [program, *arguments, f"--dbname={make_conninfo(**named)}"],
        env=os.environ | ({"PGPASSWORD": info.password} if info.password else {}),
        capture_output=True,
        text=True,
        errors="replace",
    )
    if done.returncode:
        raise Refused(_first(done.stderr))


def _first(text):
    return next(iter(text.strip().splitlines()), "no reason was given")
