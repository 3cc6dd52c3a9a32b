"""Which version of the records the database has, and which records have changed since an earlier one.

The database itself counts, by the triggers of `listings.triggers`: so every way of writing is counted, in
every process, and a number is seen together with the change that it counts. What is derived from the
records (an index, a page in a cache, an entity tag) names the version it was made from, and is true as long
as that is the current one. Ask for the version first and for the records after: a page may then be newer than
it says, never older.

Within a transaction of one's own this does not hold. What it has written is not for others yet; PostgreSQL
counts it at the end only, and SQLite at once, with a number that somebody else gets after a rollback. So
nothing that is derived from the records may be kept by who has a transaction open.
"""

import threading
import time
from dataclasses import dataclass

from django.db import connections, router, transaction

from listings import triggers
from listings.models import Change, DataVersion, Index

# How long readers may be told the version of before: an edit is to be seen within two seconds.
SECONDS = 1.0
# So many rows of the log go at a time: on SQLite all who write wait for it.
BATCH = 10_000

CURRENT = f"SELECT epoch, number FROM {DataVersion._meta.db_table} WHERE id = 1"  # noqa: S608
# One statement, so that what is said of the log and what stands in it belong together.
CHANGED = f"""
    SELECT DISTINCT version.epoch, version.number, log.logged_since, change."row"
    FROM {DataVersion._meta.db_table} version
    JOIN {Index._meta.db_table} log ON log."table" = %s
    LEFT JOIN (
        SELECT "table", "row" FROM {Change._meta.db_table}
        WHERE "table" = %s AND number > %s ORDER BY number LIMIT %s
    ) change ON change."table" = log."table"
    WHERE version.id = 1
"""  # noqa: S608
# More entries of the log than these are of no use to anybody: all is read anew.
MOST_ENTRIES = 100_000


@dataclass(frozen=True)
class Version:
    """The state of all records at one moment. Numbers of one epoch stand in the order of time."""

    epoch: str
    number: int

    def __str__(self):
        """Letters, digits and a hyphen: fit for an entity tag and for the key of a cache."""
        return f"{self.epoch}-{self.number:x}"


# {alias: (when it was asked for, the answer)}.
_remembered = {}
_lock = threading.Lock()


def current(using=None):
    """The version of the records, by one small query; None where nobody counts.

    It asks the database that the router reads from: a replica says how far it has come itself.
    """
    with connections[_alias(using)].cursor() as cursor:
        cursor.execute(CURRENT)
        row = cursor.fetchone()
    return Version(*row) if row else None


def recent(using=None, *, ask=False):
    """The version as it was at most `SECONDS` ago: for pages that readers may see a moment late.

    Each process asks once a second, and with `ask` at once, for those who have to see what they have just
    written. What it says never goes back within an epoch. In a transaction it asks each time, and remembers
    nothing.
    """
    alias = _alias(using)
    if connections[alias].in_atomic_block:
        return current(alias)
    now = time.monotonic()
    asked_at, version = _remembered.get(alias, (0, None))
    if version is not None and now - asked_at <= SECONDS and not ask:
        return version
    answer = current(alias)
    with _lock:
        # Another thread may have been told of a later state while this one waited for its answer.
        asked_at, version = _remembered.get(alias, (0, None))
        version = _later(answer, version)
        _remembered[alias] = (max(now, asked_at), version)
    return version


def remembered(using=None):
    """The version that this process heard of last, however long ago; None where it has heard of none.

    For pages that are served while the database cannot be asked.
    """
    _asked_at, version = _remembered.get(_alias(using), (0, None))
    return version


def forget():
    """Have `recent` ask anew, and believe what it hears: for tests, and after a backup was put back."""
    _remembered.clear()


def _later(answer, before):
    """The answer, unless what is known already is a later state of the same epoch."""
    is_behind = answer and before and answer.epoch == before.epoch and answer.number < before.number
    return before if is_behind else answer


def changed(table, after, using=None):
    """The primary keys of the rows of a table that were written, changed or deleted after a version.

    None where that cannot be said, so that all may have changed: the version is of another epoch or of a time
    that the database does not know, or the table is not logged, or not since then, or too much is logged.
    """
    with connections[_alias(using)].cursor() as cursor:
        cursor.execute(CHANGED, [table, table, after.number, MOST_ENTRIES])
        rows = cursor.fetchall()
    if not rows:
        return None
    epoch, number, logged_since, _row = rows[0]
    if epoch != after.epoch or not logged_since <= after.number <= number:
        return None
    return {row for *_, row in rows if row is not None}


def follow(table, using=None):
    """Log the changes of a table from now on; the version after which `changed` knows them all.

    Whoever builds an index calls this first and reads the rows after.
    """
    alias = using or router.db_for_write(Index)
    with transaction.atomic(using=alias):
        # Who is about to commit has counted and not been logged: this waits for the end of it.
        triggers.count(connections[alias])
        version = current(alias)
        Index.objects.using(alias).get_or_create(table=table, defaults={"logged_since": version.number})
    return version


def prune(table, upto, using=None):
    """Forget the changes of a table up to the number of a version; who is still there has to load all."""
    alias = using or router.db_for_write(Change)
    index = Index.objects.using(alias).filter(table=table)
    index.filter(logged_since__lt=upto).update(logged_since=upto)
    log = Change.objects.using(alias)
    old = log.filter(table=table, number__lte=upto).values("pk")
    while log.filter(pk__in=list(old.values_list("pk", flat=True)[:BATCH])).delete()[0]:
        pass


def _alias(using):
    return using or router.db_for_read(DataVersion)
