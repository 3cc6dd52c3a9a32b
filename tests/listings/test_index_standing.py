"""When the index is used and when not; what a page costs with it; and that nothing leaks through it."""

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from listings import versions
from listings.index import building, memory
from listings.index.memory import Standing
from listings.index.results import IndexedResults
from listings.listing import Listing
from listings.models import DataVersion, Index
from projects.models import Project
from tests import factories as make
from tests.listings import indexing
from tests.listings.index_rows import WITHDRAWN, make_projects
from tests.listings.indexing import LAYOUT, assert_exact, build, is_used, plainly

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def graceless(monkeypatch):
    """Old builds go at once."""
    monkeypatch.setattr(building, "GRACE", 0)


def standing():
    return memory.standing(LAYOUT)[0]


def assert_answers_plainly():
    """List, counts and search are right without the index."""
    assert not is_used()
    for query in ("", "q=steel", "city=taiyuan&sort=name"):
        filters = indexing.filterset(query)
        assert filters.snapshot is None
        assert indexing.answer(filters, filters.results) == plainly(query)
        assert filters.results.total() > 0


# When it is used


def test_it_is_used_once_it_is_built():
    make_projects()
    assert standing() is Standing.ABSENT
    assert_answers_plainly()
    build()
    assert standing() is Standing.CURRENT
    assert is_used()
    indexing.run("build_index")
    assert standing() is Standing.ABSENT
    assert_answers_plainly()


def test_one_made_by_other_code_is_not(monkeypatch):
    make_projects()
    build()
    assert is_used()
    monkeypatch.setitem(LAYOUT.__dict__, "fingerprint", "of another version")
    make.make_project()
    assert standing() is Standing.OTHER_CODE
    assert_answers_plainly()
    build()
    assert is_used()


def test_one_made_of_other_data_is_not():
    """As where triggers were missing for a while."""
    make_projects()
    build()
    assert is_used()
    DataVersion.objects.update(epoch="another")
    assert standing() is Standing.OTHER_DATA
    assert_answers_plainly()
    build()
    assert is_used()


def test_one_that_is_too_far_behind_is_not(monkeypatch, caplog):
    make_projects()
    build()
    monkeypatch.setattr(memory, "MOST_CHANGES", 10)
    Project.objects.filter(pk__in=Project.objects.all()[:10]).update(name_en="Steel again")
    assert standing() is Standing.CURRENT
    assert_exact(["q=steel"])
    Project.objects.update(name_en="Steel for all")
    assert standing() is Standing.BEHIND
    assert_answers_plainly()
    assert [record.getMessage() for record in caplog.records if record.name == memory.__name__] == [
        "The index of projects_project is too far behind: lists and search are slow."
    ]
    build()
    assert is_used()


def test_without_a_version_it_is_not():
    make_projects()
    build()
    DataVersion.objects.all().delete()
    assert standing() is Standing.ABSENT
    assert_answers_plainly()


def test_in_a_transaction_it_is_not():
    make_projects()
    build()
    assert is_used()
    with transaction.atomic():
        Project.objects.update(name_en="Steel, perhaps")
        assert not is_used()
        assert indexing.filterset("q=perhaps").problems() == []
        transaction.set_rollback(True)
    assert is_used()
    assert_exact(["q=perhaps", "q=steel"])


def test_a_process_that_has_looked_before_the_first_build_takes_it():
    make_projects()
    assert not is_used()
    build()
    assert is_used()
    assert_exact(["q=steel"])


# Nothing leaks


def shown(query="q=secret"):
    """(names of the rows, their number) as the page shows them at this moment."""
    filters = indexing.filterset(query)
    assert isinstance(filters.results, IndexedResults)
    listing = Listing(filters, "/en/projects/", QueryDict(query))
    assert listing.errors == []
    return [row.name_en for row in listing.page], listing.total


