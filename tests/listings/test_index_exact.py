"""Random queries of a list with an index: each answer is the slow exact one."""

import random
from collections import Counter
from functools import cache, cached_property
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from benchmarks.made_up.database import fill
from listings import versions
from listings.index.results import IndexedResults
from listings.listing import Listing
from projects.models import Project
from records.dates import PartialDate
from tests.listings import indexing, slow, slow_text
from zones.models import City, Zone

# What the plain path says of a list is set beside slow answers by `test_robustness`; here it costs a second.
PROJECTS, ZONES, QUERIES, COMPARED_PLAINLY = 5_000, 150, 400, 8
REASON = {"withdrawn_on": "2026-03-06", "withdrawn_reason_en": "Twice.", "withdrawn_reason_zh": "重复。"}
SUM = {"investment_yuan": 500_000_000, "investment_basis": "total"}

# Common and selective, forms and beginnings, both languages, names of cities and sectors, pinyin, nothing.
WORDS = [
    *("annual", "年产", "exporting", "出口", "observatory", "outp", "l", "陽", "产", "line", "stores"),
    *(
        "taiyuan",
        "太原",
        "Lüliang",
        "lvliang",
        "jin",
        "coal",
        "化工",
        "high-tech",
        "20",
        "xyzzy",
        "巭",
        "％",
        "’",
    ),
]
FACETS = ("city", "sector", "status", "zone", "kind", "investment", "year")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_answer_of_the_index_is_the_slow_exact_one():
    chance = random.Random(5)  # noqa: S311  nothing is secret here
    fill(PROJECTS, ZONES, 7, progress=False)
    indexing.build()
    edit(chance)
    exact = Exact()
    queries = list(random_queries(chance, exact, QUERIES))
    for query in queries:
        assert fast(query) == exact.answer(query), query
    for query in chance.sample(queries, COMPARED_PLAINLY):
        text = urlencode([pair for pair in query if pair[0] != "page"])
        assert indexing.by_index(text, pages=[1]) == indexing.plainly(text, pages=[1]), query
    assert list(indexing.differences(indexing.LAYOUT)) == []


def edit(chance):
    """Change some records in many ways, so that what was built is not the whole answer."""
    keys = chance.sample(list(Project.objects.published().values_list("pk", flat=True)), 120)
    some = [keys[start::4] for start in range(4)]
    Project.objects.filter(pk__in=some[0]).update(state="withdrawn", **REASON)
    Project.objects.filter(pk__in=some[1]).update(name_en="aardvark Coal line", status_on=PartialDate("2024"))
    Project.objects.filter(pk__in=some[2]).update(city=None, zone=None, **SUM)
    Project.objects.filter(pk__in=some[3]).update(investment_yuan=None, status_on=None, summary_zh="天文台。")
    Project.objects.filter(state="draft").filter(pk__lte=1_000).update(state="published")
    Zone.objects.filter(pk__in=Zone.objects.published()[:20].values("pk")).update(state="draft")
    City.objects.filter(slug="taiyuan").update(name_en="Coal City", name_zh="煤城")
    versions.forget()


def fast(query):
    """(number of rows, page, keys of its rows, facet -> value -> count) as the page of the list has them."""
    data = QueryDict(urlencode(query), mutable=True)
    page = data.pop("page", None)
    filterset = indexing.filterset(data.urlencode())
    assert isinstance(filterset.results, IndexedResults)
    listing = Listing(filterset, "/en/projects/", QueryDict(urlencode(query)), page_size=indexing.PAGE_SIZE)
    assert listing.errors == []
    assert bool(listing.last_page_url) == (bool(page) and int(page[0]) > listing.paginator.num_pages)
    counts = {}
    for facet in listing.facets:
        shown = {option.value: option.count for option in facet.options}
        counts[facet.name] = indexing.not_zero(shown)
        if facet.left_out:
            # A page shows the values with the most rows; all of them have to be right.
            every = filterset.results.counts(facet.name)
            counts[facet.name] = indexing.not_zero(every)
            assert shown == {value: every.get(value, 0) for value in shown}
    return listing.total, listing.page.number, [row.pk for row in listing.page], counts


