"""Readers who go on reading, in a thread beside the test, while something is broken under them."""

import http.client
import re
import threading
import time
from collections import Counter

# What readers open: pages that the cache has, in both languages, and in between one that it cannot have.
PAGES = (
    "/en/",
    "/zh-hans/zones/",
    "/en/projects/the-project/",
    "/en/zones/?city=datong",
    "/zh-hans/projects/the-project/",
    "/en/sources/",
)
LANGUAGES = {"en": "en", "zh-hans": "zh-Hans"}
NO_ANSWER = "no answer"
# Between two requests of one reader, in seconds: the machine has more to do than to answer them.
PAUSE = 0.02


class Readers:
    """`count` threads that ask for one page after another; as a context, they stop at its end.

    `seen` counts what they got: a status, or NO_ANSWER where the connection was refused or broken. `odd` has
    a line for each answer that no reader should get: neither a whole page nor a clear 503.
    """

    def __init__(self, server, count=2, pages=PAGES):
        self.server, self.pages = server, pages
        self.seen, self.odd = Counter(), []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=[first]) for first in range(count)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _read(self, number):
        while not self._over.wait(PAUSE):
            number += 1
            # Every third page is one that nobody has asked for yet.
            fresh = f"/en/zones/?q=reader+{number}+{threading.get_ident()}"
            self._look(fresh if number % 3 == 0 else self.pages[number % len(self.pages)])

    def _look(self, path):
        try:
            status, headers, body = self.server.get(path)
        except (OSError, http.client.HTTPException):
            status = NO_ANSWER
        else:
            if wrong := what_is_wrong(path, status, headers, body.decode()):
                self.odd.append(f"{path}: {status} {wrong}")
        self.seen[status] += 1

    def await_answers(self, status, times=5, patience=60):
        """Wait until so many answers have this status from now on; how many seconds that took."""
        began, before = time.monotonic(), self.seen[status]
        while self.seen[status] < before + times:
            assert time.monotonic() < began + patience, f"Readers got no {status}: {dict(self.seen)}"
            time.sleep(0.01)
        return time.monotonic() - began

    def told(self):
        """What they saw, in words."""
        return ", ".join(f"{status} × {count}" for status, count in sorted(self.seen.items(), key=str))


def what_is_wrong(path, status, headers, page):
    """What a reader could say against an answer; "" for nothing."""
    if status not in {200, 503}:
        return "is neither a page nor a clear refusal"
    if "</html>" not in page:
        return "is no whole page"
    language = re.search(r'<html lang="([^"]+)"', page)[1]
    if language != LANGUAGES[path.split("/")[1]]:
        return f"speaks {language}"
    if status == 503 and not (headers["Retry-After"] or "").isdecimal():
        return "does not say when to come again"
    return ""
