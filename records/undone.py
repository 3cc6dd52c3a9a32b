"""To look at what would be if something were saved."""

from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone():
    """Whatever is written inside is undone at the end; what was worked out from it stays in Python.

    Errors pass through. Keep it short: others may wait for rows, and on SQLite for the whole database.
    """
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
