"""Sends requests to the site in this process, undoes what they write, and gathers what was wrong."""

import contextlib
import logging
import sys
import traceback
from collections import Counter
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from itertools import cycle
from urllib.parse import urlsplit
from zlib import crc32

import hypothesis
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test.client import ClientHandler, FakePayload, RequestFactory
from hypothesis import HealthCheck, Phase, given
from hypothesis.errors import Flaky

from tests.fuzzing.asking import Asked, Asking, raw
from tests.fuzzing.forms import forms_of
from tests.fuzzing.judging import faults
from tests.fuzzing.site import READERS, ROLES

# Requests between two seeds: what a fault keeps from being tried is at most so much.
ROUND = 250
ALLOWED = {"GET", "HEAD", "OPTIONS", "TRACE"}


class Wrong(AssertionError):
    """An answer with a fault that was not known before."""


@dataclass(frozen=True)
class Found:
    """A fault, and the shortest request that shows it."""

    kind: str
    what: str
    where: str
    asked: Asked
    details: str = ""

    @property
    def known_by(self):
        """Faults that agree in this are one."""
        return self.kind, self.what if self.kind == "exception" else self.where

    def __str__(self):
        return "\n".join(
            [
                f"{self.kind}: {self.asked.role}, {self.asked.method} {self.asked.path[:200]} {self.what}",
                f"  again: python -m tests.fuzzing --replay '{_quoted(self.asked.replayed())}'",
                *(f"  {line}" for line in self.details.splitlines()),
            ]
        )


def _quoted(line):
    return line.replace("'", "'\\''")


@dataclass
class Fuzzing:
    """A run over one site (`tests.fuzzing.site.Tried`)."""

    tried: object
    counts: Counter = field(default_factory=Counter)
    found: dict = field(default_factory=dict)
    _forms: dict = field(default_factory=dict)
    _raised: list = field(default_factory=list)

    def __post_init__(self):
        self._handlers = {checked: ClientHandler(enforce_csrf_checks=checked) for checked in (False, True)}
        self._environ = RequestFactory()._base_environ()
        self.asking = Asking(self.tried.addresses, self._look)

    def run(self, requests, seed, roles=ROLES):
        """Send so many, role after role; True if there was no fault."""
        with self.listening():
            size = min(ROUND, -(-requests // len(roles)))
            for number, role in enumerate(cycle(roles)):
                left = requests - self.counts.total()
                if left <= 0:
                    break
                self._round(role, min(size, left), seed * 10_000 + number)
        return not self.found

    @contextlib.contextmanager
    def listening(self):
        """Meanwhile exceptions of views are heard, and nobody is told of thousands of bad requests."""
        logging.disable(logging.CRITICAL)
        got_request_exception.connect(self._remember)
        try:
            yield
        finally:
            got_request_exception.disconnect(self._remember)
            logging.disable(logging.NOTSET)

    def _round(self, role, size, seed):
        before = self.counts.total()
        is_searching = True

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=size,
            phases=(Phase.generate, Phase.shrink),
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        )
        @given(self.asking.requests(role))
        def attempt(asked):
            nonlocal is_searching
            # While a failing request is made shorter nothing is counted: it is asked again and again.
            status, wrong = self.try_one(asked)
            if is_searching and self.counts.total() < before + size:
                self.counts[role, status, asked.kind] += 1
            if new := next((one for one in wrong if one.known_by not in self.found), None):
                is_searching = False
                latest.append(new)
                raise Wrong(new.kind, new.what)

        latest = []
        with contextlib.suppress(Wrong, Flaky):
            attempt()
        if latest:
            # The last one that failed is the shortest.
            self.found[latest[-1].known_by] = latest[-1]

    def try_one(self, asked):
        """(status, faults) of one request; nothing that it writes stays."""
        self._raised.clear()
        try:
            answer, body = self._send(asked)
        except Exception as error:
            return 0, [self._exception(asked, error)]
        wrong = [self._exception(asked, error) for error in self._raised]
        hidden = self.tried.hidden_from(asked.role, asked.path)
        for kind, what in faults(asked, answer, body, hidden):
            # A 500 with its exception is told once.
            if not (kind == "broken" and wrong):
                wrong.append(Found(kind, what, self._where(answer, asked), asked))
        return answer.status_code, wrong

    def _send(self, asked):
        """(answer, its text), read to its end while what it needs is there."""
        is_written = (
            asked.role not in READERS or asked.path.startswith("/admin") or asked.method not in ALLOWED
        )
        with _undone() if is_written else contextlib.nullcontext():
            answer = self._handlers[asked.is_checked](self._environment(asked))
            body = answer.getvalue().decode("utf-8", "replace")
            if asked.method == "POST" and answer.status_code == 302:
                connection.check_constraints()
        return answer, body

    def _environment(self, asked):
        body = asked.body.encode("latin-1")
        environment = self._environ | {
            "REQUEST_METHOD": asked.method,
            "PATH_INFO": asked.path,
            "QUERY_STRING": asked.query,
            "CONTENT_TYPE": asked.content_type,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": FakePayload(body),
            # One of many readers: limits of one address are a matter of other tests.
            "REMOTE_ADDR": str(IPv4Address(crc32(asked.said.encode()))),
        }
        if session := self.tried.sessions.get(asked.role):
            environment["HTTP_COOKIE"] = f"sessionid={session}"
        return environment | {f"HTTP_{name}": value for name, value in asked.headers}

    def _look(self, role, path):
        """The forms of a page, fetched once: what is written is undone, so it stays the same."""
        if (role, path) not in self._forms:
            target = urlsplit(path)
            asked = Asked(role, "form", raw(target.path), target.query)
            with contextlib.suppress(Exception):
                answer, body = self._send(asked)
                is_page = answer.get("Content-Type", "").startswith("text/html")
                self._forms[role, path] = forms_of(path, body) if is_page else []
            self._forms.setdefault((role, path), [])
        return self._forms[role, path]

    def _remember(self, **_signal):
        self._raised.append(sys.exc_info()[1])

    def _exception(self, asked, error):
        frames = traceback.extract_tb(error.__traceback__)
        last = frames[-1]
        what = f"{type(error).__name__} at {last.filename.rpartition('site-packages/')[2]}:{last.lineno}"
        # Whence it came within Django, and what of ours led there.
        ours = [frame for frame in frames[:-12] if "site-packages" not in frame.filename]
        told = [f"{frame.filename}:{frame.lineno} {frame.line}" for frame in [*ours[-6:], *frames[-12:]]]
        return Found("exception", what, what, asked, "\n".join([str(error)[:300], *told]))

    @staticmethod
    def _where(answer, asked):
        """The route that answered, where one did."""
        match = getattr(getattr(answer, "wsgi_request", None), "resolver_match", None)
        return match.route if match else asked.kind


@contextlib.contextmanager
def _undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
