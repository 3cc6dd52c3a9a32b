"""A database that does not answer, does not answer in time, or cannot write: why, and since when.

Whoever asks a database that is gone waits for seconds, and holds a thread that others need. So a process that
was refused asks again after DATABASE_MEMORY seconds, and says meanwhile at once that it cannot.
"""

import errno
import logging
import sqlite3
import time
from enum import Enum

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError

from operations import metrics

logger = logging.getLogger(__name__)


class Reason(Enum):
    """Why a request could not be answered, through no fault of its own."""

    GONE = "The database does not answer"
    BUSY = "The database is busy"
    FULL = "The disk is full"
    SLOW = "The database took too long"


# Result codes of SQLite (https://www.sqlite.org/rescode.html); the lower byte is the primary one.
SQLITE_REASONS = {
    sqlite3.SQLITE_BUSY: Reason.BUSY,
    sqlite3.SQLITE_LOCKED: Reason.BUSY,
    sqlite3.SQLITE_PROTOCOL: Reason.BUSY,
    sqlite3.SQLITE_FULL: Reason.FULL,
    sqlite3.SQLITE_INTERRUPT: Reason.SLOW,
    sqlite3.SQLITE_IOERR: Reason.GONE,
    sqlite3.SQLITE_CANTOPEN: Reason.GONE,
    sqlite3.SQLITE_READONLY: Reason.GONE,
}
# Beginnings of SQLSTATE (PostgreSQL, appendix A), the longest first.
POSTGRESQL_REASONS = {
    "53100": Reason.FULL,
    "53": Reason.BUSY,
    "55P03": Reason.BUSY,
    "40": Reason.BUSY,
    "57014": Reason.SLOW,
    "25P03": Reason.SLOW,
    "25006": Reason.GONE,
    "08": Reason.GONE,
    "57P": Reason.GONE,
}
# A line for each request of an outage would bury what else happens.
SILENCE = 60


def reason(error):
    """The `Reason` of an exception, or None where it is a fault of ours or of the request."""
    if isinstance(error, OSError):
        return Reason.FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else None
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    cause = error.__cause__
    if (code := getattr(cause, "sqlite_errorcode", None)) is not None:
        return SQLITE_REASONS.get(code & 0xFF)
    if state := getattr(cause, "sqlstate", None):
        return next((found for start, found in POSTGRESQL_REASONS.items() if state.startswith(start)), None)
    # Without a word from the server: no connection, none left in the pool, or one that broke.
    lost = isinstance(error, OperationalError | InterfaceError) and not isinstance(cause, sqlite3.Error)
    return Reason.GONE if lost else None


class _Outage:
    """What this process knows of one database; what one thread learns, all know."""

    def __init__(self):
        self.until = 0.0
        self.said_at = float("-inf")


_outages = {}


def is_out(alias):
    """Whether a database was gone a moment ago, and need not be asked yet."""
    outage = _outages.get(alias)
    return outage is not None and time.monotonic() < outage.until


def note(alias, error):
    """Remember for DATABASE_MEMORY seconds that a database is gone, and say so once a minute."""
    outage = _outages.setdefault(alias, _Outage())
    now = time.monotonic()
    outage.until = now + settings.DATABASE_MEMORY
    metrics.OUTAGES.labels(alias).inc()
    if now - outage.said_at >= SILENCE:
        outage.said_at = now
        first_line = "".join(str(error).strip().splitlines()[:1])
        logger.error("The database %s does not answer: %s", alias, first_line)


def forget():
    """Believe that all databases answer: for tests, and after one was found to."""
    _outages.clear()
