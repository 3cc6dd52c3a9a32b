"""Makes up zones and projects, in the database of DATABASE_URL.

    DATABASE_URL=sqlite:///large.sqlite3 python -m benchmarks.generate --projects 1000000

Cities, industries, aspects, sources and the business environment are those of data/, and its zones count
among those asked for. What was made up before goes first. A database with projects that were not made up is
refused: there is nothing here for a site in use.
"""

import argparse
import os
import sys
import time

import django
from django.core.management import call_command


def main():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.generate", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--projects", type=int, default=10_000, help="default: %(default)s")
    parser.add_argument(
        "--zones", type=int, default=2_500, help="those of data/ included; default: %(default)s"
    )
    parser.add_argument(
        "--seed", type=int, default=7, help="another seed, other records; default: %(default)s"
    )
    parser.add_argument("--no-progress", action="store_true", help="draw no progress bar")
    options = parser.parse_args()
    if min(options.projects, options.zones) < 0:
        parser.error("Numbers of projects and zones are not below 0.")

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanxi_portal.settings")
    django.setup()
    # Models can be read only after that.
    from benchmarks.made_up.database import TABLES, RefusedError, fill
    from benchmarks.made_up.writing import settle

    begun = time.monotonic()
    call_command("migrate", verbosity=0)
    try:
        fill(options.projects, options.zones, options.seed, progress=not options.no_progress)
    except RefusedError as refusal:
        sys.exit(str(refusal))
    settle(TABLES)
    print(f"{options.projects} projects in {time.monotonic() - begun:.1f} s.")


if __name__ == "__main__":
    main()
