"""Pages at any depth, in any order."""

from benchmarks.queries import Query
from benchmarks.timing import time_each
from benchmarks.ways import PAGE_SIZE, by_index
from projects.filters import ProjectFilter
from projects.models import Project

# Few enough that each has pages in the middle; without any, all projects are listed.
FILTERS = ((), *((("status", value),) for value in Project.Status.values), (("kind", "project"),))


def measure(options):
    """Median time of the first, the middle and the last page, by order and depth."""
    totals = {pairs: by_index(Query(pairs)).total for pairs in FILTERS}
    medians = {}
    for sort in (sort for sort in ProjectFilter.sorts if not sort.is_by_match):
        for depth, part in {"first": 0, "middle": 0.5, "last": 1}.items():
            queries = [
                Query(pairs).having(sort=sort.key, page=max(1, round(part * -(-total // PAGE_SIZE))))
                for pairs, total in totals.items()
            ]
            times, _answers = time_each(by_index, queries * options.rounds, options.patience)
            medians[f"{sort.key}, {depth}"] = times.summary()["median"]
    return {"medians": medians, "spread": max(medians.values()) / min(medians.values())}
