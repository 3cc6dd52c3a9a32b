"""Some sixty projects of every kind, for the tests of their index: few values, so that many tie."""

import random

from projects.models import Project
from records.dates import PartialDate
from tests import factories as make

DATES = ["2024-03-06", "2024-03", "2024", "2023-Q3", "2022-H2", "2018~", "../2006", "2020-01/2020-04", None]
SUMS = [10**8, 10**8 - 1, 5 * 10**8, 999_999_999, 10**9, 2_500_000, 10**10, 1, None]
NAMES = [
    "Steel works",
    "steel Works",
    "Éclair",
    "Zinc mine",
    "zinc",
    "A-line",
    "A line",
    "a",
    "钢铁厂",
    "",
    "Ω",
]
NAMES_ZH = ["钢铁", "钢铁厂", "锌矿", "太原煤城", "煤", "𠮷野"]
SUMMARIES = ["", "Makes steel of coal.", "Mines zinc in Taiyuan", "为太原产钢。"]
WITHDRAWN = {
    "state": "withdrawn",
    "withdrawn_on": "2026-03-06",
    "withdrawn_reason_en": "It was counted twice.",
}


def seeded(number):
    return random.Random(number)  # noqa: S311  nothing is secret here


def make_projects():
    """Sixty projects in every state, place and shape, the same each time."""
    chance = seeded(3)
    cities = [
        make.make_city(slug="taiyuan", name_en="Taiyuan", name_zh="太原市"),
        make.make_city(slug="datong", name_en="Datong", name_zh="大同市"),
    ]
    sectors = [make.make_industry(slug=slug, name_en=slug.title()) for slug in ("steel", "coal", "software")]
    zones = [make.make_zone(city=cities[0]), make.make_zone(city=cities[1]), make.make_zone(state="draft")]
    return [make_one(chance, cities, sectors, zones) for _ in range(60)]


def make_one(chance, cities, sectors, zones):
    state = chance.choice(["published"] * 4 + ["draft", "withdrawn"])
    return make.make_project(
        state=state,
        city=chance.choice([*cities, None]),
        zone=chance.choice([*zones, None]),
        sector=chance.choice(sectors),
        **shape(chance),
    )


def shape(chance):
    """Values of a record's own columns."""
    total, date = chance.choice(SUMS), chance.choice(DATES)
    return {
        "name_en": chance.choice(NAMES),
        "name_zh": chance.choice(NAMES_ZH),
        "summary_en": chance.choice(SUMMARIES),
        "status": chance.choice(Project.Status.values),
        "kind": chance.choice(Project.Kind.values),
        "investment_yuan": total,
        "investment_basis": total and "total",
        "status_on": date and PartialDate(date),
    }
