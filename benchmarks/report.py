"""The figures of one run, as Markdown."""

import datetime
import os
import platform
import sqlite3
from pathlib import Path

import django

from benchmarks.acceptance import added, lines

MARKS = {True: "yes", False: "**no**", None: "–"}


def write(results):
    """Promises first, then the times behind them."""
    parts = [head(results), *(f"Failed: {failure}" for failure in results["failed"]), promises(results)]
    parts += [
        times(
            results,
            "Lists without text, in the process",
            "listing",
            {
                "index": "ours",
                "listing": "ours, with all addresses",
                "group_by": "one GROUP BY a facet",
                "least_sql": "least SQL",
            },
        ),
        times(
            results,
            "Lists with text, in the process",
            "text",
            {
                "without": "without",
                "rare": "a rare word",
                "common": "a word in 30 %",
                "again": "the same text again",
            },
        ),
        times(
            results,
            "Whole pages over HTTP, one reader, nothing cached",
            "pages",
            {
                "listing": "list, 25 cards",
                "readers": "lists",
                "text": "searched lists",
                "search": "search",
                "detail": "a project",
                "home": "home",
                "cities": "cities",
                "city": "a city",
                "figures": "in figures",
            },
        ),
        datasette(results),
        rates(results),
        costs(results),
        depths(results),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def head(results):
    machine = results["machine"]
    return (
        f"Measured on {results['date']}, {machine['cores']} cores ({machine['processor']}), "
        f"{machine['gigabytes']:.0f} GB; Python {machine['python']}, Django {machine['django']}, "
        f"SQLite {machine['sqlite']}, PostgreSQL {machine.get('postgresql', '–')}; "
        f"{results['queries']} random queries, seed {results['seed']}. Milliseconds are median / p95."
    )


def machine():
    """What the run was made on."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "cores": os.cpu_count(),
        "processor": names[0].partition(":")[2].strip() if names else platform.machine(),
        "gigabytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9,
        "python": platform.python_version(),
        "django": django.get_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def today():
    return datetime.datetime.now(datetime.UTC).strftime("%-d %B %Y")


def table(headings, rows):
    if not rows:
        return ""
    cells = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in cells)


def promises(results):
    rows = [
        [line.engine, line.promise, line.wanted, line.measured, MARKS[line.kept]]
        for engine, by_size in results["engines"].items()
        for line in lines(engine, by_size)
    ]
    return table(["engine", "what", "wanted", "measured", "kept"], rows)


def each(results):
    """(engine, size, steps) of all that was measured."""
    for engine, by_size in results["engines"].items():
        for size, steps in by_size.items():
            yield engine, int(size), steps


def number(value):
    return (
        "–"
        if value is None
        else f"{value:.0f}"
        if value >= 100
        else f"{value:.2g}"
        if value < 10
        else f"{value:.1f}"
    )


def pair(summary):
    if not summary or not summary["runs"]:
        return "failed" if summary and "failed" in summary else "–"
    told = f"{number(summary['median'])} / {number(summary['p95'])}"
    return f"{told} ({summary['runs']})" if summary["cut_short"] else told


def titled(title, body):
    return f"### {title}\n\n{body}" if body else ""


def times(results, title, step, columns):
    """A table of one step; in brackets how many runs there was time for, where not for all."""
    rows = [
        [engine, f"{size:,}", *(pair(steps[step].get(name)) for name in columns)]
        for engine, size, steps in each(results)
        if step in steps
    ]
    return titled(title, table(["engine", "projects", *columns.values()], rows))


DATASETTE = {
    "as_it_comes": "page, as it comes",
    "tuned": "page, tuned",
    "json_as_it_comes": "JSON, as it comes",
    "json_tuned": "JSON, tuned",
}
# What our JSON and our page are set beside.
COMPARED = (("json_as_it_comes", "json_tuned"), ("as_it_comes", "tuned"))


def datasette(results):
    """Lists, searches and both: its answers and pages, and ours."""
    rows = []
    for _engine, size, steps in each(results):
        found, pages = steps.get("datasette"), steps.get("pages")
        if not found:
            continue
        for what, whole in {"lists": "readers", "searches": "text", "both": "both"}.items():
            theirs = {way: found[way][what] for way in DATASETTE}
            ours = (pages["answers"][what], pages[whole]) if pages else (None, None)
            rows.append(
                [
                    f"{size:,}",
                    what,
                    *(f"{pair(summary)}, {summary['given_up']} incomplete" for summary in theirs.values()),
                    *(
                        f"{pair(mine)}{times_faster(theirs[as_it_comes], theirs[tuned], mine)}"
                        for mine, (as_it_comes, tuned) in zip(ours, COMPARED, strict=True)
                    ),
                ]
            )
    headings = ["projects", "what", *DATASETTE.values(), "our JSON", "our page"]
    return titled("Beside Datasette, over HTTP", table(headings, rows))


def times_faster(as_it_comes, tuned, ours):
    """How many times faster than both, by the medians; nothing where one is not known."""
    medians = [as_it_comes["median"], tuned["median"]]
    if not ours or not ours["median"] or not all(medians):
        return ""
    first, second = (number(median / ours["median"]) for median in medians)
    return f", {first} and {second} times faster"


def rates(results):
    rows = [
        [
            engine,
            f"{size:,}",
            *(number(steps["pages"]["rates"][name]) for name in ("cached", "not_modified", "bare")),
        ]
        for engine, size, steps in each(results)
        if "pages" in steps
    ]
    return titled(
        "Requests a second, 16 readers", table(["engine", "projects", "cached", "304", "bare view"], rows)
    )


def costs(results):
    rows = []
    for engine, size, steps in each(results):
        pages, build, weights = steps.get("pages"), steps.get("build"), steps.get("weights")
        rows.append(
            [
                engine,
                f"{size:,}",
                number(added(pages["megabytes"])) if pages else "–",
                number(pages["first_milliseconds"]) if pages else "–",
                number(pages["edit_seconds"]) if pages else "–",
                number(build["seconds"]) if build else "–",
                *(number(weights[name][1]) if weights else "–" for name in ("columns", "words")),
                number(weights["projects"][0]) if weights else "–",
                *(pair(steps.get("saving", {}).get(name)) for name in ("model", "form")),
            ]
        )
    headings = ["engine", "projects", "memory of a worker, MB", "first list of a process, ms", "edit seen, s"]
    headings += [
        "index built, s",
        "columns, MB",
        "words, MB",
        "table, MB",
        "saving, ms",
        "saving by form, ms",
    ]
    return titled("What it costs", table(headings, rows))


def depths(results):
    found = [
        (engine, size, steps["depth"]["medians"]) for engine, size, steps in each(results) if "depth" in steps
    ]
    if not found:
        return ""
    rows = [[what, *(number(medians[what]) for _e, _s, medians in found)] for what in found[0][2]]
    headings = ["order and page, ms", *(f"{engine} {size:,}" for engine, size, _m in found)]
    return titled("Depth and order, in the process", table(headings, rows))
