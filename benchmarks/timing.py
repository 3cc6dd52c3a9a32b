"""Times of repeated work, in milliseconds."""

import statistics
import time
from dataclasses import dataclass, field


@dataclass
class Times:
    """How long each of many runs took, in milliseconds, and whether patience ended before the runs did."""

    milliseconds: list = field(default_factory=list)
    cut_short: bool = False

    def add(self, work, *arguments):
        """Do it once and remember how long it took; what it gave."""
        begun = time.perf_counter()
        result = work(*arguments)
        self.milliseconds.append((time.perf_counter() - begun) * 1000)
        return result

    def part(self, every):
        """The runs of a slice."""
        return Times(self.milliseconds[every], self.cut_short)

    def summary(self):
        """For the report: median and 95th percentile."""
        ordered = sorted(self.milliseconds)
        if not ordered:
            return {"runs": 0, "median": None, "p95": None, "cut_short": self.cut_short}
        return {
            "runs": len(ordered),
            "median": statistics.median(ordered),
            "p95": ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)],
            "cut_short": self.cut_short,
        }


# Which of the queries, asked in turns, are which.
TURNS = {"lists": slice(0, None, 2), "searches": slice(1, None, 2), "both": slice(None)}


def in_turns(lists, searches):
    """One list, one search, and so on: what there is no time for is then missing from both."""
    return [query for pair in zip(lists, searches, strict=False) for query in pair]


def time_each(work, items, patience):
    """Times of the work on each item, until `patience` seconds are over; and what each gave.

    Items come at random: those that were reached are a sample of all.
    """
    times, results = Times(), []
    end = time.monotonic() + patience
    for item in items:
        if time.monotonic() > end:
            times.cut_short = True
            break
        results.append(times.add(work, item))
    return times, results
