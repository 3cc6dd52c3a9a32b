"""One run of visitors against one server, on the database of DATABASE_URL; prints JSON."""

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import django

from benchmarks.client import Reader
from benchmarks.servers import ROOT, proportional_megabytes, site

# Seconds between two looks at the memory of the server, and for visitors to finish what they are at.
EVERY, FINISHING = 2, 20


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load.drive")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--readers", type=int, required=True)
    parser.add_argument("--editors", type=int, required=True)
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--locust", type=Path, required=True)
    options = parser.parse_args()
    django.setup()
    from benchmarks.load.saved import missing_saves
    from benchmarks.load.scenario import make_editors, scenario

    make_editors(options.editors)
    made = scenario(options.readers, options.editors)
    # Visitors come from as many addresses as there are readers, as through a proxy.
    os.environ["TRUSTED_PROXIES"] = "1"
    with site(options.directory / "load-gunicorn.log") as server:
        warm_up(server.port, made)
        with Scales(server) as scales:
            met = visit(server.port, made, options)
    met["missing"] = missing_saves(met["saves"])
    print(json.dumps(met | {"memory": scales.read, "workers": len(scales.workers)}))


def warm_up(port, made):
    """Every worker has loaded what it needs before anything counts."""
    for _ in range(4):
        for kind in ("overviews", "lists", "searches", "details", "files"):
            for path, _says in made[kind][:12]:
                Reader(port).get(path)


def visit(port, made, options):
    """Send the visitors for so many seconds; what they met."""
    given, result = options.directory / "load-scenario.json", options.directory / "load-result.json"
    given.write_text(json.dumps(made), encoding="utf-8")
    result.unlink(missing_ok=True)
    command = [
        *(options.locust, "--locustfile", ROOT / "benchmarks" / "load" / "visitors.py"),
        *("--headless", "--only-summary", "--loglevel", "WARNING", "--exit-code-on-error", "0"),
        *("--host", f"http://127.0.0.1:{port}", "--users", str(options.readers + options.editors)),
        *("--spawn-rate", "8", "--run-time", f"{options.seconds:.0f}s", "--stop-timeout", str(FINISHING)),
    ]
    environment = os.environ | {
        "LOAD_SCENARIO": str(given),
        "LOAD_RESULT": str(result),
        "PYTHONPATH": str(ROOT),
    }
    with (options.directory / "load-locust.log").open("w") as log:
        subprocess.run(  # noqa: S603  our own command
            command, env=environment, stdout=log, stderr=log, check=True, timeout=options.seconds + 120
        )
    return json.loads(result.read_text(encoding="utf-8"))


class Scales:
    """Weighs the processes of a server every few seconds, as a context: (time, megabytes of all together)."""

    def __init__(self, server):
        self.server, self.read, self.ended = server, [], threading.Event()
        self.workers = set(server.workers())
        self.thread = threading.Thread(target=self._weigh, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_error):
        self.ended.set()
        self.thread.join()
        # A worker that has died has been replaced, and what it weighed would be missing.
        if set(self.server.workers()) != self.workers:
            raise RuntimeError("A worker has died under load.")

    def _weigh(self):
        while not self.ended.wait(EVERY):
            processes = [str(self.server.process.pid), *sorted(self.workers)]
            self.read.append((time.time(), sum(map(proportional_megabytes, processes))))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    main()
