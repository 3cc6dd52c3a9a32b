"""Query strings of every list, good and bad, and what the page and the file have to make of them.

A list goes by its address without the language: `zones`, `business-environment/costs`.
"""

import csv
import io
from html import unescape
from urllib.parse import urlencode

from django.test import Client
from hypothesis import strategies as st

from business_environment.models import Cost, Indicator, IndicatorValue, Policy, Procedure, TransportLink
from projects.models import Project
from records.models import Source
from tests.listings import slow
from zones.models import City, Industry, Zone

LEDGER, INDICATORS, POLICIES, COSTS, TRANSPORT = (
    f"business-environment/{name}"
    for name in ("approvals/ledger", "indicators", "policies", "costs", "transport")
)
MODELS = {
    "zones": Zone,
    "projects": Project,
    "sources": Source,
    LEDGER: Procedure,
    INDICATORS: IndicatorValue,
    POLICIES: Policy,
    COSTS: Cost,
    TRANSPORT: TransportLink,
}
SORTS = {
    "zones": ["city", "name", "area-largest", "area-smallest", "established-latest", "established-earliest"],
    "projects": ["latest", "earliest", "investment-largest", "investment-smallest", "name"],
    "sources": ["latest", "earliest", "publisher"],
    LEDGER: ["order", "name"],
    INDICATORS: ["topic", "latest", "earliest", "name"],
    POLICIES: ["latest", "earliest", "ends-soonest", "name"],
    COSTS: ["item", "name"],
    TRANSPORT: ["order", "shortest", "name"],
}
RANGES = {
    "zones": [("area_from", "area_below"), ("established_from", "established_to")],
    "projects": [("investment_from", "investment_below")],
}
# A day, in a box of its own.
DAYS = {POLICIES: ["in_force_on"]}
GOOD_NUMBERS = ["0", "1", "12", "100", "2000", "2012", "5000"]
BAD_NUMBERS = ["-1", "1e400", "9" * 40, "NaN", "-Infinity", "ten", "1,5", "\x00", "1\x00", " ", "½", "--1"]
GOOD_DAYS = ["0001-01-01", "2016-02-29", "2021-03-26", "2024-12-31", "9999-12-31"]
BAD_DAYS = [
    "2021-02-29",
    "2021",
    "26.3.2021",
    "2021-03-26T00:00",
    "\x00",
    "today",
    "0000-01-01",
    "-2021-03-26",
]
GOOD_WORDS = [
    "",
    " ",
    "zone",
    "zones",
    "开发区",
    "開發區",
    "高",
    "CHINA",
    "ｚｏｎｅ",
    "datong 大同",
    "changzhi",
    "lvliang",
    "Lüliang",
    "煤层气coalbed",
    "high-tech",
    "zone* NEAR(steel) & !x:*",
    "%",
    "_",
    "\\",
    "'",
    '"',
    "🙂 \u202e",
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


def rows_and_values():
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
        LEDGER: {
            "era": Procedure.Era.values,
            "stage": Procedure.Stage.values,
            "fate": [*Procedure.Fate.values, "none"],
            "scope": Procedure.Scope.values,
        },
        INDICATORS: {
            "topic": Indicator.Topic.values,
            "place": [*cities, "province", "nation"],
            "year": years(row.period for row in every[INDICATORS]),
        },
        POLICIES: {
            "validity": ["in-force", "end-not-stated", "not-yet", "lapsed"],
            "topic": Policy.Topic.values,
            "place": [*cities, "province"],
            "year": [*years(row.date for row in every[POLICIES]), "not-stated"],
        },
        COSTS: {
            "item": Cost.Item.values,
            "place": [*cities, "province", "nation"],
            "unit": [*{row.unit for row in every[COSTS]} - {""}, "not-stated"],
        },
        TRANSPORT: {
            "kind": TransportLink.Kind.values,
            "place": [*cities, "province"],
            "standing": ["result", "goal"],
        },
    }
    return every, facets


def years(dates):
    return sorted({year for date in dates for year in slow.known_year(date)})


def limits_of(name):
    return [limit for pair in RANGES.get(name, []) for limit in pair]


@st.composite
def pairs_of(draw, name, facets):
    """Parameters in any order: mostly good, some repeated, contradictory, junk or unknown."""
    limits, days = limits_of(name), DAYS.get(name, [])
    one = st.one_of(
        st.sampled_from([(facet, value) for facet, values in facets.items() for value in values]),
        st.sampled_from([(facet, value) for facet, values in facets.items() for value in values]),
        st.tuples(st.just("sort"), st.sampled_from(SORTS[name])),
        st.tuples(st.just("q"), st.sampled_from(GOOD_WORDS)),
        st.tuples(st.just("page"), st.sampled_from(["", "1", "2", "3", "99", "0" * 5 + "1"])),
        *([st.tuples(st.sampled_from(limits), st.sampled_from(["", *GOOD_NUMBERS]))] if limits else []),
        *([st.tuples(st.sampled_from(days), st.sampled_from(["", *GOOD_DAYS]))] * 2 if days else []),
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
        *([st.tuples(st.sampled_from(days), st.sampled_from(BAD_DAYS))] if days else []),
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
    limits, days = limits_of(name), DAYS.get(name, [])
    wrong = set()
    for parameter, given_values in values.items():
        last = given_values[-1]
        if parameter in facets:
            bad = set(given_values) - set(facets[parameter])
        elif parameter in ("q", "sort", *limits, *days):
            bad = len(given_values) > 1 and any(given_values)
            if parameter == "q":
                words = last.strip()
                bad = bad or "\x00" in words or len(words) > 100 or len(set(words.split())) > 12
            elif parameter == "sort":
                bad = bad or (last and last not in sorts_of(name, values))
            else:
                bad = bad or (last and last not in (GOOD_DAYS if parameter in days else GOOD_NUMBERS))
        elif parameter == "page":
            bad = len(given_values) > 1 or (last and not (last.isascii() and last.isdigit() and int(last)))
        else:
            bad = True
        if bad:
            wrong.add(parameter)
    for low, high in RANGES.get(name, []):
        both = [values[limit][-1] for limit in (low, high) if limit in values]
        if (
            len(both) == 2
            and all(number in GOOD_NUMBERS for number in both)
            and float(both[0]) > float(both[1])
        ):
            wrong.add(high)
    return wrong


def sorts_of(name, values):
    """The ways to sort, the default first: for a text that is its best match."""
    return ["match", *SORTS[name]] if values.get("q", [""])[-1].strip() else SORTS[name]


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
    sort = next(filter(None, values.get("sort", [])), sorts_of(name, values)[0])
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
    # A line is named by its first column; a value of an indicator by its second.
    column = 1 if name == INDICATORS else 0
    assert {row[column] for row in table[1:]} == {row.slug for row in wanted}
    assert len(table) == len(wanted) + 1
