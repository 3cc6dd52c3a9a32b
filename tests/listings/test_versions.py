"""The version of the data: what it says, to whom, and that nobody misses a change."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from listings import versions
from listings.models import Change, DataVersion, Index
from listings.versions import Version
from tests import factories as make
from zones.models import City, Industry

ZONES, CITIES = "zones_zone", "zones_city"

committing = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def forgetful():
    versions.forget()
    yield
    versions.forget()


# current


@committing
def test_every_commit_has_a_version_of_its_own():
    seen = []
    for _ in range(3):
        make.make_city()
        seen.append(versions.current())
    assert len({version.epoch for version in seen}) == 1
    assert len({version.number for version in seen}) == 3
    assert sorted(seen, key=lambda version: version.number) == seen
    assert versions.current() == versions.current(using="default") == seen[-1]


@committing
def test_where_nobody_has_counted_there_is_no_version():
    DataVersion.objects.all().delete()
    assert (versions.current(), versions.recent()) == (None, None)
    make.make_city()
    assert versions.current() == versions.recent() is not None


@committing
def test_it_is_asked_for_by_one_query(django_assert_num_queries):
    make.make_city()
    with django_assert_num_queries(1):
        versions.current()


def test_a_version_is_fit_for_an_entity_tag():
    assert str(Version("00ff", 255)) == "00ff-ff"
    assert Version("a", 1) == Version("a", 1)
    assert len({Version("a", 1), Version("a", 2), Version("b", 1), Version("a", 1)}) == 3


# recent


@committing
def test_readers_are_told_for_a_while_what_was_so(monkeypatch, django_assert_num_queries):
    now = 100.0
    monkeypatch.setattr(versions.time, "monotonic", lambda: now)
    make.make_city()
    first = versions.recent()
    make.make_city()
    now += versions.SECONDS
    with django_assert_num_queries(0):
        assert versions.recent() == first
    now += 0.01
    assert versions.recent() == versions.current() != first


@committing
def test_what_was_so_can_be_forgotten():
    make.make_city()
    first = versions.recent()
    make.make_city()
    versions.forget()
    assert versions.recent() == versions.current() != first


@committing
def test_a_transaction_remembers_nothing_and_leaves_nothing_to_others():
    make.make_city()
    before = versions.recent()
    with transaction.atomic():
        make.make_city()
        if connection.vendor == "sqlite":
            assert versions.recent() != before
        else:
            assert versions.recent() == before
        transaction.set_rollback(True)
    assert versions.recent() == before


# changed, follow and prune


@committing
def test_changes_are_those_after_a_version():
    one, two, _three = (make.make_zone() for _ in range(3))
    start = versions.follow(ZONES)
    one.save()
    then = versions.current()
    two.save()
    two.save()
    assert versions.changed(ZONES, start) == {one.pk, two.pk}
    assert versions.changed(ZONES, then) == {two.pk}
    assert versions.changed(ZONES, versions.current()) == set()


@committing
def test_what_cannot_be_known_may_be_all():
    make.make_zone()
    before = versions.current()
    assert versions.changed(ZONES, before) is None
    start = versions.follow(ZONES)
    # Not logged yet; of another epoch; of a time that the database does not know; of another table.
    assert versions.changed(ZONES, before) is None
    assert versions.changed(ZONES, Version("another", start.number)) is None
    assert versions.changed(ZONES, Version(start.epoch, start.number + 1)) is None
    assert versions.changed(CITIES, start) is None
    assert versions.changed(ZONES, start) == set()


@committing
def test_a_table_that_is_followed_already_loses_nothing():
    zone = make.make_zone()
    start = versions.follow(ZONES)
    zone.save()
    assert versions.follow(ZONES).number > start.number
    assert versions.changed(ZONES, start) == {zone.pk}
    assert Index.objects.get().logged_since == start.number


@committing
def test_what_is_forgotten_of_the_log_may_be_all(monkeypatch):
    monkeypatch.setattr(versions, "BATCH", 2)
    zones, city = [make.make_zone() for _ in range(5)], make.make_city()
    start = versions.follow(ZONES)
    versions.follow(CITIES)
    for zone in zones:
        zone.save()
    city.save()
    then = versions.current()
    zones[0].save()
    versions.prune(ZONES, then.number)
    assert versions.changed(ZONES, start) is None
    assert versions.changed(ZONES, then) == {zones[0].pk}
    assert list(Change.objects.values_list("table", "row")) == [(CITIES, city.pk), (ZONES, zones[0].pk)]
    # A log does not grow back.
    versions.prune(ZONES, start.number)
    assert versions.changed(ZONES, start) is None


# Several at once, on PostgreSQL: on SQLite one writes at a time.


@pytest.fixture
def another():
    """A second connection to the same database."""
    other = connection.copy()
    yield other
    other.close()


def run(connection, sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


RENAME = "UPDATE zones_city SET name_en = name_en || '!' WHERE id = %s"


@pytest.mark.postgresql
@committing
def test_a_long_transaction_keeps_nobody_waiting_and_is_numbered_when_it_ends(another):
    one, two = make.make_city(), make.make_city()
    start = versions.follow(CITIES)
    another.set_autocommit(False)
    run(another, RENAME, one.pk)
    run(connection, "SET lock_timeout = 1")
    two.save()
    run(connection, "RESET lock_timeout")
    between = versions.current()
    assert versions.changed(CITIES, start) == {two.pk}
    another.commit()
    assert versions.current().number > between.number
    assert versions.changed(CITIES, between) == {one.pk}


@pytest.mark.postgresql
@committing
def test_who_begins_a_log_waits_for_those_who_have_counted_without_it(another):
    city = make.make_city()
    another.set_autocommit(False)
    run(another, RENAME, city.pk)
    # What a commit does, up to its last moment.
    run(another, "SET CONSTRAINTS ALL IMMEDIATE")
    with ThreadPoolExecutor(1) as threads:
        start = threads.submit(in_thread, versions.follow, CITIES)
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"
        while not ask(waiting):
            assert not start.done()
        another.commit()
        committed = versions.current()
    assert start.result().number >= committed.number
    assert City.objects.get(pk=city.pk).name_en == f"{city.name_en}!"


@pytest.mark.postgresql
@committing
def test_whoever_follows_the_changes_misses_none():
    """Four write what they like, one reads what has changed: in the end it has what the table has."""
    Industry.objects.bulk_create(
        Industry(slug=f"industry-{number}", name_en="0", order=number) for number in range(50)
    )
    keys = list(Industry.objects.order_by("order").values_list("pk", flat=True))
    version = versions.follow("zones_industry")
    mirror = dict(Industry.objects.values_list("pk", "name_en"))

    def write(writer):
        for step in range(60):
            with transaction.atomic():
                # In the same order everywhere, so that no two wait for each other.
                for place in sorted({(step * 7 + writer) % 50, (step * 11 + writer * 3) % 50}):
                    Industry.objects.filter(pk=keys[place]).update(name_en=f"{writer}-{step}")

    with ThreadPoolExecutor(4) as threads:
        writers = [threads.submit(in_thread, write, writer) for writer in range(4)]
        rounds = 0
        while True:
            ended = all(writer.done() for writer in writers)
            now = versions.current()
            changed = versions.changed("zones_industry", version)
            mirror |= dict(Industry.objects.filter(pk__in=changed).values_list("pk", "name_en"))
            assert now.number >= version.number
            version, rounds = now, rounds + 1
            if ended:
                break
    [writer.result() for writer in writers]
    assert rounds > 3
    assert mirror == dict(Industry.objects.values_list("pk", "name_en"))


def in_thread(function, *arguments):
    """Run it with a connection of the thread's own, closed at the end."""
    try:
        return function(*arguments)
    finally:
        connections.close_all()


def ask(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]