def test_drafts_and_withdrawn_projects_are_not_in_it():
    make.make_project(name_en="Secret draft", state="draft")
    make.make_project(name_en="Secret in review", state="review")
    make.make_project(name_en="Secret withdrawn", state="withdrawn")
    project = make.make_project(name_en="Secret, once")
    build()
    assert shown() == (["Secret, once"], 1)
    # Withdrawn a moment ago, the process not having asked since: its name is gone at once.
    Project.objects.filter(pk=project.pk).update(**WITHDRAWN)
    assert shown()[0] == []
    versions.forget()
    assert shown() == ([], 0)
    assert shown("") == ([], 0)


def test_what_becomes_a_draft_again_is_gone_from_page_and_file(client):
    for number in range(30):
        make.make_project(name_en=f"Secret {number:02}", slug=f"secret-{number:02}")
    build()
    Project.objects.filter(name_en__startswith="Secret 1").update(state="draft")
    file = client.get("/en/projects.csv?q=secret&sort=name").getvalue().decode()
    page = client.get("/en/projects/?q=secret&sort=name").content.decode()
    assert is_used()
    for text in (file, page):
        assert "secret-05" in text
        assert "secret-15" not in text


def test_a_zone_of_which_nothing_is_public_is_no_option():
    make.make_project(zone=make.make_zone(slug="open-zone"))
    make.make_project(zone=make.make_zone(slug="secret-zone", state="draft"))
    make.make_project(zone=make.make_zone(slug="secret-use"), state="draft")
    build()
    filters = indexing.filterset()
    assert [value for value, _label in filters.facets["zone"].options] == ["open-zone", "not-stated"]
    assert [name for name, _message in indexing.filterset("zone=secret-zone&zone=secret-use").problems()] == [
        "zone"
    ]
    assert_exact(["", "zone=not-stated"])


# What a page costs


def fill(number):
    """So many projects in the table, and their index."""
    sector = make.make_industry(name_en="Steel")
    Project.objects.bulk_create(
        Project(
            slug=f"project-{place}",
            name_en=f"Project {place}",
            state="published",
            status="signed",
            sector=sector,
            city=make.make_city() if place < 3 else None,
        )
        for place in range(number)
    )
    build()


def queries_of(query, page=1):
    """The number of queries of one page with all its facets, in a process that has answered others before."""
    data = QueryDict(f"{query}&page={page}")
    with CaptureQueriesContext(connection) as captured:
        listing = Listing(indexing.filterset(query), "/en/projects/", data, page_size=10)
        assert isinstance(listing.filterset.results, IndexedResults)
        assert listing.errors == []
        assert len(listing.facets) == 7
        assert len(list(listing.page)) == 10
    return len(captured)


@pytest.mark.parametrize(("number", "halvings"), [(30, 5), (3_000, 12)])
def test_a_page_costs_the_same_few_queries_however_many_rows_there_are(number, halvings):
    fill(number)
    versions.forget()
    first = [queries_of("")]
    # The rows; nothing else.
    assert [queries_of("sort=name"), queries_of("status=signed&city=not-stated", page=2)] == [1, 1]
    # And the words that begin like it, those of cities and those of sectors; once for a text.
    assert [queries_of("q=project"), queries_of("q=project&sort=name", page=3)] == [4, 1]
    # Version and index; parts and changes; cities, sectors and zones; rows.
    assert first == [12]
    # After a change: version and index; what has changed; the row and its words. Its places in all orders are
    # looked for by halving.
    Project.objects.filter(slug="project-7").update(name_en="Project 7, changed")
    versions.forget()
    assert queries_of("") == 14 + halvings


def test_a_page_past_the_end_leads_to_the_last_by_no_other_way(client):
    fill(60)
    for query in ("", "q=project&sort=name&"):
        answer = client.get(f"/en/projects/?{query}page=1000000000")
        assert answer.status_code == 302
        assert answer["Location"] == f"/en/projects/?{query}page=3"
    versions.forget()
    indexing.filterset()
    with CaptureQueriesContext(connection) as captured:
        listing = Listing(indexing.filterset(), "/en/projects/", QueryDict("page=1000000000"))
        assert listing.last_page_url == "/en/projects/?page=3"
    assert len(captured) == 0
    assert Index.objects.count() == 1
