from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from business_environment.charts import GrowthChart, claim_squares
from business_environment.models import IndicatorValue
from records.charts import Bar, BarChart, BarGroup
from records.dates import PartialDate
from tests.crawling import Page
from tests.factories import make_indicator, make_reform, make_source, make_statement

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def in_english():
    """Whatever language the test before has read its pages in."""
    with translation.override("en"):
        yield


def against_nation(number, period, national, **more):
    return {
        "number": Decimal(number),
        "period": PartialDate(period),
        "comparison": IndicatorValue.Comparison.NATIONAL if national else "",
        "comparison_number": Decimal(national) if national else None,
        "comparison_unit": "percent" if national else "",
    } | more


def make_growth(*values, **overrides):
    return make_indicator(slug="fai-growth", unit="percent", values=list(values), **overrides)


def make_national_growth(number, period, **overrides):
    values = [{"number": Decimal(number), "period": PartialDate(period)} | overrides.pop("value", {})]
    return make_indicator(slug="fai-growth-national", unit="percent", values=values, **overrides)


def make_claim(before="30", after="6", **overrides):
    indicator = make_indicator(
        unit="procedures", values=[{"number": Decimal(before)}, {"number": Decimal(after)}]
    )
    first, second = indicator.values.order_by("pk")
    return make_reform(claim_before=first, claim_after=second, **overrides)


def heights(chart):
    return [int(column.height) for column in chart.columns]


# Geometry


def test_bars_share_one_scale():
    bars = [Bar("a", "10", 10), Bar("b", "5", 5), Bar("c")]
    BarChart([BarGroup(bars[:1], "2020"), BarGroup(bars[1:], "2021")], "", "")
    assert [(bar.start, bar.length) for bar in bars] == [("0", "100"), ("0", "50"), ("0", "0")]


def test_bars_below_zero_point_the_other_way():
    bars = [Bar("a", "6", 6), Bar("b", "-2", -2)]
    BarChart([BarGroup(bars)], "", "")
    assert [(bar.start, bar.length) for bar in bars] == [("25", "75"), ("0", "25")]


# 30 → 6


def test_squares_are_counted_from_the_claim():
    reform = make_claim("30", "6")
    squares = claim_squares(reform)
    assert [square.kind for square in squares.new].count("kept") == 6
    assert len(squares.old) == 30
    assert squares.gone == 24
    IndicatorValue.objects.filter(pk=reform.claim_after.pk).update(number=8)
    reform.claim_after.refresh_from_db()
    assert claim_squares(reform).gone == 22


@pytest.mark.parametrize(("before", "after"), [("30", "31"), ("30.5", "6"), ("1000", "6")])
def test_numbers_that_squares_cannot_show_are_not_drawn(client, before, after):
    assert claim_squares(make_claim(before, after)) is None
    assert 'class="squares"' not in client.get(reverse("business_environment:approvals")).content.decode()


def test_approvals_page_draws_the_squares_and_names_no_procedure_as_gone(client):
    make_claim()
    text = client.get(reverse("business_environment:approvals")).content.decode()
    assert text.count('class="gone"') == 24
    assert 'aria-label="6 filled, 24 outlined: no longer in the claim"' in text
    assert "which procedures they were, no source says" in text


def test_claim_of_a_draft_is_not_drawn(client):
    reform = make_claim()
    reform.claim_after.indicator.__class__.objects.update(state="draft")
    reform.claim_after.indicator.refresh_from_db()
    assert claim_squares(reform) is None


# Growth against the nation


def test_heading_claims_only_what_every_year_bears_out():
    make_growth(against_nation("10.6", "2020", "2.9"), against_nation("8.7", "2021", "4.9"))
    assert GrowthChart.fetch().heading == "Investment grew faster than in the nation"
    IndicatorValue.objects.filter(period=PartialDate("2021")).update(comparison_number=9)
    assert GrowthChart.fetch().heading == "Growth of investment, Shanxi and the nation"
    IndicatorValue.objects.filter(period=PartialDate("2020")).update(comparison_number=11)
    assert GrowthChart.fetch().heading == "Investment grew more slowly than in the nation"


@pytest.mark.parametrize("doubted", ["doubt_en", "comparison_doubt_en"])
def test_heading_is_neutral_where_a_number_is_in_doubt(doubted):
    make_growth(against_nation("10.6", "2020", "2.9", **{doubted: "Perhaps not."}))
    growth = GrowthChart.fetch()
    assert growth.heading == "Growth of investment, Shanxi and the nation"
    assert [bar.kind for bar in growth.chart.bars].count("doubt") == 1


