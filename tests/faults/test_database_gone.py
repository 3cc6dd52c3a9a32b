"""PostgreSQL that stops, or no longer answers, for ten seconds, and comes back."""

import signal
import threading

import pytest

from tests.faults import servers
from tests.faults.sites import Site
from tests.faults.test_processes import await_saves

pytestmark = pytest.mark.fault
OUTAGE = 10


@pytest.fixture
def site(postgres_ground, postgres):
    with Site(postgres_ground, "gone") as site:
        servers.settle(postgres)
        yield site


def test_the_database_stopped_for_ten_seconds(site, postgres, tell):
    with site.readers() as readers, site.editor() as editor:
        await_saves(editor, 2)
        servers.kill(postgres)
        readers.await_answers(503)
        threading.Event().wait(OUTAGE)
        servers.start_again(postgres)
        back = await_saves(editor, 1)
        await_saves(editor, 2)
        readers.await_answers(200, 50)
    site.prove(editor)
    assert readers.odd == []
    assert set(readers.seen) == {200, 503}
    tell("PostgreSQL killed, and gone for 10 s", readers, [editor], back)


def test_the_database_silent_for_ten_seconds(site, postgres, tell):
    with site.readers() as readers, site.editor() as editor:
        await_saves(editor, 2)
        processes = servers.family(postgres)
        servers.send(signal.SIGSTOP, processes)
        try:
            threading.Event().wait(OUTAGE)
        finally:
            servers.send(signal.SIGCONT, processes)
        back = await_saves(editor, 1)
        readers.await_answers(200, 50)
    site.prove(editor)
    assert readers.odd == []
    assert set(readers.seen) <= {200, 503}
    tell("PostgreSQL silent (SIGSTOP) for 10 s", readers, [editor], back)
