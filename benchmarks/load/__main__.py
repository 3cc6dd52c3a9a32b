"""The site under load, with readers and editors at once, on each engine: `make load`.

    make load ARGS="--minutes 10"

A server of two workers gets a database of made-up records and all of data/. Visitors of another process
browse, filter, search, take files along and ask again for what they have, while editors sign in and save by
their forms. Every answer is looked at. What must hold stands in `account.promises`; otherwise it fails
(status 1).
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
from benchmarks.databases import ENGINES
from benchmarks.load import account
from benchmarks.servers import ROOT


def main():
    # Ended by whoever started it, it still ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = read_options()
    options.directory.mkdir(parents=True, exist_ok=True)
    os.environ["STATIC_MANIFEST"] = "true"
    programs = tools.install(options.directory)
    results = {"date": report.today(), "machine": report.machine(), "engines": {}}
    for engine in options.engines:
        with ExitStack() as stack:
            databases = stack.enter_context(ENGINES[engine](options.directory, keep=options.keep))
            results["engines"][engine] = run(databases, programs, options, results["machine"])
        (options.directory / "load.json").write_text(json.dumps(results, indent=1))
    text = account.write(results, options)
    (options.directory / "load.md").write_text(text, encoding="utf-8")
    print(text)
    sys.exit(not account.is_kept(results))


def read_options():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=2, help="on each engine (%(default)s)")
    parser.add_argument("--projects", type=int, default=5_000, help="how many are made up (%(default)s)")
    parser.add_argument("--readers", type=int, default=16, help="at once (%(default)s)")
    parser.add_argument("--editors", type=int, default=3, help="at once (%(default)s)")
    parser.add_argument("--engines", type=lambda text: text.split(","), default=list(ENGINES))
    parser.add_argument(
        "--keep", action="store_true", help="use databases that are there, and leave them there"
    )
    parser.add_argument("--directory", type=Path, default=ROOT / ".benchmarks", help="for all that is made")
    options = parser.parse_args()
    options.directory = options.directory.resolve()
    if unknown := {*options.engines} - {*ENGINES}:
        parser.error(f"There is no {', '.join(sorted(unknown))}.")
    if options.minutes <= 0 or min(options.projects, options.readers, options.editors) < 1:
        parser.error("Minutes, projects, readers and editors are above 0.")
    return options


def run(databases, programs, options, machine):
    """Fill a database, send the visitors, and say what they met."""
    database, is_there = databases.make(options.projects)
    try:
        with tqdm(total=3, desc=database.engine, file=sys.stderr) as bar:
            bar.set_postfix_str("making it up")
            if not is_there:
                database.fill(seed=7)
            bar.update()
            bar.set_postfix_str("preparing")
            database.run("manage.py", "migrate", "--verbosity=0")
            database.run("manage.py", "collectstatic", "--no-input", "--clear", "--verbosity=0")
            database.run("manage.py", "build_index", "--no-progress")
            bar.update()
            bar.set_postfix_str(f"load for {options.minutes:g} minutes")
            flags = {
                "seconds": options.minutes * 60,
                "readers": options.readers,
                "editors": options.editors,
                "directory": options.directory,
                "locust": programs / "locust",
            }
            said, _seconds = database.run(
                "-m",
                "benchmarks.load.drive",
                *[part for name, value in flags.items() for part in (f"--{name}", str(value))],
            )
            bar.update()
        if database.engine == "postgresql":
            with psycopg.connect(database.url) as connection:
                machine["postgresql"] = connection.info.parameter_status("server_version")
        return account.of_run(json.loads(said.splitlines()[-1]), options.minutes * 60)
    finally:
        databases.done_with(database)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    main()
