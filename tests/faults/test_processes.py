"""Processes that are killed while people read, save, export and import."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.faults import servers
from tests.faults.editors import SAVED
from tests.faults.readers import NO_ANSWER

THREADS = 4


def kill_a_worker(site):
    """Kill one of the two processes that answer; the ids of those that were there."""
    before = site.workers()
    os.kill(before[0], signal.SIGKILL)
    return before


def await_workers(site, before):
    """Wait until none of the killed is left and two answer; how many seconds that took."""
    began = time.monotonic()
    while len(site.workers()) < 2 or before[0] in site.workers():
        assert time.monotonic() < began + 60, "The master did not start another."
        time.sleep(0.01)
    return time.monotonic() - began


def await_saves(editor, times, patience=60):
    """Wait until so many more saves are acknowledged; how many seconds that took."""
    began, before = time.monotonic(), editor.outcomes[SAVED]
    while editor.outcomes[SAVED] < before + times:
        assert time.monotonic() < began + patience, f"Nothing can be saved: {editor.told()} {editor.odd}"
        time.sleep(0.01)
    return time.monotonic() - began


@pytest.mark.fault
def test_a_worker_killed_in_the_middle_of_edits(any_site, tell):
    site, kills = any_site, 3
    with site.readers() as readers, site.editor() as one, site.editor("another-project") as other:
        well_after = []
        for _ in range(kills):
            await_saves(one, 2)
            before = kill_a_worker(site)
            well_after.append(await_workers(site, before))
        await_saves(one, 2)
        await_saves(other, 2)
    site.prove(one, other)
    assert readers.odd == []
    assert set(readers.seen) <= {200, NO_ANSWER}
    # Only requests that this very process was answering are lost.
    assert readers.seen[NO_ANSWER] <= kills * THREADS
    what = f"a worker killed {kills} times in the middle of edits ({site.engine})"
    tell(what, readers, [one, other], max(well_after))


def test_a_power_cut_in_the_middle_of_edits(any_site, tell):
    site, cuts = any_site, 2
    with site.readers() as readers, site.editor() as one, site.editor("another-project") as other:
        well_after = []
        for _ in range(cuts):
            await_saves(one, 2)
            if site.postgres:
                servers.kill(site.postgres)
            site.kill()
            began = time.monotonic()
            if site.postgres:
                servers.start_again(site.postgres)
            site.server.start()
            readers.await_answers(200)
            well_after.append(time.monotonic() - began)
        await_saves(one, 2)
        await_saves(other, 2)
    site.prove(one, other)
    assert readers.odd == []
    assert set(readers.seen) <= {200, 503, NO_ANSWER}
    what = f"all processes killed at once, {cuts} times ({site.engine})"
    tell(what, readers, [one, other], max(well_after))


@pytest.mark.fault
def test_the_master_alone_killed(site, tell):
    """Nobody tells its workers: they see for themselves, end what they are at, and leave the port."""
    with site.readers() as readers, site.editor() as one, site.editor("another-project") as other:
        await_saves(one, 2)
        workers = site.workers()
        os.kill(site.server.process.pid, signal.SIGKILL)
        site.server.process.wait(60)
        began = time.monotonic()
        while any(is_running(pid) for pid in workers):
            assert time.monotonic() < began + 60, "Workers go on without their master."
            time.sleep(0.01)
        site.server.start()
        readers.await_answers(200)
        well_after = time.monotonic() - began
        await_saves(one, 2)
        await_saves(other, 2)
    site.prove(one, other)
    assert readers.odd == []
    assert set(readers.seen) <= {200, NO_ANSWER}
    tell("the master alone killed", readers, [one, other], well_after)


def is_running(pid):
    """Whether a process is there, and not merely waits for somebody to ask how it ended."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
