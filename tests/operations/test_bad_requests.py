"""Requests that no browser sends, by a socket, to the running site: refused, logged once, no worker lost."""

import re
import socket

import pytest
from django.test import Client

from tests.operations import raw_requests
from tests.operations.raw_requests import ALL, MARKUP
from tests.serving import Server


@pytest.fixture(scope="module")
def server(ground):
    with Server(ground, "bad-requests") as running:
        yield running


def ask(server, raw):
    connection = socket.create_connection(("127.0.0.1", server.port))
    return raw_requests.ask(connection, raw.for_host(f"127.0.0.1:{server.port}"))


def warnings(server):
    return server.log.read_text().count("WARNING")


@pytest.mark.parametrize("raw", ALL, ids=lambda raw: raw.name)
def test_it_is_refused_and_logged_once(server, raw):
    before = warnings(server)
    answer = ask(server, raw)
    statuses = raw_requests.statuses(answer)
    assert len(statuses) <= 1, "A second request was smuggled in."
    assert (statuses[0] if statuses else None) in raw.statuses
    if statuses and statuses[0] >= 400:
        assert warnings(server) == before + raw.logged
    head, _, body = answer.partition(b"\r\n\r\n")
    assert MARKUP.encode() not in body
    assert not re.search(rb"(?im)^(location|set-cookie):.*evil", head)


def test_no_worker_is_lost_and_no_error_is_logged(server):
    for raw in ALL:
        ask(server, raw)
    log = server.log.read_text()
    assert log.count("Booting worker") == 2
    assert not re.search(r"Traceback|ERROR|CRITICAL|Worker exiting", log)
    assert server.get("/en/")[0] == 200


@pytest.mark.parametrize(
    "address", ["//evil.example/en", "/%2f%2fevil.example", "/\\evil.example", "//evil.example/%2e%2e"]
)
def test_what_is_completed_with_a_slash_stays_on_our_host(client, db, address):
    response = client.get(address, REQUEST_METHOD="GET", PATH_INFO=address)
    assert response.status_code in {301, 404}
    assert not response.get("Location", "/").startswith("//")
    assert "evil" not in response.get("Location", "").partition("/")[0]


class GoneAway:
    """What is read of somebody who has hung up."""

    def read(self, *args):
        raise ConnectionResetError

    readline = read


def test_who_hangs_up_in_the_midst_of_a_form_is_no_error_of_ours(db, caplog):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    told = {"wsgi.input": GoneAway(), "CONTENT_LENGTH": "100", "HTTP_ORIGIN": "http://testserver"}
    form = "application/x-www-form-urlencoded"
    response = client.generic("POST", "/admin/zones/zone/add/", b"a=b", content_type=form, **told)
    assert response.status_code == 400
    assert {(record.levelname, record.exc_info) for record in caplog.records} == {("WARNING", None)}
