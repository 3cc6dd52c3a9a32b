"""The index of the list of projects: built for tests, asked, and set beside what the plain path says."""

import io

from django.core.management import call_command
from django.core.paginator import Paginator
from django.db import connection, transaction
from django.http import QueryDict

from listings import versions
from listings.index.building import pack, unpack
from listings.index.checking import differences
from listings.index.layout import layout_of
from listings.index.results import IndexedResults
from listings.models import Index, IndexPart
from listings.results import PlainResults
from projects.filters import ProjectFilter
from projects.models import Project

LAYOUT = layout_of(ProjectFilter)
TABLE = "projects_project"
SORTS = ("latest", "earliest", "investment-largest", "investment-smallest", "name")
PAGE_SIZE = 25
TEXTS = ["steel", "zin", "mining", "钢铁", "太原", "taiyuan", "steel taiyuan", "煤", "%"]
QUERIES = [
    *(f"sort={sort}" for sort in SORTS),
    *(f"q={text.replace('%', '%25').replace(' ', '+')}" for text in TEXTS),
    *("city=not-stated", "zone=not-stated&city=taiyuan", "status=signed&investment=100m-500m&sort=name"),
    *("year=2024&year=not-stated&q=steel&sort=name", "investment_from=100&investment_below=1000"),
]


def build():
    """Run `build_index` on small lists too; what it prints."""
    return run("build_index", all=True)


def run(command, **options):
    """Run a command of `manage.py`; what it prints."""
    printed = io.StringIO()
    try:
        call_command(command, no_progress=True, stdout=printed, **options)
    finally:
        # A process that asks a second later sees what it has done.
        versions.forget()
    return printed.getvalue()


def filterset(query=""):
    """The filters of the public list of projects, for a query string."""
    return ProjectFilter(data=QueryDict(query), queryset=Project.objects.published())


def is_used():
    """Whether the list is answered from its index, as a request of this moment would be."""
    versions.forget()
    return isinstance(filterset().results, IndexedResults)


def answer(filterset, results, *, pages=None):
    """Everything that results say: the number of rows, their keys in order, options and counts of the facets.

    Of the rows all, or those of the pages named; of the counts those that are not 0.
    """
    assert filterset.problems() == []
    paginator = Paginator(results.rows, PAGE_SIZE)
    return {
        "total": (results.total(), paginator.count),
        "rows": [[row.pk for row in paginator.page(page)] for page in pages or paginator.page_range],
        "options": {name: facet.options for name, facet in filterset.facets.items()},
        "counts": {name: not_zero(results.counts(name)) for name in filterset.facets},
        "without": {
            (name, value): results.total(name, value)
            for name, chosen in filterset.chosen().items()
            for value in (chosen if isinstance(chosen, list) else [None])
        },
    }


def not_zero(counts):
    return {value: number for value, number in counts.items() if number}


def by_index(query, **options):
    """The answer of the index, as a request gives it that comes a second after the last change."""
    versions.forget()
    filters = filterset(query)
    assert isinstance(filters.results, IndexedResults)
    return answer(filters, filters.results, **options)


def plainly(query, **options):
    """The answer of the plain path: no index is used in a transaction."""
    with transaction.atomic():
        filters = filterset(query)
        assert isinstance(filters.results, PlainResults)
        return answer(filters, filters.results, **options)


def assert_exact(queries):
    """The index says what the plain path says, and what the table says."""
    for query in queries:
        assert by_index(query) == plainly(query), query
    assert list(differences(LAYOUT)) == []


def part(name):
    """A stored part of the index in use: what belongs to it, its numbers, a function that writes others."""
    row = IndexPart.objects.get(build=Index.objects.get(table=TABLE).build, name=name)
    numbers, more = unpack(row.blob)

    def write(numbers, more=more):
        row.blob = pack(numbers, more)
        row.save()

    return more, numbers.copy(), write


def sql(statement, *values, on=connection):
    """Run a statement past the models."""
    with on.cursor() as cursor:
        cursor.execute(statement, values or None)
