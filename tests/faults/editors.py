"""An editor who saves one numbered value after another by the form of the administration."""

import http.client
import re
import threading
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urlencode

from tests.faults.readers import NO_ANSWER, PAUSE
from tests.serving import PASSWORD

SAVED, KEPT, FAILED = "saved", "given back", "failed"
TICKED = {"checkbox", "radio"}
NOT_SENT = {"submit", "button", "image", "file"}


class FormFields(HTMLParser):
    """What a browser would send of the forms of a page that are left as they are, as (name, value) pairs."""

    def __init__(self, page):
        super().__init__()
        self.fields, self._area, self._select = [], None, None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name, value = given.get("name"), given.get("value", "")
        if tag == "textarea":
            self._area = [name, ""]
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given and self._select:
            self.fields.append((self._select, value))
        elif tag == "input" and name:
            kind = given.get("type", "text")
            if kind not in NOT_SENT and (kind not in TICKED or "checked" in given):
                self.fields.append((name, given.get("value", "on" if kind in TICKED else "")))

    def handle_data(self, data):
        if self._area:
            self._area[1] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self._area:
            # A browser drops the line break that a page writes first.
            name, text = self._area
            self.fields.append((name, re.sub(r"\A\r?\n", "", text)))
            self._area = None
        elif tag == "select":
            self._select = None


class Editor:
    """Saves “Value 1”, “Value 2” … as the English summary of one record; as a context, in a thread.

    `acknowledged` are the numbers that the site said it has saved. `outcomes` counts all answers: SAVED, KEPT
    (not saved, and the page that says so has what was typed), FAILED (neither) and NO_ANSWER.
    """

    def __init__(self, server, address, user, first=1):
        self.server, self.address, self.number = server, address, first - 1
        self.acknowledged, self.outcomes, self.odd = [], Counter(), []
        self.cookies = sign_in(server, user)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._edit)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        self._thread.join()

    def _edit(self):
        while not self._over.wait(PAUSE):
            try:
                if (form := self.open()) is not None:
                    self.save(form)
            except (OSError, http.client.HTTPException):
                self.outcomes[NO_ANSWER] += 1

    def open(self):
        """The fields of the form, as a dictionary; None where there is no form to be had now."""
        status, _headers, page = self.server.get(self.address, Cookie=self.cookies)
        if status == 200:
            return FormFields(page.decode()).fields
        if status != 503:
            self.odd.append(f"GET {self.address}: {status}")
        return None

    def save(self, fields, **changed):
        """Send the form with the next number; the status and the page."""
        self.number += 1
        typed = {"summary_en": f"Value {self.number}", "why": "It is so."} | changed
        sent = [(name, value) for name, value in fields if name not in typed]
        sent += [*typed.items(), ("_continue", "Save")]
        status, headers, page = self.server.post(self.address, urlencode(sent), Cookie=self.cookies)
        self.outcomes[self._outcome(status, headers, page.decode())] += 1
        return status, page.decode()

    def _outcome(self, status, headers, page):
        if status == 302 and headers["Location"].endswith(self.address):
            self.acknowledged.append(self.number)
            return SAVED
        if status in {200, 403, 503} and f"Value {self.number}" in page:
            return KEPT
        self.odd.append(f"POST {self.address}: {status} {headers['Location'] or ''}")
        return FAILED

    def told(self):
        """What they saw, in words."""
        return ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.outcomes.items()))


def sign_in(server, user):
    """The cookies of somebody who has signed in, as a browser sends them."""
    _status, headers, page = server.get("/admin/login/")
    cookie = headers["Set-Cookie"].partition(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.decode())[1]
    form = {"username": user, "password": PASSWORD, "csrfmiddlewaretoken": token}
    status, headers, _page = server.post("/admin/login/", urlencode(form), Cookie=cookie)
    assert status == 302
    return "; ".join(value.partition(";")[0] for value in headers.get_all("Set-Cookie"))
