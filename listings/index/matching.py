"""Text search in a large list: the answers of `listings.search.Matches`, worked out from its index."""

from collections import Counter

import numpy as np
from django.db.models import F, Q, Sum
from django.db.models.functions import Length

from listings.index import memory
from listings.index.layout import layout_for
from listings.index.ordering import first
from listings.index.postings import LAST, match, places_of
from listings.index.snapshot import Last
from listings.models import Posting
from listings.text.query import Word

# Of the texts asked last, what was found is kept: of each some hundred kilobytes for a million rows.
TEXTS_KEPT = 16
# Words that differ by more letters are not taken for misspelt ones.
EDITS = 2
# Of the words that may be meant so many are looked at, the most frequent.
MOST_WORDS = 50_000


def find(snapshot, layout, query, using):
    """What `match` gives; that of the last few texts is remembered."""
    kept = snapshot.remembered("texts", lambda: Last(TEXTS_KEPT))
    return kept.remembered(query.key, lambda: match(snapshot, layout, query, using))


def indexed_matches(rows, query):
    """The matches among the rows of a query set, from the index of their model; None where it has none.

    The rows have to be all that are public, in the order of the list's first sort.
    """
    layout = layout_for(rows.model)
    snapshot = memory.current(layout) if layout else None
    return IndexedMatches(rows, query, layout, snapshot) if snapshot else None


class IndexedMatches:
    """The rows of a large list that match a query: how many, and the best of them."""

    def __init__(self, rows, query, layout, snapshot):
        self.rows, self.snapshot = rows, snapshot
        self.order = snapshot.orders[layout.filterset_class.sorts[0].key]
        # Positions by rank, the best first.
        self.found = [self._living(found) for found in find(snapshot, layout, query, rows.db).values()]

    def _living(self, found):
        places = places_of(found)
        return places[self.snapshot.alive[places]]

    @property
    def total(self):
        return sum(map(len, self.found))

    def best(self, number=None):
        """The best matches as a list, equal ones in the order of the list; so many, or all. One query."""
        keys = self.snapshot.keys[self._best(self.total if number is None else number)].tolist()
        found = self.rows.in_bulk(keys) if keys else {}
        # A row may have been withdrawn a moment ago.
        return [found[key] for key in keys if key in found]

    def _best(self, number):
        """Positions of the best: of each rank as many as are still wanted, in the order of the list."""
        chosen = [self.order[:0]]
        for places in self.found:
            wanted = number - sum(map(len, chosen))
            if wanted <= 0:
                break
            mask = np.zeros(len(self.snapshot.keys), bool)
            mask[places] = True
            chosen.append(first(self.order, mask, wanted))
        return np.concatenate(chosen)


def indexed_vocabulary(model, query):
    """word -> how often it is used, of the words that a query may mean: those it finds, and some as long.

    None where the model has no index.
    """
    layout = layout_for(model)
    snapshot = memory.current(layout) if layout else None
    if snapshot is None:
        return None
    meant = Q()
    for needle in (needle for term in query.terms for needle in term.needles):
        meant |= Q(term__gte=needle.scan, term__lt=needle.scan + LAST)
        if isinstance(needle, Word):
            meant |= Q(letters__gte=max(3, len(needle.text) - EDITS), letters__lte=len(needle.text) + EDITS)
    words = Posting.objects.filter(build=snapshot.build).annotate(letters=Length("term")).filter(meant)
    counted = words.values_list("term").annotate(number=Sum("count"))
    return Counter(dict(counted.order_by(F("number").desc(nulls_last=True))[:MOST_WORDS]))
