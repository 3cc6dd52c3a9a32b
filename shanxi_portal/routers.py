"""Which database answers where there is a replica: it, for readers; the primary, for all else.

A replica runs behind, mostly by less than a second. A reader may see a page as it was then: caches keep it
for minutes anyway. Whoever works on the records may not: so `ReadFromReplica` lets only those requests read
from the replica that nobody signed in has made. All else, commands included, never leaves the primary.
"""

import logging
import time
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from psycopg.errors import QueryCanceled

PRIMARY, REPLICA = "default", "replica"
# What PostgreSQL says of a lost connection, or of one that it ends; without a word from it there is no code.
LOST = ("08", "57P")

logger = logging.getLogger(__name__)

_may_lag = ContextVar("may_lag", default=False)


@contextmanager
def reading(*, may_lag):
    """Within it, reads may come from the replica, or must come from the primary."""
    token = _may_lag.set(may_lag)
    try:
        yield
    finally:
        _may_lag.reset(token)


def reads_from():
    """The alias that this request reads from, said without opening a connection.

    What is read from the replica may still come from the primary, which is newer; never the other way.
    """
    return REPLICA if _may_lag.get() and REPLICA in connections else PRIMARY


def is_signed_in(request):
    """Whether a request may be that of staff: told without a look at the session."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


class ReplicaRouter:
    """Sends reads where they belong, all writes and migrations to the primary."""

    # What one thread learns, all threads of the process know.
    down_until = 0.0

    def db_for_read(self, model, **hints):
        return REPLICA if _may_lag.get() and not self._is_writing() and self._answers() else PRIMARY

    def db_for_write(self, model, **hints):
        return PRIMARY

    def allow_relation(self, one, other, **hints):
        """Rows of the replica are rows of the primary."""
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db == PRIMARY

    def _is_writing(self):
        """A transaction reads what it has written itself."""
        return connections[PRIMARY].in_atomic_block

    def _answers(self):
        """Whether there is a connection to the replica; one look at a request, and none while it is down."""
        if time.monotonic() < self.down_until:
            return False
        try:
            connections[REPLICA].ensure_connection()
        except (OperationalError, InterfaceError) as error:
            self.leave(error)
            return False
        return True

    @classmethod
    def leave(cls, error):
        """Send readers to the primary for a while."""
        cls.down_until = time.monotonic() + settings.REPLICA_MEMORY
        reason = str(error).strip().splitlines()[:1]
        logger.warning("The replica is not used for %d seconds: %s", settings.REPLICA_MEMORY, "".join(reason))


class ReadFromReplica:
    """Let the pages that anyone may see be read from the replica, except by those who are signed in.

    They are told by their session cookie. The page is the same with and without it, only newer, so it needs
    no Vary, and whoever keeps it for others keeps what they would get a moment later.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not self.may_lag(request):
            return self.get_response(request)
        with reading(may_lag=True):
            response = self.get_response(request)
        if response.streaming:
            response.streaming_content = self.stream(response.streaming_content)
        return response

    def may_lag(self, request):
        return (
            REPLICA in connections
            and request.method in {"GET", "HEAD"}
            and not is_signed_in(request)
            and not request.path_info.startswith(settings.UNCACHED_PATHS)
            # Whoever begins with the primary stays there: the replica may be behind what was told of it.
            and time.monotonic() >= ReplicaRouter.down_until
        )

    def stream(self, chunks):
        """A long file is read while it is sent, after the view has returned."""
        with reading(may_lag=True):
            yield from chunks

    def process_exception(self, request, error):
        """Make a page again on the primary whose replica was lost, or withdrew rows, under its hands."""
        if not _may_lag.get() or not isinstance(error, OperationalError | InterfaceError):
            return None
        state = getattr(error.__cause__, "sqlstate", None)
        if state == QueryCanceled.sqlstate:
            return None  # It takes too long, and would there as well.
        if state is None or state.startswith(LOST):
            ReplicaRouter.leave(error)
        view, positional, named = request.resolver_match
        with reading(may_lag=False):
            response = view(request, *positional, **named)
            return response.render() if hasattr(response, "render") else response
