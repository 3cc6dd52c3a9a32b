"""Requests as nobody should send them, to every address of the site as everybody: `make fuzz`.

    make fuzz ARGS="--requests 50000 --seed 7"

Each process makes a site of its own in memory, half of it hidden, and sends its share. What is wrong is
printed with the shortest request that shows it, and ends with status 1; `--replay` sends one again.
"""

import argparse
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import django


def main():
    options = read_options()
    if options.replay:
        sys.exit(replay(options.replay))
    if options.result:
        share(options)
        return
    begun = time.monotonic()
    counts, found = Counter(), {}
    for part_counts, part_found in run_shares(options):
        counts += part_counts
        found |= part_found
    sent = f"{counts.total():,} requests in {time.monotonic() - begun:.0f} s, seed {options.seed}"
    total = f"{sent}: {len(found) or 'no'} faults."
    sys.stdout.write("\n\n".join([table(counts), total, *map(str, found.values())]) + "\n")
    sys.exit(bool(found))


def read_options():
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=5_000, help="in all (%(default)s)")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="(%(default)s)")
    parser.add_argument(
        "--seed", type=int, default=int(time.time()), help="the same requests for the same seed"
    )
    parser.add_argument("--replay", help="send one request again, as it was printed")
    parser.add_argument("--result", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if min(options.requests, options.processes) < 1:
        parser.error("Requests and processes are at least 1.")
    return options


def run_shares(options):
    """(counts, faults) of each process."""
    with tempfile.TemporaryDirectory() as directory:
        results = [Path(directory) / str(number) for number in range(options.processes)]
        shares = [
            subprocess.Popen(
                [
                    *(sys.executable, "-m", "tests.fuzzing", "--result", str(result)),
                    *("--requests", str(-(-options.requests // options.processes))),
                    *("--seed", str(options.seed * 100 + number)),
                ]
            )
            for number, result in enumerate(results)
        ]
        try:
            failed = [process.returncode for process in shares if process.wait()]
        finally:
            for process in shares:
                process.terminate()
        if failed:
            sys.exit(f"{len(failed)} of {len(shares)} processes failed.")
        django.setup()
        return [pickle.loads(result.read_bytes()) for result in results]  # noqa: S301  written by ourselves


def share(options):
    with own_database():
        from tests.fuzzing.running import Fuzzing
        from tests.fuzzing.site import make_site

        fuzzing = Fuzzing(make_site())
        fuzzing.run(options.requests, options.seed)
        options.result.write_bytes(pickle.dumps((fuzzing.counts, fuzzing.found)))


def replay(line):
    """Send one request; prints what comes back and what is wrong with it."""
    with own_database():
        from tests.fuzzing.asking import Asked
        from tests.fuzzing.running import Fuzzing
        from tests.fuzzing.site import make_site

        fuzzing = Fuzzing(make_site())
        with fuzzing.listening():
            status, wrong = fuzzing.try_one(Asked.from_replay(line))
        sys.stdout.write("\n".join(map(str, [status, *wrong])) + "\n")
        return bool(wrong)


class own_database:
    """Meanwhile there is an empty database for tests, as for pytest; child processes find none."""

    def __enter__(self):
        django.setup()
        from django.conf import settings
        from django.test.utils import override_settings, setup_databases

        os.environ["DATABASE_URL"] = "sqlite://:memory:"
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = None
        self.settings = override_settings(
            ALLOWED_HOSTS=["testserver", "localhost"],
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        )
        self.settings.enable()
        self.made = setup_databases(verbosity=0, interactive=False)

    def __exit__(self, *_error):
        from django.test.utils import teardown_databases

        teardown_databases(self.made, verbosity=0)
        self.settings.disable()


def table(counts):
    """Requests by role, kind and status."""
    statuses = sorted({status for _role, status, _kind in counts})
    lines = [["role", "kind", *map(str, statuses)]]
    for role, kind in sorted({(role, kind) for role, _status, kind in counts}):
        lines.append([role, kind, *(str(counts[role, status, kind] or "") for status in statuses)])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanxi_portal.settings")
    main()
