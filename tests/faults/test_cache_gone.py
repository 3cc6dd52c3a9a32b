"""The Redis of the cache, which goes away and comes back while people read and save."""

import pytest

from tests.faults.sites import Site
from tests.faults.test_processes import await_saves
from tests.redis import MISSING, RedisServer, find_redis


@pytest.fixture
def redis(tmp_path):
    program = find_redis() or pytest.skip(MISSING)
    with RedisServer(program, tmp_path) as server:
        yield server


@pytest.mark.fault
def test_the_cache_gone_and_back(files_ground, redis, tell):
    shared = {"CACHE_URL": redis.url}
    with Site(files_ground, "uncached", **shared) as site:
        with site.readers() as readers, site.editor() as editor:
            await_saves(editor, 2)
            redis.stop()
            readers.await_answers(200, 50)
            await_saves(editor, 2)
            redis.start()
            back = readers.await_answers(200, 50)
            await_saves(editor, 2)
        log = site.server.log.read_text()
        site.prove(editor)
    assert readers.odd == []
    assert set(readers.seen) == {200}
    assert "Redis is not used for" in log
    assert "Traceback" not in log
    tell("the cache gone and back", readers, [editor], back)
