"""The cache in a real Redis, which all processes share, and which may go away."""

import time

import pytest
from django.core.cache import caches
from django.test import override_settings

from shanxi_portal.caches import OptionalRedis
from tests.redis import MISSING, RedisServer, find_redis
from tests.serving import Server

# Where the records are does not matter here.
pytestmark = pytest.mark.sqlite


@pytest.fixture
def redis(tmp_path):
    program = find_redis() or pytest.skip(MISSING)
    with RedisServer(program, tmp_path) as server:
        yield server


@pytest.fixture
def cache(redis):
    OptionalRedis.down_until = 0
    config = {
        "BACKEND": "shanxi_portal.caches.OptionalRedis",
        "LOCATION": redis.url,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1},
    }
    with override_settings(CACHES={"default": config, "pages": config | {"KEY_PREFIX": "pages"}}):
        yield caches["default"]
    OptionalRedis.down_until = 0


def test_what_is_set_is_there_for_all_and_goes_in_its_time(cache):
    cache.set("a", b"bytes", 60)
    assert cache.get("a") == b"bytes"
    assert cache.get("b", "default") == "default"
    assert caches["pages"].get("a") is None
    cache.set("short", 1, 0)
    assert cache.get("short") is None


def test_what_is_counted_is_added_once_and_deleted(cache, redis):
    assert [cache.add("attempts", 1), cache.add("attempts", 2), cache.get("attempts")] == [True, False, 1]
    assert [cache.delete("attempts"), cache.delete("attempts")] == [True, False]

    redis.stop()
    # Nothing is known to have been there, so each attempt may count.
    assert [cache.add("attempts", 1), cache.add("attempts", 1), cache.delete("attempts")] == [
        True,
        True,
        False,
    ]


@override_settings(REDIS_MEMORY=0.2)
def test_a_redis_that_is_gone_has_kept_nothing_and_is_said_once_until_it_is_asked_again(cache, redis, caplog):
    cache.set("a", 1)
    redis.stop()
    began = time.monotonic()
    for _ in range(20):
        cache.set("a", 2)
        assert cache.get("a", "nothing") == "nothing"
        assert caches["pages"].get("a") is None
    assert time.monotonic() - began < 1
    assert 1 <= caplog.text.count("Redis is not used for") <= 5

    redis.start()
    time.sleep(0.2)
    cache.set("a", 3)
    assert cache.get("a") == 3


def test_pages_are_shared_by_servers_and_survive_the_loss_of_redis(ground, redis):
    shared = {"CACHE_URL": redis.url, "SITE_URL": "https://invest.example", "WEB_CONCURRENCY": "1"}
    host = {"Host": "localhost"}
    with Server(ground, "redis", **shared) as server:
        with Server(ground, "redis-second", **shared) as second:
            first = server.get("/en/zones/", **host)
            assert inside(redis) == (1, 0)
            assert second.get("/en/zones/", **host)[2] == first[2]
            assert inside(redis) == (1, 1)

        redis.stop()
        assert [server.get("/en/zones/", **host)[2] for _ in range(3)] == [first[2]] * 3
        assert server.get("/en/zones/", If_None_Match=first[1]["ETag"], **host)[0] == 304
        log = server.log.read_text()
        assert log.count("Redis is not used for 15 seconds") == 1
        assert "Traceback" not in log


def inside(redis):
    """(number of pages in it, how often one was found)"""
    import redis as client

    with client.Redis.from_url(redis.url) as connection:
        return len(connection.keys("pages:*")), connection.info()["keyspace_hits"]
