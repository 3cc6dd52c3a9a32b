from decimal import Decimal

import pytest

from projects import checks
from projects.models import Milestone, Project
from records.dates import PartialDate
from tests.checking import found, state
from tests.factories import make_milestone, make_project, make_zone

pytestmark = pytest.mark.django_db

Kind = Milestone.Kind


def project(*milestones, **values):
    """A project with milestones of (kind, date) or (kind, date, phase)."""
    made = make_project(slug="p", **values)
    for kind, day, *phase in milestones:
        words = {"phase_en": phase[0], "phase_zh": phase[0]} if phase else {}
        make_milestone(made, kind=kind, date=PartialDate(day) if day else None, **words)
    return made


def slugs(check):
    return [slug for slug, _message in found(check)]


def test_operation_before_the_start_of_construction_is_found():
    project((Kind.STARTED, "2022-05"), (Kind.OPERATIONAL, "2021"))
    assert found(checks.completed_before_started) == [
        ("p", "“Operational” is dated 2021, before “Construction started”, May 2022.")
    ]


@pytest.mark.parametrize(
    "milestones",
    [
        [(Kind.STARTED, "2022-05"), (Kind.OPERATIONAL, "2022")],
        [(Kind.STARTED, "2022-05", "phase II"), (Kind.OPERATIONAL, "2021", "phase I")],
        [(Kind.STARTED, "2022-05"), (Kind.OPERATIONAL, None)],
        [(Kind.STARTED, "../2022"), (Kind.OPERATIONAL, "2021")],
    ],
)
def test_an_order_that_can_be_right_is_no_finding(milestones):
    project(*milestones)
    assert found(checks.completed_before_started) == []


def test_a_signature_after_the_start_of_construction_is_found():
    project((Kind.STARTED, "2021-01"), (Kind.SIGNED, "2021-03-06"))
    assert slugs(checks.completed_before_started) == ["p"]


@pytest.mark.parametrize(("expected_on", "is_found"), [("2024-Q1", True), ("2023", True), ("2024-Q3", False)])
def test_a_phase_that_was_to_work_within_weeks_of_the_groundbreaking_is_found(expected_on, is_found):
    project((Kind.STARTED, "2024-03"), (Kind.EXPECTED_OPERATIONAL, expected_on, "phase I"))
    assert slugs(checks.expected_too_soon) == ["p"] * is_found


def test_two_dates_for_one_signature_are_found():
    project((Kind.SIGNED, "2023-05"), (Kind.SIGNED, "2023-07-28"))
    assert found(checks.milestone_twice) == [("p", "“Signed” is dated May 2023 and 28 July 2023.")]


def test_two_dates_that_can_be_one_day_or_are_of_two_phases_are_no_finding():
    project((Kind.SIGNED, "2023"), (Kind.SIGNED, "2023-07-28"), (Kind.SIGNED, "2024", "phase II"))
    assert found(checks.milestone_twice) == []


def test_a_status_that_says_less_than_a_milestone_before_it_is_found():
    project((Kind.STARTED, "2022-02"), status="signed", status_on=PartialDate("2022-03"))
    assert found(checks.status_behind_milestones) == [
        ("p", "The status is “Signed” as of March 2022, and “Construction started” is dated February 2022.")
    ]


def test_a_status_from_before_the_milestone_is_only_older():
    project((Kind.STARTED, "2022-02"), status="signed", status_on=PartialDate("2022-01"))
    assert found(checks.status_behind_milestones) == []


def test_at_work_before_construction_started_is_found():
    project((Kind.STARTED, "2022-02"), status="operational", status_on=PartialDate("2021-12"))
    assert slugs(checks.operational_before_started) == ["p"]
    Milestone.objects.update(phase_en="phase II")
    assert found(checks.operational_before_started) == []


def test_under_construction_for_years_is_found():
    project(status="under-construction", status_on=PartialDate("2016-04"))
    make_project(status="under-construction", status_on=PartialDate("2999"))
    make_project(status="signed", status_on=PartialDate("2016-04"))
    make_project(status="under-construction")
    assert found(checks.status_old) == [
        ("p", "It was under construction as of April 2016. It may be finished or given up by now.")
    ]


def test_a_phase_above_the_whole_is_found():
    one = project()
    whole = state(one, "investment", number=Decimal("1000000000"))
    state(one, "investment", number=Decimal("2000000000"), part_en="phase I", part_zh="一期", position=1)
    state(one, "jobs", number=Decimal("20"), part_en="phase I", part_zh="一期")
    assert found(checks.phase_larger_than_whole) == [
        ("p", f"{whole.aspect}, phase I: 2 billion yuan; the whole has 1 billion yuan.")
    ]


def test_a_project_with_more_land_than_its_zone_is_found():
    zone = make_zone(name_en="Small", area_km2=Decimal("0.5"), area_kind="planned")
    state(project(zone=zone), "land", number=Decimal("500001"))
    state(make_project(zone=zone), "land", number=Decimal("500000"))
    assert found(checks.project_larger_than_zone) == [
        ("p", "It has 500,001 m² of land, and Small has 0.5 km².")
    ]


def test_looking_at_one_project_finds_nothing_of_others():
    one = project((Kind.SIGNED, "2023-05"), (Kind.SIGNED, "2023-07-28"))
    other = make_project()
    make_milestone(other, kind=Kind.SIGNED, date=PartialDate("2023-05"))
    make_milestone(other, kind=Kind.SIGNED, date=PartialDate("2024-05"))
    rows = checks.milestone_twice.rows(Project.objects.filter(pk=one.pk))
    assert [row.record for row in rows] == [one]
