"""A list with text: rare words, a word that 30 % of all projects say, and the same text again."""

from benchmarks.queries import Readers, common_texts
from benchmarks.timing import Times, time_each
from benchmarks.ways import by_index


def measure(options):
    """Times of the same queries without and with a rare word; of common texts, new ones and known ones."""
    readers = Readers(options.seed + 2)
    searches = readers.searches(options.queries)
    by_index(searches[0])
    lists = [query.having(q=None) for query in searches]
    without, _answers = time_each(by_index, lists, options.patience)
    rare, _answers = time_each(by_index, searches, options.patience)
    common, again = measure_common(readers)
    return {
        "without": without.summary(),
        "rare": rare.summary(),
        "common": common.summary(),
        "again": again.summary(),
    }


def measure_common(readers):
    """Times of each common text asked for the first time, and then with another page, order and filter."""
    common, again = Times(), Times()
    for text in common_texts():
        query = readers.query(page=False).having(q=text, city=None, zone=None, sort=None)
        common.add(by_index, query)
        for change in ({"page": 2}, {"sort": "investment-largest"}, {"city": "datong"}):
            again.add(by_index, query.having(**change))
    return common, again
