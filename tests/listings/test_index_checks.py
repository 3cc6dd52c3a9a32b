"""`build_index` and `check_index`: what they say, what they leave behind, and what faults they find."""

import pytest
from django.core.management import CommandError
from django.db import connection
from pyroaring import BitMap

from listings import triggers
from listings.index import building, memory
from listings.index.layout import layout_for
from listings.models import Change, Index, IndexPart, Posting
from projects.filters import ProjectFilter
from projects.models import Project
from tests import factories as make
from tests.listings import indexing
from tests.listings.index_rows import make_projects
from tests.listings.indexing import QUERIES, TABLE, assert_exact, build, part, run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def graceless(monkeypatch):
    """Old builds go at once."""
    monkeypatch.setattr(building, "GRACE", 0)


@pytest.fixture
def five():
    """Five public projects and a draft, with an index; the keys of the five in the order of their names."""
    sector = make.make_industry(name_en="Steel")
    make.make_project(sector=sector, state="draft", name_en="Zero")
    rows = [make.make_project(sector=sector, name_en=name, name_zh="") for name in "ABCDE"]
    build()
    return [row.pk for row in rows]


def check():
    """The sentences of `check_index`, which fails if there is one."""
    with pytest.raises(CommandError) as error:
        run("check_index")
    printed = list(indexing.differences(indexing.LAYOUT))
    assert str(error.value) == f"{len(printed)} differences. Run manage.py build_index."
    return printed


# check_index


def test_an_index_that_is_right(five):
    assert run("check_index") == "Every index is what its table says.\n"
    Project.objects.filter(pk=five[0]).update(name_en="Another")
    assert run("check_index") == "Every index is what its table says.\n"


def test_no_index():
    make.make_project()
    assert run("check_index") == f"{TABLE}: no index.\nEvery index is what its table says.\n"


def test_a_wrong_value_of_a_column_is_named(five):
    values, numbers, write = part("column status")
    assert (values, numbers.tolist()) == ([None, "signed"], [1] * 5)
    numbers[[1, 3]] = 0
    write(numbers)
    assert check() == [
        f"{TABLE}: column status: rows {five[1]}, {five[3]} wrong, the first has None for 'signed'."
    ]


def test_a_wrong_number_of_a_range_is_named(five):
    _more, numbers, write = part("column number investment_yuan")
    numbers[4] = 7
    write(numbers)
    assert check() == [
        f"{TABLE}: column number investment_yuan: row {five[4]} wrong, the first has 7 for None."
    ]


def test_a_wrong_order_is_named_with_its_place(five):
    _more, numbers, write = part("order name")
    assert numbers.tolist() == [0, 1, 2, 3, 4]
    write(numbers[[0, 1, 2, 4, 3]])
    assert check() == [f"{TABLE}: order name: other than the table’s from place 4 on."]


def posting(term):
    return Posting.objects.get(term=term)


def test_a_wrong_word_is_named_with_its_rows(five):
    row = posting("a")
    assert list(BitMap.deserialize(bytes(row.bitmap))) == [0]
    row.bitmap = BitMap([0, 2, 3]).serialize()
    row.save()
    posting("b").delete()
    Posting.objects.create(build=row.build, term="unheard", part=1, count=1, bitmap=BitMap([4]).serialize())
    assert sorted(check()) == sorted(
        [
            f"{TABLE}: word 'a' in the name: found for rows {five[2]}, {five[3]}, which has it no more.",
            f"{TABLE}: word 'b' in the name: not found for row {five[1]}.",
            f"{TABLE}: word 'unheard' in the summary: found for row {five[4]}, which has it no more.",
        ]
    )


def test_a_missing_row_is_named(five):
    """As if nobody had followed a change."""
    Project.objects.filter(state="draft").update(state="published")
    (new,) = Project.objects.exclude(pk__in=five).values_list("pk", flat=True)
    assert run("check_index") == "Every index is what its table says.\n"
    Change.objects.all().delete()
    found = check()
    assert found[0] == f"{TABLE}: row {new} in the table and not in the index."
    assert f"{TABLE}: word 'zero' in the name: not found for row {new}." in found
    orders = [sentence for sentence in found if ": order " in sentence]
    assert [sentence.split()[2] for sentence in orders] == [f"{sort}:" for sort in indexing.SORTS]


def test_an_extra_row_is_named(five):
    Project.objects.filter(pk__in=five[:3]).update(state="draft")
    Change.objects.all().delete()
    assert f"{TABLE}: rows {five[0]}, {five[1]}, {five[2]} in the index and not in the table." in check()


def test_many_rows_are_counted(five):
    for _ in range(8):
        make.make_project(name_en="Many")
    Change.objects.all().delete()
    first = ", ".join(str(five[-1] + number) for number in range(1, 6))
    assert check()[0] == f"{TABLE}: rows {first} and 3 more in the table and not in the index."


