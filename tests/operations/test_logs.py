"""The log and the metrics of a running site: each line has the id of its request, and nothing personal."""

import json
import os
import re
import signal
import socket
import time
import urllib.error
import urllib.request

import pytest

from operations import logs
from operations.access_log import LONGEST_PATH
from tests.serving import PASSWORD, PATIENCE, Server, free_port

PERSONAL = {
    "a search": "typed-into-a-search",
    "a cookie": "value-of-a-cookie",
    "a browser": "name-of-a-browser",
    "another page": "page-before-this",
    "an address": "203.0.113.77",
    "a user": "name-of-somebody",
    "a password": PASSWORD,
    "a form": "typed-into-a-form",
    "a broken header": "value-of-a-header",
}
SECRET = "a-secret-of-fifty-characters-0123456789-0123456789"


@pytest.fixture(scope="module")
def site(ground, tmp_path_factory):
    """gunicorn behind one proxy, with metrics at a port of their own."""
    temporary = tmp_path_factory.mktemp("tmp")
    port = free_port()
    variables = {
        "LOG_FORMAT": "json",
        "TRUSTED_PROXIES": "1",
        "METRICS_BIND": f"127.0.0.1:{port}",
        "SECRET_KEY": SECRET,
        "TMPDIR": str(temporary),
    }
    with Server(ground, "logs", **variables) as server:
        server.operators, server.temporary = f"http://127.0.0.1:{port}", temporary
        yield server
    assert list(temporary.glob("invest-shanxi-metrics-*")) == []


def lines(server):
    """The lines of the log that are ours; Python itself may warn between them."""
    return [json.loads(line) for line in server.log.read_text().splitlines() if line.startswith("{")]


