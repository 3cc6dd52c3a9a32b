"""Limits between the numbers that a column can hold: the same rows on every engine."""

import pytest

from projects.models import Project
from tests import factories as make
from tests.listings.counting import found
from zones.models import Zone

SUM = 500_000_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("investment_from=500", True),
        ("investment_from=500.0000001", False),
        ("investment_from=499.9999999", True),
        ("investment_below=500", False),
        ("investment_below=500.0000001", True),
        ("investment_below=499.9999999", False),
    ],
)
def test_a_part_of_a_yuan_counts(query, is_found):
    project = make.make_project(investment_yuan=SUM, investment_basis="total")
    make.make_project()
    assert found(Project, query) == [project.slug] * is_found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("area_from=12.34", True),
        ("area_from=12.341", False),
        ("area_from=12.339", True),
        ("area_below=12.34", False),
        ("area_below=12.341", True),
        ("area_below=12.339", False),
    ],
)
def test_a_part_of_a_hectare_counts(query, is_found):
    zone = make.make_zone(area_km2="12.34", area_kind="planned")
    make.make_zone()
    assert found(Zone, query) == [zone.slug] * is_found
