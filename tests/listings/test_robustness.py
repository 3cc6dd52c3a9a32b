"""Any query string at all: never a failure, and nothing of it ever silently ignored."""

from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from business_environment.models import Cost, IndicatorValue, Policy, Procedure, TransportLink
from projects.models import Project
from records.models import Source
from tests.listings.counting import FILTERS, check
from tests.listings.querying import (
    BAD_WORDS,
    COSTS,
    DAYS,
    GOOD_WORDS,
    INDICATORS,
    LEDGER,
    MODELS,
    POLICIES,
    SORTS,
    TRANSPORT,
    by_name,
    check_file,
    check_page,
    limits_of,
    pairs_of,
    rows_and_values,
)
from zones.models import Zone

pytestmark = pytest.mark.usefixtures("shipped_data")

LANGUAGES = st.sampled_from(["en", "zh-hans"])
ENVIRONMENT = (LEDGER, INDICATORS, POLICIES, COSTS, TRANSPORT)

few = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


fewer = settings(few, max_examples=25)
RAW = st.binary(max_size=40)
TAILS = st.sampled_from(["", "&", "=", "%", "%zz", ";", "?", "&&=&", "%C0%80", "%ED%A0%80"])
PATHS = [f"business-environment/permit-path{end}" for end in ("/", ".csv", ".ics")]


@pytest.fixture(scope="module")
def rows(shipped_data):
    return rows_and_values()


@pytest.mark.parametrize(("language", "name"), [("en", "zones"), ("zh-hans", "projects"), ("en", "sources")])
@few
@given(data=st.data())
def test_a_list_refuses_by_name_or_reflects_all_that_was_asked(rows, language, name, data):
    every, facets = rows
    pairs = data.draw(pairs_of(name, facets[name]))
    check_page(name, language, every[name], facets[name], pairs)


@pytest.mark.parametrize(("language", "name"), [("zh-hans", "zones"), ("en", "projects")])
@few
@given(data=st.data())
def test_a_file_refuses_by_name_or_has_exactly_the_rows_asked_for(rows, language, name, data):
    every, facets = rows
    pairs = data.draw(pairs_of(name, facets[name]))
    check_file(name, language, every[name], facets[name], pairs)


@pytest.mark.parametrize("name", ENVIRONMENT)
@fewer
@given(data=st.data())
def test_lists_of_the_business_environment_refuse_or_reflect_in_the_same_way(rows, name, data):
    every, facets = rows
    pairs = data.draw(pairs_of(name, facets[name]))
    check_page(name, data.draw(LANGUAGES), every[name], facets[name], pairs)


@pytest.mark.parametrize("name", ENVIRONMENT)
@fewer
@given(data=st.data())
def test_files_of_the_business_environment_refuse_or_have_the_rows_in_the_same_way(rows, name, data):
    every, facets = rows
    pairs = data.draw(pairs_of(name, facets[name]))
    check_file(name, data.draw(LANGUAGES), every[name], facets[name], pairs)


@few
@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(["q", "q", "q", "page", "x"]),
            st.sampled_from(GOOD_WORDS + BAD_WORDS) | st.text(max_size=12),
        ),
        max_size=2,
    )
)
def test_search_refuses_by_name_or_finds_only_what_holds_every_word(pairs):
    values = by_name(pairs)
    text = values.get("q", [""])[-1].strip()
    wrong = {parameter for parameter in values if parameter != "q"}
    if len(values.get("q", [])) > 1 or "\x00" in text or len(text) > 100 or len(set(text.split())) > 12:
        wrong.add("q")
    answer = Client().get(f"/en/search/?{urlencode(pairs)}")
    assert answer.status_code == (400 if wrong else 200)
    assert {name for name, _message in answer.context["problems"]} == wrong
    assert wrong == set() or answer.context["groups"] == []
    assert all(group.count >= len(group.rows) > 0 for group in answer.context["groups"])
    if not wrong:
        assert answer.context["text"] == text


@pytest.mark.parametrize(
    "path", ["/en/zones/", "/zh-hans/projects/", "/en/sources/", "/en/search/", "/en/zones.csv"]
)
@settings(few, max_examples=25)
@given(raw=RAW, tail=TAILS)
def test_bytes_that_are_no_query_string_do_no_harm(path, raw, tail):
    answer = Client().get(f"{path}?{quote_from_bytes(raw)}{tail}")
    assert answer.status_code in (200, 302, 400)


@pytest.mark.parametrize("path", [*(f"{name}{end}" for name in ENVIRONMENT for end in ("/", ".csv")), *PATHS])
@settings(few, max_examples=8)
@given(raw=RAW, tail=TAILS, language=LANGUAGES)
def test_nor_do_they_in_the_business_environment(path, raw, tail, language):
    answer = Client().get(f"/{language}/{path}?{quote_from_bytes(raw)}{tail}")
    assert answer.status_code in (200, 302, 400)


def test_the_names_of_this_test_are_those_of_the_lists(rows):
    _every, facets = rows
    assert set(facets) == set(SORTS) == set(MODELS)
    for name, model in MODELS.items():
        filterset = FILTERS[model]
        assert set(filterset.base_filters) == {"q", *facets[name], *limits_of(name), *DAYS.get(name, ())}
        assert [sort.key for sort in filterset.sorts] == SORTS[name]


# The counts of the real records

COUNTED = [
    (Zone, ""),
    (Zone, "city=changzhi"),
    (Zone, "city=changzhi&city=taiyuan&level=not-stated"),
    (Zone, "industry=new-energy"),
    (Zone, "industry=not-stated&level=provincial"),
    (Zone, "area_from=10&area_below=100&established_from=2000"),
    (Zone, "established_to=1999"),
    (Zone, "q=开发区&type=economic"),
    (Project, ""),
    (Project, "city=taiyuan&status=under-construction"),
    (Project, "city=not-stated"),
    (Project, "zone=not-stated&investment=not-stated"),
    (Project, "year=2021&sector=new-energy"),
    (Project, "investment_from=100&investment_below=1000&kind=project"),
    (Project, "investment=1bn-5bn&investment=10bn-up&year=not-stated&year=2022"),
    (Project, "q=battery"),
    (Source, ""),
    (Source, "kind=media&reliability=A"),
    (Source, "reliability=not-stated&year=2021&year=not-stated"),
    (Source, "q=china"),
    (Procedure, ""),
    (Procedure, "era=before&fate=kept&fate=merged"),
    (Procedure, "stage=land-and-planning&scope=china"),
    (Procedure, "q=规划&fate=none"),
    (IndicatorValue, ""),
    (IndicatorValue, "place=changzhi&place=jincheng"),
    (IndicatorValue, "place=nation&place=province&topic=investment"),
    (IndicatorValue, "year=2020&topic=project-starts"),
    (Policy, ""),
    (Policy, "validity=lapsed&validity=end-not-stated"),
    (Policy, "place=province&in_force_on=2021-03-26"),
    (Policy, "in_force_on=2025-01-01&topic=zones&topic=foreign-investment"),
    (Cost, ""),
    (Cost, "place=province&item=electricity"),
    (Cost, "place=nation&unit=not-stated"),
    (TransportLink, ""),
    (TransportLink, "place=taiyuan&standing=goal"),
    (TransportLink, "place=province&kind=hub&kind=air"),
]


@pytest.mark.parametrize(("model", "query"), COUNTED)
def test_counts_of_the_real_records_equal_a_slow_count(model, query):
    check(model, query)
