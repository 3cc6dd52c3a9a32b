"""What filters should do, worked out slowly in plain Python: no query, no shared code with the filters.

Every rule reads a row's own attributes, row by row. A facet's values are `None` where nothing is stated.
"""

from decimal import Decimal

from projects.models import Project
from records.models import Source
from zones.models import Zone

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
    return {date.text[:4]} if date else set()


def known_year(date):
    """The year in which it begins; "before 2006" begins in none that is known."""
    return {found for found in year(date) if found.isdigit()}


def one(value):
    return {value} if value else set()


def public_zone(project):
    return {project.zone.slug} if project.zone and project.zone.state == "published" else set()


# The set of a row's values in each facet; empty is "not stated".
FACETS = {
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
    Source: {},
}

SEARCHED = {
    Zone: lambda zone: [
        zone.name_en,
        zone.name_zh,
        zone.summary_en,
        zone.summary_zh,
        zone.other_names,
        zone.county_en,
        zone.county_zh,
        zone.city.name_en,
        zone.city.name_zh,
        zone.city.other_spellings,
        zone.gbt37028_code,
        zone.nbs_code,
    ],
    Project: lambda project: [
        project.name_en,
        project.name_zh,
        project.summary_en,
        project.summary_zh,
        project.company_en,
        project.company_zh,
        project.investors_en,
        project.investors_zh,
        project.county_en,
        project.county_zh,
        project.zone_stated_en,
        project.zone_stated_zh,
        project.sector.name_en,
        project.sector.name_zh,
        *([project.city.name_en, project.city.name_zh, project.city.other_spellings] if project.city else []),
    ],
    Source: lambda source: [source.publisher_en, source.publisher_zh, source.title],
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
    }
    return list(rows[model]())


def small(text):
    """Without case, which SQLite knows of ASCII letters only."""
    return "".join(char.lower() if char.isascii() else char for char in text)


def passes(row, name, values):
    """Whether a row passes one filter with these values of the query string."""
    model = type(row)
    if name == "q":
        text = [small(field) for field in SEARCHED[model](row)]
        return all(any(small(word) in field for field in text) for word in values[0].split())
    if name in LIMITS[model]:
        return LIMITS[model][name](row, Decimal(values[0]))
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
        for value in FACETS[type(row)][name](row) or {"not-stated"}:
            counts[value] = counts.get(value, 0) + 1
    return counts
