"""All measurements, on one machine in one run: `make bench`, or `python -m benchmarks --help`.

For each engine and size a database is made up, indexed and measured, then removed. Each measurement runs in a
process of its own. Nothing of the machine is changed outside the directory given.
"""

import argparse
import json
import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path

import psycopg
from tqdm import tqdm

from benchmarks import report, tools
from benchmarks.databases import ENGINES, CommandError
from benchmarks.servers import ROOT

SIZES = (215, 10_000, 100_000, 1_000_000)
STEPS = ("listing", "text", "depth", "sql", "weights", "pages", "datasette", "saving")
# Another database engine has nothing to say of Datasette, which reads files of SQLite.
OF_SQLITE = {"datasette"}
NEED_FILES = {"pages", "sql", "saving"}


def main():
    # Ended by whoever started it, it still ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = read_options()
    options.directory.mkdir(parents=True, exist_ok=True)
    steps = [step for step in STEPS if step in options.steps]
    # Files named by their content, as on a real site; compressing them takes longer than a quick run.
    os.environ["STATIC_MANIFEST"] = str(not options.quick)
    if "datasette" in steps:
        tools.install(options.directory)
    results = {
        "date": report.today(),
        "machine": report.machine(),
        "queries": options.queries,
        "seed": options.seed,
        "engines": {},
        "failed": [],
    }
    for engine in options.engines:
        with ExitStack() as stack:
            databases = stack.enter_context(ENGINES[engine](options.directory, keep=options.keep))
            for size in options.sizes:
                measure(databases, size, steps, options, results)
    print(report.write(results))
    sys.exit(bool(results["failed"]))


def read_options():
    def numbers(text):
        return [int(part) for part in text.split(",")]

    def names(text):
        return text.split(",")

    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=numbers, default=SIZES, help="numbers of projects: 215,10000")
    parser.add_argument("--engines", type=names, default=list(ENGINES), help="sqlite,postgresql")
    parser.add_argument("--steps", type=names, default=list(STEPS), help=",".join(STEPS))
    parser.add_argument("--queries", type=int, default=200, help="random queries of each kind (%(default)s)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--patience", type=float, default=90, help="seconds for one way of answering")
    parser.add_argument("--quick", action="store_true", help="few queries and little patience: does it run?")
    parser.add_argument(
        "--keep", action="store_true", help="use databases that are there, and leave them there"
    )
    parser.add_argument("--directory", type=Path, default=ROOT / ".benchmarks", help="for all that is made")
    options = parser.parse_args()
    options.directory = options.directory.resolve()
    if options.quick:
        options.queries, options.patience = 10, 5
    if unknown := {*options.engines} - {*ENGINES} | {*options.steps} - {*STEPS}:
        parser.error(f"There is no {', '.join(sorted(unknown))}.")
    return options


def measure(databases, size, steps, options, results):
    """All steps on one database; what is known so far is written after each."""
    database, is_there = databases.make(size)
    found = results["engines"].setdefault(database.engine, {}).setdefault(str(size), {})
    try:
        with tqdm(total=len(steps) + 2, desc=f"{database.engine} {size:,}", file=sys.stderr) as bar:
            if not is_there:
                bar.set_postfix_str("making it up")
                found["generate"] = {"seconds": database.fill(options.seed)}
            prepare(database, found, results, options)
            bar.update(2)
            for step in steps:
                if step not in OF_SQLITE or database.engine == "sqlite":
                    bar.set_postfix_str(step)
                    try:
                        found[step] = run_step(database, step, options)
                    except CommandError as error:
                        results["failed"].append(f"{database.engine} {size:,}: {error}")
                    save(results, options.directory)
                bar.update()
    finally:
        databases.done_with(database)


def prepare(database, found, results, options):
    """Today's tables, the files that pages name, and the index, timed from nothing."""
    if "generate" not in found:
        database.run("manage.py", "migrate", "--verbosity=0")
    if not options.quick and NEED_FILES & {*options.steps}:
        database.run("manage.py", "collectstatic", "--no-input", "--clear", "--verbosity=0")
    said, seconds = database.run("manage.py", "build_index", "--no-progress")
    found["build"] = {"seconds": seconds, "said": said.strip()}
    if database.engine == "postgresql":
        with psycopg.connect(database.url) as connection:
            results["machine"]["postgresql"] = connection.info.parameter_status("server_version")


def run_step(database, step, options):
    arguments = {
        "queries": options.queries,
        "seed": options.seed,
        "patience": options.patience,
        "rounds": 1 if options.quick else 5,
        "seconds": 0.3 if options.quick else 3,
        "directory": options.directory,
    }
    flags = [part for name, value in arguments.items() for part in (f"--{name}", str(value))]
    said, _seconds = database.run("-m", "benchmarks.step", step, *flags)
    return json.loads(said)


def save(results, directory):
    """The figures for programs, and the tables for people."""
    (directory / "results.json").write_text(json.dumps(results, indent=1))
    (directory / "results.md").write_text(report.write(results), encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    main()
