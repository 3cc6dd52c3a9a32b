"""Are the fast answers the exact ones? Random filters, texts, orders and pages, each answered twice.

    DATABASE_URL=sqlite:///large.sqlite3 python -m benchmarks.exact --combinations 2000

Each is answered by the index, and by going through all rows and their texts; page, count and every facet must
be equal. Of those without text some are asked of the plain path as well, which has the database count. Ends
with 1 and names what is not equal.
"""

import argparse
import os
import sys
import time

import django
import numpy as np
from tqdm import tqdm

# So many are counted by the database too, which takes seconds for each.
BY_DATABASE = 25
# How often a combination has text, and of which kind; the rest has none.
RARE, COMMON, BOTH = 0.25, 0.1, 0.1


def main():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.exact", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--combinations", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--no-progress", action="store_true", help="draw no progress bar")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    # The slow answers take what they take.
    os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT", "0")
    django.setup()

    begun = time.monotonic()
    differences = compare(options.combinations, options.seed, progress=not options.no_progress)
    for difference in differences:
        print(difference)
    print(
        f"{options.combinations} combinations, {len(differences)} differences, "
        f"{time.monotonic() - begun:.0f} s."
    )
    sys.exit(bool(differences))


def compare(count, seed, *, progress=True):
    """What differs between fast and slow answers, a line each; raises RuntimeError without an index."""
    # Models can be read only when Django is set up.
    from benchmarks.slow import SlowAnswers
    from benchmarks.ways import by_group_by, by_index, is_indexed

    if not is_indexed():
        raise RuntimeError("The list of projects has no index to compare: run manage.py build_index.")
    queries = list(combinations(count, seed))
    slowly = SlowAnswers(queries)
    counted = [query for query in queries if not query.of("q")][:BY_DATABASE]
    asked = [(query, slowly) for query in queries] + [(query, by_group_by) for query in counted]
    found = []
    for query, another_way in tqdm(asked, disable=not progress, file=sys.stderr):
        fast, slow = by_index(query), another_way(query)
        if fast != slow:
            found.append(f"?{query}: {fast} instead of {slow}")
    return found


def combinations(count, seed):
    """Random queries; the text of some is rare, of some common, of some both."""
    from benchmarks.queries import Readers, common_texts

    readers, random = Readers(seed + 4), np.random.default_rng([seed, 5])
    rare, common = readers.rare_words(60), common_texts()
    for query in readers.queries(count):
        drawn = random.random()
        one, other = random.choice(rare).item(), random.choice(common).item()
        if drawn < RARE:
            query = query.having(q=one)
        elif drawn < RARE + COMMON:
            query = query.having(q=other)
        elif drawn < RARE + COMMON + BOTH:
            query = query.having(q=f"{one} {other}")
        yield query


if __name__ == "__main__":
    main()
