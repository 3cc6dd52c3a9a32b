"""What the checks find in the records of data/: the contradictions that its notes name, and more."""

from collections import Counter

import pytest

from desk.checks import CHECKS
from records.models import Source
from tests.checking import found

pytestmark = [pytest.mark.usefixtures("shipped_data"), pytest.mark.sqlite]

# Checks that find so much that it is counted or named by part below.
MANY = {"level-not-stated", "status-old", "mirror-only", "value-mirror-only"}


def addresses(name):
    return [address for address, _message in found(CHECKS[name])]


def test_what_is_found_by_rule_and_what_is_not():
    assert {name: addresses(name) for name in CHECKS if name not in MANY and addresses(name)} == {
        # The founding of the demonstration zone: 2010, 2016 or 2017.
        "sources-disagree": ["shanxi-demo-zone"],
        # Contradictions that an editor has put into words.
        "conflict-noted": [
            "datong-etdz",
            "jincheng-etdz",
            "jinzhong-etdz",
            "qingxu-edz",
            "shanxi-demo-zone",
            "taiyuan-wusu-bonded-zone",
        ],
        "doubt": ["jinzhong-etdz", "qingxu-edz", "shanxi-demo-zone"],
        # Perhaps one place under two names.
        "relation-unconfirmed": [
            "taiyuan-stainless-steel-park",
            "yuci-industrial-park",
            "yuncheng-yanhu-industrial-park",
        ],
        # JinkoSolar: to produce in the first quarter of 2024, and begun in March.
        "expected-too-soon": ["jinko-56gw-taiyuan"],
        # Sany: signed in May 2023, or on 28 July.
        "milestone-twice": ["sany-silicon-shuozhou-1"],
        # 7.7 per cent as a national average, 2.9 beside it; a sum too large for four months; revenue ten
        # times too much; foreign capital of ten months below that of one.
        "value-doubt": [
            "fai-growth-2020",
            "fai-growth-2020-national",
            "foreign-capital-jan-2022",
            "foreign-capital-jan-oct-2021",
            "gdp-h1-2023",
            "investment-jan-apr-2020",
        ],
    }


def test_what_they_say_of_it():
    assert found(CHECKS["expected-too-soon"]) == [
        (
            "jinko-56gw-taiyuan",
            "“Operation expected”: Q1 2024; “Construction started”: March 2024. "
            "One of the two is probably out of date.",
        )
    ]
    assert found(CHECKS["milestone-twice"]) == [
        ("sany-silicon-shuozhou-1", "“Signed” is dated May 2023 and 28 July 2023.")
    ]
    assert found(CHECKS["sources-disagree"]) == [
        (
            "shanxi-demo-zone",
            "Established: China Daily (Shanxi) says February 2017, which is adopted; "
            "China Daily (Shanxi) says November 2010.",
        )
    ]


def test_zones_whose_level_no_source_states_are_those_that_the_researchers_counted():
    cities = Counter(row.record.city.slug for row in CHECKS["level-not-stated"].everything())
    assert cities == {
        "changzhi": 12,
        "linfen": 8,
        "yuncheng": 4,
        "luliang": 3,
        "taiyuan": 3,
        "datong": 2,
        "jinzhong": 2,
        "shuozhou": 2,
        "jincheng": 1,
        "xinzhou": 1,
    }


def test_old_records_of_building_sites_are_found():
    rows = list(CHECKS["status-old"].everything())
    assert sorted(row.record.slug for row in rows if row.record.status_on.year <= 2016) == [
        "foxconn-jincheng-park-a",
        "guoxin-energy-jinzhong",
        "jinneng-2gw-hjt-jinzhong",
        "luhe-feihong-led-linfen",
        "sxlh-nickel-pinglu-yuncheng",
        "xinfa-aluminium-jiaokou",
    ]


def rests_on_copies(record):
    """Whether some figure of a record is borne out by copies and sources graded C alone, in plain Python."""

    def is_weak(source):
        return source.kind == Source.Kind.MIRROR or source.reliability == "C"

    def value(row):
        return row.number, row.date and row.date.text, row.choice

    rows = [row for row in record.statements.all() if value(row) != (None, None, "")]
    sound = {(row.aspect_id, value(row)) for row in rows if not is_weak(row.source)}
    return any(row.adopted and (row.aspect_id, value(row)) not in sound for row in rows)


def test_figures_that_rest_on_copies_are_those_that_plain_python_finds():
    check = CHECKS["mirror-only"]
    expected = [
        record.slug
        for model in check.models
        for record in model.objects.with_statements()
        if rests_on_copies(record)
    ]
    # The upgrade and the area of the first zone of Taiyuan rest on one commercial listing.
    assert "taiyuan-etdz" in expected
    assert addresses("mirror-only") == sorted(expected)


def test_values_that_rest_on_copies_are_found():
    # The first drive of the “three batches” is known from copies only.
    assert addresses("value-mirror-only") == [
        "pilot-28",
        "shuozhou-pool-2025",
        *(f"tb-2021-1-{what}" for what in ("operational", "operational-yuan", "signed", "signed-yuan")),
        *(f"tb-2021-1-{what}" for what in ("started", "started-yuan")),
    ]
