"""Any query string at all: never a failure, and nothing of it ever silently ignored."""

import csv
import io
from html import unescape
from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.filters import ProjectFilter
from projects.models import Project
from records.models import Source
from shanxi_portal.filters import SourceFilter
from tests.listings import slow
from tests.listings.test_facets import check
from zones.filters import ZoneFilter
from zones.models import City, Industry, Zone

pytestmark = pytest.mark.usefixtures("shipped_data")

MODELS = {"zones": Zone, "projects": Project, "sources": Source}
SORTS = {
    "zones": ["city", "name", "area-largest", "area-smallest", "established-latest", "established-earliest"],
    "projects": ["latest", "earliest", "investment-largest", "investment-smallest", "name"],
    "sources": ["latest", "earliest", "publisher"],
}
RANGES = {
    "zones": [("area_from", "area_below"), ("established_from", "established_to")],
    "projects": [("investment_from", "investment_below")],
    "sources": [],
}
GOOD_NUMBERS = ["0", "1", "12", "100", "2000", "2012", "5000"]
BAD_NUMBERS = ["-1", "1e400", "9" * 40, "NaN", "-Infinity", "ten", "1,5", "\x00", "1\x00", " ", "½", "--1"]
GOOD_WORDS = [
    "",
    " ",
    "zone",
    "开发区",
    "高",
    "CHINA",
    "datong 大同",
    "%",
    "_",
    "\\",
    "'",
    '"',
    "a b c",
    "<b>&amp;",
]
BAD_WORDS = ["\x00", "zone\x00", "x" * 101, " ".join("abcdefghijklm")]
JUNK = [
    "",
    " ",
    "0",
    "null",
    "None",
    "\x00",
    "../../etc/passwd",
    "🙂",
    "\u202e",
    "’",
    "level",
    "[]",
    "<script>",
]
UNKNOWN = [
    "foo",
    "City",
    "city[]",
    "city__slug",
    "level_guess",
    "state",
    "id",
    "pk",
    "\x00",
    " q",
    "名",
    "a\nb",
    "<b>",
]

few = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def rows(shipped_data):
    """Every public row of each list, and the values that each of its facets takes."""
    every = {name: slow.every_row(model) for name, model in MODELS.items()}
    cities = list(City.objects.values_list("slug", flat=True))
    industries = list(Industry.objects.values_list("slug", flat=True))
    facets = {
        "zones": {
            "city": cities,
            "level": ["national", "provincial", "not-stated"],
            "type": Zone.Type.values,
            "industry": [*industries, "not-stated"],
        },
        "projects": {
            "city": [*cities, "not-stated"],
            "sector": industries,
            "status": Project.Status.values,
            "zone": [*{slug for row in every["projects"] for slug in slow.public_zone(row)}, "not-stated"],
            "kind": Project.Kind.values,
            "investment": [*slow.BANDS, "not-stated"],
            "year": [*years(row.status_on for row in every["projects"]), "not-stated"],
        },
        "sources": {
            "kind": Source.Kind.values,
            "reliability": ["A", "B", "C", "not-stated"],
            "year": [*years(row.date for row in every["sources"]), "not-stated"],
        },
    }
    return every, facets


def years(dates):
    return sorted({year for date in dates for year in slow.known_year(date)})


@st.composite
def pairs_of(draw, name, facets):
    """Parameters in any order: mostly good, some repeated, contradictory, junk or unknown."""
    limits = [limit for pair in RANGES[name] for limit in pair]
    one = st.one_of(
        st.sampled_from([(facet, value) for facet, values in facets.items() for value in values]),
        st.sampled_from([(facet, value) for facet, values in facets.items() for value in values]),
        st.tuples(st.just("sort"), st.sampled_from(SORTS[name])),
        st.tuples(st.just("q"), st.sampled_from(GOOD_WORDS)),
        st.tuples(st.just("page"), st.sampled_from(["", "1", "2", "3", "99", "0" * 5 + "1"])),
        *([st.tuples(st.sampled_from(limits), st.sampled_from(["", *GOOD_NUMBERS]))] if limits else []),
    )
    bad = st.one_of(
        st.tuples(st.sampled_from(list(facets)), st.sampled_from(JUNK) | st.text(max_size=8)),
        st.tuples(st.sampled_from(UNKNOWN) | st.text(max_size=8), st.sampled_from(JUNK)),
        st.tuples(st.just("q"), st.sampled_from(BAD_WORDS)),
        st.tuples(
            st.sampled_from(["sort", "page"]),
            st.sampled_from(["\x00", "-1", "name,id", "１", "9" * 400, " 1"]),
        ),
        *([st.tuples(st.sampled_from(limits), st.sampled_from(BAD_NUMBERS))] if limits else []),
    )
    pairs = draw(st.lists(one, max_size=5))
    if draw(st.integers(0, 2)) == 0:
        pairs += draw(st.lists(bad, min_size=1, max_size=2))
    return draw(st.permutations(pairs))


