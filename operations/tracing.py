"""What is known of the request that is being answered: its id, its view, and what it asked of the database.

Whoever writes a line of the log, or a report of an error, finds it here without being handed the request.
"""

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass

# Under this name the server that runs us finds it in the environment of WSGI, once the answer is sent.
ENVIRONMENT_KEY = "operations.trace"
# What a proxy may call a request: nginx takes 32 hexadecimal digits, others a UUID.
WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")


@dataclass(slots=True)
class Trace:
    """One request: its id, the name of its view (empty until it is known), and its queries so far."""

    id: str
    view: str = ""
    queries: int = 0
    query_seconds: float = 0.0


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def begin(request_id=""):
    """Start the trace of a request under the id that a proxy gave it, or under a new one; returns it.

    It goes on after the view has returned: a file is read from the database while it is sent. Whoever serves
    us calls `end` then.
    """
    trace = Trace(request_id if WELL_FORMED.match(request_id) else secrets.token_hex(8))
    _current.set(trace)
    return trace


def end():
    """What this thread writes from now on belongs to no request."""
    _current.set(None)


def current():
    """The trace of the request that is being answered, or None outside of one."""
    return _current.get()
