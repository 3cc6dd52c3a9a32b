"""What a run under load came to, in figures and beside what the site must keep to."""

import statistics
from collections import defaultdict

from benchmarks.report import table

# The order in which kinds are shown.
KINDS = (
    *("bare", "kept", "unchanged", "overview", "list", "search", "record", "file of rows", "later"),
    *("sign in", "form", "save"),
)
WORDS = {
    "bare": "a bare view, beside",
    "kept": "a page that is kept",
    "unchanged": "the same, unchanged (304)",
    "overview": "an overview, made or kept",
    "later": "a search or a file: 503, come again",
}
# Of the issue: times a bare view's, and growth of the second half.
TIMES_BARE, GROWTH = 3, 0.05
# Parts of the run whose memory is compared: its first twentieth, that around the middle, and its last.
PART = 0.05
SHOWN_FAILURES = 10
COLUMNS = (("requests", 0), ("median", 1), ("p99", 1))


def of_run(met, seconds):
    """The figures of one run: rates, percentiles in milliseconds, errors, megabytes, saves."""
    times = defaultdict(list)
    for _when, kind, milliseconds in met["samples"]:
        times[kind].append(milliseconds)
    failed = defaultdict(int)
    for _when, kind, _why in met["failures"]:
        failed[kind] += 1
    begun, ended = met["samples"][0][0], met["samples"][-1][0]
    return {
        "requests": len(met["samples"]),
        "per_second": len(met["samples"]) / max(ended - begun, 1),
        "seconds": seconds,
        "kinds": {
            kind: {
                "requests": len(found),
                "median": percentile(found, 0.5),
                "p99": percentile(found, 0.99),
                "errors": failed[kind],
            }
            for kind, found in times.items()
        },
        "failures": [why for _when, _kind, why in met["failures"]],
        "memory": memory(met["memory"]),
        "saves": len(met["saves"]),
        "missing": met["missing"],
    }


def percentile(values, share):
    """The smallest value that so great a share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def memory(read):
    """Megabytes of all processes at the start, in the middle and at the end; growth is of the last half."""
    weights = [megabytes for _when, megabytes in read]
    if not weights:
        return None
    width = max(round(len(weights) * PART), 1)
    middle = len(weights) // 2
    parts = {
        "start": weights[:width],
        "middle": weights[max(middle - width // 2 - 1, 0) : middle + width // 2 + 1],
        "end": weights[-width:],
    }
    found = {name: statistics.median(part) for name, part in parts.items()}
    return found | {"growth": found["end"] / found["middle"] - 1}


def promises(run):
    """(what, what was promised, what was measured, whether it is kept) of one engine."""
    kinds, weight = run["kinds"], run["memory"]
    errors = len(run["failures"])
    yield "answers that are not what they should be", "none", f"{errors:,}", not errors
    bare, kept = (kinds.get(kind, {}).get("p99") for kind in ("bare", "kept"))
    ratio = kept / bare if bare and kept else float("inf")
    wanted = f"at most {TIMES_BARE} times"
    yield "p99 of a kept page beside a bare view", wanted, f"{ratio:.2f}", ratio <= TIMES_BARE
    if weight:
        growth = weight["growth"]
        yield "memory, growth in the second half", "less than 5 %", f"{growth * 100:.1f} %", growth < GROWTH
    said = f"{run['saves']:,} of which {len(run['missing']):,} are missing"
    yield "acknowledged saves", "some, and all there", said, bool(run["saves"]) and not run["missing"]


def is_kept(results):
    return all(kept for run in results["engines"].values() for *_said, kept in promises(run))


def write(results, options):
    """Everything as text in Markdown, for people and for docs/performance.md."""
    machine = results["machine"]
    parts = [
        f"Measured on {results['date']}, {machine['cores']} cores ({machine['processor']}), "
        f"{machine['gigabytes']:.0f} GB; Python {machine['python']}, SQLite {machine['sqlite']}, "
        f"PostgreSQL {machine.get('postgresql', '–')}; {options.minutes:g} minutes on each, "
        f"{options.readers} readers and {options.editors} editors at once, {options.projects:,} projects."
    ]
    for engine, run in results["engines"].items():
        parts += [f"**{engine}**: {totals(run)}", of_kinds(run), of_promises(run)]
        parts += [f"- {why}" for why in sorted(set(run["failures"]))[:SHOWN_FAILURES]]
    return "\n\n".join(parts) + "\n"


def totals(run):
    weight = run["memory"]
    said = f"{run['requests']:,} requests, {run['per_second']:.1f} a second"
    if weight:
        said += f"; memory {weight['start']:.0f} → {weight['middle']:.0f} → {weight['end']:.0f} MB"
    return said + "."


def of_kinds(run):
    rows = [
        [
            WORDS.get(kind, kind),
            f"{one['requests']:,}",
            f"{one['median']:.1f}",
            f"{one['p99']:.1f}",
            one["errors"],
        ]
        for kind in KINDS
        if (one := run["kinds"].get(kind))
    ]
    return table(["what", "requests", "p50, ms", "p99, ms", "errors"], rows)


def of_promises(run):
    rows = [[what, wanted, said, "yes" if kept else "**no**"] for what, wanted, said, kept in promises(run)]
    return table(["what", "promised", "measured", "kept"], rows)
