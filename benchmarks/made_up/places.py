"""Made-up zones, and what projects need to know of the places that there are."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from benchmarks.made_up import chance
from benchmarks.made_up import vocabulary as words

PREFIX = "made-up-"
# When all was made, as both engines read it; UTC.
MOMENT = "2026-11-22 00:00:00"
CHECKED, DUE = "2026-11-22", "2027-05-22"
REASON = ("Named twice.", "条目重复。")

STATES = ("published", "draft", "withdrawn"), (0.95, 0.03, 0.02)
LEVELS = ("provincial", None, "national"), (0.6, 0.25, 0.15)
ESTABLISHED = ("day", "month", "year", None), (0.2, 0.3, 0.3, 0.2)
TYPES = tuple(words.ZONE_KINDS), (0.4, 0.25, 0.12, 0.1, 0.08, 0.03, 0.02)
NO_AREA = 0.25


@dataclass(frozen=True)
class Known:
    """What the database holds before anything is made up: ids by key, and names of cities."""

    cities: dict
    city_names: dict
    industries: dict
    sources: tuple
    aspects: dict
    zone_type: int
    project_type: int


@dataclass(frozen=True)
class Rows:
    """Rows of one table; the columns not named hold what the model says."""

    model: str
    columns: tuple
    rows: list


@dataclass(frozen=True)
class Zone:
    id: int
    city: str
    county: tuple
    name: tuple


class Places:
    """Zones in cities, each with a number of its own; `first` and `count` say which."""

    def __init__(self, seed, known, first, count):
        self.known = known
        self.first, self.count = first, count
        self.generator = np.random.default_rng([seed, 0])
        self.city_slugs = list(known.cities)

    @cached_property
    def zones(self):
        """All zones, the one with the most projects first."""
        random, size = self.generator, self.count
        cities = chance.numbers(random, chance.by_rank(len(self.city_slugs), 0.5), size)
        self.types = chance.values(random, TYPES, size)
        found, seen = [], {}
        for number, (city, kind, spot) in enumerate(
            zip(cities, self.types, random.random(size), strict=True)
        ):
            slug = self.city_slugs[city]
            counties = words.COUNTIES[slug]
            county = counties[int(spot * len(counties))]
            name = self._name(county, kind, seen)
            found.append(Zone(self.first + number, slug, county, name))
        return found

    def _name(self, county, kind, seen):
        english, chinese = words.ZONE_KINDS[kind]
        number = seen[county, kind] = seen.get((county, kind), 0) + 1
        suffix = f" No. {number}" if number > 1 else ""
        suffix_zh = f"第{number}片区" if number > 1 else ""
        return f"{county[0]} {english}{suffix}", f"山西{county[1]}{chinese}{suffix_zh}"

    def rows(self):
        """The tables of the zones: they, their industries, and what is stated of them."""
        random, size, zones = self.generator, self.count, self.zones
        states = chance.values(random, STATES, size)
        areas = (chance.sums(random, 16.5, 1.2, size), chance.flags(random, NO_AREA, size))
        areas = [
            None if unknown else max(area // 10_000, 1) / 100 for area, unknown in zip(*areas, strict=True)
        ]
        levels = chance.values(random, LEVELS, size)
        founded = chance.dates(random, ESTABLISHED, range(1988, 2024), size)
        columns = {
            "id": [zone.id for zone in zones],
            "slug": [f"{PREFIX}zone-{zone.id}" for zone in zones],
            "name_en": [zone.name[0] for zone in zones],
            "name_zh": [zone.name[1] for zone in zones],
            "summary_en": [f"A made-up zone in {zone.county[0]}." for zone in zones],
            "summary_zh": [f"位于{zone.county[1]}的虚构开发区。" for zone in zones],
            **standing(states),
            "level": levels,
            "type": self.types,
            "city_id": [self.known.cities[zone.city] for zone in zones],
            "county_en": [zone.county[0] for zone in zones],
            "county_zh": [zone.county[1] for zone in zones],
            "established": founded,
            "area_km2": areas,
            "area_kind": [area and "planned" for area in areas],
        }
        yield Rows("zones.Zone", tuple(columns), list(zip(*columns.values(), strict=True)))
        yield self._industries()
        yield self._statements(levels, founded, areas)

    def _industries(self):
        ids = list(self.known.industries.values())
        counts = self.generator.integers(1, 5, self.count).tolist()
        shares = chance.by_rank(len(ids), 0.5)
        rows = [
            (zone.id, ids[number])
            for zone, count in zip(self.zones, counts, strict=True)
            for number in sorted(set(chance.numbers(self.generator, shares, count)))
        ]
        return Rows("zones.Zone.industries", ("zone_id", "industry_id"), rows)

    def _statements(self, levels, founded, areas):
        known, rows = self.known, []
        sources = chance.numbers(self.generator, chance.by_rank(len(known.sources)), self.count)
        for zone, source, level, date, area in zip(self.zones, sources, levels, founded, areas, strict=True):
            stated = {
                "level": (None, None, level),
                "established": (None, date, None),
                "area": (area, None, None),
            }
            for aspect, (number, date, choice) in stated.items():
                if number or date or choice:
                    rows.append(
                        (known.zone_type, zone.id, known.aspects[aspect], known.sources[source])
                        + (number, date, choice or "", CHECKED[:4], True)
                    )
        columns = ("content_type_id", "object_id", "aspect_id", "source_id")
        columns += ("number", "date", "choice", "as_of", "adopted")
        return Rows("records.Statement", columns, rows)


def standing(states):
    """The columns that every record has, for records in these states."""
    gone = [state == "withdrawn" for state in states]
    same = {"checked_on": CHECKED, "check_due_on": DUE, "created_at": MOMENT, "changed_at": MOMENT}
    return {
        "state": states,
        "withdrawn_on": [CHECKED if withdrawn else None for withdrawn in gone],
        "withdrawn_reason_en": [REASON[0] if withdrawn else "" for withdrawn in gone],
        "withdrawn_reason_zh": [REASON[1] if withdrawn else "" for withdrawn in gone],
        **{name: [value] * len(states) for name, value in same.items()},
    }
