"""Requests that no browser sends, as bytes: what smuggles, misleads or floods, and what each may be answered.

The server behind a proxy and the proxy itself are asked the same. `{host}` is the host to ask.
"""

import socket
from dataclasses import dataclass

from tests.serving import PATIENCE

REFUSED = frozenset(range(400, 500))
# Refused with words, or by closing the connection without any.
REFUSED_OR_CLOSED = REFUSED | {None}
MARKUP = "<script>alert(1)</script>"


@dataclass(frozen=True)
class Raw:
    """A request as bytes, and the statuses that it may be answered with; None is no answer at all.

    Nothing more may be answered on the same connection: that would be a second request, smuggled in.
    `logged` says how many warnings it leaves in the log of the server behind the proxy.
    """

    name: str
    data: bytes
    statuses: frozenset = REFUSED
    logged: int = 1

    def for_host(self, host):
        return self.data.replace(b"{host}", host.encode())


def _get(target="/en/", *headers, host="{host}", method="GET", version="1.1", body=""):
    """A request of these parts, each of which may be nonsense; latin-1 gives every byte."""
    head = [f"{method} {target} HTTP/{version}"]
    head += [f"Host: {host}"] if host is not None else []
    return ("\r\n".join([*head, *headers, "", ""]) + body).encode("latin-1")


def _post(*headers, body):
    return _get("/en/", *headers, method="POST", body=body)


SMUGGLED = "GET /admin/smuggled HTTP/1.1\r\nHost: {host}\r\n\r\n"

SMUGGLING = [
    Raw(
        "a length and chunks",
        _post("Content-Length: 4", "Transfer-Encoding: chunked", body="0\r\n\r\n" + SMUGGLED),
    ),
    Raw("two lengths", _post("Content-Length: 0", f"Content-Length: {len(SMUGGLED)}", body=SMUGGLED)),
    Raw("a length of two numbers", _post("Content-Length: 0, 45", body=SMUGGLED)),
    Raw("a negative length", _post("Content-Length: -1", body=SMUGGLED)),
    Raw("a length with a sign", _post("Content-Length: +4", body="abcd")),
    Raw("a length in other digits", _post("Content-Length: 0x4", body="abcd")),
    Raw("a length that is no number", _post("Content-Length: four", body="abcd")),
    Raw(
        "unknown encoding", _post("Transfer-Encoding: xchunked", body="0\r\n\r\n" + SMUGGLED), REFUSED | {501}
    ),
    Raw(
        "chunked before another encoding",
        _post("Transfer-Encoding: chunked, identity", body="0\r\n\r\n" + SMUGGLED),
        REFUSED | {501},
    ),
    # Refused by Django, which has no need of the body, and by gunicorn, which then looks for its end.
    Raw(
        "a chunk of no length",
        _post("Transfer-Encoding: chunked", body="zz\r\nabc\r\n0\r\n\r\n" + SMUGGLED),
        logged=2,
    ),
    Raw("a folded header", _get("/en/", "X-One: a\r\n folded")),
    Raw("a space before the colon", _get("/en/", "Content-Length : 4", body="abcd")),
    Raw("a header without a colon", _get("/en/", "nonsense")),
    Raw("a header without a name", _get("/en/", ": empty")),
    Raw("a header name with a control character", _get("/en/", "X-\x01One: a")),
    Raw("a header value with a null", _get("/en/", "X-One: a\x00b")),
    Raw("a header value with a bare return", _get("/en/", "X-One: a\rX-Two: b")),
]

HOSTS = [
    # gunicorn takes its own address in its place, which is one of ours on this machine alone.
    Raw("no host", _get(host=None), REFUSED | {200}),
    Raw("an empty host", _get(host="")),
    Raw("two hosts", _get("/en/", "Host: evil.example")),
    Raw("another host", _get(host="evil.example")),
    Raw("a host with a name before it", _get(host="user@evil.example")),
    Raw("a host that ends in ours", _get(host="evil-{host}")),
    Raw("a host with a path", _get(host="{host}/evil")),
    Raw("a host with markup", _get(host=MARKUP)),
    Raw("a host with a space", _get(host="{host} evil.example")),
    Raw("a host with a port that is none", _get(host="localhost:port")),
    Raw("an IPv6 address that is none", _get(host="[::zz]")),
    Raw("an absolute address of another host", _get("http://evil.example/en/", host="evil.example")),
]

