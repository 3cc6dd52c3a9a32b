"""Ways to answer a query of the list of projects, to be measured side by side.

Each gives an `Answer`. They differ in how they come to it, and in what they can do: the least SQL has the
rows of the page alone.
"""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db import connection

from benchmarks.queries import Query
from listings.listing import Listing
from listings.results import PlainResults
from projects.filters import ProjectFilter
from projects.models import Project

PAGE_SIZE = 25
PATH = "/en/projects/"
FLOOR_TABLE = "benchmarks_floor"


@dataclass(frozen=True)
class Answer:
    """How many projects, the ids of the page, and by facet the numbers that are not 0."""

    total: int
    page: tuple
    facets: dict


def filterset_of(query):
    """The filters of a query over the public projects."""
    return ProjectFilter(data=query.data(page=False), queryset=Project.objects.published())


def is_indexed():
    """Whether the list of projects is answered from its index now, and not by the plain path."""
    return not isinstance(filterset_of(Query(())).results, PlainResults)


def by_listing(query):
    """What a page asks of `Listing`: rows, count and options of every facet, by the index if there is one."""
    listing = Listing(filterset_of(query), PATH, query.data(), page_size=PAGE_SIZE)
    facets = {
        facet.name: {option.value: option.count for option in facet.options if option.count}
        for facet in listing.facets
    }
    return Answer(listing.total, tuple(row.pk for row in listing.page.object_list), facets)


def by_index(query):
    """All that the index has to say, the values that a page leaves out included."""
    filterset = filterset_of(query)
    return _answer(filterset, filterset.results, query)


def by_group_by(query):
    """The slow exact answer: one GROUP BY for each facet, a COUNT, and the rows of the page by OFFSET."""
    filterset = filterset_of(query)
    return _answer(filterset, PlainResults(filterset), query)


def _answer(filterset, results, query):
    if problems := filterset.problems():
        raise ValueError(f"{query}: {problems}")
    facets = {name: not_zero(results.counts(name)) for name in filterset.facets}
    paginator = Paginator(results.rows, PAGE_SIZE)
    number = min(int((query.of("page") or ["1"])[0]), paginator.num_pages)
    return Answer(paginator.count, tuple(row.pk for row in paginator.page(number).object_list), facets)


def not_zero(counts):
    """The numbers of a facet that are not 0, by value."""
    return {value: int(number) for value, number in counts.items() if number}


class LeastSql:
    """The rows of the page and nothing else, found by an index that fits the query as no real one could.

    That index is a temporary table: the ids of every page, by query and position.
    """

    def __init__(self):
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TEMPORARY TABLE {FLOOR_TABLE} (query integer, position integer, project bigint, "
                "PRIMARY KEY (query, position))"
            )

    def learn(self, number, answer):
        """Prepare for query `number`, whose answer is known."""
        rows = [(number, position, project) for position, project in enumerate(answer.page)]
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {FLOOR_TABLE} VALUES (%s, %s, %s)", rows)  # noqa: S608

    def __call__(self, number):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT project.* FROM {FLOOR_TABLE} floor "  # noqa: S608
                f"JOIN {Project._meta.db_table} project ON project.id = floor.project "
                "WHERE floor.query = %s ORDER BY floor.position",
                [number],
            )
            return cursor.fetchall()
