"""What is promised of large lists, and whether the figures of one run keep it."""

from dataclasses import dataclass

MILLION, HUNDRED_THOUSAND, TEN_THOUSAND = 1_000_000, 100_000, 10_000


@dataclass(frozen=True)
class Line:
    """One promise beside what was measured; `kept` is None where it was not."""

    engine: str
    promise: str
    wanted: str
    measured: str = "not measured"
    kept: bool | None = None


class Figures:
    """What was measured on one engine, by size, step and name."""

    def __init__(self, by_size):
        self.by_size = {int(size): steps for size, steps in by_size.items()}

    @property
    def small(self):
        """The smallest size measured, if that is a small site."""
        size = min(self.by_size)
        return size if size < TEN_THOUSAND else None

    def __call__(self, size, *names):
        """One figure; None where it was not measured."""
        found = self.by_size.get(size)
        for name in names:
            found = found.get(name) if found is not None else None
        return found


def ratio(one, other):
    return None if one is None or not other else one / other


def lines(engine, by_size):
    """All promises for one engine."""
    figures = Figures(by_size)

    def at_least(promise, wanted, measured, unit=" times"):
        return _line(
            engine, promise, f"at least {wanted:g}{unit}", measured, unit, lambda value: value >= wanted
        )

    def at_most(promise, wanted, measured, unit=" times"):
        return _line(
            engine, promise, f"at most {wanted:g}{unit}", measured, unit, lambda value: value <= wanted
        )

    return [
        *_lists(figures, at_least, at_most),
        *_texts(figures, at_most),
        *_pages(figures, at_least, at_most),
        *_costs(figures, at_most),
    ]


def _line(engine, promise, wanted, measured, unit, keeps):
    if measured is None:
        return Line(engine, promise, wanted)
    return Line(
        engine,
        promise,
        wanted,
        f"{measured:.3g}{unit}" if measured < 1000 else f"{measured:.0f}{unit}",
        keeps(measured),
    )


def _lists(figures, at_least, at_most):
    median = {size: figures(size, "listing", "index", "median") for size in figures.by_size}
    p95 = {size: figures(size, "listing", "index", "p95") for size in figures.by_size}
    slow = figures(MILLION, "listing", "group_by", "median")
    least = figures(MILLION, "listing", "least_sql", "p95")
    small = figures.small
    return [
        at_least(
            "1,000,000: faster than one GROUP BY a facet, median", 100, ratio(slow, median.get(MILLION))
        ),
        at_most("1,000,000: p95 beside the least SQL", 60, ratio(p95.get(MILLION), least)),
        at_most(
            "10,000 to 1,000,000: growth of the median",
            3,
            ratio(median.get(MILLION), median.get(TEN_THOUSAND)),
        ),
        at_most("10,000 to 1,000,000: growth of p95", 10, ratio(p95.get(MILLION), p95.get(TEN_THOUSAND))),
        at_most(
            "1,000,000: every page and order, slowest beside fastest", 3, figures(MILLION, "depth", "spread")
        ),
        at_most(
            "small: the list beside plain SQL, median",
            1.5,
            ratio(
                figures(small, "listing", "listing", "median"),
                figures(small, "listing", "group_by", "median"),
            ),
        ),
    ]


def _texts(figures, at_most):
    text = figures(MILLION, "text") or {}
    rare, without, common, again = (
        text.get(name, {}).get("p95") for name in ("rare", "without", "common", "again")
    )
    return [
        at_most("1,000,000: with a rare word beside without, p95", 4, ratio(rare, without)),
        at_most("1,000,000: a word in 30 % of all, p95", 250, common, " ms"),
        at_most("1,000,000: its next page, order or filter, p95", 25, again, " ms"),
    ]


def _pages(figures, at_least, at_most):
    small, result = figures.small, []
    for size, wanted in ((MILLION, 100), (HUNDRED_THOUSAND, 25), (TEN_THOUSAND, 5)):
        faster = ratio(
            figures(size, "datasette", "json_as_it_comes", "both", "median"),
            figures(size, "pages", "answers", "both", "median"),
        )
        result.append(
            at_least(
                f"{size:,}: lists and searches, as JSON, faster than Datasette, median",
                wanted,
                faster,
            )
        )
    statements = figures(MILLION, "sql") or {}
    rates = figures(MILLION, "pages", "rates") or {}
    return [
        *result,
        at_most(
            "an uncached list over HTTP, 1,000,000 beside small, median",
            1.5,
            ratio(
                figures(MILLION, "pages", "listing", "median"), figures(small, "pages", "listing", "median")
            ),
        ),
        at_least(
            "1,000,000: 304 beside a bare view, requests/s",
            0.9,
            ratio(rates.get("not_modified"), rates.get("bare")),
        ),
        at_most(
            "1,000,000: statements of a full page beside those of one with fewer rows",
            1,
            ratio(statements.get("full"), statements.get("last")),
        ),
        at_most(
            "1,000,000: an edit is seen by every process", 2, figures(MILLION, "pages", "edit_seconds"), " s"
        ),
    ]


def _costs(figures, at_most):
    small = figures.small
    memory = figures(MILLION, "pages", "megabytes")
    weights = figures(MILLION, "weights") or {}
    words, projects = weights.get("words"), weights.get("projects")
    saved = {name: figures(MILLION, "saving", name, "median") for name in ("model", "form")}
    return [
        at_most("1,000,000: memory of a worker", 80, memory and added(memory), " MB"),
        at_most("1,000,000: index built from nothing", 180, figures(MILLION, "build", "seconds"), " s"),
        at_most("1,000,000: of that, columns and orders", 60, weights.get("column_seconds"), " s"),
        at_most(
            "1,000,000: words beside the table", 0.5, ratio(words and words[1], projects and projects[0])
        ),
        *(
            at_most(
                f"saving by the {name}, 1,000,000 beside small",
                1.5,
                ratio(saved[name], figures(small, "saving", name, "median")),
            )
            for name in saved
        ),
    ]


def added(memory):
    """Megabytes that a worker grows by when it holds the index: of the heaviest."""
    return max(memory["with_list"]) - min(memory["without_list"])
