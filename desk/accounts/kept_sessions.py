"""Sessions in the database, as Django keeps them; one that cannot be written goes on as it was."""

import logging

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError

logger = logging.getLogger(__name__)


class SessionStore(db.SessionStore):
    """Django's, but a database that cannot write, as on a full disk, does not take the page with it.

    Django says then that the session was deleted (400). What is not kept is when somebody was seen last. A
    new session must be written, and fails as ever.
    """

    def save(self, must_create=False):
        try:
            super().save(must_create)
        except UpdateError as error:
            if not isinstance(error.__context__, OperationalError):
                raise
            logger.warning("A session is not written: %s", error.__context__)
