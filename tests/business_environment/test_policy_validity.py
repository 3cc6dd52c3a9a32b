"""Where a policy stands on a day: plain Python and the database have to agree for every form of date."""

import datetime
from itertools import product

import pytest
from django.http import QueryDict

from business_environment.filters import PolicyFilter
from business_environment.models import Policy
from records.dates import PartialDate
from tests.factories import make_policy

pytestmark = pytest.mark.django_db

Standing = Policy.Standing

# One of every form that a partial date takes, and what lies at the edges of a year, quarter and month.
DATES = (
    None,
    *("2023", "2024", "2025~", "../2023", "../2024-06", "2023/2024", "2024-02/2024-Q2"),
    *("2024-02", "2024-06", "2024-12", "2024-02-28", "2024-02-29", "2024-06-30", "2024-07-01~"),
    *("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2024-H1", "2024-H2", "2023-H2/2024-Q1", "2023-12-31"),
)
DAYS = [
    datetime.date.fromisoformat(day)
    for day in (
        *("2022-12-31", "2023-01-01", "2023-12-31", "2024-01-01", "2024-01-31", "2024-02-01", "2024-02-28"),
        *("2024-02-29", "2024-03-01", "2024-03-31", "2024-04-01", "2024-06-30", "2024-07-01", "2024-07-02"),
        *("2024-09-30", "2024-10-01", "2024-11-30", "2024-12-01", "2024-12-31", "2025-01-01", "2026-01-01"),
    )
]


def partial(text):
    return PartialDate(text) if text else None


def in_force_on(day):
    """Addresses of the policies that the list shows for a day."""
    filterset = PolicyFilter(data=QueryDict(f"in_force_on={day}"), queryset=Policy.objects.published())
    assert filterset.problems() == []
    return [row.slug for row in filterset.sorted_rows()]


@pytest.fixture
def every_pair():
    """A policy for every pair of a date and an end, those included that end before they begin."""
    return Policy.objects.bulk_create(
        Policy(slug=f"policy-{i}", name_en="Policy", topic="trade", date=partial(a), valid_until=partial(b))
        for i, (a, b) in enumerate(product(DATES, DATES))
    )


def may_be_in_force(policy, day):
    begun = policy.date is None or policy.date.first_day is None or policy.date.first_day <= day
    return begun and (policy.valid_until is None or day <= policy.valid_until.last_day)


def test_the_database_and_the_plain_rule_agree_on_every_form_of_date(every_pair):
    for day in DAYS:
        expected = {policy.slug for policy in every_pair if may_be_in_force(policy, day)}
        assert set(Policy.objects.in_force_on(day).values_list("slug", flat=True)) == expected, day
        for standing in Standing:
            expected = {policy.slug for policy in every_pair if policy.standing_on(day) == standing}
            rows = Policy.objects.filter(Policy.standing_is(standing, day))
            assert set(rows.values_list("slug", flat=True)) == expected, (standing, day)


def test_on_any_day_a_policy_stands_in_one_place_and_only_then_may_be_in_force(every_pair):
    for day in DAYS:
        for policy in every_pair:
            open_to_some = policy.standing_on(day) in (Standing.IN_FORCE, Standing.NO_END)
            assert open_to_some == may_be_in_force(policy, day), (policy.date, policy.valid_until, day)


@pytest.mark.parametrize(
    ("end", "last"),
    [
        ("2024", "2024-12-31"),
        ("2024-H1", "2024-06-30"),
        ("2024-Q3", "2024-09-30"),
        ("2024-02", "2024-02-29"),
        ("2024-02-10", "2024-02-10"),
        ("2023/2024-04", "2024-04-30"),
        ("../2024", "2024-12-31"),
        ("2024~", "2024-12-31"),
    ],
)
def test_a_policy_lasts_to_the_last_day_that_its_end_can_mean(end, last):
    policy = make_policy(date=PartialDate("2020"), valid_until=PartialDate(end))
    last = datetime.date.fromisoformat(last)
    assert policy.standing_on(last) == Standing.IN_FORCE
    assert policy.standing_on(last + datetime.timedelta(days=1)) == Standing.LAPSED
    assert in_force_on(last) == [policy.slug]
    assert in_force_on(last + datetime.timedelta(days=1)) == []


def test_a_policy_is_not_in_force_before_the_first_day_that_its_date_can_mean():
    policy = make_policy(date=PartialDate("2024-Q2"))
    assert policy.standing_on(datetime.date(2024, 3, 31)) == Standing.NOT_YET
    assert policy.standing_on(datetime.date(2024, 4, 1)) == Standing.NO_END
    assert in_force_on("2024-03-31") == []
    assert in_force_on("2024-04-01") == [policy.slug]