def by_name(pairs):
    values = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def offending(name, facets, values):
    """The parameters that cannot be understood, by rules of this test."""
    limits = [limit for pair in RANGES[name] for limit in pair]
    wrong = set()
    for parameter, given_values in values.items():
        last = given_values[-1]
        if parameter in facets:
            bad = set(given_values) - set(facets[parameter])
        elif parameter in ("q", "sort", *limits):
            bad = len(given_values) > 1 and any(given_values)
            if parameter == "q":
                words = last.strip()
                bad = bad or "\x00" in words or len(words) > 100 or len(set(words.split())) > 12
            elif parameter == "sort":
                bad = bad or (last and last not in SORTS[name])
            else:
                bad = bad or (last and last not in GOOD_NUMBERS)
        elif parameter == "page":
            bad = len(given_values) > 1 or (last and not (last.isascii() and last.isdigit() and int(last)))
        else:
            bad = True
        if bad:
            wrong.add(parameter)
    for low, high in RANGES[name]:
        both = [values[limit][-1] for limit in (low, high) if limit in values]
        if (
            len(both) == 2
            and all(number in GOOD_NUMBERS for number in both)
            and float(both[0]) > float(both[1])
        ):
            wrong.add(high)
    return wrong


def effective(facets, values):
    """What is left of the parameters that filter: name -> values."""
    kept = {}
    for parameter, given_values in values.items():
        if parameter in facets:
            kept[parameter] = list(dict.fromkeys(given_values))
        elif parameter not in ("sort", "page") and given_values[-1].strip():
            kept[parameter] = [given_values[-1].strip()]
    return kept


def check_page(name, language, every, facets, pairs):
    values = by_name(pairs)
    wrong = offending(name, facets, values)
    answer = Client().get(f"/{language}/{name}/?{urlencode(pairs)}", follow=True)
    body = unescape(answer.content.decode())
    if wrong:
        assert answer.status_code == 400
        listing = answer.context["listing"]
        assert {error.parameter for error in listing.errors} == wrong
        assert [
            parameter for parameter in wrong if parameter.replace("\n", " ") not in body.replace("\n", " ")
        ] == []
        assert (listing.total, list(listing.page)) == (0, [])
        return
    assert answer.status_code == 200
    listing, kept = answer.context["listing"], effective(facets, values)
    assert {(chip.name, str(chip.value or chip.value_label)) for chip in listing.chips} == {
        (parameter, value) for parameter, found in kept.items() for value in found
    }
    wanted = slow.passing(every, kept)
    assert listing.total == len(wanted)
    assert {row.pk for row in listing.page} <= {row.pk for row in wanted}
    sort = next(filter(None, values.get("sort", [])), SORTS[name][0])
    assert [item.key for item in listing.filterset.sorts if item == listing.filterset.sort] == [sort]
    page = int(next(filter(None, values.get("page", [])), "1"))
    assert listing.page.number == min(page, listing.paginator.num_pages)


def check_file(name, language, every, facets, pairs):
    values = by_name(pairs)
    wrong = offending(name, facets, values) | ({"page"} & set(values))
    answer = Client().get(f"/{language}/{name}.csv?{urlencode(pairs)}")
    text = answer.getvalue().decode()
    if wrong:
        assert answer.status_code == 400
        assert [parameter for parameter in wrong if f"\n{parameter}: " not in text] == []
        return
    assert answer.status_code == 200
    wanted = slow.passing(every, effective(facets, values))
    table = list(csv.reader(io.StringIO(text)))
    assert {row[0] for row in table[1:]} == {row.slug for row in wanted}
    assert len(table) == len(wanted) + 1


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
@given(
    raw=st.binary(max_size=40),
    tail=st.sampled_from(["", "&", "=", "%", "%zz", ";", "?", "&&=&", "%C0%80", "%ED%A0%80"]),
)
def test_bytes_that_are_no_query_string_do_no_harm(path, raw, tail):
    answer = Client().get(f"{path}?{quote_from_bytes(raw)}{tail}")
    assert answer.status_code in (200, 302, 400)


def test_the_names_of_this_test_are_those_of_the_lists(rows):
    _every, facets = rows
    for name, filterset in (("zones", ZoneFilter), ("projects", ProjectFilter), ("sources", SourceFilter)):
        limits = [limit for pair in RANGES[name] for limit in pair]
        assert set(filterset.base_filters) == {"q", *facets[name], *limits}
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
]


@pytest.mark.parametrize(("model", "query"), COUNTED)
def test_counts_of_the_real_records_equal_a_slow_count(model, query):
    check(model, query)
