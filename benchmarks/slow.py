"""Exact answers, slowly: every number asked of the database, every text read, no index used.

A text is compared with all projects once for each of its words, which is what makes thousands of answers
possible at all; after that it is a set of ids.
"""

from functools import lru_cache

from django.core.paginator import Paginator

from benchmarks.ways import PAGE_SIZE, Answer, filterset_of, not_zero
from listings.search import Keys, ranks
from listings.text.query import Query as TextQuery
from listings.text.query import parse
from projects.models import Project


class SlowAnswers:
    """Answers queries; what it has found of a word it remembers."""

    def __init__(self):
        self.ranks_of = lru_cache(maxsize=None)(self._ranks_of)

    def __call__(self, query):
        """The `Answer` to a query."""
        order = filterset_of(query).sort
        filterset = filterset_of(query.having(q=None, sort=None))
        found = self._ranks("".join(query.of("q")))
        if found is not None:
            filterset.queryset = filterset.queryset.filter(pk__in=Keys(found))
        if problems := filterset.problems():
            raise ValueError(f"{query}: {problems}")
        facets = {
            name: not_zero(facet.counts(filterset.rows(leave_out=name)))
            for name, facet in filterset.facets.items()
        }
        keys = list(filterset.rows().order_by(*order.order_by, "pk").values_list("pk", flat=True))
        if order.is_by_match:
            keys.sort(key=found.get)
        pages = Paginator(keys, PAGE_SIZE)
        number = min(int((query.of("page") or ["1"])[0]), pages.num_pages)
        return Answer(pages.count, tuple(pages.page(number).object_list), facets)

    def _ranks(self, text):
        """id -> rank of the projects that a text finds: in all its words, with the sum of their ranks."""
        terms = parse(text).terms
        if not terms:
            return None
        first, *others = (self.ranks_of(term) for term in terms)
        everywhere = set(first).intersection(*others)
        return {key: first[key] + sum(other[key] for other in others) for key in everywhere}

    def _ranks_of(self, term):
        return ranks(Project.objects.published().order_by(), TextQuery((term,)))
