"""How often, how large, how many at once and how long: what is refused, in which words, and what goes on."""

import time
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, path

from operations.limits import crowding
from operations.limits.crowding import Places
from operations.limits.rates import seconds_to_wait
from records.client_address import client_address
from shanxi_portal.urls import urlpatterns as site_addresses
from tests.factories import make_city, make_zone
from tests.redis import MISSING, RedisServer, find_redis
from tests.serving import Server

SEARCH, FILE = "/en/search/?q=park", "/en/zones.csv"


def page_of_many_queries(request):
    """It never ends by itself."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT 1")


def page_of_a_query(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("done")


def page_of_a_long_query(request):
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with connection.cursor() as cursor:
        cursor.execute(numbers)
    return HttpResponse("never")


urlpatterns = [
    path("t/many/", page_of_many_queries),
    path("t/long/", page_of_a_long_query),
    path("t/one/", page_of_a_query),
    path("admin/t/one/", page_of_a_query),
    *site_addresses,
]


@pytest.fixture
def zone(db):
    return make_zone(slug="open-zone", name_en="Open Park", city=make_city(slug="datong"))


def statuses(client, *addresses, **more):
    return [client.get(address, **more).status_code for address in addresses]


# How often


@pytest.mark.parametrize(
    ("kind", "addresses"),
    [
        ("search", [SEARCH, "/zh-hans/search/?q=park", "/en/zones/?q=park", "/en/projects/?q=park"]),
        ("suggestions", ["/en/search/suggest/?q=pa", "/en/search/suggest/?q=par"]),
        ("export", [FILE, "/zh-hans/projects.csv", "/en/shortlist.csv?zone=open-zone"]),
        ("fact_sheets", ["/en/zones/open-zone/fact-sheet/", "/zh-hans/zones/open-zone/fact-sheet/"]),
    ],
)
def test_what_is_asked_too_often_is_refused_and_nothing_else(client, zone, settings, kind, addresses):
    settings.RATE_LIMITS = {kind: f"{len(addresses)}/hour"}
    address = {"REMOTE_ADDR": f"198.51.100.{len(kind)}"}
    assert 429 not in statuses(client, *addresses, **address)
    refused = client.get(addresses[0], **address)
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 3600
    assert refused["Cache-Control"] == "no-store"
    assert statuses(client, "/en/", "/en/zones/", "/en/zones/open-zone/", **address) == [200] * 3
    assert client.get(addresses[0], REMOTE_ADDR="198.51.100.99").status_code != 429


@pytest.mark.parametrize(("language", "heading"), [("en", "Too many requests"), ("zh-hans", "请求过于频繁")])
def test_the_refusal_is_in_the_language_of_the_page_and_says_how_long(
    client, zone, settings, language, heading
):
    settings.RATE_LIMITS = {"search": "1/minute"}
    address = {"REMOTE_ADDR": f"203.0.113.{len(heading)}"}
    client.get(SEARCH, **address)
    refused = client.get(f"/{language}/search/?q=park", **address)
    page = refused.content.decode()
    assert f"<h1>{heading}</h1>" in page
    assert refused["Retry-After"] in page


def test_a_script_gets_no_page(client, zone, settings):
    settings.RATE_LIMITS = {"suggestions": "1/minute"}
    refused = [client.get("/en/search/suggest/?q=pa", REMOTE_ADDR="203.0.113.77") for _ in range(2)][1]
    assert (refused.status_code, refused.content) == (429, b"")


@pytest.mark.parametrize(
    ("first", "second", "are_one"),
    [
        ("2001:db8:1:1::1", "2001:db8:1:1:ffff::9", True),
        ("2001:db8:2:1::1", "2001:db8:2:2::1", False),
        ("::ffff:192.0.2.50", "192.0.2.50", True),
        ("192.0.2.51", "192.0.2.52", False),
    ],
)
def test_an_ipv6_network_counts_as_one_address(client, zone, settings, first, second, are_one):
    settings.RATE_LIMITS = {"search": "1/minute"}
    client.get(SEARCH, REMOTE_ADDR=first)
    assert client.get(SEARCH, REMOTE_ADDR=second).status_code == (429 if are_one else 200)


def test_readers_behind_one_proxy_are_told_apart_and_cannot_pretend(client, zone, settings):
    settings.RATE_LIMITS, settings.TRUSTED_PROXIES = {"search": "1/minute"}, 1

    def ask(forwarded):
        return client.get(SEARCH, REMOTE_ADDR="192.0.2.60", HTTP_X_FORWARDED_FOR=forwarded).status_code

    assert [ask("192.0.2.61"), ask("192.0.2.62"), ask("1.2.3.4, 192.0.2.61")] == [200, 200, 429]


def test_readers_whom_nobody_can_tell_apart_are_not_refused(client, zone, settings):
    settings.RATE_LIMITS = {"search": "1/minute"}
    assert statuses(client, SEARCH, SEARCH, REMOTE_ADDR="") == [200, 200]


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::9]:4711", "2001:db8::9"),
        ("fe80::9%eth0", "fe80::9"),
        ("nobody", "192.0.2.1"),
        ("", "192.0.2.1"),
    ],
)
def test_an_address_is_read_however_a_proxy_writes_it(rf, settings, told, address):
    settings.TRUSTED_PROXIES = 1
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=f"198.51.100.1, {told}")
    assert str(client_address(request)) == address


def test_to_look_at_the_page_to_sign_in_is_free(db, settings):
    settings.RATE_LIMITS = {"sign_in": "1/minute"}
    client = Client(REMOTE_ADDR="192.0.2.70")
    assert statuses(client, *["/admin/login/"] * 3) == [200] * 3
    sent = [client.post("/admin/login/", {"username": "a", "password": "b"}) for _ in range(2)]
    assert [response.status_code for response in sent] == [200, 429]


def test_a_clock_that_is_put_back_locks_nobody_out(settings, monkeypatch):
    settings.RATE_LIMITS = {"search": "1/minute"}
    address, now = ip_address("192.0.2.80"), time.time()
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: now + 86400)
        assert [seconds_to_wait("search", address) for _ in range(2)] == [None, 60]
    assert [seconds_to_wait("search", address) for _ in range(3)][:2] == [None, None]
    assert seconds_to_wait("search", address) is not None


def file_routes(resolver=None, name="", route=""):
    """(name, route) of each address below a language that answers with a file."""
    for entry in (resolver or get_resolver()).url_patterns:
        whole = route + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            space = f"{name}{entry.namespace}:" if entry.namespace else name
            yield from file_routes(entry, space, whole)
        elif whole.endswith((".csv", ".ics", "fact-sheet/")):
            yield f"{name}{entry.name}"


def test_every_route_of_a_file_is_limited(settings):
    found = set(file_routes())
    assert len(found) == 13
    limited = {name for name, kind in settings.LIMITED_ROUTES.items() if kind in ("export", "fact_sheets")}
    assert found == limited


def test_processes_count_together_and_go_on_without_redis(ground, tmp_path):
    program = find_redis()
    if program is None:
        pytest.skip(MISSING)
    with (
        RedisServer(program, tmp_path) as redis,
        Server(ground, "limits", CACHE_URL=redis.url, LIMIT_SEARCH="12/hour", COSTLY_AT_ONCE="100") as server,
    ):

        def search(text):
            return server.get(f"/en/search/?q={text}")

        with ThreadPoolExecutor(4) as readers:
            found = [status for status, *_ in readers.map(search, [f"a{number}" for number in range(16)])]
        assert sorted(found) == [200] * 12 + [429] * 4
        # What is kept counts for nothing.
        assert search(f"a{found.index(200)}")[0] == 200
        redis.stop()
        assert search("unkept")[0] == 200
        assert "counts requests for itself" in server.log.read_text()


# How many at once


def test_costly_answers_leave_room_for_everybody_else(client, zone, settings, monkeypatch, caplog):
    settings.COSTLY_AT_ONCE = 2
    monkeypatch.setattr(crowding, "PATIENCE", 0.01)
    slow = client.get(FILE)  # Not read yet, as on a slow line.
    refused = client.get("/zh-hans/zones.csv")
    assert refused.status_code == 503
    assert refused["Retry-After"] == "5"
    assert refused["Cache-Control"] == "no-store"
    assert "<h1>当前访问人数较多</h1>" in refused.content.decode()
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "Refused: all places for costly answers are taken")
    ]
    assert statuses(client, SEARCH, "/en/", "/en/zones/") == [200] * 3
    assert b"Open Park" in slow.getvalue()
    assert statuses(client, FILE) == [200]


def test_a_reader_who_goes_away_gives_the_place_back(client, transactional_db, settings, monkeypatch):
    make_city(slug="datong")
    settings.COSTLY_AT_ONCE = 1
    monkeypatch.setattr(crowding, "PATIENCE", 0.01)
    client.get(FILE).close()
    slow = client.get(FILE)
    assert statuses(client, SEARCH) == [503]
    slow.close()
    assert statuses(client, SEARCH) == [200]


@pytest.mark.parametrize(("header", "status"), [("If-None-Match", 304), ("If-Match", 412)])
def test_a_file_that_is_made_and_not_sent_gives_the_place_back(
    client, transactional_db, settings, monkeypatch, header, status
):
    make_city(slug="datong")
    settings.COSTLY_AT_ONCE = 1
    monkeypatch.setattr(crowding, "PATIENCE", 0.01)
    known = {"If-None-Match": "*", "If-Match": '"another"'}
    assert client.get(FILE, headers={header: known[header]}).status_code == status
    assert statuses(client, SEARCH) == [200]


def test_a_page_that_fails_gives_the_place_back(client, zone, settings, monkeypatch):
    settings.COSTLY_AT_ONCE = 1
    monkeypatch.setattr("shanxi_portal.views.search.BEST", "nonsense")
    client.raise_request_exception = False
    assert statuses(client, SEARCH) == [500]
    monkeypatch.undo()
    assert statuses(client, SEARCH) == [200]


def test_a_short_rush_is_waited_for():
    places = Places(1)
    first = places.take(is_file=False)
    with ThreadPoolExecutor(1) as readers:
        second = readers.submit(places.take, is_file=False)
        first.leave()
        assert second.result() is not None
    assert places.taken == 1


def test_where_one_waited_in_vain_no_other_waits(monkeypatch):
    monkeypatch.setattr(crowding, "PATIENCE", 0.01)
    places = Places(1)
    held = places.take(is_file=False)
    assert places.take(is_file=False) is None
    monkeypatch.setattr(crowding, "PATIENCE", 10_000)
    assert places.take(is_file=False) is None
    held.leave()
    held.leave()
    assert (places.taken, places.is_stuck) == (0, False)


# How long


@pytest.mark.parametrize("address", ["/t/many/", pytest.param("/t/long/", marks=pytest.mark.sqlite)])
@pytest.mark.urls(__name__)
def test_a_page_that_takes_too_long_ends_with_a_word(client, db, settings, address, caplog):
    settings.REQUEST_TIMEOUT = 0.05
    response = client.get(address)
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert response["Cache-Control"] == "no-store"
    assert b"<h1>This page took too long</h1>" in response.content
    assert {record.levelname for record in caplog.records} == {"WARNING"}


@pytest.mark.postgresql
@pytest.mark.urls(__name__)
def test_so_does_a_statement_that_postgresql_ends(client, db, settings):
    settings.REQUEST_TIMEOUT = 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 50")
    response = client.get("/t/long/")
    assert response.status_code == 503
    assert b"<h1>This page took too long</h1>" in response.content


@pytest.mark.urls(__name__)
def test_work_of_staff_is_not_cut_off(client, db, settings):
    settings.REQUEST_TIMEOUT = 0.000_000_001
    assert client.get("/t/one/").status_code == 503
    assert client.get("/admin/t/one/").content == b"done"
    assert client.post("/t/one/").content == b"done"


# How large


@pytest.mark.parametrize(
    ("address", "length", "status"),
    [
        ("/en/zones/", 3 * 1024**2 + 1, 413),
        ("/admin/login/", 3 * 1024**2 + 1, 413),
        ("/admin/desk/import/add/", 11 * 1024**2 + 1, 413),
        ("/admin/desk/import/add/", 11 * 1024**2, 403),
        ("/en/zones/", 100, 405),
    ],
)
def test_a_body_is_judged_before_it_is_read(client, db, address, length, status):
    response = client.generic("POST", address, b"a=b", CONTENT_LENGTH=str(length))
    assert response.status_code == status


def test_more_fields_than_a_form_has_are_refused(client, db):
    response = client.post("/admin/login/", {f"field-{number}": "a" for number in range(5001)})
    assert response.status_code == 400
