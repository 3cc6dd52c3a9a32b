"""Counts of the lists of the business environment, against a slow count in plain Python over made-up rows."""

from itertools import product

import pytest

from business_environment.models import Cost, Indicator, IndicatorValue, Policy, Procedure, TransportLink
from records.dates import PartialDate
from tests import factories as make
from tests.listings.counting import check, listing, shown

pytestmark = pytest.mark.django_db

HIDDEN = ("draft", "in-review", "withdrawn")


@pytest.fixture
def cities():
    return {slug: make.make_city(slug=slug, order=order) for order, slug in enumerate(("datong", "linfen"))}


def wheres(cities):
    """Where a row can be: in no city, in one, in two; of the province, or not."""
    datong, linfen = cities.values()
    return list(product([[], [datong], [datong, linfen]], [True, False]))


@pytest.fixture
def procedures():
    stages, scopes = Procedure.Stage.values, Procedure.Scope.values
    for number, fate in enumerate(Procedure.Fate.values * 2):
        make.make_procedure(fate=fate, stage=stages[number % 5], scope=scopes[number % 3])
    for number in range(5):
        make.make_procedure(era="after", stage=stages[number % 3], scope=scopes[number % 2])
    for state in HIDDEN:
        make.make_procedure(state=state, stage="completion", scope="shanghai")


LEDGER_QUERIES = [
    "",
    "era=after",
    "era=after&era=before&fate=kept",
    "era=after&fate=kept",
    "stage=energy",
    "stage=completion",
    "fate=none",
    "fate=none&fate=merged",
    "fate=not-known&scope=shanxi",
    "scope=shanxi&scope=china&stage=company-registration&fate=government&fate=none",
    "q=procedure&fate=promised",
]


@pytest.mark.parametrize("query", LEDGER_QUERIES)
def test_counts_of_the_ledger_equal_a_slow_count(procedures, query):
    check(Procedure, query)


@pytest.fixture
def indicators(cities):
    topics, periods = Indicator.Topic.values, ["2021", "2021-03", "2019-H2", "2018~", "../2006", "2020/2021"]
    for number, (where, national) in enumerate(wheres(cities)):
        values = [{"period": PartialDate(periods[(number + step) % 6])} for step in range(3)]
        make.make_indicator(
            cities=where,
            is_in_shanxi=national,
            topic=topics[number % 3],
            values=values,
            place_en=f"P{number}",
        )
    for state in HIDDEN:
        values = [{"period": PartialDate("1999")}]
        make.make_indicator(state=state, cities=[cities["datong"]], topic=topics[9], values=values)


INDICATOR_QUERIES = [
    "",
    "topic=project-starts",
    "topic=companies",
    "place=datong",
    "place=linfen",
    "place=datong&place=linfen",
    "place=province",
    "place=nation",
    "place=nation&place=linfen",
    "place=province&place=nation&year=2021",
    "year=2021",
    "year=2018&year=2020",
    "year=2021&topic=project-starts&topic=investment&place=datong",
    "q=P1&year=2019",
]


@pytest.mark.parametrize("query", INDICATOR_QUERIES)
def test_counts_of_indicators_equal_a_slow_count(indicators, query):
    check(IndicatorValue, query)


def test_a_value_before_a_year_is_of_no_year_that_is_offered(indicators):
    assert list(shown(IndicatorValue, "")["year"]) == ["2021", "2020", "2019", "2018"]
    before = IndicatorValue.objects.published().filter(period="../2006").count()
    assert before > 0
    assert sum(shown(IndicatorValue, "")["year"].values()) == listing(IndicatorValue, "").total - before


@pytest.fixture
def policies(cities):
    datong, linfen = cities.values()
    public = make.make_zone(city=datong, other_cities=[linfen])
    hidden = make.make_zone(city=linfen, state="draft")
    dates = [None, "2019", "../2006", "2021-03", "2999", "2021-03-26", "2020-Q3", "2018~", "2020/2021"]
    ends = [None, "2020", "2021-02", "2998-12", "2022-H1", "2999-06-30", "2020-01/2999-04"]
    places = [{}, {"cities": [linfen]}, {"zones": [public]}, {"zones": [hidden]}]
    places += [{"zones": [public, hidden]}, {"cities": [linfen], "zones": [public]}]
    for number in range(63):
        make.make_policy(
            topic=Policy.Topic.values[number % 4],
            date=dates[number % 9] and PartialDate(dates[number % 9]),
            valid_until=ends[number % 7] and PartialDate(ends[number % 7]),
            **places[number % 6],
        )
    for state in HIDDEN:
        make.make_policy(state=state, cities=[datong], topic="environment", date=PartialDate("1999"))


