"""Backups of SQLite, by its own online backup: pages are copied while everybody else reads and writes."""

import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from django.db import DatabaseError

from operations.backups import Refused
from operations.backups.contents import another_session, begin_anew, contents

IS_COMPRESSED = False
# A restored file is migrated before it is put in place: readers never meet the tables of older software.
MIGRATES_BEFORE = True
PAGES = 1000
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# Seconds to wait for those who write before the database is taken from them.
PATIENCE = 30


def size(connection):
    """Bytes of the database; 0 where there is none yet. Refused for one in memory."""
    path = _path(connection)
    if not path.exists() or not path.stat().st_size:
        return 0
    try:
        with closing(_reader(path)) as database:
            return _pragma(database, "page_count") * _pragma(database, "page_size")
    except sqlite3.Error as error:
        raise Refused(f"The database is damaged: {error}.") from None


def room_to_take(size):
    """Bytes that taking a backup may need at most: for the copy, and for the file that is made of it."""
    return 2 * size


def room_to_put(connection, size):
    """(directory, bytes) that putting one in place may need: all pages pass through its log to its file."""
    return _path(connection).parent, 2 * size


def copy(connection, target):
    """Copy the database as it is at this moment into a file; what is in that, and how many rows of it dangle.

    A transaction is open meanwhile, which in WAL mode keeps nobody from writing: so the copy need not begin
    anew with every change, as the online backup otherwise does.
    """
    with closing(_reader(_path(connection))) as source, closing(sqlite3.connect(target)) as copied:
        source.execute("BEGIN")
        source.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        source.backup(copied, pages=PAGES)
    with _sound(connection, target) as session, session.cursor() as cursor:
        cursor.execute("PRAGMA foreign_key_check")
        return contents(session), len(cursor.fetchall())


def rows_in(connection, path):
    """{table: rows} of the content of a backup, all of which is read; Refused if it is not sound."""
    with _sound(connection, path) as session:
        return contents(session).rows


def prepare(connection, path, migrate):
    """Make the content of a backup fit to be the database of the running site; what is in it then.

    No session of that time is good any more, and what is derived from the records of now is void.
    `migrate` is called with its address if not None.
    """
    with another_session(connection, path) as session:
        begin_anew(session)
    if migrate:
        migrate(f"sqlite:///{quote(str(path.resolve()))}")
    with another_session(connection, path) as session:
        return contents(session)


def put_in_place(connection, path, before):
    """Write a prepared file over the live database, as one transaction of it.

    Readers see the old state until the new one is whole. From the first page on nobody else can write, and
    then `before` is called: it sees all that was acknowledged. What it raises leaves the database as it was.
    """
    is_begun, deadline = False, time.monotonic() + PATIENCE

    def step(status, _remaining, _total):
        nonlocal is_begun
        if status in BUSY:
            if time.monotonic() > deadline:
                raise Refused(f"Others have been writing for {PATIENCE} seconds. Nothing was changed.")
        elif not is_begun:
            is_begun = True
            before()

    with (
        closing(sqlite3.connect(path)) as source,
        closing(sqlite3.connect(_path(connection), timeout=1)) as live,
    ):
        source.execute("BEGIN")
        # Both are for a new file alone: an old one keeps what it has.
        live.execute(f"PRAGMA page_size = {_pragma(source, 'page_size')}")
        live.execute("PRAGMA journal_mode = WAL")
        try:
            # The lock comes with the first page; with more at a time all might be written before `before`.
            source.backup(live, pages=1, progress=step, sleep=0.05)
        except sqlite3.Error as error:
            raise Refused(f"It cannot be put in place: {error}. Nothing was changed.") from None
        # It is in place, and whoever comes next empties the log if we cannot.
        with suppress(sqlite3.Error):
            live.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _sound(connection, path):
    """A session with a file that has been looked through from end to end; Refused if it is not sound."""
    with another_session(connection, path) as session:
        try:
            with session.cursor() as cursor:
                cursor.execute("PRAGMA integrity_check(1)")
                (found,) = cursor.fetchone()
        except DatabaseError as error:
            found = str(error)
        if found != "ok":
            raise Refused(f"The database is damaged: {' '.join(found.split())}.")
        yield session


def _path(connection):
    if connection.is_in_memory_db():
        raise Refused("The database lies in memory.")
    return Path(connection.settings_dict["NAME"])


def _reader(path):
    """A connection that can only read, and makes no database where there is none."""
    address = f"file:{quote(str(path.resolve()))}?mode=ro"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=5)


def _pragma(database, name):
    return database.execute(f"PRAGMA {name}").fetchone()[0]
