from decimal import Decimal

import pytest

from business_environment import checks
from records.dates import PartialDate
from tests.checking import found, state
from tests.factories import make_indicator, make_reform, make_source

pytestmark = pytest.mark.django_db


def series(*values, unit="yuan", **options):
    """An indicator with values of (period, number)."""
    rows = [{"period": PartialDate(period), "number": Decimal(number)} for period, number in values]
    return make_indicator(slug="i", unit=unit, values=rows, **options)


def slugs(check):
    return [slug for slug, _message in found(check)]


def test_a_value_ten_times_the_one_before_is_found():
    series(("2020", "196000000000"), ("2021", "1960000000000"), ("2022", "2000000000000"))
    assert found(checks.value_ten_times) == [
        ("i", "1.96 trillion yuan for 2021, after 196 billion yuan for 2020.")
    ]


def test_a_value_of_a_tenth_is_found_too():
    series(("2020", "100"), ("2021", "10"))
    assert slugs(checks.value_ten_times) == ["i"]


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        ([("2020", "100"), ("2021", "999")], "yuan"),
        ([("2020-01", "100"), ("2020", "1200")], "yuan"),
        ([("2020", "0.3"), ("2021", "12")], "percent"),
        ([("2020", "0"), ("2021", "12")], "yuan"),
    ],
)
def test_growth_below_tenfold_other_periods_rates_and_nothing_are_no_slip(values, unit):
    series(*values, unit=unit)
    assert found(checks.value_ten_times) == []


def test_a_value_that_no_statement_bears_out_is_found():
    indicator = series(("2020", "1"), ("2021", "2"))
    first, second = indicator.values.all()
    state(first, "whole")
    account = make_reform().accounts.get()
    make_indicator(state="withdrawn", withdrawn_on="2026-03-06", withdrawn_reason_en="x")
    assert sorted(slugs(checks.value_without_source)) == sorted([second.slug, account.key])


def test_a_value_that_only_copies_bear_out_is_found():
    first, second = series(("2020", "1"), ("2021", "2")).values.all()
    for value in (first, second):
        state(value, "whole", source=make_source(kind="mirror"))
    state(second, "whole", source=make_source(), position=1)
    assert slugs(checks.value_mirror_only) == [first.slug]


def test_doubts_about_a_value_and_about_what_it_is_compared_with_are_two():
    value = series(("2020", "1")).values.get()
    value.doubt_en, value.comparison_doubt_zh = "Too much.", "差距？"
    value.save()
    assert [message for _slug, message in found(checks.value_doubted)] == ["差距？", "Too much."]


def test_parts_of_an_account_above_its_count_are_found():
    account = make_reform().accounts.get()
    assert found(checks.parts_above_count) == []
    account.count = 21
    account.save()
    assert found(checks.parts_above_count) == [
        (account.key, "It counts 21 items, and its parts add up to 22 items.")
    ]