def test_heading_is_neutral_where_two_sources_contradict_each_other():
    make_growth(against_nation("10.6", "2020", "7.7"))
    make_national_growth("2.9", "2020")
    assert GrowthChart.fetch().heading == "Growth of investment, Shanxi and the nation"


def test_heading_is_neutral_where_the_nation_is_not_known():
    make_growth(against_nation("10.6", "2020", None, comparison=IndicatorValue.Comparison.NATIONAL))
    growth = GrowthChart.fetch()
    assert growth.in_doubt
    assert len(growth.chart.bars) == 1


def test_drafts_are_not_compared_with():
    make_growth(against_nation("10.6", "2020", None))
    make_national_growth("2.9", "2020", state="draft")
    assert GrowthChart.fetch() is None


@pytest.mark.parametrize("path", ["", "indicators/fai-growth/", "indicators/fai-growth-national/"])
def test_each_bar_of_growth_has_date_source_and_doubt_in_its_row(client, path):
    indicator = make_growth(
        against_nation("10.6", "2020", "7.7", comparison_doubt_en="It looks like the gap.")
    )
    make_statement(indicator.values.get(), source=make_source(publisher_en="Growth Daily"))
    nation = make_national_growth("2.9", "2020")
    address = f"/en/business-environment/{path}"
    page = Page(address, client.get(address))
    table = next(node for node in page.find("table") if "bars--figures" in node.get("class", ""))
    assert [node.text for node in table.walk() if node.tag == "tr"][1:] == [
        "2020",
        "Shanxi 10.6% as of 2020 Growth Daily",
        "National average, as the same source states it in doubt 7.7% as of 2020 Growth Daily "
        "Doubt: It looks like the gap.",
        f"{nation.name} 2.9% as of 2020 source not stated",
    ]
    widths = [mark.get("width") for mark in table.walk() if mark.get("width")]
    assert widths == ["100", "72.64", "27.36"]


@pytest.mark.parametrize("path", ["", "indicators/"])
def test_page_without_growth_has_no_chart_of_it(client, path):
    make_indicator()
    assert "bars--figures" not in client.get(f"/en/business-environment/{path}").content.decode()


def test_other_indicators_have_no_chart_of_growth(client):
    make_growth(against_nation("10.6", "2020", "7.7"))
    make_indicator(slug="other")
    assert "bars--figures" not in client.get("/en/business-environment/indicators/other/").content.decode()


# Series


def series(*values):
    rows = [
        {"number": Decimal(number), "period": PartialDate(period)} | more
        for period, number, more in ((*value, {})[:3] for value in values)
    ]
    return make_indicator(values=rows).chart


def test_series_is_drawn_in_the_order_of_time():
    chart = series(("2021", 20), ("2020", 10))
    assert [column.label for column in chart.columns] == ["2020", "2021"]
    assert heights(chart) == [40, 80]


def test_year_that_no_source_states_keeps_its_place():
    chart = series(("2019", 10), ("2021", 20))
    assert [(column.label, column.value == "") for column in chart.columns] == [
        ("2019", False),
        ("2020", True),
        ("2021", False),
    ]
    assert chart.has_gaps


def test_only_periods_of_one_length_stand_side_by_side():
    chart = series(("2020", 20), ("2020-H1", 9), ("2021", 22), ("2021-H1", 11), ("2022-H1", 12))
    assert [column.label for column in chart.columns] == ["2020", "2021"]
    halves = series(("2020", 20), ("2020-H1", 9), ("2021-H1", 11))
    assert len(halves.columns) == 2
    months = series(("2021-01", 3), ("2021-02", 4), ("2021-H1", 9))
    assert len(months.columns) == 2


@pytest.mark.parametrize(
    "values",
    [
        [("2020", 10)],
        [("2020", 10), ("2021-H1", 5)],
        [("2020", 10), ("2020", 12)],
        [("2020", 10), ("2021", -2)],
        [("2020-01/2020-04", 10), ("2023-01/2023-05", 12)],
        [("../2006", 10), ("../2007", 12)],
    ],
)
def test_what_makes_no_series_is_not_drawn(values):
    assert series(*values) is None


def test_value_in_doubt_is_drawn_as_such_and_zero_without_height():
    chart = series(("2020", 0), ("2021", 12, {"doubt_en": "Perhaps not."}))
    assert [column.kind for column in chart.columns] == ["", "doubt"]
    assert heights(chart) == [0, 80]


def test_series_stands_above_the_values_which_stay(client):
    make_indicator(
        values=[{"number": 10, "period": PartialDate("2020")}, {"number": 20, "period": PartialDate("2021")}]
    )
    text = client.get(reverse("business_environment:indicators")).content.decode()
    assert text.count('class="column-mark"') == 2
    assert text.index('class="columns"') < text.index('id="value-')
    assert text.count('id="value-') == 2
