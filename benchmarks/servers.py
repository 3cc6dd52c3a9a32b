"""The site as it is served, and what its processes weigh."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.serving import free_port, wait_until_it_answers

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2


class Served:
    """A server on a free port of this machine, ended with its context whatever happens within."""

    def __init__(self, command, log, *, ready, environment=None):
        """`command` may say {port}; `ready` is a path that it answers with 200."""
        self.port = free_port()
        self.log = log
        with log.open("w") as output:
            self.process = subprocess.Popen(  # noqa: S603  our own commands
                [part.format(port=self.port) for part in command],
                cwd=ROOT,
                env=os.environ
                | {name: value.format(port=self.port) for name, value in (environment or {}).items()},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            wait_until_it_answers(f"http://127.0.0.1:{self.port}{ready}", self.process, log)
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.stop()

    def stop(self):
        """End it and all processes that it has started."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def workers(self):
        """The ids of the processes that answer."""
        return Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()

    def weights(self):
        """Megabytes of memory of each worker: its own, and its share of what several use (PSS)."""
        return [proportional_megabytes(worker) for worker in self.workers()]


def proportional_megabytes(process):
    """The proportional set size of a process, in units of a million bytes."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def site(log):
    """gunicorn with the site, on the database and with the files that the environment names."""
    return Served(
        [sys.executable, "-m", "gunicorn"],
        log,
        ready="/healthz",
        environment={
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "BIND": "127.0.0.1:{port}",
            "WEB_CONCURRENCY": str(WORKERS),
            "DATABASE_STATEMENT_TIMEOUT": "15",
            # A worker that is renewed in the middle would be measured loading.
            "GUNICORN_CMD_ARGS": "--max-requests 0",
        },
    )
