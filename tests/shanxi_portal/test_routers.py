"""Reads from a replica that PostgreSQL itself streams to: behind, stopped, back again, lost in the middle.

Primary, replica and gunicorn are real, and the tests say how far the replica is behind.
"""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import psycopg
import pytest

from listings import versions
from tests.databases import Databases
from tests.postgresql import MISSING, Postgres, find_programs
from tests.serving import PASSWORD, PATIENCE, Ground, Server

ZONE = "/en/zones/the-zone/"
ROWS = f"""
from django.contrib.auth.models import User
from tests.factories import make_zone

User.objects.create_superuser("root", password="{PASSWORD}")
make_zone(slug="the-zone", name_en="Name 0")
"""


@pytest.fixture(scope="module")
def programs():
    return find_programs() or pytest.skip(MISSING)


@pytest.fixture(scope="module")
def primary(programs):
    with Postgres(programs) as postgres:
        postgres.create()
        yield postgres.start()


@pytest.fixture(scope="module")
def replica(programs, primary):
    with Postgres(programs) as postgres:
        postgres.follow(primary)
        yield postgres.start()


class Site:
    """gunicorn with a primary and a replica; one process, so that what it remembers is not another's."""

    def __init__(self, ground, primary, replica):
        self.primary, self.replica = primary, replica
        self.database = ground.databases.name("site")
        self.number = 0
        self.variables = {"DATABASE_REPLICA_URL": replica.url(self.database), "WEB_CONCURRENCY": "1"}
        self.server = Server(ground, "site", **self.variables)
        self.manage = lambda *command: ground.manage(*command, database="site", **self.variables)
        self.catch_up()

    def ask(self, postgres, sql, *values):
        """The first value of what one of the servers answers."""
        with psycopg.connect(postgres.url(self.database), autocommit=True) as connection:
            found = connection.execute(sql, values)
            return found.fetchone()[0] if found.description else None

    def rename(self):
        """Give the zone another name, on the primary; the name."""
        self.number += 1
        name = f"Name {self.number}"
        self.ask(self.primary, "UPDATE zones_zone SET name_en = %s", name)
        return name

    def catch_up(self):
        written = self.ask(self.primary, "SELECT pg_current_wal_insert_lsn()")
        wait_until(lambda: self.ask(self.replica, f"SELECT pg_last_wal_replay_lsn() >= '{written}'"))

    def pause(self):
        self.catch_up()
        self.ask(self.replica, "SELECT pg_wal_replay_pause()")
        wait_until(lambda: self.ask(self.replica, "SELECT pg_get_wal_replay_pause_state()") == "paused")

    def resume(self):
        self.ask(self.replica, "SELECT pg_wal_replay_resume()")
        self.catch_up()

    def wait_for_version(self):
        """Until no process takes the data to be what they were, and serves the page that it has kept."""
        time.sleep(versions.SECONDS)

    def name(self, address=ZONE, **headers):
        """The name of the zone that a page, or a file, shows."""
        status, _headers, body = self.server.get(address, **headers)
        assert status == 200
        # Search marks what it has found.
        return re.search(r"Name \d+", re.sub("</?mark>", "", body.decode()))[0]

    def complaints(self):
        return self.server.log.read_text().count("The replica is not used")


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def running(tmp_path_factory, static_files, primary, replica):
    ground = Ground(tmp_path_factory.mktemp("ground"), Databases(primary.url()), static_files)
    site = Site(ground.migrate().fill(ROWS), primary, replica)
    with site.server:
        yield site


@pytest.fixture
def site(running):
    """The replica answers and has all that was written."""
    running.name()
    yield running
    if running.replica.process.poll() is not None:
        running.replica.start()
    running.resume()


@pytest.fixture
def behind(site):
    """(the name that the replica has, the name that the primary has)."""
    old = site.name()
    site.pause()
    new = site.rename()
    # Until the router asks the replica again after an earlier test.
    wait_until(lambda: site.name() == old)
    return old, new


def test_a_reader_sees_the_replica_and_whoever_is_signed_in_the_primary(site, behind):
    old, new = behind
    cookies = sign_in(site)
    for address in (ZONE, "/en/zones/", "/en/search/?q=Name", "/en/zones.csv"):
        assert site.name(address) == old, address
        assert site.name(address, Cookie=cookies) == new, address
    site.resume()
    wait_until(lambda: site.name() == new)


def test_caches_need_not_know(site):
    site.wait_for_version()
    _status, plain, body = site.server.get(ZONE)
    _status, signed_in, same_body = site.server.get(ZONE, Cookie=sign_in(site))
    for name in ("Vary", "Cache-Control", "ETag", "Set-Cookie"):
        assert plain[name] == signed_in[name], name
    assert "Cookie" not in plain["Vary"]
    assert body == same_body


def test_staff_read_at_once_what_they_have_written(site, behind):
    _old, new = behind
    cookies = sign_in(site)
    status, _headers, page = site.server.get("/admin/zones/zone/", Cookie=cookies)
    assert (status, new in page.decode()) == (200, True)
    assert site.name(Cookie=cookies) == new


def sign_in(site):
    """The cookies of an administrator. The session is written to the primary, and read from it."""
    _status, headers, page = site.server.get("/admin/login/")
    cookie = headers["Set-Cookie"].partition(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.decode())[1]
    form = {"username": "root", "password": PASSWORD, "csrfmiddlewaretoken": token}
    status, headers, _page = site.server.post("/admin/login/", urlencode(form), Cookie=cookie)
    assert status == 302
    return "; ".join(value.partition(";")[0] for value in headers.get_all("Set-Cookie"))


def test_commands_read_from_the_primary(site, behind):
    _old, new = behind
    show = "from zones.models import Zone; print(Zone.objects.get().name_en)"
    assert site.manage("shell", "--no-imports", "--command", show).strip() == new


def test_a_stopped_replica_is_said_once_and_no_reader_notices(site):
    name = site.rename()
    before = site.complaints()
    site.replica.stop()
    site.wait_for_version()
    for _ in range(3):
        assert site.name() == name
    assert site.complaints() == before + 1
    assert "Traceback" not in site.server.log.read_text()

    site.replica.start()
    site.pause()
    site.rename()
    wait_until(lambda: site.name() == name)


def test_a_connection_lost_in_the_middle_of_a_page_costs_the_reader_nothing(site, behind):
    site.resume()
    site.wait_for_version()
    waiting = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'invest-shanxi'"
    with psycopg.connect(site.primary.url(site.database)) as connection, ThreadPoolExecutor(1) as another:
        connection.execute("LOCK TABLE zones_zone IN ACCESS EXCLUSIVE MODE")
        # The replica takes the lock when this has come through.
        site.ask(site.primary, "CREATE TABLE a_mark (); DROP TABLE a_mark")
        site.catch_up()
        answer = another.submit(site.server.get, ZONE)
        wait_until(lambda: site.ask(site.replica, f"SELECT count(*) {waiting}"))
        before = site.complaints()
        site.ask(site.replica, f"SELECT pg_terminate_backend(pid) {waiting}")
        connection.rollback()
        assert answer.result()[0] == 200
    assert site.complaints() == before + 1


def test_nothing_is_ever_written_to_the_replica(site):
    code = "from django.db import connections; "
    code += "connections['replica'].cursor().execute('CREATE TABLE a_table ()')"
    with pytest.raises(AssertionError, match="read-only transaction"):
        site.manage("shell", "--no-imports", "--command", code)