class Exact:
    """The answers, worked out from all public rows one by one; what a filter lets through is remembered."""

    def __init__(self):
        self.rows = {row.pk: row for row in slow.every_row(Project)}
        self.all = frozenset(self.rows)
        self.values = {name: {pk: self._value(name, row) for pk, row in self.rows.items()} for name in FACETS}
        self.having = cache(self._having)
        self.ranks = cache(self._ranks)
        self.ranks_of = cache(self._ranks_of)

    @staticmethod
    def _value(name, row):
        # A project has at most one value of each facet.
        (value,) = slow.FACETS[Project][name](row) or {"not-stated"}
        return value

    @cached_property
    def parts(self):
        """The texts of each row, cut into pieces once."""
        return {pk: slow.SEARCHED[Project](row) for pk, row in self.rows.items()}

    @cached_property
    def orders(self):
        """sort -> keys of the rows in its order."""
        known = {
            "name": lambda row: (row.name_en.encode(), row.name_zh.encode()),
            "date": lambda row: row.status_on.text,
            "sum": lambda row: row.investment_yuan,
        }
        dated = [pk for pk in sorted(self.rows) if self.rows[pk].status_on]
        summed = [pk for pk in sorted(self.rows) if self.rows[pk].investment_yuan is not None]
        by = {name: lambda pk, read=read: read(self.rows[pk]) for name, read in known.items()}
        undated, unsummed = sorted(self.all - set(dated)), sorted(self.all - set(summed))
        return {
            "latest": sorted(dated, key=by["date"], reverse=True) + undated,
            "earliest": sorted(dated, key=by["date"]) + undated,
            "investment-largest": sorted(summed, key=by["sum"], reverse=True) + unsummed,
            "investment-smallest": sorted(summed, key=by["sum"]) + unsummed,
            "name": sorted(sorted(self.rows), key=by["name"]),
        }

    def _having(self, name, values):
        """The keys of the rows that one filter lets through."""
        if name == "q":
            return frozenset(self.ranks(values[0]))
        if name in FACETS:
            return frozenset(pk for pk, value in self.values[name].items() if value in values)
        return frozenset(pk for pk, row in self.rows.items() if slow.passes(row, name, values))

    def _ranks(self, text):
        """key -> how well a row matches, of those that do: the sum over the terms."""
        # As text, since a term of several words is a list.
        terms = {str(term): term for term in slow_text.terms(text)}
        found = [
            self.ranks_of(name, tuple(term) if isinstance(term, list) else term)
            for name, term in terms.items()
        ]
        matching = self.all.intersection(*found)
        return {pk: sum(ranks[pk] for ranks in found) for pk in matching}

    def _ranks_of(self, _name, term):
        grade = cache(lambda texts, names: slow_text.grade(term, texts, names))
        found = {}
        for pk, parts in self.parts.items():
            fits = [(tier, grade(tuple(texts), tuple(names))) for tier, texts, names in parts]
            ranks = [2 * tier + fit for tier, fit in fits if fit is not None]
            if ranks:
                found[pk] = min(ranks)
        return found

    def answer(self, query):
        """What `fast` should give."""
        wanted = dict(QueryDict(urlencode(query)).lists())
        page, sort = int(wanted.pop("page", ["1"])[0]), wanted.pop("sort", [""])[0]
        passing = {name: self.having(name, tuple(values)) for name, values in wanted.items()}
        found = self.all.intersection(*passing.values())
        counts = {}
        for name in FACETS:
            others = found
            if name in passing:
                others = self.all.intersection(*(rows for other, rows in passing.items() if other != name))
            counts[name] = dict(Counter(map(self.values[name].__getitem__, others)))
            counts[name].pop(slow.UNOFFERED, None)
        keys = [pk for pk in self.orders[sort if sort in self.orders else "latest"] if pk in found]
        if "q" in wanted and sort not in self.orders:
            keys.sort(key=self.ranks(wanted["q"][0]).get)
        last = max(1, -(-len(keys) // indexing.PAGE_SIZE))
        page = min(page, last)
        shown = keys[(page - 1) * indexing.PAGE_SIZE : page * indexing.PAGE_SIZE]
        return len(keys), page, shown, counts


def random_queries(chance, exact, number):
    """Lists of (name, value): values as frequent as they are, some that no row has, text in every second."""
    pks = list(exact.rows)

    def value(name):
        return exact.values[name][chance.choice(pks)]

    for _ in range(number):
        query = []
        for name in chance.sample(FACETS, chance.choice([0, 1, 1, 2, 2, 3])):
            values = {value(name) for _ in range(chance.choice([1, 1, 1, 2, 3]))}
            values |= (
                {"not-stated"}
                if name in ("city", "zone", "year", "investment") and chance.random() < 0.15
                else set()
            )
            query += [(name, value) for value in sorted(values - {slow.UNOFFERED})]
        if chance.random() < 0.2:
            low, high = sorted(
                chance.choices(["0", "12.5", "80", "100", "500.0000001", "1000", "50000"], k=2), key=float
            )
            query += chance.choice(
                [
                    [("investment_from", low)],
                    [("investment_below", high)],
                    [("investment_from", low), ("investment_below", high)],
                ]
            )
        if chance.random() < 0.5:
            query.append(("q", " ".join(chance.sample(WORDS, chance.choice([1, 1, 1, 2])))))
        if chance.random() < 0.6:
            query.append(("sort", chance.choice(indexing.SORTS)))
        if chance.random() < 0.5:
            query.append(
                ("page", chance.choice(["1", "2", "3", "10", "95", "190", "191", "1000", "1000000000"]))
            )
        yield query
