"""Migrations that can be killed at any moment and run again, and commands that wait for each other.

Both engines change tables within transactions, which Django, as it serves others too, does not rely on.
"""

import contextlib
import fcntl
import os
import time

from django.core.management.base import CommandError

# Seconds between two looks at whether it is our turn, and until we give up.
PAUSE, PATIENCE = 0.2, 600


class DeferredStatements(list):
    """What a schema editor runs last, in the transaction of its migration; false, even if there are some.

    Django writes down that a migration was made within its transaction only if nothing is deferred, and else
    after the end of it: killed in between and run again, it would make the same tables once more.
    """

    def __bool__(self):
        return False


class RecordsWithin:
    """For a schema editor: a migration and the note that it was made are one transaction."""

    @property
    def deferred_sql(self):
        return self._deferred

    @deferred_sql.setter
    def deferred_sql(self, statements):
        self._deferred = DeferredStatements(statements) if self.atomic_migration else statements


class TakesTurns:
    """`alone`, by which one command waits until another has ended; a connection, or `FileTurn`."""

    changed = "this database"

    @contextlib.contextmanager
    def alone(self, say):
        """Within it no other command changes the same that asks for this, for a database on any machine.

        `say` is called with a sentence before it waits. Raises CommandError after PATIENCE seconds. Who dies
        has given up the turn.
        """
        with self.turn() as is_ours:
            began = time.monotonic()
            if not is_ours():
                say(f"Another command is changing {self.changed}. Waiting until it has ended.")
                while not is_ours():
                    if time.monotonic() - began > PATIENCE:
                        raise CommandError("Another command is still at it. Try again later.")
                    time.sleep(PAUSE)
            yield


class FileTurn(TakesTurns):
    """Turns by a lock on a file, which stands beside what is changed."""

    def __init__(self, path, changed=TakesTurns.changed):
        self.path, self.changed = path, changed

    @contextlib.contextmanager
    def turn(self):
        """Gives a function that says whether the turn is ours. Raises CommandError without such a file."""
        try:
            # To read is enough for a lock, and can be done with a file that root has made.
            handle = os.open(self.path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise CommandError(f"{self.path} cannot be opened: {error.strerror}.") from None
        with open(handle) as file:
            yield lambda: _is_locked(file)


def _is_locked(file):
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
