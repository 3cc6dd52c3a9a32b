"""A database that is busy, full or gone: readers get kept pages or a clear 503, staff keep what is typed."""

import re
import sqlite3
import time
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.db import OperationalError, connection
from django.test import Client
from django.urls import path

from listings import versions
from operations import outages
from operations.outages import Reason
from tests.databases import Databases
from tests.factories import make_city
from tests.postgresql import MISSING, Postgres, find_programs
from tests.serving import PASSWORD, PATIENCE, Ground, Server
from zones.models import Industry

ZONE = "/en/zones/the-zone/"


class Writer:
    """Somebody else who writes and does not end: on a database in memory all others wait in vain."""

    def __init__(self):
        self.connection = sqlite3.connect(connection.settings_dict["NAME"], uri=True)
        self.connection.create_function("UNICODE_UPPER", 1, str.upper)

    def begin(self):
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute("UPDATE zones_city SET latitude = latitude")

    def end(self):
        self.connection.rollback()


@pytest.fixture
def writer(transactional_db):
    make_city(slug="datong")
    writer = Writer()
    yield writer
    writer.connection.close()


def lang(page):
    return re.search(r'<html lang="([^"]+)"', page)[1]


def hidden(page):
    """{name: value} of what a page holds to be sent again."""
    inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {unescape(name): unescape(value) for name, value in inputs}


@pytest.mark.sqlite
@pytest.mark.parametrize(("language", "spoken"), [("en", "Not saved yet"), ("zh-hans", "尚未保存")])
def test_what_staff_typed_comes_back_and_can_be_sent_again(writer, client, language, spoken):
    client.force_login(User.objects.create_superuser("root"))
    client.raise_request_exception = False
    address = "/admin/zones/industry/add/"
    typed = {
        "slug": "coal",
        "name_en": 'Coal <and> "more"',
        "name_zh": "煤炭",
        "order": "3",
        "is_active": "on",
    }
    writer.begin()
    answer = client.post(address, typed, headers={"accept-language": language})
    writer.end()

    text = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "no-store" in answer["Cache-Control"]
    assert spoken in text
    sent_back = hidden(text)
    assert sent_back.pop("csrfmiddlewaretoken")
    assert sent_back == typed
    assert not Industry.objects.filter(slug="coal").exists()

    assert client.post(address, sent_back).status_code == 302
    assert Industry.objects.get(slug="coal").name_en == typed["name_en"]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("origin", "sent_back"), [("http://testserver", "coal"), ("http://evil.example", None)]
)
def test_so_it_does_where_not_even_the_session_can_be_read_and_only_to_who_typed_it(
    writer, client, origin, sent_back
):
    client.force_login(User.objects.create_superuser("root"))
    client.raise_request_exception = False
    writer.begin()
    writer.connection.execute("UPDATE django_session SET expire_date = expire_date")
    answer = client.post("/admin/zones/industry/add/", {"slug": "coal"}, headers={"origin": origin})
    writer.end()
    assert answer.status_code == 503
    assert hidden(answer.content.decode()).get("slug") == sent_back


@pytest.mark.sqlite
def test_readers_get_what_is_kept_or_a_clear_refusal_in_their_language(writer, client, caplog):
    caches["pages"].clear()
    client.raise_request_exception = False
    kept = client.get("/en/cities/")
    assert kept.status_code == 200
    versions._remembered["default"] = (0, versions.remembered("default"))
    with writer.connection:
        writer.begin()
        writer.connection.execute("UPDATE listings_dataversion SET number = number")
        late, english, chinese = (client.get(one) for one in ("/en/cities/", "/en/", "/zh-hans/regions/"))
        writer.end()

    assert (late.status_code, late.content) == (200, kept.content)
    assert [page.status_code for page in (english, chinese)] == [503, 503]
    assert [lang(page.content.decode()) for page in (english, chinese)] == ["en", "zh-Hans"]
    assert english["Retry-After"] == "10"
    assert "try again in 10 seconds" in english.content.decode()
    assert english["X-Request-Id"] in english.content.decode()
    assert "Traceback" not in caplog.text
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
    assert caplog.text.count("Not answered: The database is busy") == 2
    assert client.get("/zh-hans/regions/").status_code == 200


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(28, "No space left on device"), Reason.FULL),
        (OSError(2, "No such file"), None),
        (ValueError("database is locked"), None),
        (OperationalError("the connection is closed"), Reason.GONE),
    ],
)
def test_only_what_the_database_cannot_help_is_told_apart_from_a_fault(error, reason):
    assert outages.reason(error) is reason


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_table_that_is_not_there_is_a_fault_of_ours():
    with pytest.raises(OperationalError) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nowhere")
    assert outages.reason(caught.value) is None


# Faults of ours


def broken(request):
    raise ValueError("secret detail")


urlpatterns = [path("broken/", broken)]
handler500 = "shanxi_portal.unavailable.server_error"


@pytest.mark.parametrize("templates", ["all", "none"])
def test_a_fault_is_told_in_both_languages_whatever_is_broken(settings, templates):
    """Without the database, and without the templates too."""
    settings.ROOT_URLCONF = __name__
    if templates == "none":
        engine = settings.TEMPLATES[0] | {"DIRS": [], "APP_DIRS": False}
        settings.TEMPLATES = [engine]
    answer = Client(raise_request_exception=False).get("/broken/")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "Something went wrong" in text
    assert "页面暂时无法显示" in text
    assert (answer["X-Request-Id"] in text) == (templates == "all")
    assert "secret detail" not in text


# A server that is gone

ROWS = f"""
from django.contrib.auth.models import User
from tests.factories import make_zone

User.objects.create_superuser("root", password="{PASSWORD}")
make_zone(slug="the-zone")
"""


@pytest.fixture
def postgres():
    programs = find_programs() or pytest.skip(MISSING)
    with Postgres(programs) as server:
        server.create()
        yield server.start()


def wait_for(server, address, status):
    """Until an address answers so; the site looks again every few seconds."""
    deadline = time.monotonic() + PATIENCE
    while (found := server.get(address))[0] != status:
        assert time.monotonic() < deadline, found
        time.sleep(0.1)


def test_a_database_that_goes_and_comes_back_needs_no_hand(tmp_path, static_files, postgres):
    ground = Ground(tmp_path, Databases(postgres.url()), static_files).migrate().fill(ROWS)
    with Server(ground, "gone", WEB_CONCURRENCY="1") as server:
        kept = server.get(ZONE)
        wait_for(server, "/readyz", 200)
        postgres.stop()

        for _ in range(3):
            assert (server.get(ZONE)[0], server.get(ZONE)[2]) == (200, kept[2])
        status, headers, body = server.get("/zh-hans/zones/")
        assert (status, headers["Retry-After"], lang(body.decode())) == (503, "10", "zh-Hans")
        wait_for(server, "/readyz", 503)
        assert "database failed" in server.get("/readyz")[2].decode().splitlines()
        assert server.get("/healthz")[0] == 200
        assert server.get("/admin/", Cookie=f"sessionid={'x' * 32}")[0] == 503

        postgres.start()
        wait_for(server, "/zh-hans/zones/", 200)
        log = server.log.read_text()
        assert "Traceback" not in log
        assert log.count("The database default does not answer") == 1
