"""Readers and editors for Locust, which runs this file in an environment of its own, without the site.

What they ask for stands in the file that LOAD_SCENARIO names (`benchmarks/load/scenario.py`), what they met
is written to LOAD_RESULT. An answer that is not what it should be has failed, whatever its status.
"""

import json
import os
import random
import time
from html import escape
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from locust import FastHttpUser, between, events, task

from tests.fuzzing.forms import forms_of

SCENARIO = json.loads(Path(os.environ["LOAD_SCENARIO"]).read_text(encoding="utf-8"))
# Requests after which the next reader comes, from another address.
VISIT = 15
# What may be answered with 503 and when to come again, and how often a reader does so before giving up.
COSTLY, TRIES = {"search", "file of rows"}, 3
GZIP = {"Accept-Encoding": "gzip"}

samples, failures, saves = [], [], []
numbers = count(1)


@events.request.add_listener
def remember(name, response_time, exception, **_rest):
    """One line for each request: when, what, milliseconds."""
    samples.append((time.time(), name, response_time))
    if exception:
        failures.append((time.time(), name, str(exception)[:300]))


@events.quitting.add_listener
def write(**_rest):
    found = {"samples": samples, "failures": failures, "saves": saves}
    Path(os.environ["LOAD_RESULT"]).write_text(json.dumps(found), encoding="utf-8")


class Visitor(FastHttpUser):
    """Somebody with an address and a connection of their own."""

    abstract = True
    connection_timeout = network_timeout = 60

    def on_start(self):
        self.address = self.new_address()

    def new_address(self):
        return f"10.{random.randrange(250)}.{random.randrange(250)}.{next(numbers) % 250}"  # noqa: S311

    def ask(self, kind, path, says=None, status=200, **headers):
        """One page, which has to say something; its answer."""
        named = GZIP | {"X-Forwarded-For": self.address}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        for left in reversed(range(TRIES if kind in COSTLY else 1)):
            with self.client.get(path, name=kind, headers=named, catch_response=True) as answer:
                seconds = answer.headers.get("Retry-After")
                if not (left and answer.status_code == 503 and seconds):
                    judge(answer, path, says, status)
                    return answer
                answer.request_meta["name"] = "later"
                answer.success()
            time.sleep(int(seconds))


class Reader(Visitor):
    """A reader from abroad or from China, who looks around, filters, searches and takes files along."""

    wait_time = between(1, 4)
    fixed_count = SCENARIO["readers"]

    def drawn(self, name):
        if random.randrange(VISIT) == 0:  # noqa: S311
            self.address = self.new_address()
        return random.choice(SCENARIO[name])  # noqa: S311

    @task(6)
    def kept(self):
        """A page that many ask for, and at once again: as it is kept, as unchanged, and a bare view between.

        Pages with the same tag are the same page. If staff saved something in between, it was made anew.
        """
        path, says = self.drawn("overviews")
        tag = self.ask("overview", path, says).headers.get("ETag")
        self.ask("bare", "/bare", "ok")
        self.again("kept", path, says, tag)
        self.ask("bare", "/bare", "ok")
        self.again("unchanged", path, says, tag, If_None_Match=tag)

    def again(self, kind, path, says, tag, **headers):
        named = GZIP | {"X-Forwarded-For": self.address} | {name.replace("_", "-"): tag for name in headers}
        with self.client.get(path, name=kind, headers=named, catch_response=True) as answer:
            if answer.headers.get("ETag") != tag:
                answer.request_meta["name"] = "overview"
            is_same = headers and answer.headers.get("ETag") == tag
            judge(answer, path, "" if is_same else says, 304 if is_same else 200)

    @task(5)
    def filtered(self):
        self.ask("list", *self.drawn("lists"))

    @task(3)
    def searched(self):
        self.ask("search", *self.drawn("searches"))

    @task(4)
    def detail(self):
        self.ask("record", *self.drawn("details"))

    @task(1)
    def exported(self):
        self.ask("file of rows", *self.drawn("files"))


class Editor(Visitor):
    """A publisher who signs in, and saves one record after another by its form."""

    wait_time = between(4, 8)
    fixed_count = SCENARIO["editors"]

    def on_start(self):
        super().on_start()
        number = SCENARIO["editors_taken"] = SCENARIO.get("editors_taken", -1) + 1
        self.records = SCENARIO["records"][number :: SCENARIO["editors"]]
        self.name = f"load-{number}"
        form = self.form("sign in", "/admin/login/", "username")
        typed = dict(form.fields) | {"username": self.name, "password": SCENARIO["password"]}
        self.send("sign in", form, typed, "/admin/login/")

    @task
    def edited(self):
        record = random.choice(self.records)  # noqa: S311
        path = f"/admin/projects/project/{record}/change/"
        form = self.form("form", path, "summary_en")
        if form is None:
            return
        words = f"Written under load by {self.name}, number {next(numbers)}."
        if self.send("save", form, dict(form.fields) | {"summary_en": words, "_save": "Save"}, path):
            saves.append((time.time(), record, words))

    def form(self, kind, path, field):
        """The form of a page that has this field, or None where there is none: then the page has failed."""
        with self.client.get(
            path, name=kind, headers=GZIP | {"X-Forwarded-For": self.address}, catch_response=True
        ) as answer:
            found = [form for form in forms_of(path, answer.text or "") if field in form.names]
            judge(answer, path, None, 200)
            if not found:
                answer.failure(f"{path} has no form with {field}: {answer.status_code}")
            return found[0] if found else None

    def send(self, kind, form, typed, path):
        """Whether what was typed was taken: the answer leads on."""
        headers = {
            "X-Forwarded-For": self.address,
            "Referer": self.host + path,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        with self.client.post(
            path, urlencode(typed), name=kind, headers=headers, catch_response=True, allow_redirects=False
        ) as answer:
            judge(answer, path, "", 302)
            return answer.status_code == 302


def judge(answer, path, says, status):
    """Fail an answer with another status, or that does not say what it should."""
    if answer.status_code != status:
        answer.failure(f"{path}: {answer.status_code} {answer.error or ''}")
    elif says and says not in answer.text and escape(says) not in answer.text:
        answer.failure(f"{path} does not say {says!r}")