def line_of(server, **wanted):
    """The one line of the access log that has these values; it is written after the answer was sent."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = [line for line in lines(server) if wanted.items() <= line.items() and "ms" in line]
        if found:
            (line,) = found
            return line
        time.sleep(0.02)
    raise AssertionError(server.log.read_text())


def ask_operators(server, path):
    """(status, text) of what is at METRICS_BIND."""
    try:
        with urllib.request.urlopen(server.operators + path, timeout=PATIENCE) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def numbers(server):
    """{name with labels: number} of the metrics."""
    _status, text = ask_operators(server, "/metrics")
    return {
        name: float(number)
        for name, number in (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    }


def test_a_request_is_one_line(site):
    status, headers, body = site.get("/en/zones/?q=coal", X_Request_Id="id-of-the-proxy-1")
    assert (status, headers["X-Request-Id"]) == (200, "id-of-the-proxy-1")
    line = line_of(site, request_id="id-of-the-proxy-1")
    measured = {name: line.pop(name) for name in ("time", "process", "ms", "query_ms")}
    assert line == {
        "level": "INFO",
        "logger": "gunicorn.access",
        "message": "request",
        "request_id": "id-of-the-proxy-1",
        "view": "zones:list",
        "method": "GET",
        "path": "/en/zones/",
        "status": 200,
        "bytes": len(body),
        "queries": line["queries"],
    }
    assert line["queries"] > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", measured["time"])


def test_a_page_from_the_cache_has_its_view_and_an_id_of_its_own(site):
    ids = {site.get("/en/about/")[1]["X-Request-Id"] for _ in range(6)}
    assert len(ids) == 6
    assert {line_of(site, request_id=one)["view"] for one in ids} == {"about"}


@pytest.mark.parametrize("sent", ["short", "x" * 65, "with space", 'a"quote-and-more', "ünïcode-letters"])
def test_an_id_that_is_not_well_formed_is_not_taken_over(site, sent):
    _status, headers, _body = site.get("/en/about/", X_Request_Id=sent.encode().decode("latin-1"))
    assert re.fullmatch(r"[0-9a-f]{16}", headers["X-Request-Id"])


def test_without_a_proxy_anybodys_id_is_worth_nothing(client, settings):
    settings.TRUSTED_PROXIES = 0
    assert (
        client.get("/healthz", headers={"x-request-id": "id-of-anybody"})["X-Request-Id"] != "id-of-anybody"
    )


def test_an_error_names_the_line_of_the_log(site):
    _status, headers, body = site.get("/zh-hans/nowhere/")
    assert f"<code>{headers['X-Request-Id']}</code>" in body.decode()


def test_a_path_ends_no_line_and_is_not_endless(site):
    site.get("/en/%0A{%22level%22:%20%22forged%22}/" + "x" * 500, X_Request_Id="id-of-the-forger")
    assert len(line_of(site, request_id="id-of-the-forger")["path"]) == LONGEST_PATH
    assert "forged" not in {line["level"] for line in lines(site)}


def test_nothing_personal_and_no_secret_is_in_the_log(site):
    headers = {
        "Cookie": f"sessionid={PERSONAL['a cookie']}; csrftoken={PERSONAL['a cookie']}",
        "User_Agent": PERSONAL["a browser"],
        "Referer": f"https://elsewhere.example/{PERSONAL['another page']}",
        "X_Forwarded_For": PERSONAL["an address"],
    }
    found = [
        site.get(f"{address}?q={PERSONAL['a search']}", **headers)[0]
        for address in ("/en/search/", "/en/zones.csv", "/en/nowhere/", "/admin/", "/en/zones/%ff/")
    ]
    assert found == [200, 200, 404, 302, 404]
    form = f"login={PERSONAL['a user']}&password={PASSWORD}&other={PERSONAL['a form']}"
    assert site.post("/admin/login/", form, **headers)[0] == 403
    for request in (
        f"GET /en/ HTTP/1.1\r\nHost: x\r\nBad Header: {PERSONAL['a broken header']}",
        f"GET /en/?q={PERSONAL['a search']} of two words HTTP/1.1\r\nHost: x",
        f"GET /en/ HTTP/1.1\r\nHost: {PERSONAL['a user']}@x",
    ):
        with socket.create_connection(("127.0.0.1", site.port)) as connection:
            connection.sendall(f"{request}\r\nConnection: close\r\n\r\n".encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 400")
    line_of(site, request_id=site.get("/en/", X_Request_Id="id-of-the-last-one")[1]["X-Request-Id"])
    log = site.log.read_text()
    assert {what for what, text in {**PERSONAL, "the key": SECRET}.items() if text in log} == set()
    assert "127.0.0.1" not in log.replace(f"http://127.0.0.1:{site.port}", "").replace(site.operators, "")


@pytest.mark.parametrize("letters", ["/", "a.", "a@", "://"])
def test_a_long_line_is_looked_through_once(letters):
    """Tried from each of its letters it would take minutes."""
    line = letters * 200_000
    assert logs.scrubbed(line) == line


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("GET /en/?q=typed 200", "GET /en/?[...] 200"),
        ("'/en/?q=typed' path=/en/zones/?q=typed", "'/en/?[...]' path=/en/zones/?[...]"),
        ("from a?next=/en/?q=typed", "from a?next=/en/?[...]"),
        ("to <some.body@elsewhere.example>", "to <[...]@[...]>"),
    ],
)
def test_what_was_typed_is_taken_out(line, left):
    assert logs.scrubbed(line) == left


def test_metrics_and_reasons_are_at_their_own_port_and_nothing_else_is(site):
    assert site.get("/metrics")[0] == 404
    # What the sender calls the port counts for nothing.
    port = site.operators.rpartition(":")[2]
    assert site.get("/metrics", Host=f"localhost:{port}")[0] == 404
    assert [ask_operators(site, path)[0] for path in ("/metrics", "/healthz")] == [200, 200]
    deadline = time.monotonic() + PATIENCE
    while not ask_operators(site, "/readyz")[1].startswith("ready\ndisk ok\ndatabase ok\n"):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert [ask_operators(site, path)[0] for path in ("/en/", "/admin/", "/static/css/base.css")] == [404] * 3


def test_requests_of_all_processes_are_counted_by_view_and_survive_a_process(site):
    name = 'invest_shanxi_http_requests_total{method="GET",status="2xx",view="accessibility"}'
    before = numbers(site).get(name, 0)
    for _ in range(10):
        site.get("/en/accessibility/")
    (worker, *_others) = {line["process"] for line in lines(site) if "ms" in line}
    os.kill(worker, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while (found := numbers(site))["invest_shanxi_http_requests_in_progress"] != 1 or not found:
        assert time.monotonic() < deadline
    assert found[name] == before + 10
    assert {name.partition("{")[0] for name in found} >= {
        "invest_shanxi_http_request_duration_seconds_bucket",
        "invest_shanxi_database_query_duration_seconds_count",
        "invest_shanxi_pages_total",
        "invest_shanxi_build_info",
        "invest_shanxi_disk_free_bytes",
        "invest_shanxi_data_version",
        "invest_shanxi_sign_ins",
    }
    assert found['invest_shanxi_ready{part="database"}'] == 1
    assert not [name for name in found if "/en/" in name or "127.0.0.1" in name]
