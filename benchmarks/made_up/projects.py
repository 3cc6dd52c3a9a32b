"""Made-up projects, in blocks that each have a seed of their own.

So the first 10,000 are the same whether 10,000 are made or a million. Much is unknown, as in life: one in
seven names no zone, one in twelve of those no city, one in five no sum.
"""

import numpy as np

from benchmarks.made_up import chance
from benchmarks.made_up.places import PREFIX, STATES, Rows, standing
from benchmarks.made_up.texts import Texts

BLOCK = 10_000

KINDS = ("project", "infrastructure", "park", "programme", "bundle"), (0.85, 0.06, 0.05, 0.02, 0.02)
STATUSES = ("under-construction", "signed", "operational", "announced"), (0.38, 0.35, 0.19, 0.08)
BASES = ("total", "phase", "so-far", "one-year", "programme", "bundle"), (0.86, 0.06, 0.03, 0.03, 0.01, 0.01)
CONFIDENCES = ("high", "medium", "low"), (0.57, 0.35, 0.08)
HEDGES = ("", "about", "at_least", "more_than", "nearly"), (0.7, 0.12, 0.08, 0.07, 0.03)
STATUS_DATES = (
    ("day", "month", "year", "quarter", "about", "before", None),
    (0.75, 0.14, 0.05, 0.01, 0.005, 0.005, 0.04),
)
STARTED = {"under-construction": "construction-started"}
NO_ZONE, NO_CITY, NO_SUM, READING = 0.15, 0.08, 0.20, 0.09
# Natural logarithms of yuan: half of all sums lie below 300 million.
SUM_MEAN, SUM_SPREAD = 19.5, 1.7

STATEMENT = ("content_type_id", "object_id", "aspect_id", "source_id", "number", "approximation", "choice")
STATEMENT += ("text_en", "text_zh", "as_of", "adopted")


class Projects:
    """Projects 1, 2, 3 … in the places that are given."""

    def __init__(self, seed, places):
        self.seed, self.places, self.known = seed, places, places.known
        self.zone_shares = chance.by_rank(max(len(places.zones), 1))
        self.city_shares = chance.by_rank(len(places.city_slugs), 0.6)
        self.industry_slugs = list(self.known.industries)
        self.industry_shares = chance.by_rank(len(self.industry_slugs), 0.7)
        self.source_shares = chance.by_rank(len(self.known.sources))

    def blocks(self, count):
        """The tables of `count` projects, block after block: lists of `Rows`."""
        for start in range(0, count, BLOCK):
            yield self._block(start, min(BLOCK, count - start))

    def _block(self, start, size):
        # All of a block is drawn, and cut after, so that a short one begins like a whole one.
        random = np.random.default_rng([self.seed, 1, start])
        cities, zones = self._places(random)
        industries = chance.numbers(random, self.industry_shares, BLOCK)
        statuses = chance.values(random, STATUSES, BLOCK)
        dates = chance.dates(random, STATUS_DATES, range(2012, 2027), BLOCK)
        unknown = chance.flags(random, NO_SUM, BLOCK)
        drawn = chance.sums(random, SUM_MEAN, SUM_SPREAD, BLOCK)
        sums = [None if no else number for no, number in zip(unknown, drawn, strict=True)]
        bases = chance.values(random, BASES, BLOCK)
        industry_names = [self.industry_slugs[number] for number in industries]
        texts = Texts(random, self.known.city_names).write(industry_names, cities, zones)
        ids = range(start + 1, start + 1 + BLOCK)
        columns = {
            "id": ids,
            "slug": [
                f"{PREFIX}{number}-{words}" for number, words in zip(ids, texts.pop("slug"), strict=True)
            ],
            **{name: column for name, column in texts.items() if name != "capacity"},
            **standing(chance.values(random, STATES, BLOCK)),
            "kind": chance.values(random, KINDS, BLOCK),
            "city_id": [city and self.known.cities[city] for city in cities],
            "zone_id": [zone and zone.id for zone in zones],
            "sector_id": [self.known.industries[name] for name in industry_names],
            "investment_yuan": sums,
            "investment_basis": [total and basis for total, basis in zip(sums, bases, strict=True)],
            "status": statuses,
            "status_on": dates,
            "status_is_reading": chance.flags(random, READING, BLOCK),
            "confidence": chance.values(random, CONFIDENCES, BLOCK),
        }
        rows = list(zip(*columns.values(), strict=True))[:size]
        stated = list(zip(ids, statuses, dates, sums, texts["capacity"], strict=True))[:size]
        return [
            Rows("projects.Project", tuple(columns), rows),
            self._statements(random, stated),
            self._milestones(stated),
        ]

    def _places(self, random):
        """City and zone of each project: a zone's own city, a city alone, or neither."""
        drawn = chance.numbers(random, self.zone_shares, BLOCK)
        cities = chance.numbers(random, self.city_shares, BLOCK)
        without = chance.flags(random, NO_ZONE if self.places.zones else 1, BLOCK)
        nowhere = chance.flags(random, NO_CITY, BLOCK)
        zones = [None if no else self.places.zones[number] for no, number in zip(without, drawn, strict=True)]
        slugs = [
            zone.city if zone else None if no else self.places.city_slugs[number]
            for zone, no, number in zip(zones, nowhere, cities, strict=True)
        ]
        return slugs, zones

    def _statements(self, random, stated):
        """Of each project its status, and its sum and capacity where they are known."""
        known, rows = self.known, []
        status_id, sum_id, capacity_id = (known.aspects[key] for key in ("status", "investment", "capacity"))
        sources = [known.sources[number] for number in chance.numbers(random, self.source_shares, BLOCK)]
        hedges = chance.values(random, HEDGES, BLOCK)
        for (number, status, date, total, capacity), source, hedge in zip(
            stated, sources, hedges, strict=False
        ):
            about = (known.project_type, number)
            rows.append((*about, status_id, source, None, "", status, "", "", date, True))
            if total:
                rows.append((*about, sum_id, source, total, hedge, "", "", "", date, True))
            if capacity:
                rows.append((*about, capacity_id, source, None, "", "", *capacity, date, True))
        return Rows("records.Statement", STATEMENT, rows)

    def _milestones(self, stated):
        """One for each third project: that its status began."""
        rows = [
            (number, STARTED.get(status, status), date)
            for number, status, date, _sum, _capacity in stated
            if number % 3 == 0
        ]
        return Rows("projects.Milestone", ("project_id", "kind", "date"), rows)
