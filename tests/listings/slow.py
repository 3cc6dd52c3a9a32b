"""What filters should do, worked out slowly in plain Python: no query, no shared code with the filters.

Every rule reads a row's own attributes, row by row. A facet's values are `None` where nothing is stated.
"""

import calendar
import datetime
from decimal import Decimal

from django.utils import timezone

from business_environment.models import Cost, IndicatorValue, Policy, Procedure, TransportLink
from projects.models import Project
from records.models import Source
from tests.listings import slow_text
from zones.models import Zone

# What is stated and yet stands under no value of its facet, such as the year of "before 2006".
UNOFFERED = "(no value)"

BANDS = {
    # key: from (included), to (not included), in yuan
    "under-100m": (0, 10**8),
    "100m-500m": (10**8, 5 * 10**8),
    "500m-1bn": (5 * 10**8, 10**9),
    "1bn-5bn": (10**9, 5 * 10**9),
    "5bn-10bn": (5 * 10**9, 10**10),
    "10bn-up": (10**10, 10**18),
}


def band(yuan):
    if yuan is None:
        return set()
    return {key for key, (low, high) in BANDS.items() if low <= yuan < high}


def year(date):
    if date and not date.text[:4].isdigit():
        return {UNOFFERED}
    return {date.text[:4]} if date else set()


def known_year(date):
    """The year in which it begins; "before 2006" begins in none that is known."""
    return year(date) - {UNOFFERED}


def one(value):
    return {value} if value else set()


def public_zone(project):
    return {project.zone.slug} if project.zone and project.zone.state == "published" else set()


def places(row, nation):
    """The cities that a row names, else the province; and the nation, where it is not of the province."""
    found = {city.slug for city in row.cities.all()}
    if nation:
        return found | {"nation"}
    return found or {"province"}


def places_of(policy):
    """Its cities and those of its public zones; the province only where it names no city and no zone."""
    zones = list(policy.zones.all())
    found = {city.slug for city in policy.cities.all()}
    for zone in zones:
        if zone.state == "published":
            found |= {zone.city.slug, *(city.slug for city in zone.other_cities.all())}
    return found or ({UNOFFERED} if zones else {"province"})


ENDS = {"Q1": (1, 3), "Q2": (4, 6), "Q3": (7, 9), "Q4": (10, 12), "H1": (1, 6), "H2": (7, 12)}


def days(text):
    """First and last day of one point of time: a year, half, quarter, month or day."""
    year, *rest = text.split("-")
    if len(rest) == 2:
        return (datetime.date.fromisoformat(text),) * 2
    first, last = (1, 12) if not rest else ENDS.get(rest[0]) or (int(rest[0]), int(rest[0]))
    end = calendar.monthrange(int(year), last)[1]
    return datetime.date(int(year), first, 1), datetime.date(int(year), last, end)


def begins(date):
    """The first day that it can mean; None where there is none, as for "before 2006"."""
    text = date.text.replace("~", "").split("/")[0] if date else ".."
    return None if text == ".." else days(text)[0]


def ends(date):
    """The last day that it can mean."""
    return days(date.text.replace("~", "").split("/")[-1])[1] if date else None


def has_begun(policy, day):
    return begins(policy.date) is None or begins(policy.date) <= day


def has_ended(policy, day):
    return policy.valid_until is not None and ends(policy.valid_until) < day


def validity(policy):
    """Where it stands today."""
    today = timezone.localdate()
    if has_ended(policy, today):
        return "lapsed"
    if not has_begun(policy, today):
        return "not-yet"
    return "in-force" if policy.valid_until else "end-not-stated"


# The set of a row's values in each facet; empty is "not stated".
FACETS = {
    Procedure: {
        "era": lambda procedure: {procedure.era},
        "stage": lambda procedure: {procedure.stage},
        "fate": lambda procedure: {procedure.fate or "none"},
        "scope": lambda procedure: {procedure.scope},
    },
    IndicatorValue: {
        "topic": lambda value: {value.indicator.topic},
        "place": lambda value: places(value.indicator, not value.indicator.is_in_shanxi),
        "year": lambda value: year(value.period),
    },
    Policy: {
        "validity": lambda policy: {validity(policy)},
        "topic": lambda policy: {policy.topic},
        "place": places_of,
        "year": lambda policy: year(policy.date),
    },
    Cost: {
        "item": lambda cost: {cost.item},
        "place": lambda cost: places(cost, not cost.is_in_shanxi),
        "unit": lambda cost: one(cost.unit),
    },
    TransportLink: {
        "kind": lambda link: {link.kind},
        "place": lambda link: places(link, False),
        "standing": lambda link: {"goal" if link.is_goal else "result"},
    },
    Zone: {
        "city": lambda zone: {zone.city.slug},
        "level": lambda zone: one(zone.level),
        "type": lambda zone: {zone.type},
        "industry": lambda zone: {industry.slug for industry in zone.industries.all()},
    },
    Project: {
        "city": lambda project: {project.city.slug} if project.city else set(),
        "sector": lambda project: {project.sector.slug},
        "status": lambda project: {project.status},
        "zone": public_zone,
        "kind": lambda project: {project.kind},
        "investment": lambda project: band(project.investment_yuan),
        "year": lambda project: year(project.status_on),
    },
    Source: {
        "kind": lambda source: {source.kind},
        "reliability": lambda source: one(source.reliability),
        "year": lambda source: year(source.date),
    },
}

