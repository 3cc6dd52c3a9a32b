"""Alive and ready: asked by address and by HTTP, answered part by part, the reasons for operators alone."""

import threading

import pytest
from django.db import connection
from django.test import override_settings

from operations import health
from tests.redis import MISSING, RedisServer, find_redis
from tests.serving import PATIENCE


@pytest.fixture(autouse=True)
def anew(settings):
    """Nothing is known, and a slow machine may take its time."""
    settings.READY_SECONDS = PATIENCE
    health.forget()
    yield
    health.forget()


def state(name):
    """How a part is, and why, looked at now and in this thread."""
    part = health.look_at(name, health.CHECKS[name])
    return part.state.value, part.reason


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_a_probe_asks_by_any_host_and_by_http(client, transactional_db, address):
    with override_settings(SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["invest.example"]):
        answer = client.get(address, headers={"host": "10.0.0.7:8000"})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db(transaction=True)
def test_each_part_is_named(client):
    parts = ["disk", "database", "migrations", "triggers", "indexes", "cache", "replica"]
    said = ["ready", *(f"{part} ok" for part in parts)]
    assert client.get("/readyz").content.decode().splitlines() == said


@pytest.mark.django_db(transaction=True)
def test_what_is_missing_is_named_without_the_reason(client, settings):
    settings.DISK_FREE_MB = 10**12
    answer = client.get("/readyz")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.content.decode().splitlines()[:2] == ["not ready", "disk failed"]


@pytest.mark.django_db
def test_a_migration_of_this_code_that_was_not_applied():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'zones'")
    found, reason = state("migrations")
    assert found == "failed"
    assert reason.startswith("Not applied: zones.")


@pytest.mark.django_db
def test_a_migration_of_later_code_does_no_harm():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('zones', '9999_later', '2026-11-23')"
        )
    assert state("migrations") == ("ok", "")


@pytest.mark.django_db
def test_a_trigger_that_is_missing():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'zones_city'"
            )
            cursor.execute(f'DROP TRIGGER "{cursor.fetchone()[0]}"')
            missing = 1
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = 'zones_city'::regclass AND NOT tgisinternal"
            )
            cursor.execute(f'DROP TRIGGER "{cursor.fetchone()[0]}" ON zones_city')
            missing = 1
    assert state("triggers") == ("failed", f"{missing} triggers are missing. Run manage.py migrate.")


@pytest.mark.django_db
def test_a_large_list_without_an_index_makes_the_site_slow_and_not_unready(monkeypatch):
    monkeypatch.setattr(health, "THRESHOLD", 0)
    assert state("indexes") == (
        "degraded",
        "The index of projects_project is absent. Run manage.py build_index.",
    )


def test_a_cache_that_is_gone_makes_the_site_slow_and_not_unready(tmp_path):
    program = find_redis() or pytest.skip(MISSING)
    with RedisServer(program, tmp_path) as redis:
        config = {"BACKEND": "shanxi_portal.caches.OptionalRedis", "LOCATION": redis.url}
        with override_settings(CACHES={"default": config}, REDIS_MEMORY=0):
            assert state("cache") == ("ok", "")
            redis.stop()
            assert state("cache") == ("degraded", "The cache keeps nothing.")


def test_a_part_that_does_not_answer_keeps_nobody_waiting(monkeypatch, settings, caplog):
    """What hangs is a thread of its own; whoever asks meanwhile gets the same answer."""
    settings.READY_SECONDS = 0.05
    is_over = threading.Event()
    monkeypatch.setattr(health, "CHECKS", {"database": is_over.wait})
    try:
        first, second = health.readiness(), health.readiness()
    finally:
        is_over.set()
    reason = "No answer within 0.05 seconds."
    assert first == second == [health.Part("database", health.State.FAILED, reason)]
    assert caplog.text.count(reason) == 1
    assert sum(thread.name == "readiness" for thread in threading.enumerate()) <= 1
