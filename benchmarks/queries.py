"""Query strings such as readers send, at random and always the same for a seed.

A reader looks for something like what there is: each query takes its values from a project drawn at random,
so that frequent values are asked for often. Most have one filter or two, some a range, another order, a
deeper page.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np
from django.http import QueryDict

from benchmarks.made_up import vocabulary
from projects.filters import INVESTMENT_BANDS, MILLION, ProjectFilter
from projects.models import Project

# How often a filter is among those chosen.
FACETS = {
    "city": 0.28,
    "sector": 0.28,
    "status": 0.16,
    "zone": 0.1,
    "year": 0.08,
    "kind": 0.05,
    "investment": 0.05,
}
FILTER_COUNTS = (0.1, 0.45, 0.35, 0.1)
TWO_VALUES, RANGE, OTHER_SORT, NEXT_PAGES, DEEP = 0.15, 0.1, 0.3, 0.15, 0.05
# So many projects are drawn from: the first ones, which are the same in a small database and a large one.
SAMPLE = 5_000


@dataclass(frozen=True)
class Query:
    """One address of the list of projects: (name, value) pairs, as in its query string."""

    pairs: tuple

    def __str__(self):
        return urlencode(self.pairs)

    def data(self, *, page=True):
        """As Django reads it, with or without its page."""
        return QueryDict(urlencode([pair for pair in self.pairs if page or pair[0] != "page"]))

    def of(self, name):
        """The values of one parameter."""
        return [value for key, value in self.pairs if key == name]

    def having(self, **more):
        """The same query with other values of these parameters; None takes one away."""
        kept = [pair for pair in self.pairs if pair[0] not in more]
        return Query((*kept, *((name, str(value)) for name, value in more.items() if value is not None)))


def band_of(yuan):
    """The key of the band in which a sum lies."""
    return next(
        band.key
        for band in INVESTMENT_BANDS
        if (band.low is None or yuan >= band.low) and (band.high is None or yuan < band.high)
    )


def values_of(project):
    """What each facet would call this project, by name."""
    known = {
        "city": project.city and project.city.slug,
        "sector": project.sector.slug,
        "status": project.status,
        "zone": project.public_zone and project.public_zone.slug,
        "kind": project.kind,
        "year": project.status_on and project.status_on.text[:4],
        "investment": project.investment_yuan and band_of(project.investment_yuan),
    }
    if known["year"] and not known["year"].isdigit():
        known["year"] = None
    return {name: value or "not-stated" for name, value in known.items()} | {"year": known["year"]}


class Readers:
    """Makes queries; the same seed and database give the same ones."""

    def __init__(self, seed):
        self.random = np.random.default_rng([seed, 2])
        rows = Project.objects.published().filter(pk__lte=SAMPLE).select_related("city", "zone", "sector")
        self.projects = list(rows.order_by("pk"))

    def project(self):
        """One at random."""
        return self.projects[int(self.random.integers(len(self.projects)))]

    def query(self, *, page=True):
        """One at random; without `page` it asks for the first."""
        project, pairs = self.project(), []
        shares = np.array(list(FACETS.values())) / sum(FACETS.values())
        count = int(self.random.choice(len(FILTER_COUNTS), p=FILTER_COUNTS))
        for name in self.random.choice(list(FACETS), size=count, replace=False, p=shares).tolist():
            values = [values_of(project)[name]]
            if self.random.random() < TWO_VALUES:
                values.append(values_of(self.project())[name])
            pairs += [(name, value) for value in dict.fromkeys(values) if value]
        if project.investment_yuan and self.random.random() < RANGE:
            pairs.append(("investment_from", str(project.investment_yuan // MILLION)))
        if self.random.random() < OTHER_SORT:
            pairs.append(("sort", self.random.choice([sort.key for sort in ProjectFilter.sorts[1:]]).item()))
        if page:
            pairs += self._page()
        return Query(tuple(pairs))

    def _page(self):
        drawn = self.random.random()
        if drawn < DEEP:
            return [("page", "400")]
        return [("page", str(self.random.integers(2, 6)))] if drawn < DEEP + NEXT_PAGES else []

    def queries(self, count, **options):
        """So many, each only once."""
        found = {}
        for _ in range(count * 20):
            if len(found) == count:
                break
            found[self.query(**options)] = None
        return list(found)

    def lists(self, count):
        """Queries for first pages, as most are."""
        return self.queries(count, page=False)

    def searches(self, count):
        """The same with a rare word, in either language."""
        return self._with_words(self.rare_words(count))

    def mixed_searches(self, count):
        """The same with an English word: a third each rare, in 5 % and in 30 % of all projects."""
        words = iter(self.rare_words(count, english_only=True))
        kinds = (lambda: next(words), lambda: vocabulary.MEDIUM[0], lambda: vocabulary.COMMON[0])
        return self._with_words([kinds[number % 3]() for number in range(count)])

    def _with_words(self, words):
        queries = self.queries(len(words), page=False)
        return [query.having(q=word) for query, word in zip(queries, words, strict=False)]

    def rare_words(self, count, *, english_only=False):
        """Words that few projects say: companies and counties."""
        found = {}
        for _ in range(count * 20):
            if len(found) == count:
                break
            project = self.project()
            words = [project.name_en.split()[0], project.county_en]
            if not english_only:
                words += [project.county_zh, project.name_zh[:3]]
            if word := words[int(self.random.integers(len(words)))]:
                found[word] = None
        return list(found)


def common_texts():
    """Texts that 30 % of all projects say, each another question to an index: words, beginnings and both."""
    english, chinese = vocabulary.COMMON
    beginnings = [word[:length] for word in (english, "output") for length in range(5, len(word) + 1)]
    return [*beginnings, chinese, *(f"{word} {chinese}" for word in beginnings), f"{english} output"]
