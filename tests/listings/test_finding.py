"""What pages beside the list count of it: the same as the list itself, with an index and without."""

from contextlib import nullcontext

import pytest
from django.db import transaction
from django.test import Client

from listings.finding import results_of
from listings.index.results import IndexedResults
from projects.models import Project
from tests import factories as make
from tests.listings.index_rows import make_projects
from tests.listings.indexing import build, is_used, not_zero
from zones.models import Zone

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["by the table", "by the index"])
def answering(request):
    """Sixty projects; what pages are asked in."""
    make_projects()
    build()
    assert is_used()
    # In a transaction no index is used.
    return transaction.atomic if request.param == "by the table" else nullcontext


def published():
    return Project.objects.published()


def test_numbers_and_rows_are_those_of_the_table(answering):
    with answering():
        for slugs in (["taiyuan"], ["datong", "taiyuan"]):
            results = results_of(published(), city=slugs)
            rows = published().filter(city__slug__in=slugs)
            latest = list(rows.latest_first().values_list("status_on", flat=True))
            assert results.total() == rows.count() > 0
            assert [row.status_on for row in results.rows[:99]] == latest
        everything = results_of(published())
        by_sector = {
            slug: published().filter(sector__slug=slug).count() for slug in ("steel", "coal", "software")
        }
        assert not_zero(everything.counts("sector")) == by_sector
        assert everything.total() == sum(by_sector.values())


@pytest.mark.parametrize("chosen", [{"city": []}, {"city": "nowhere"}, {"zone": "nowhere"}, {"zone": ""}])
def test_what_no_row_has_finds_nothing_rather_than_all(answering, chosen):
    with answering():
        results = results_of(published(), **chosen)
        assert (results.total(), list(results.rows[:5]), not_zero(results.counts("city"))) == (0, [], {})


def test_a_list_that_has_no_index_is_refused():
    with pytest.raises(TypeError, match="Zone has no list"):
        results_of(Zone.objects.published())


def test_pages_say_the_same_with_the_index_as_without(answering):
    zone = Zone.objects.published().filter(projects__state="published").first()
    make.make_region(slug="both", cities=list(zone._meta.get_field("city").related_model.objects.all()))
    build()
    with answering():
        client, shown = Client(), published()
        home = client.get("/en/").context
        assert home["project_count"] == shown.count()
        assert {way.place.slug: way.project_count for way in home["cities"] if way.project_count} == {
            slug: shown.filter(city__slug=slug).count() for slug in ("taiyuan", "datong")
        }
        dates = [project.status_on for project in home["latest"]]
        assert dates == list(shown.latest_first().values_list("status_on", flat=True)[:4])
        inside = client.get(f"/en/zones/{zone.slug}/").context
        assert inside["project_count"] == shown.filter(zone=zone).count()
        assert {project.zone_id for project in inside["projects"]} == {zone.pk}
        both = client.get("/en/regions/both/").context
        assert both["project_count"] == shown.filter(city__isnull=False).count()
        compared = client.get(f"/en/zones/compare/?zone={zone.slug}").content.decode()
        assert f'href="/en/projects/?zone={zone.slug}">{inside["project_count"]} project' in compared


def test_the_index_is_what_answers():
    make_projects()
    build()
    assert is_used()
    assert isinstance(results_of(published(), city="taiyuan"), IndexedResults)