@pytest.mark.parametrize(
    ("how", "words"),
    [({"fingerprint": "other"}, "made by other code"), ({"epoch": "other"}, "made of other data")],
)
def test_an_index_that_is_not_used_is_no_index(five, how, words):
    Index.objects.update(**how)
    assert check() == [f"{TABLE}: the index is {words}."]


def test_a_missing_part(five):
    IndexPart.objects.filter(name="order name").delete()
    assert check() == [f"{TABLE}: the index is damaged."]


# build_index


def test_what_a_build_says(five):
    printed = build()
    row = Index.objects.get()
    assert printed.startswith(f"{TABLE}: 5 rows and {Posting.objects.count()} words in ")
    assert printed.endswith(" MB of columns, 0.0 MB of words.\n")
    parts = sum(len(part.blob) for part in IndexPart.objects.all())
    words = sum(len(word.bitmap) for word in Posting.objects.all())
    assert (row.rows, row.size) == (5, parts + words)


def test_a_small_list_needs_no_index(five):
    assert run("build_index") == f"{TABLE}: 5 public rows need no index.\n"
    assert counted() == (0, 0, 0)
    # Nobody logs what nobody reads.
    Project.objects.update(kind="park")
    assert Change.objects.count() == 0
    assert run("build_index") == f"{TABLE}: 5 public rows need no index.\n"


def counted():
    return Index.objects.count(), IndexPart.objects.count(), Posting.objects.count()


def test_another_build_takes_the_place_of_the_first(five):
    first, rows = Index.objects.get().build, counted()
    Project.objects.update(kind="park")
    assert Change.objects.count() == 6
    build()
    second = Index.objects.get().build
    assert second != first
    assert counted() == rows
    assert {*IndexPart.objects.values_list("build", flat=True)} == {second}
    assert {*Posting.objects.values_list("build", flat=True)} == {second}
    assert Change.objects.count() == 0


def test_without_triggers_nothing_is_built(five):
    triggers.remove(connection)
    try:
        with pytest.raises(CommandError, match="run manage.py migrate"):
            build()
    finally:
        triggers.install(connection)
    assert counted()[0] == 1


class StoppedError(Exception):
    """Somebody pulls the plug."""


def stop_after(number):
    def progress(rows):
        for place, row in enumerate(rows):
            if place == number:
                raise StoppedError
            yield row

    return progress


# PostgreSQL’s cursor is gone before Python lets go of it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_build_that_is_interrupted_leaves_the_old_one_and_no_rest(monkeypatch):
    make_projects()
    build()
    before, rows = Index.objects.get().build, counted()
    with pytest.raises(StoppedError):
        building.build(indexing.LAYOUT, progress=stop_after(7))
    assert_exact(QUERIES[::3])

    def stop(*_arguments):
        raise StoppedError

    # With the columns written and no word, and with all written and nobody told.
    with monkeypatch.context() as patched:
        patched.setattr(building, "store", stop)
        with pytest.raises(StoppedError):
            building.build(indexing.LAYOUT)
    with monkeypatch.context() as patched:
        patched.setattr(building.timezone, "now", stop)
        with pytest.raises(StoppedError):
            building.build(indexing.LAYOUT)
    assert Index.objects.get().build == before
    assert counted() > rows
    assert_exact(QUERIES[::3])
    build()
    assert counted() == rows
    assert_exact(QUERIES[::3])


def test_a_list_of_nothing():
    assert build().startswith(f"{TABLE}: 0 rows and 0 words in ")
    assert run("check_index") == "Every index is what its table says.\n"
    assert indexing.is_used()
    assert_exact(["", "q=steel"])
    make.make_project(name_en="Steel")
    assert_exact(["", "q=steel", "sort=name"])


def test_two_builds_at_once_leave_one_of_them_whole(five, monkeypatch):
    """The second begins and ends while the first waits to remove what it takes for old.

    Not as commands, which wait for each other.
    """
    monkeypatch.setattr(building, "GRACE", 0.01)
    waits = []

    def meanwhile(seconds):
        if not waits:
            waits.append(seconds)
            building.build(indexing.LAYOUT)

    monkeypatch.setattr(building.time, "sleep", meanwhile)
    building.build(indexing.LAYOUT)
    assert waits == [0.01]
    run("check_index")


def test_a_list_that_inherits_from_another_does_not_take_its_place():
    class Other(ProjectFilter):
        pass

    assert layout_for(Project).filterset_class is ProjectFilter


def test_a_part_that_cannot_be_read_is_told_and_not_used(five):
    IndexPart.objects.filter(name="order name").update(blob=b"\x00\x00")
    memory.forget()
    assert indexing.is_used() is False