# Limits: the number that is compared, and whether it must reach the limit or stay below it.
LIMITS = {
    Zone: {
        "area_from": lambda zone, limit: zone.area_km2 is not None and zone.area_km2 >= limit,
        "area_below": lambda zone, limit: zone.area_km2 is not None and zone.area_km2 < limit,
        "established_from": lambda zone, limit: any(
            year >= limit_year(limit) for year in known_year(zone.established)
        ),
        "established_to": lambda zone, limit: any(
            year <= limit_year(limit) for year in known_year(zone.established)
        ),
    },
    Project: {
        "investment_from": lambda project, limit: (
            project.investment_yuan is not None and project.investment_yuan >= limit * 10**6
        ),
        "investment_below": lambda project, limit: (
            project.investment_yuan is not None and project.investment_yuan < limit * 10**6
        ),
    },
    Policy: {
        "in_force_on": lambda policy, day: has_begun(policy, day) and not has_ended(policy, day),
    },
    **{model: {} for model in (Source, Procedure, IndicatorValue, Cost, TransportLink)},
}


# What is searched of a row: (tier, texts, names of places) of each part that a word has to occur in.
# The lower the tier, the better a match in it.
NAME, SUMMARY, REST = 0, 1, 2


def named(row, *other_names):
    """The parts that every record has."""
    return [
        (NAME, [row.name_en, row.name_zh, *other_names], []),
        (SUMMARY, [row.summary_en, row.summary_zh], []),
    ]


def city_of(row):
    city = row.city
    return [(REST, [city.name_en, city.name_zh, city.other_spellings], [city.name_zh])] if city else []


SEARCHED = {
    Procedure: lambda procedure: [
        *named(procedure),
        (
            REST,
            [
                *(procedure.office_en, procedure.office_zh, procedure.papers_en, procedure.papers_zh),
                *(procedure.law_en, procedure.law_zh),
            ],
            [],
        ),
    ],
    IndicatorValue: lambda value: [
        *named(value.indicator),
        (REST, [value.indicator.place_en, value.indicator.place_zh], [value.indicator.place_zh]),
    ],
    Policy: lambda policy: [*named(policy), (REST, [policy.facts_en, policy.facts_zh], [])],
    Cost: lambda cost: [*named(cost), (REST, [cost.place_en, cost.place_zh], [cost.place_zh])],
    TransportLink: lambda link: [
        *named(link),
        (REST, [link.from_en, link.from_zh, link.to_en, link.to_zh], [link.from_zh, link.to_zh]),
    ],
    Zone: lambda zone: [
        *named(zone, zone.other_names),
        (
            REST,
            [zone.county_en, zone.county_zh, zone.gbt37028_code, zone.nbs_code],
            [zone.name_zh, zone.county_zh],
        ),
        *city_of(zone),
    ],
    Project: lambda project: [
        *named(project),
        (
            REST,
            [
                *(project.company_en, project.company_zh, project.investors_en, project.investors_zh),
                *(project.county_en, project.county_zh, project.zone_stated_en, project.zone_stated_zh),
            ],
            [project.county_zh, project.zone_stated_zh],
        ),
        (REST, [project.sector.name_en, project.sector.name_zh], []),
        *city_of(project),
    ],
    Source: lambda source: [
        (NAME, [source.title], []),
        (REST, [source.publisher_en, source.publisher_zh], []),
    ],
}


def limit_year(limit):
    """A year of a limit as four digits, so that it compares as the texts do."""
    return f"{int(limit):04d}"


def every_row(model):
    """All public rows of a model, with what the rules read."""
    rows = {
        Zone: lambda: (
            Zone.objects.filter(state="published").select_related("city").prefetch_related("industries")
        ),
        Project: lambda: Project.objects.filter(state="published").select_related("city", "zone", "sector"),
        # Which sources are public is not for this file to say.
        Source: lambda: Source.objects.published(),
        Procedure: lambda: Procedure.objects.filter(state="published"),
        IndicatorValue: lambda: (
            IndicatorValue.objects.filter(indicator__state="published")
            .select_related("indicator")
            .prefetch_related("indicator__cities")
        ),
        Policy: lambda: Policy.objects.filter(state="published").prefetch_related(
            "cities", "zones__city", "zones__other_cities"
        ),
        Cost: lambda: Cost.objects.filter(state="published").prefetch_related("cities"),
        TransportLink: lambda: TransportLink.objects.filter(state="published").prefetch_related("cities"),
    }
    return list(rows[model]())


def passes(row, name, values):
    """Whether a row passes one filter with these values of the query string."""
    model = type(row)
    if name == "q":
        return slow_text.rank(values[0], SEARCHED[model](row)) is not None
    if name in LIMITS[model]:
        read = datetime.date.fromisoformat if name.endswith("_on") else Decimal
        return LIMITS[model][name](row, read(values[0]))
    own = FACETS[model][name](row)
    return bool(own & set(values)) or (not own and "not-stated" in values)


def passing(rows, query, leave_out=None):
    """The rows that pass all filters of a query (name: values)."""
    return [
        row
        for row in rows
        if all(passes(row, name, values) for name, values in query.items() if name != leave_out)
    ]


def count(rows, query, name):
    """For one facet: value -> number of rows, with its own choice left out and all others applied."""
    counts = {}
    for row in passing(rows, query, leave_out=name):
        for value in (FACETS[type(row)][name](row) or {"not-stated"}) - {UNOFFERED}:
            counts[value] = counts.get(value, 0) + 1
    return counts
