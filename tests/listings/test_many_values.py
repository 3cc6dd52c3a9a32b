"""A facet with more values than anyone reads: the chosen ones and those with the most rows are shown."""

import pytest
from django.http import QueryDict

from listings.listing import MOST_VALUES, SHOWN_VALUES, Listing
from projects.filters import ProjectFilter
from projects.models import Project
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def zones():
    """One more than are shown in full; the first has no other project, the last has three."""
    zones = [make.make_zone() for _number in range(MOST_VALUES + 1)]
    for zone in [*zones, zones[-1], zones[-1], zones[30]]:
        make.make_project(zone=zone)
    return zones


def facet(query):
    data = QueryDict(query)
    view = Listing(ProjectFilter(data=data, queryset=Project.objects.published()), "/en/projects/", data)
    assert view.errors == []
    return next(one for one in view.facets if one.name == "zone")


def test_those_with_the_most_rows_come_first(zones):
    shown = facet("")
    assert [(option.value, option.count) for option in shown.options[:2]] == [
        (zones[-1].slug, 3),
        (zones[30].slug, 2),
    ]
    assert len(shown.options) == SHOWN_VALUES
    # Every zone has a project; "not stated" has none.
    assert shown.left_out == len(zones) - SHOWN_VALUES


def test_a_chosen_value_is_shown_though_it_has_few_rows(zones):
    shown = facet(f"zone={zones[0].slug}")
    assert (shown.options[0].value, shown.options[0].selected, shown.options[0].count) == (
        zones[0].slug,
        True,
        1,
    )
    assert len(shown.options) == SHOWN_VALUES + 1


def test_values_without_rows_are_neither_shown_nor_counted(zones):
    text = Project.objects.get(zone=zones[0]).name_en.split()[-1]
    shown = facet(f"q={text}")
    assert [(option.value, option.count) for option in shown.options] == [(zones[0].slug, 1)]
    assert shown.left_out == 0


def test_a_few_values_are_all_shown(zones):
    for project in Project.objects.filter(zone__in=zones[:2]):
        project.state = "withdrawn"
        project.withdrawn_on, project.withdrawn_reason_en = "2026-03-06", "Counted twice."
        project.save()
    shown = facet("")
    # All that are left, and "not stated".
    assert [option.value for option in shown.options] == [
        *sorted(zone.slug for zone in zones[2:]),
        "not-stated",
    ]
    assert shown.left_out == 0


def test_the_page_says_how_many_are_left_out(zones, client):
    page = client.get("/en/projects/").content.decode()
    assert f"{len(zones) - SHOWN_VALUES} more with fewer results; narrow the list to see them." in page
    assert f"另有 {len(zones) - SHOWN_VALUES} 项" in client.get("/zh-hans/projects/").content.decode()
