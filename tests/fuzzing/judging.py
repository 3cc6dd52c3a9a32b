"""What no answer may be, whoever asked for whatever: broken, talkative, or led by the nose."""

import re
from urllib.parse import urlsplit

import html5lib
from html5lib.html5parser import ParseError

from tests.fuzzing.site import words_in
from tests.fuzzing.values import CANARY

REFLECTED = re.compile(rf"""<{CANARY}|<script>{CANARY}|["'] {CANARY}=["']|(href|src|action)="javascript:""")
DEMANDED = ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")
HOSTS = {"", "testserver", "localhost", "127.0.0.1"}
# Strict reading takes as long as the page itself: one page in so many.
READ_STRICTLY = 40
# Said again as they were typed, these are no markup; a browser shows nothing for them.
CONTROLS = dict.fromkeys([*range(9), *range(0x0E, 0x20), *range(0x7F, 0xA0), *range(0xFDD0, 0xFDF0)])
CONTROLS |= dict.fromkeys([plane * 0x10000 + last for plane in range(17) for last in (0xFFFE, 0xFFFF)])
CONTROLS |= {0x0B: None}
MARKED_UP = ("text/html", "application/xml", "image/svg+xml", "application/xhtml+xml")


def faults(asked, answer, body, hidden):
    """(kind, what is wrong) of each fault of an answer; `hidden` are words that its sender may not see."""
    yield from _broken(answer)
    yield from _led_away(answer)
    yield from _bare(asked, answer)
    if leaked := (words_in(body) & hidden) - words_in(asked.said):
        yield "leak", f"shows {', '.join(sorted(leaked)[:5])}"
    if answer.get("Content-Type", "").startswith(MARKED_UP):
        if found := REFLECTED.search(body):
            yield "markup", f"says {body[max(found.start() - 40, 0) : found.end() + 20]!r}"
        if _is_to_be_read(asked, answer):
            yield from _ill_formed(body)


def _broken(answer):
    """Any 5xx, unless it says when to come again."""
    if answer.status_code >= 500 and not (answer.status_code == 503 and answer.has_header("Retry-After")):
        yield "broken", f"answers {answer.status_code}"


def _led_away(answer):
    """A redirect to another host, as a browser reads addresses: backslashes are slashes, tabs are nothing."""
    target = answer.get("Location")
    if target is None:
        return
    read = re.sub(r"[\t\r\n]", "", target).strip().replace("\\", "/")
    # To a browser `https:host` and `///host` are addresses of another host.
    parts = urlsplit(re.sub(r"^(https?:)?/{2,}", r"\1//", read))
    if (
        parts.hostname not in (HOSTS | {None})
        or parts.scheme not in ("", "http", "https")
        or parts.scheme
        and not parts.netloc
    ):
        yield "redirect", f"leads to {target!r}"


def _bare(asked, answer):
    if missing := [name for name in DEMANDED if not answer.has_header(name)]:
        yield "headers", f"has no {', '.join(missing)}"
    # Who sends a cookie that makes no sense is told to drop it; nobody may keep that answer for others.
    is_answered = any(name == "COOKIE" for name, _value in asked.headers)
    is_shared = "public" in answer.get("Cache-Control", "")
    if answer.cookies and not asked.path.startswith("/admin") and (is_shared or not is_answered):
        yield "cookie", f"sets {', '.join(answer.cookies)}"


def _is_to_be_read(asked, answer):
    """Some whole public pages, always the same for the same request."""
    is_whole = not any(name.startswith("HX_") for name, _value in asked.headers)
    is_page = (
        asked.method == "GET" and answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    )
    is_ours = not asked.path.startswith("/admin")
    return is_whole and is_page and is_ours and len(asked.said) % READ_STRICTLY == 0


def _ill_formed(body):
    try:
        html5lib.HTMLParser(strict=True).parse(body.translate(CONTROLS))
    except ParseError as error:
        yield "html", f"is no HTML: {error}"
