"""Every filter and every sort of the lists of the business environment."""

from decimal import Decimal

import pytest

from business_environment.models import Cost, IndicatorValue, Policy, Procedure, TransportLink
from records.dates import PartialDate
from tests import factories as make
from tests.listings.counting import filterset, found, problems

pytestmark = pytest.mark.django_db

# What of each model is neither filtered, searched nor sorted by, and stays so on purpose.
KEEPING = (
    "id", "state", "withdrawn_on", "withdrawn_reason_en", "withdrawn_reason_zh", "checked_on", "check_due_on",
    "created_at", "created_by", "changed_at", "changed_by", "name_en_translated", "name_zh_translated",
)  # fmt: skip
EXEMPT = {
    Procedure: (
        *KEEPING,
        "became", "scope_words_en", "scope_words_zh", "papers_of_en", "papers_of_zh", "result_en",
        "result_zh", "after_reform_en", "after_reform_zh", "replaces_en", "replaces_zh", "notes_en",
        "notes_zh", "recourse_en", "recourse_zh", "certified_by_en", "certified_by_zh", "certified_on",
    ),
    # Numbers of different units cannot be put in an order.
    IndicatorValue: (
        "id", "number", "unit", "approximation", "comparison", "comparison_number", "comparison_unit",
        "comparison_words_en", "comparison_words_zh", "comparison_doubt_en", "comparison_doubt_zh",
        "home_order", "note_en", "note_zh", "doubt_en", "doubt_zh",
    ),
    Policy: (*KEEPING, "validity_en", "validity_zh", "zones"),  # zones count by their cities
    Cost: KEEPING,
    TransportLink: (
        *KEEPING, "from_city", "to_city", "from_latitude", "from_longitude", "to_latitude", "to_longitude",
    ),
}  # fmt: skip
# Columns that a filter reads besides the one that it is named for.
READ_TOO = {
    Policy: {"date"},
    Cost: {"is_in_shanxi", "order"},
    TransportLink: {"order"},
    Procedure: {"order"},
    IndicatorValue: set(),
}


@pytest.mark.parametrize("model", EXEMPT)
def test_every_field_can_be_filtered_searched_or_sorted_by_or_is_exempt(model):
    filters = filterset(model, "").filters
    used = {item.field_name.partition("__")[0] for item in filters.values() if item.field_name}
    used |= {name.partition("__")[0] for name in filters["q"].fields or model.search_fields}
    used |= {"slug"} | READ_TOO[model]
    fields = {item.name for item in model._meta.fields} | {item.name for item in model._meta.many_to_many}
    exempt = set(EXEMPT[model])
    assert exempt <= fields
    assert exempt & used == set()
    assert fields - exempt - used == set()


def test_the_filters_and_sorts_are_these():
    found = {model: (list(filterset(model, "").filters), [s.key for s in filterset(model, "").sorts])
             for model in EXEMPT}  # fmt: skip
    assert found == {
        Procedure: (["q", "era", "stage", "fate", "scope"], ["order", "name"]),
        IndicatorValue: (["q", "topic", "place", "year"], ["topic", "latest", "earliest", "name"]),
        Policy: (
            ["q", "validity", "topic", "place", "year", "in_force_on"],
            ["latest", "earliest", "ends-soonest", "name"],
        ),
        Cost: (["q", "item", "place", "unit"], ["item", "name"]),
        TransportLink: (["q", "kind", "place", "standing"], ["order", "shortest", "name"]),
    }


@pytest.fixture
def procedures():
    for slug, stage, more in [
        ("a", "environment", {"era": "after", "name_en": "Z", "scope": "china", "law_zh": "环评法"}),
        ("b", "environment", {"fate": "merged", "name_en": "Y", "scope": "shanghai", "order": 2}),
        ("c", "environment", {"fate": "kept", "name_en": "X", "order": 1, "papers_en": "Form 7"}),
        ("d", "company-registration", {"fate": "not-known", "name_en": "W", "office_en": "Bureau"}),
    ]:
        make.make_procedure(slug=slug, stage=stage, **more)
    make.make_procedure(slug="hidden", state="draft", stage="environment", office_en="Bureau")


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", "dcba"),
        ("sort=order", "dcba"),
        ("sort=name", "dcba"),
        ("era=after", "a"),
        ("era=before", "dcb"),
        ("stage=environment", "cba"),
        ("stage=environment&stage=completion&era=before", "cb"),
        ("fate=merged", "b"),
        ("fate=none", "a"),
        ("fate=none&fate=not-known", "da"),
        ("fate=cancelled", ""),
        ("scope=shanxi", "dc"),
        ("scope=china&scope=shanghai", "ba"),
        ("q=bureau", "d"),
        ("q=form 7", "c"),
        ("q=环评", "a"),
    ],
)
def test_the_ledger_is_filtered_and_sorted(procedures, query, slugs):
    assert "".join(found(Procedure, query)) == slugs


