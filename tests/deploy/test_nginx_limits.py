"""What nginx lets through to the site and says of it, in front of a server that tells what it was asked."""

import contextlib
import http.client
import json
import re
import socket

import pytest

from tests.deploy.nginx import HOST, MISSING, Nginx, find_nginx, laid_out
from tests.deploy.telltale import Telltale

pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.skipif(find_nginx() is None, reason=MISSING),
]


@pytest.fixture
def alone(tmp_path):
    """nginx in front of a server that answers with what it was asked, and counts."""
    site = tmp_path / "site"
    site.mkdir()
    laid_out(site, static=tmp_path)
    with Telltale() as telltale, Nginx(tmp_path, f"127.0.0.1:{telltale.port}", site) as nginx:
        nginx.telltale = telltale
        yield nginx


def test_the_site_is_told_who_asks_and_never_what_they_claim(alone):
    claims = {
        "X_Forwarded_For": "203.0.113.9",
        "X_Forwarded_Proto": "http",
        "X_Forwarded_Host": "evil.example",
        "X_Real_IP": "203.0.113.9",
        "Forwarded": "for=203.0.113.9",
        "Proxy": "evil.example",
        "X_Request_ID": "mine",
    }
    _status, answer, body = alone.get("/en/", **claims)
    told = json.loads(body)["headers"]

    assert told["X-Request-Id"] == [answer["X-Request-Id"]] != ["mine"]
    assert re.fullmatch("[0-9a-f]{32}", answer["X-Request-Id"])
    expected = {"Host": [HOST], "X-Forwarded-For": ["127.0.0.1"], "X-Forwarded-Proto": ["https"]}
    assert {name: told.get(name) for name in expected} == expected
    assert told.keys() - expected.keys() == {"X-Request-Id", "Accept-Encoding"}
    line = json.loads(alone.last_logged())
    assert (line["request_id"], line["path"], line["status"]) == (answer["X-Request-Id"], "/en/", 200)
    assert "127.0.0.1" not in alone.access_log.read_text()


def test_limits_of_size_are_refused_before_the_site_is_asked(alone):
    assert alone.get(f"/en/?q={'x' * 9000}")[0] == 414
    status, headers, body = alone.get("/en/", Cookie="a=" + "x" * 9000)
    assert (status, headers["Cache-Control"]) == (431, "no-store")
    assert "请求过大" in body.decode()
    assert alone.get("/en/", "POST", b"x" * 65537)[0] == 413
    assert alone.get("/admin/desk/import/", "POST", b"x" * (11 * 2**20 + 1))[0] == 413
    assert alone.telltale.asked == {}
    assert alone.get("/admin/desk/import/", "POST", b"x" * 65537)[0] == 200


@pytest.mark.parametrize(
    ("method", "address", "most"),
    [("GET", "/en/search/?q=", 31), ("GET", "/en/zones.csv?page=", 21), ("POST", "/admin/login/?n=", 21)],
)
def test_one_address_may_ask_for_so_much(alone, method, address, most):
    """All in one breath, so that little of the reserve grows again meanwhile."""
    head = f"Host: {HOST}\r\nContent-Length: 0\r\n"
    requests = [f"{method} {address}{number} HTTP/1.1\r\n{head}\r\n" for number in range(most + 40)]
    answer = alone.send(
        ("".join(requests) + f"GET /en/ HTTP/1.1\r\n{head}Connection: close\r\n\r\n").encode()
    )
    found = [int(status) for status in re.findall(rb"HTTP/1.1 (\d+) ", answer)]

    assert found[:most] == [200] * most
    assert set(found[most:]) == {200, 429}
    assert answer.count(b"Retry-After: 10") == found.count(429)
    assert "请求过于频繁".encode() in answer
    # The rest of the site is still theirs.
    assert found[-1] == 200


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("192.0.2.{}", False),
        ("2001:db8:{}::1", False),
        ("2001:db8:1:2:{}::1", True),
        ("2001:db8:1:2::{}", True),
        ("2001:db8:1:0:{}:1:1:1", True),
        ("2001:db8::{}:1:1:1", True),
    ],
)
def test_a_network_of_a_customer_counts_as_one_reader(alone, address, is_one):
    requests = [
        f"GET /en/search/?q={number} HTTP/1.1\r\nHost: {HOST}\r\n"
        f"X-Tested-Address: {address.format(number)}\r\n"
        for number in range(1, 71)
    ]
    answers = alone.send(("\r\n".join(requests) + "Connection: close\r\n\r\n").encode())
    found = set(re.findall(rb"HTTP/1.1 (\d+) ", answers))
    assert found == ({b"200", b"429"} if is_one else {b"200"})


def test_a_file_that_was_cut_off_is_not_kept(alone):
    for _ in range(2):
        with pytest.raises((http.client.IncompleteRead, OSError)):
            alone.get("/cut/zones")
    assert alone.telltale.asked["/cut/zones"] == 2


def test_many_who_ask_at_once_are_one_question(alone):
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(alone.connect()) for _ in range(20)]
        for connection in connections:
            connection.sendall(b"GET /en/ HTTP/1.1\r\nHost: invest.example\r\nConnection: close\r\n\r\n")
        assert all(connection.recv(100).startswith(b"HTTP/1.1 200") for connection in connections)
    assert alone.telltale.asked["/en/"] == 1


def test_slow_clients_hold_up_nobody_and_broken_tls_harms_nothing(alone):
    with contextlib.ExitStack() as stack:
        for number in range(50):
            slow = stack.enter_context(alone.connect())
            slow.sendall(b"POST /admin/ HTTP/1.1\r\nHost: invest.example\r\nContent-Length: 100\r\n\r\nx")
            slow.sendall(b"x" * (number % 3))
        broken = stack.enter_context(socket.create_connection(("127.0.0.1", alone.https)))
        broken.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xff" * 512)
        assert broken.recv(100)[:1] in (b"\x15", b""), "an alert, or nothing"

        assert [alone.get("/en/")[0] for _ in range(5)] == [200] * 5
    assert alone.telltale.asked == {"/en/": 1}
    assert alone.process.poll() is None
    assert len(re.findall(r"SSL_do_handshake\(\) failed", alone.log.read_text())) == 1
