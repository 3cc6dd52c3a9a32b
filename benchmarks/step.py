"""One measurement in a process of its own, on the database of DATABASE_URL; prints JSON.

python -m benchmarks.step listing --queries 200
"""

import argparse
import importlib
import json
import os
import signal
import sys

import django

STEPS = ("listing", "text", "depth", "pages", "weights", "saving", "sql", "datasette")


def main():
    # Ended by whoever started it, it still ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser(prog="python -m benchmarks.step")
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="of asking for one page again and again")
    parser.add_argument("--directory", default=".", help="where logs may lie")
    parser.add_argument("--patience", type=float, default=60, help="seconds for one way of answering")
    options = parser.parse_args()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    django.setup()
    step = importlib.import_module(f"benchmarks.measures.{options.step}")
    print(json.dumps(step.measure(options)))


if __name__ == "__main__":
    main()
