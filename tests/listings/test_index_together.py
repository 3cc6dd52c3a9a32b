"""Several at once: what others write, builds that end meanwhile, threads of one process."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from listings import versions
from listings.index import building
from listings.index.results import IndexedResults
from projects.models import Project
from tests.listings import indexing
from tests.listings.index_rows import NAMES, SUMS, make_projects, seeded, shape
from tests.listings.indexing import QUERIES, assert_exact, build, by_index, plainly, sql

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def projects():
    """The rows of `index_rows`, and their index."""
    rows = make_projects()
    build()
    return rows


@pytest.fixture
def graceless(monkeypatch):
    """Old builds go at once."""
    monkeypatch.setattr(building, "GRACE", 0)


@pytest.fixture
def another():
    """A second connection to the same database, as another process has one."""
    other = connection.copy()
    yield other
    other.close()


def test_what_another_process_writes_is_seen(projects, another):
    assert_exact(["q=steel", "sort=name"])
    sql("UPDATE projects_project SET name_en = 'Steel by others' WHERE id % 2 = 0", on=another)
    sql("UPDATE zones_city SET name_en = 'Zinc City'", on=another)
    assert_exact(QUERIES)


class Between:
    """Has another process make a change just before the query with this number."""

    def __init__(self, number, change):
        self.number, self.change, self.seen = number, change, 0

    def __call__(self, execute, statement, values, many, context):
        self.seen += 1
        # Nobody can write into a SQLite in memory while somebody reads from it.
        is_free = connection.vendor == "postgresql" or not connection.connection.in_transaction
        if self.seen == self.number and is_free:
            self.change()
        return execute(statement, values, many, context)


def test_a_change_between_two_queries_is_seen_by_the_next_request_at_the_latest(projects, another):
    keys, number = [row.pk for row in projects if row.state == "published"], 0
    while True:
        number += 1
        # Something to patch, and then something else while it is patched.
        Project.objects.filter(pk__in=keys[number % 5 :: 2]).update(**shape(seeded(number)))

        def change(number=number):
            for place, key in enumerate(keys[number % 7 :: 3]):
                values = (seeded(number * 100 + place).choice(SUMS[:-1]), NAMES[place % 9 - 1], key)
                sql(
                    "UPDATE projects_project SET investment_yuan = %s, investment_basis = 'total', "
                    "name_en = %s WHERE id = %s",
                    *values,
                    on=another,
                )
            sql("UPDATE projects_project SET state = 'draft' WHERE id = %s", keys[number % 30], on=another)
            sql(
                "UPDATE projects_project SET state = 'published' WHERE id = %s",
                keys[number % 30 + 1],
                on=another,
            )

        between = Between(number, change)
        versions.forget()
        with connection.execute_wrapper(between):
            filters = indexing.filterset("q=steel&sort=name")
            assert isinstance(filters.results, IndexedResults)
            assert len(rows(filters)) <= len(projects)
        if between.seen < number:
            break
        assert_exact(["", "q=steel", "q=zin&sort=name", "sort=investment-largest"])
    assert number > 10


# Another build


def test_who_looked_while_an_index_was_built_takes_the_new_one(projects, graceless):
    """Nothing tells a process of a new build but the version, and no record has changed since it looked."""
    found, words = [], plainly("q=steel&sort=name")["rows"]

    def looking(rows):
        for row in rows:
            if not found:
                # A thread, as a process of its own would: this one is reading.
                versions.forget()
                with ThreadPoolExecutor(1) as threads:
                    found.append(threads.submit(in_thread, rows_of, "q=steel&sort=name").result())
            yield row

    building.build(indexing.LAYOUT, progress=looking)
    assert found == [words]
    assert_exact(QUERIES)


def test_an_index_that_is_dropped_is_used_no_more(projects, graceless):
    assert_exact(["q=steel"])
    building.drop(indexing.LAYOUT)
    assert not indexing.is_used()
    assert rows_of("q=steel&sort=name") == plainly("q=steel&sort=name")["rows"]


def test_the_old_build_is_kept_until_nobody_uses_it(projects, monkeypatch):
    """Who began a second ago with the old one finds its words."""
    monkeypatch.setattr(building, "GRACE", 0.5)
    old = indexing.filterset("q=steel")
    kept = []
    sleep = building.time.sleep
    monkeypatch.setattr(building.time, "sleep", lambda seconds: kept.append(rows(old)) or sleep(seconds))
    build()
    assert kept == [rows(indexing.filterset("q=steel"))]
    assert kept[0]
    assert_exact(["q=steel"])


def rows(filters):
    assert filters.problems() == []
    return [row.pk for row in filters.results.rows[:100]]


@pytest.mark.postgresql
def test_threads_that_read_while_others_write_find_what_there_is(projects):
    keys = [row.pk for row in projects if row.state == "published"]

    def write(writer):
        chance = seeded(writer)
        for _ in range(40):
            Project.objects.filter(pk__in=sorted(chance.sample(keys, 3))).update(name_en=chance.choice(NAMES))

    def read(reader):
        for step in range(40):
            versions.forget()
            filters = indexing.filterset(QUERIES[(step + reader) % len(QUERIES)])
            found = indexing.answer(filters, filters.results, pages=[1])
            assert found["total"][0] == found["total"][1] <= len(keys)

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(in_thread, role, n) for n in range(2) for role in (write, read)]:
            done.result()
    assert_exact(QUERIES)


def test_two_threads_bring_one_snapshot_up_to_date_together(projects):
    for row in projects[:5]:
        by_index("")
        Project.objects.filter(pk=row.pk).update(name_en="Steel for two")
        versions.forget()
        with ThreadPoolExecutor(2) as threads:
            found = [threads.submit(in_thread, rows_of, "q=two&sort=name") for _ in range(2)]
        assert [done.result() for done in found] == [plainly("q=two&sort=name")["rows"]] * 2


def rows_of(query):
    filters = indexing.filterset(query)
    return indexing.answer(filters, filters.results)["rows"]


def in_thread(function, *arguments):
    """Run it with a connection of the thread's own, closed at the end."""
    try:
        return function(*arguments)
    finally:
        connections.close_all()