POLICY_QUERIES = [
    "",
    "validity=lapsed",
    "validity=in-force&validity=end-not-stated",
    "validity=not-yet",
    "topic=trade&validity=lapsed",
    "place=datong",
    "place=linfen",
    "place=datong&place=linfen",
    "place=province",
    "place=province&place=linfen&year=2021",
    "year=not-stated",
    "year=2021&year=2018",
    "in_force_on=2020-12-31",
    "in_force_on=2021-01-01",
    "in_force_on=2021-02-28&place=linfen",
    "in_force_on=2021-03-01",
    "in_force_on=2022-06-30&validity=lapsed",
    "in_force_on=2022-07-01",
    "in_force_on=2999-04-30&year=not-stated&year=2019",
    "in_force_on=0001-01-01",
    "in_force_on=9999-12-31&topic=trade",
    "q=policy&validity=lapsed&place=province&topic=industry&topic=foreign-investment",
]


@pytest.mark.parametrize("query", POLICY_QUERIES)
def test_counts_of_policies_equal_a_slow_count(policies, query):
    check(Policy, query)


@pytest.mark.parametrize("query", ["", "topic=trade", "in_force_on=2021-03-01"])
def test_every_policy_stands_somewhere_today_and_only_there(policies, query):
    assert sum(shown(Policy, query)["validity"].values()) == listing(Policy, query).total


def test_a_policy_for_hidden_zones_alone_is_of_no_place(cities):
    make.make_policy(zones=[make.make_zone(city=cities["datong"], state="draft")])
    assert shown(Policy, "")["place"] == {"datong": 0, "linfen": 0, "province": 0}


@pytest.fixture
def costs(cities):
    items, units = Cost.Item.values, ["yuan-per-kwh", "yuan-per-tonne", ""]
    for number, ((where, national), unit) in enumerate(product(wheres(cities), units)):
        make.make_cost(
            cities=where, is_in_shanxi=national, item=items[number % 4], unit=unit, place_en=f"P{number}"
        )
    for state in HIDDEN:
        make.make_cost(state=state, cities=[cities["datong"]], item="labour", unit="percent")


COST_QUERIES = [
    "",
    "item=electricity",
    "item=labour",
    "place=datong",
    "place=province&unit=yuan-per-kwh",
    "place=nation",
    "place=linfen&place=nation&item=water&item=gas",
    "unit=not-stated",
    "unit=not-stated&unit=yuan-per-tonne&place=linfen",
    "q=P1&item=land",
]


@pytest.mark.parametrize("query", COST_QUERIES)
def test_counts_of_costs_equal_a_slow_count(costs, query):
    check(Cost, query)


def test_units_of_hidden_costs_are_not_offered(costs):
    assert sorted(shown(Cost, "")["unit"]) == ["not-stated", "yuan-per-kwh", "yuan-per-tonne"]
    assert [str(error.message) for error in listing(Cost, "unit=percent").errors] == [
        "“percent” is not one of the values."
    ]


@pytest.fixture
def links(cities):
    datong, linfen = cities.values()
    where = [[], [datong], [linfen], [datong, linfen]]
    for number, (kind, is_goal) in enumerate(product(["rail", "air", "hub"], [False, True, False])):
        make.make_transport_link(kind=kind, is_goal=is_goal, cities=where[number % 4], to_en=f"T{number}")
    for state in HIDDEN:
        make.make_transport_link(state=state, kind="road", cities=[datong], is_goal=True)


TRANSPORT_QUERIES = [
    "",
    "kind=rail",
    "kind=road",
    "kind=air&kind=hub&standing=goal",
    "place=datong",
    "place=province&standing=result",
    "place=linfen&place=province&kind=rail",
    "standing=result&standing=goal",
    "q=T7",
]


@pytest.mark.parametrize("query", TRANSPORT_QUERIES)
def test_counts_of_transport_links_equal_a_slow_count(links, query):
    check(TransportLink, query)


@pytest.mark.parametrize("model", [IndicatorValue, Policy, Cost, TransportLink])
def test_cities_without_rows_stay_in_place_at_zero_and_the_province_comes_after_them(cities, model):
    wider = {"province": 0} | ({"nation": 0} if model in (IndicatorValue, Cost) else {})
    assert list(shown(model, "")["place"].items()) == list(({"datong": 0, "linfen": 0} | wider).items())
