"""The databases that are measured: made-up ones, of each engine and size."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.servers import ROOT
from tests.databases import Databases
from tests.postgresql import MISSING, Postgres, find_programs

# Up to so many projects a site is small: with them go the zones of data/ alone.
SMALL, FEW_ZONES, MANY_ZONES = 1_000, 70, 2_500
# One command may take as long as it needs, but not for ever.
LONGEST = 3_600
COUNT = "SELECT count(*) FROM projects_project"


class CommandError(Exception):
    """A command ended with an error; what it said of it stands in the terminal."""


@dataclass(frozen=True)
class Database:
    """One made-up database; `file` is where it lies, if it is one of SQLite."""

    engine: str
    projects: int
    url: str
    directory: Path
    file: Path | None = None

    @property
    def environment(self):
        """What a process needs to work on it."""
        return {
            "DATABASE_URL": self.url,
            "DATABASE_STATEMENT_TIMEOUT": "0",
            "BENCH_STATIC_ROOT": str(self.directory / "static"),
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "LOG_LEVEL": "WARNING",
        }

    def run(self, *command):
        """Run a Python module or file on it to its end; (what it printed, seconds)."""
        begun = time.monotonic()
        process = subprocess.Popen(  # noqa: S603  our own commands
            [sys.executable, *command],
            cwd=ROOT,
            env=os.environ | self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            said, _nothing = process.communicate(timeout=LONGEST)
        except BaseException:
            # Asked to end, it ends what it has started; killed, it could not.
            process.terminate()
            process.wait(timeout=60)
            raise
        if process.returncode:
            raise CommandError(f"{' '.join(command)} failed with {process.returncode}.")
        return said, time.monotonic() - begun

    def is_whole(self):
        """Whether it holds its projects: a run that was ended early may have left it without some."""
        try:
            if self.file:
                with contextlib.closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as connection:
                    return connection.execute(COUNT).fetchone() == (self.projects,)
            with psycopg.connect(self.url) as connection:
                return connection.execute(COUNT).fetchone() == (self.projects,)
        except (sqlite3.Error, psycopg.Error):
            return False

    def fill(self, seed):
        """Make its projects up; seconds it took."""
        zones = FEW_ZONES if self.projects <= SMALL else MANY_ZONES
        arguments = ["--projects", str(self.projects), "--zones", str(zones), "--seed", str(seed)]
        return self.run("-m", "benchmarks.generate", *arguments)[1]


class SqliteFiles:
    """Databases that are files in one directory."""

    engine = "sqlite"

    def __init__(self, directory, *, keep):
        self.directory, self.keep = directory, keep

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        """What is not kept was removed as it was done with."""

    def make(self, projects):
        """(database, whether it is there already) of one size."""
        file = self.directory / f"{projects}.sqlite3"
        database = Database(self.engine, projects, f"sqlite:///{file}", self.directory, file)
        is_there = self.keep and database.is_whole()
        if not is_there:
            self._remove(file)
        return database, is_there

    def done_with(self, database):
        if not self.keep:
            self._remove(database.file)

    def _remove(self, file):
        for path in file.parent.glob(f"{file.name}*"):
            path.unlink()


class PostgresqlServer:
    """Databases of one server: a new one, or that of BENCH_POSTGRESQL, whose user may make databases."""

    engine = "postgresql"
    settings = ("shared_buffers=512MB", "max_wal_size=4GB")

    def __init__(self, directory, *, keep):
        self.directory, self.keep = directory, keep
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        url = os.environ.get("BENCH_POSTGRESQL")
        if not url:
            programs = find_programs()
            if programs is None:
                raise RuntimeError(MISSING.replace("TEST_DATABASE_URL", "BENCH_POSTGRESQL"))
            server = self.stack.enter_context(Postgres(programs))
            server.create()
            url = server.start(*self.settings).url()
        self.server = Named(url)
        return self

    def __exit__(self, *error):
        self.stack.__exit__(*error)

    def make(self, projects):
        """(database, whether it is there already) of one size."""
        name = str(projects)
        database = Database(self.engine, projects, self.server.url(name), self.directory)
        is_there = self.keep and database.is_whole()
        if not is_there:
            self.server.drop_if_there(name)
            self.server.make(name)
        return database, is_there

    def done_with(self, database):
        if not self.keep:
            self.server.drop_if_there(str(database.projects))


class Named(Databases):
    """Databases whose names say that they are ours, so that a later run finds them."""

    def __init__(self, url):
        super().__init__(url)
        self.prefix = "benchmark"

    def drop_if_there(self, name):
        self._run(f'DROP DATABASE IF EXISTS "{self.name(name)}" WITH (FORCE)')


ENGINES = {kind.engine: kind for kind in (SqliteFiles, PostgresqlServer)}