PATHS = [
    Raw("a way up", _get("/../../etc/passwd")),
    Raw("a way up, encoded", _get("/%2e%2e/%2e%2e/etc/passwd")),
    Raw("a way up, encoded twice", _get("/%252e%252e/etc/passwd")),
    Raw("a way up from the static files", _get("/static/..%2f..%2fshanxi_portal/settings/identity.py")),
    Raw("a way up with backslashes", _get("/static/..\\..\\manage.py")),
    Raw("a null", _get("/en/zones/x%00/")),
    Raw("a null in a static file", _get("/static/css/base.css%00.png")),
    Raw("overlong UTF-8", _get("/en/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd")),
    Raw("bytes that are no UTF-8", _get("/en/zones/%ff%fe/")),
    Raw("a raw byte", _get("/en/zones/\xff/")),
    # Without a slash at the end Django adds one, and might lead to another host.
    Raw("two slashes before a host", _get("//evil.example/en")),
    Raw("two slashes, encoded", _get("/%2f%2fevil.example/en")),
    Raw("slash and backslash before a host", _get("/\\evil.example/en")),
    Raw("a line break for the answer", _get("/en/zones%0d%0aSet-Cookie:%20evil=1")),
    Raw("markup in the path", _get("/en/%3Cscript%3Ealert(1)%3C/script%3E/")),
    Raw("markup, raw", _get(f"/en/{MARKUP}/")),
    Raw("markup in the query", _get(f"/en/zones/?{MARKUP}={MARKUP}")),
    Raw("a query that is no UTF-8", _get("/en/zones/?city=%ff%fe%00")),
    Raw("a broken escape in the query", _get("/en/zones/?city=%zz%")),
    Raw("a star", _get("*")),
    Raw("a path without a slash", _get("en/")),
]

FLOODS = [
    Raw("a long line", _get("/en/?" + "a" * 10_000)),
    Raw("a long query", _get("/en/?" + "a" * 5000)),
    Raw("a large cookie", _get("/en/", "Cookie: a=" + "b" * 10_000), REFUSED_OR_CLOSED),
    Raw("a large header", _get("/en/", "X-One: " + "b" * 20_000), REFUSED_OR_CLOSED),
    Raw("many headers", _get("/en/", *(f"X-{number}: a" for number in range(200))), REFUSED_OR_CLOSED),
    Raw(
        "headers without end",
        _get("/en/", *(f"X-{number}: {'a' * 4000}" for number in range(99))),
        REFUSED_OR_CLOSED,
    ),
    Raw("a body that is said to be large", _post("Content-Length: 99999999999", body="a")),
    Raw("many fields", _get("/en/zones/?" + "a&" * 4000)),
]

METHODS = [
    Raw("an unknown method", _get(method="BREW"), REFUSED | {501}),
    Raw("TRACE", _get(method="TRACE")),
    Raw("CONNECT", _get("{host}", method="CONNECT")),
    Raw("a method in small letters", _get(method="get"), REFUSED | {501}),
    Raw("PUT", _get(method="PUT")),
    Raw("DELETE", _get("/en/zones/", method="DELETE")),
    Raw("an old version", _get(version="0.9")),
    Raw("an unknown version", _get(version="9.9"), REFUSED | {505}),
    Raw("no HTTP at all", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64, REFUSED_OR_CLOSED),
    Raw("words that are no request", b"hello\r\n\r\n"),
]

BODIES = [
    Raw(
        "a form that is no form",
        _get(
            "/admin/login/",
            "Content-Type: application/x-www-form-urlencoded",
            "Content-Length: 12",
            method="POST",
            body="%ff=%zz&\x00=\xff",
        ),
    ),
    Raw(
        "parts without a boundary",
        _get(
            "/admin/login/",
            "Content-Type: multipart/form-data",
            "Content-Length: 4",
            method="POST",
            body="abcd",
        ),
    ),
    Raw(
        "an unknown character set",
        _get(
            "/admin/login/",
            "Content-Type: application/x-www-form-urlencoded; charset=nonsense",
            "Content-Length: 4",
            method="POST",
            body="a=%E9",
        ),
    ),
    Raw(
        "more fields than are read",
        _get(
            "/admin/login/",
            "Content-Type: application/x-www-form-urlencoded",
            "Content-Length: 12000",
            method="POST",
            body="a&" * 6000,
        ),
    ),
]

ALL = [*SMUGGLING, *HOSTS, *PATHS, *FLOODS, *METHODS, *BODIES]


def ask(connection, data):
    """All that is answered until the other side closes, or says nothing for two seconds.

    `connection` is a connected socket, in TLS or not; it is closed at the end.
    """
    received = b""
    with connection:
        connection.settimeout(PATIENCE)
        try:
            connection.sendall(data)
            # Nothing more will come from here: whoever waits for the rest need not.
            if isinstance(connection, socket.socket) and not hasattr(connection, "unwrap"):
                connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                received += chunk
        except OSError:
            pass
    return received


def statuses(received):
    """The status of each answer in what was received, in order."""
    return [
        int(line.split()[1])
        for line in received.split(b"\r\n")
        if line.startswith((b"HTTP/1.1 ", b"HTTP/1.0 "))
    ]
