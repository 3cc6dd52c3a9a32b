"""China's working days, by the announcements of the State Council for 2025 and 2026."""

import datetime
from decimal import Decimal

import pytest

from business_environment.working_days import (
    FIRST_YEAR,
    LAST_YEAR,
    first_working_day,
    is_known,
    working_day,
)


def day(text):
    return datetime.date.fromisoformat(text)


def test_the_years_known_hold_the_present_one():
    assert FIRST_YEAR == 2004
    assert LAST_YEAR >= 2026


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        # An ordinary week: Monday is not counted, Friday is the fourth day.
        ("2026-03-09", 4, "2026-03-13"),
        # Across a weekend.
        ("2026-03-13", 1, "2026-03-16"),
        # Spring Festival 2026: 15 to 23 February off, 14 and 28 February, both Saturdays, worked.
        ("2026-02-12", 1, "2026-02-13"),
        ("2026-02-12", 2, "2026-02-14"),
        ("2026-02-12", 3, "2026-02-24"),
        ("2026-02-12", 7, "2026-02-28"),
        ("2026-02-12", 8, "2026-03-02"),
        # National Day 2025: 1 to 8 October off; Sunday 28 September and Saturday 11 October worked.
        ("2025-09-26", 1, "2025-09-28"),
        ("2025-09-30", 3, "2025-10-11"),
        # Nothing to count; and a part of a day ends on that day.
        ("2026-02-15", 0, "2026-02-15"),
        ("2026-03-09", Decimal("0.5"), "2026-03-10"),
        ("2026-03-09", Decimal("1.5"), "2026-03-11"),
    ],
)
def test_working_days_are_counted_as_the_law_counts_them(start, count, end):
    assert working_day(day(start), count) == day(end)


def test_beyond_the_announced_years_nothing_is_known():
    last = datetime.date(LAST_YEAR, 12, 31)
    assert is_known(last)
    assert working_day(last, 0) == last
    assert working_day(last, 1) is None
    assert working_day(last, 10**6) is None
    assert working_day(last + datetime.timedelta(days=1), 0) is None


@pytest.mark.parametrize(
    ("handed_in", "taken"),
    [
        ("2026-03-13", "2026-03-13"),
        ("2026-03-14", "2026-03-16"),
        # In Spring Festival; and on a Saturday that is worked.
        ("2026-02-15", "2026-02-24"),
        ("2026-02-28", "2026-02-28"),
    ],
)
def test_an_office_takes_papers_on_a_working_day(handed_in, taken):
    assert first_working_day(day(handed_in)) == day(taken)


def test_no_office_day_is_known_beyond_the_years():
    assert first_working_day(datetime.date(LAST_YEAR + 1, 1, 5)) is None
    assert first_working_day(datetime.date(2003, 5, 5)) is None
