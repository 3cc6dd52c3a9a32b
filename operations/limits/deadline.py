"""How long a public page may take.

A thread cannot be stopped from outside, and gunicorn's `timeout` ends a whole process, and only one that no
longer answers its master. So a page stops itself, where its time goes: no query begins after the deadline,
and SQLite looks at it while a query runs. On PostgreSQL DATABASE_STATEMENT_TIMEOUT ends the running one.
"""

import sqlite3
import time
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar

from django.db import OperationalError, connections
from psycopg.errors import QueryCanceled

_deadline = ContextVar("deadline", default=None)


class Over(Exception):
    """The time of a page is over."""


@contextmanager
def within(seconds):
    """Let what happens inside take so many seconds of the database; 0 is no limit."""
    if not seconds:
        yield
        return
    token = _deadline.set(time.monotonic() + seconds)
    try:
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(_refuse_when_over))
            yield
    finally:
        _deadline.reset(token)


@contextmanager
def lifted():
    """Without a deadline: for the page that says that it is over."""
    token = _deadline.set(None)
    try:
        yield
    finally:
        _deadline.reset(token)


def is_over():
    """Whether the deadline that this thread works under has passed."""
    end = _deadline.get()
    return end is not None and time.monotonic() > end


def _refuse_when_over(execute, sql, params, many, context):
    if is_over():
        raise Over
    return execute(sql, params, many, context)


def was_cut_off(error):
    """Whether an exception says that something took too long, by this deadline or by that of PostgreSQL."""
    if isinstance(error, Over):
        return True
    cause = error.__cause__ if isinstance(error, OperationalError) else None
    return (
        isinstance(cause, QueryCanceled)
        or getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
    )