@pytest.fixture
def indicators():
    datong, linfen = make.make_city(slug="datong"), make.make_city(slug="linfen")
    for slugs, topic, more in [
        ("ab", "economy", {"cities": [datong, linfen], "order": 2, "name_en": "Growth", "place_en": "Two"}),
        ("c", "energy", {"order": 1, "name_en": "Coal", "name_zh": "煤炭"}),
        ("d", "economy", {"order": 1, "is_in_shanxi": False, "name_en": "Nation"}),
    ]:
        periods = {"a": "2019", "b": "2021-03", "c": "2021", "d": "../2006"}
        values = [{"slug": slug, "period": PartialDate(periods[slug])} for slug in slugs]
        make.make_indicator(slug=f"of-{slugs}", topic=topic, values=values, **more)
    make.make_indicator(state="draft", topic="energy", cities=[datong], values=[{"slug": "hidden"}])


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", "dabc"),
        ("sort=topic", "dabc"),
        ("sort=latest", "bcad"),
        ("sort=earliest", "dacb"),
        ("sort=name", "cabd"),
        ("topic=energy", "c"),
        ("topic=economy", "dab"),
        ("topic=trade-and-foreign-capital", ""),
        ("place=datong", "ab"),
        ("place=datong&place=linfen", "ab"),
        ("place=province", "c"),
        ("place=nation", "d"),
        ("place=nation&place=province", "dc"),
        ("year=2021", "bc"),
        ("year=2021&year=2019", "abc"),
        ("q=two", "ab"),
        ("q=煤", "c"),
    ],
)
def test_indicators_are_filtered_and_sorted(indicators, query, slugs):
    assert "".join(found(IndicatorValue, query)) == slugs


@pytest.fixture
def policies():
    datong, linfen = make.make_city(slug="datong"), make.make_city(slug="linfen")
    zone = make.make_zone(city=linfen)
    for slug, date, until, more in [
        ("a", "2021-03", None, {"topic": "trade", "cities": [datong], "name_en": "D"}),
        ("b", "2019", "2020-06", {"topic": "trade", "name_en": "C", "facts_en": "Tax relief"}),
        ("c", "2999", "2999-Q3", {"topic": "funds", "name_en": "B", "zones": [zone]}),
        ("d", None, "2998", {"topic": "funds", "name_en": "A", "facts_zh": "补贴"}),
    ]:
        dates = {"date": date and PartialDate(date), "valid_until": until and PartialDate(until)}
        make.make_policy(slug=slug, **dates, **more)
    make.make_policy(slug="hidden", state="in-review", topic="trade", cities=[datong])


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", "cabd"),
        ("sort=latest", "cabd"),
        ("sort=earliest", "bacd"),
        # What has lapsed comes after what can end yet; without an end, last.
        ("sort=ends-soonest", "dcba"),
        ("sort=name", "dcba"),
        ("validity=in-force", "d"),
        ("validity=end-not-stated", "a"),
        ("validity=not-yet", "c"),
        ("validity=lapsed", "b"),
        ("validity=lapsed&validity=not-yet", "cb"),
        ("topic=trade", "ab"),
        ("place=datong", "a"),
        ("place=linfen", "c"),
        ("place=province", "bd"),
        ("year=2021", "a"),
        ("year=not-stated", "d"),
        ("year=2999&year=not-stated", "cd"),
        ("in_force_on=2018-12-31", "d"),
        ("in_force_on=2019-01-01", "bd"),
        ("in_force_on=2020-06-30", "bd"),
        ("in_force_on=2020-07-01", "d"),
        ("in_force_on=2021-02-28", "d"),
        ("in_force_on=2021-03-01", "ad"),
        ("in_force_on=2999-01-01", "ca"),
        ("in_force_on=2999-10-01", "a"),
        ("in_force_on=", "cabd"),
        ("q=relief", "b"),
        ("q=补贴", "d"),
    ],
)
def test_policies_are_filtered_and_sorted(policies, query, slugs):
    assert "".join(found(Policy, query)) == slugs


