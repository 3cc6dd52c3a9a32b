"""A list without text: filters, facets, count and one page, in several ways."""

from benchmarks.queries import Readers
from benchmarks.timing import Times, time_each
from benchmarks.ways import LeastSql, by_group_by, by_index, by_listing, is_indexed


def measure(options):
    """Times of random queries; the slow way answers as many of them as its patience allows."""
    queries = Readers(options.seed).queries(options.queries)
    first = Times()
    first.add(by_index, queries[0])
    for query in Readers(options.seed + 1).queries(10):
        by_listing(query)

    index, answers = time_each(by_index, queries, options.patience)
    listing, _answers = time_each(by_listing, queries, options.patience)
    group_by, exact = time_each(by_group_by, queries, options.patience)
    least_sql = LeastSql()
    for number, answer in enumerate(answers):
        least_sql.learn(number, answer)
    least, _rows = time_each(least_sql, range(len(answers)), options.patience)
    return {
        "is_indexed": is_indexed(),
        "first_milliseconds": first.milliseconds[0],
        "index": index.summary(),
        "listing": listing.summary(),
        "group_by": group_by.summary(),
        "least_sql": least.summary(),
        "differences": sum(one != other for one, other in zip(answers, exact, strict=False)),
    }
