"""The site that is tried: a public half, a hidden half with words of its own, and people of every role."""

import io
import re
from dataclasses import dataclass, field

from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.test import Client

from tests.desk.permissions import Ground
from tests.fuzzing.addresses import Addresses
from tests.hiding import HIDDEN_STATES, WORD, Site, Words
from tests.records.staff import make_user

# Nobody, and somebody whose session has ended; then staff.
READERS = ("anonymous", "stale")
STAFF = ("zone editor", "province editor", "publisher", "administrator")
ROLES = (*READERS, *STAFF)
# Of what is withdrawn the public is told the name, and why.
TOLD = re.compile(r"withdrawn .*(\.name_en|\.name_zh|withdrawn_reason_)")


@dataclass
class Tried:
    """What requests are made of, and what must not come back."""

    addresses: Addresses
    # role -> the cookie of its session.
    sessions: dict
    # Words that stand in hidden records alone, and those that a keeper of one zone may not see either.
    secret: set = field(default_factory=set)
    secret_from_keepers: set = field(default_factory=set)

    def hidden_from(self, role, path):
        """The words that somebody may not see at an address."""
        if role in READERS or not path.startswith("/admin"):
            return self.secret
        return self.secret_from_keepers if role == "zone editor" else frozenset()


def make_site():
    """Fill the database: some seconds."""
    ground = Ground()
    site, words = Site(), Words()
    for state in HIDDEN_STATES:
        site.hide(state, words)
    people = {
        "zone editor": make_user("editors", ground.territory("zone"), username="keeper"),
        "province editor": make_user("editors", username="editor"),
        "publisher": make_user("publishers", username="publisher"),
        "administrator": make_user(is_superuser=True, username="root"),
    }
    for person in people.values():
        person.set_password("a long word for tests only")
        person.save()
    call_command("run_checks", verbosity=0, stdout=io.StringIO())
    sessions = {role: _session(person) for role, person in people.items()}
    sessions["stale"] = _ended()
    secret = {word for word, label in words.labels.items() if not TOLD.match(label)}
    return Tried(
        Addresses(),
        sessions,
        secret,
        # Any of the staff may look at every source.
        {word for word in secret if " source." not in words.labels[word]},
    )


def _session(person):
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


def _ended():
    """A cookie of a session that is no more."""
    session = SessionStore()
    session.create()
    session.delete()
    return session.session_key


def words_in(text):
    return set(WORD.findall(text))