@pytest.fixture
def costs():
    datong = make.make_city(slug="datong")
    for slug, item, more in [
        ("a", "labour", {"unit": "", "name_en": "Z", "place_en": "Datong", "cities": [datong]}),
        ("b", "water", {"unit": "yuan-per-m3", "name_en": "Y", "order": 2}),
        ("c", "water", {"unit": "yuan-per-tonne", "name_en": "Z", "order": 1}),
        ("d", "electricity", {"name_en": "A", "is_in_shanxi": False, "place_zh": "全国"}),
    ]:
        make.make_cost(slug=slug, item=item, **more)
    make.make_cost(slug="hidden", state="draft", item="gas", cities=[datong])


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", "dcba"),
        ("sort=item", "dcba"),
        ("sort=name", "dbca"),
        ("item=water", "cb"),
        ("item=gas", ""),
        ("item=water&item=labour&unit=yuan-per-m3", "b"),
        ("place=datong", "a"),
        ("place=province", "cb"),
        ("place=nation", "d"),
        ("place=nation&place=datong", "da"),
        ("unit=not-stated", "a"),
        ("unit=not-stated&unit=yuan-per-tonne", "ca"),
        ("q=datong", "a"),
        ("q=全国", "d"),
    ],
)
def test_costs_are_filtered_and_sorted(costs, query, slugs):
    assert "".join(found(Cost, query)) == slugs


@pytest.fixture
def links():
    datong = make.make_city(slug="datong")
    time = make.make_aspect(key="travel-time", unit="minutes")
    for slug, kind, more, minutes in [
        ("a", "rail", {"name_en": "D", "is_goal": True, "to_en": "Xi’an"}, 90),
        ("b", "rail", {"name_en": "C", "order": 2, "cities": [datong]}, 100),
        ("c", "air", {"name_en": "B", "order": 1}, None),
        ("d", "road", {"name_en": "A", "order": 3, "from_zh": "北京"}, Decimal("99.5")),
    ]:
        link = make.make_transport_link(slug=slug, kind=kind, **more)
        if minutes is not None:
            make.make_statement(link, aspect=time, number=minutes)
            make.make_statement(link, aspect=time, number=1, adopted=False)
    make.make_transport_link(slug="hidden", state="withdrawn", kind="rail", cities=[datong])


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", "cbda"),
        ("sort=order", "cbda"),
        ("sort=shortest", "adbc"),
        ("sort=name", "dcba"),
        ("kind=rail", "ba"),
        ("kind=hub", ""),
        ("kind=air&kind=road", "cd"),
        ("place=datong", "b"),
        ("place=province", "cda"),
        ("standing=goal", "a"),
        ("standing=result&kind=rail", "b"),
        ("standing=result&standing=goal", "cbda"),
        ("q=xi’an", "a"),
        ("q=北京", "d"),
    ],
)
def test_transport_links_are_filtered_and_sorted(links, query, slugs):
    assert "".join(found(TransportLink, query)) == slugs


MAKERS = {
    Procedure: make.make_procedure,
    Policy: make.make_policy,
    Cost: make.make_cost,
    TransportLink: make.make_transport_link,
}
TIES = [(model, sort.key) for model in MAKERS for sort in filterset(model, "").sorts]


@pytest.mark.parametrize(("model", "sort"), TIES)
def test_rows_that_tie_come_by_address_or_id_and_always_in_the_same_order(model, sort):
    made = [MAKERS[model](name_en="Same", name_zh="同", slug=slug).slug for slug in "abcd"]
    assert found(model, f"sort={sort}") == made


@pytest.mark.parametrize(
    ("model", "query", "named"),
    [
        (Procedure, "fate=gone", [("fate", "“gone” is not one of the values.")]),
        (Procedure, "fate=not-stated", [("fate", "“not-stated” is not one of the values.")]),
        (
            Procedure,
            "days=3",
            [("days", "There is no such filter. There are: q, era, stage, fate, scope, sort.")],
        ),
        (IndicatorValue, "place=atlantis", [("place", "“atlantis” is not one of the values.")]),
        (IndicatorValue, "place=not-stated", [("place", "“not-stated” is not one of the values.")]),
        (IndicatorValue, "year=1066", [("year", "“1066” is not one of the values.")]),
        (Policy, "place=nation", [("place", "“nation” is not one of the values.")]),
        (
            Policy,
            "in_force_on=2021-02-29",
            [("in_force_on", "“2021-02-29” is not a day. Write it like 2026-03-02.")],
        ),
        (Policy, "in_force_on=2021", [("in_force_on", "“2021” is not a day. Write it like 2026-03-02.")]),
        (
            Policy,
            "in_force_on=2021-01-01&in_force_on=2022-01-01",
            [("in_force_on", "This filter takes one value, not several.")],
        ),
        (
            Policy,
            "sort=date",
            [("sort", "“date” is not a way to sort. There are: latest, earliest, ends-soonest, name.")],
        ),
        (Cost, "unit=yuan-per-kwh", [("unit", "“yuan-per-kwh” is not one of the values.")]),
        (TransportLink, "standing=plan", [("standing", "“plan” is not one of the values.")]),
        (TransportLink, "place=nation", [("place", "“nation” is not one of the values.")]),
    ],
)
def test_what_is_not_understood_is_named(model, query, named):
    assert problems(model, query) == named
