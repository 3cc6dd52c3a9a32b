"""Requests as no browser sends them: drawn by Hypothesis from the addresses and forms of the site."""

import json
from dataclasses import dataclass, fields, replace
from urllib.parse import unquote_to_bytes, urlsplit

from hypothesis import strategies as st

from tests.fuzzing.addresses import GAP, SLOW
from tests.fuzzing.filling import ODD_TYPES, filled_in
from tests.fuzzing.site import READERS
from tests.fuzzing.values import ELSEWHERE, as_bytes, escaped, values

# How often each kind of request is made: (by readers, by staff).
KINDS = {"page": (2, 4), "path": (4, 3), "query": (9, 5), "form": (4, 9), "headers": (4, 2), "body": (1, 1)}
# One request in so many hundred is for what takes seconds.
SELDOM = 60
METHODS = ("GET", "GET", "GET", "GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "BREW")
ODD_HEADERS = {
    "ACCEPT": ("", "*/*", "application/json", "text/html;q=x", "a" * 4000),
    "ACCEPT_ENCODING": ("gzip", "gzip;q=0", "br, *;q=", "\xff"),
    "ACCEPT_LANGUAGE": ("zh", "zh-Hans-CN", "xx", "en;q=9", "../../en", "a-" * 500, "zh\x00", "*"),
    "AUTHORIZATION": ("Basic Og==", "Bearer x", "\xff"),
    "COOKIE": ("sessionid=\xff; csrftoken='", "a" * 8000, "messages=x; sessionid=", "=;=;;", 'a="\\'),
    "HOST": (
        ELSEWHERE,
        "testserver:99999",
        "testserver@" + ELSEWHERE,
        "",
        "[::1",
        "a b",
        "localhost",
        "\xe9",
    ),
    "HX_REQUEST": ("true", "false", "1"),
    "HX_TARGET": ("results", "\xff", "<x-canary-7f3a>"),
    "HX_CURRENT_URL": (f"https://{ELSEWHERE}/", "%zz", "http://[", "http://testserver/en/zones/?q=%ff"),
    "HX_HISTORY_RESTORE_REQUEST": ("true",),
    "IF_MATCH": ("*", '"a"'),
    "IF_MODIFIED_SINCE": ("x", "Thu, 99 Foo 9999 99:99:99 GMT", "Mon, 23 Nov 2026 00:00:00 GMT"),
    "IF_NONE_MATCH": ("*", "W/", '"', 'W/"' + "a" * 2000, "\xff", '"a", W/"b", c'),
    "IF_UNMODIFIED_SINCE": ("Thu, 01 Jan 1970 00:00:00 GMT", "\xff"),
    "ORIGIN": (f"https://{ELSEWHERE}", "null", "http://["),
    "RANGE": ("bytes=0-1", "bytes=-1", "bytes=9-1,x", "bytes=0-" + "9" * 30),
    "REFERER": (f"https://{ELSEWHERE}/", "http://[", "\xff", "javascript:x"),
    "USER_AGENT": ("", "\xff" * 9, "sqlmap"),
    "X_FORWARDED_FOR": ("", ",", "1.2.3.4, x", "::ffff:1.2.3.4%eth0", "9" * 999, "<x-canary-7f3a>"),
    "X_FORWARDED_HOST": (ELSEWHERE,),
    "X_FORWARDED_PROTO": ("https", "gopher"),
    "X_HTTP_METHOD_OVERRIDE": ("DELETE",),
    "X_ORIGINAL_URL": ("/admin/",),
    "X_REQUEST_ID": ("", "a" * 3000, "\xff", "<x-canary-7f3a>", "a b"),
    "X_REQUESTED_WITH": ("XMLHttpRequest",),
}
MANGLED = (
    lambda path: path.rstrip("/"),
    lambda path: path + "/",
    lambda path: path.replace("/", "//"),
    lambda path: path + "../",
    lambda path: "/" + path,
    lambda path: "/./" + path.lstrip("/"),
    lambda path: path.upper(),
    lambda path: path.replace("en/", "zh-hans/..%2fen/"),
    lambda path: path + "%00",
    lambda path: path + ";a=b",
    lambda path: path.replace("/", "/%2e%2e/", 2),
    lambda path: path.replace("e", "%c1%a5"),
    lambda path: path + "\\",
    lambda path: path + "%ed%a0%80",
    lambda path: path + "%e2%80%ae",
    lambda path: path + "a" * 3000,
)


@dataclass(frozen=True)
class Asked:
    """One request. Bytes are written as the characters of Latin-1, as WSGI has them."""

    role: str
    kind: str
    path: str
    query: str = ""
    method: str = "GET"
    # (name as in CGI without HTTP_, value) pairs.
    headers: tuple = ()
    body: str = ""
    content_type: str = ""
    # Whether a token against forgery is asked for, and here there is none.
    is_checked: bool = False

    def replayed(self):
        """One line from which `python -m tests.fuzzing --replay` makes the same request."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return json.dumps(
            {name: value for name, value in values.items() if value != getattr(Asked, name, ...)}
        )

    @classmethod
    def from_replay(cls, line):
        found = json.loads(line)
        return cls(**found | {"headers": tuple(map(tuple, found.get("headers", ())))})

    @property
    def said(self):
        """All that its sender knew already."""
        return " ".join([self.path, self.query, self.body, repr(self.headers)])


def raw(path):
    """A written address as WSGI has it: bytes, unescaped, as Latin-1."""
    return unquote_to_bytes(as_bytes(path)).decode("latin-1")


class Asking:
    """Strategies for one site; `look` fetches a page for its forms: (role, address) -> forms."""

    def __init__(self, addresses, look):
        self.addresses, self.look = addresses, look

    def requests(self, role):
        """Requests by somebody, each kind as often as `KINDS` says."""
        place = 0 if role in READERS else 1
        kinds = [kind for kind, shares in KINDS.items() for _ in range(shares[place])]
        return st.sampled_from(kinds).flatmap(lambda kind: getattr(self, f"_{kind}")(role))

    # Where to

    def routes(self, role):
        """Readers try the administration now and then, staff are in it mostly."""
        slow = [route for route in self.addresses.public if SLOW in route[0]]
        public = [route for route in self.addresses.public if route not in slow]
        staff = self.addresses.staff
        often = [public] * 9 + [staff] if role in READERS else [staff] * 5 + [public]
        pools = [*(often * SELDOM), *([slow] if slow else [])]
        return st.sampled_from(pools).flatmap(st.sampled_from)

    @st.composite
    def paths(draw, self, role, odd=False):
        """A route with each gap filled: by what fits, or one of them by what does not."""
        route, name = draw(self.routes(role))
        gaps = GAP.findall(route)
        wrong = draw(st.integers(0, len(gaps))) if odd else -1
        for number, (_converter, gap) in enumerate(gaps):
            fitting = st.sampled_from(self.addresses.fitting(route, name, gap))
            value = draw(values if number == wrong else fitting)
            route = GAP.sub(lambda _match, value=value: escaped(value), route, count=1)
        path = f"/{route}"
        return draw(st.sampled_from(MANGLED))(path) if odd and wrong == len(gaps) else path

    # What

    def _page(self, role):
        return st.builds(
            lambda path, method: Asked(role, "page", raw(path), method=method),
            self.paths(role),
            st.sampled_from(METHODS),
        )

    def _path(self, role):
        return st.builds(lambda path: Asked(role, "path", raw(path)), self.paths(role, odd=True))

    @st.composite
    def _addressed(draw, self, role):
        """An address with a query that means something, or an address alone."""
        if draw(st.booleans()) and role in READERS:
            seed = urlsplit(draw(st.sampled_from(self.addresses.seeds)))
            return seed.path, seed.query
        return draw(self.paths(role)), ""

    @st.composite
    def pairs(draw, self):
        """One parameter: known or not, with a value that is known, nasty or both."""
        known = self.addresses.parameters
        name = draw(st.one_of(st.sampled_from(sorted(known)), st.sampled_from(sorted(known)), values))
        value = draw(st.one_of(values, st.sampled_from(known.get(name) or ["1", ""])))
        return f"{escaped(name)}={escaped(value)}"

    def _query(self, role):
        parameters = st.lists(self.pairs(), min_size=1, max_size=4)

        def build(address, more, junk):
            path, query = address
            return Asked(role, "query", raw(path), "&".join([part for part in (query, *more, junk) if part]))

        junk = st.sampled_from(("", "", "", "", "%", "&&&=", "a=%ff", "\xff\xfe", "q" * 4100, "q[]=1&q[a]=2"))
        return st.builds(build, self._addressed(role), parameters, junk)

    def _headers(self, role):
        header = st.sampled_from(sorted(ODD_HEADERS)).flatmap(
            lambda name: st.tuples(st.just(name), st.sampled_from(ODD_HEADERS[name]))
        )
        return st.builds(
            lambda address, headers, method: Asked(
                role, "headers", raw(address[0]), address[1], method, tuple(dict(headers).items())
            ),
            self._addressed(role),
            st.lists(header, min_size=1, max_size=3),
            st.sampled_from(("GET", "GET", "HEAD", "POST")),
        )

    def _body(self, role):
        return st.builds(
            lambda path, body, content_type, checked: Asked(
                role,
                "body",
                raw(path),
                method="POST",
                body=body.decode("latin-1"),
                content_type=content_type,
                is_checked=checked,
            ),
            self.paths(role),
            st.one_of(st.binary(max_size=40), values.map(as_bytes)),
            st.sampled_from(ODD_TYPES),
            st.booleans(),
        )

    @st.composite
    def _form(draw, self, role):
        """A form of a real page with one to four fields that nobody fills in so."""
        path = draw(self.paths(role))
        asked = Asked(role, "form", raw(path))
        # Somebody whose session has ended still has the form open, and is shown again what they send.
        forms = self.look("administrator" if role == "stale" else role, path)
        if not forms:
            return asked
        form = draw(st.sampled_from(forms))
        content, content_type = draw(filled_in(form))
        target = urlsplit(form.action)
        asked = replace(asked, path=raw(target.path), query=target.query)
        if form.method == "GET":
            return replace(asked, query=content)
        return replace(asked, method="POST", body=content, content_type=content_type)
