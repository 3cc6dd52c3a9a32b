"""A replica that falls behind, stops and comes back while people read and save."""

import re
import signal
import time

import psycopg
import pytest

from tests.faults.sites import Site
from tests.faults.test_processes import await_saves
from tests.postgresql import Postgres

pytestmark = pytest.mark.fault


@pytest.fixture
def replica(postgres, postgres_ground):
    with Postgres(postgres.programs) as replica:
        replica.follow(postgres)
        yield replica.start()


@pytest.fixture
def site(postgres_ground, replica):
    database = postgres_ground.databases.name("behind")
    with Site(postgres_ground, "behind", DATABASE_REPLICA_URL=replica.url(database)) as site:
        site.database = database
        yield site


def value(page):
    """The number that the page of the project shows."""
    return int(re.search(r"Value (\d+)", page.decode())[1])


def ask(postgres, database, sql):
    with psycopg.connect(postgres.url(database), autocommit=True) as connection:
        return connection.execute(sql).fetchone()[0]


def until(condition):
    began = time.monotonic()
    while not condition():
        assert time.monotonic() < began + 60
        time.sleep(0.05)
    return time.monotonic() - began


def test_the_replica_behind_gone_and_back(site, replica, tell):
    page = "/en/projects/the-project/"

    def shown(**headers):
        return value(site.server.get(page, **headers)[2])

    with site.readers() as readers, site.editor() as editor:
        await_saves(editor, 2)
        ask(replica, site.database, "SELECT pg_wal_replay_pause() IS NULL")
        old = editor.acknowledged[-1]
        await_saves(editor, 3)
        # Readers see the page as it was; who works on it sees what it is.
        assert shown() <= old + 1 < shown(Cookie=editor.cookies)
        ask(replica, site.database, "SELECT pg_wal_replay_resume() IS NULL")
        caught_up = until(lambda: shown() > old + 1)
        replica.process.send_signal(signal.SIGQUIT)
        replica.process.wait(60)
        newest = editor.acknowledged[-1]
        by_primary = until(lambda: shown() > newest)
        await_saves(editor, 2)
        replica.start()
        readers.await_answers(200, 50)
    site.prove(editor)
    assert readers.odd == []
    assert set(readers.seen) == {200}
    more = f"readers saw what was new {caught_up:.1f} s after it went on, {by_primary:.1f} s after its loss"
    tell("the replica behind, then gone, then back", readers, [editor], more=more)
