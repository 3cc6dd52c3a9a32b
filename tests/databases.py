"""Databases beside the one that Django makes for tests, on the same engine; a copy is made in no time."""

import contextlib
import os
import re
import shutil
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections

ALIAS = "default"


class Files:
    """Databases that are files of SQLite in one directory."""

    def __init__(self, directory):
        self.directory = directory

    def url(self, name):
        return f"sqlite:///{self.name(name)}"

    def make(self, name):
        """Nothing to do: the first to open it makes it."""

    def copy(self, source, name, of=None):
        """Make a database like another, which is one of ours or `of` others."""
        for end in ("-wal", "-shm"):
            # Of one that had this name before, and whose server was killed: it would be read into this one.
            Path(f"{self.name(name)}{end}").unlink(missing_ok=True)
        shutil.copy((of or self).name(source), self.name(name))

    def drop(self, name):
        """Nothing to do: it goes with its directory."""

    def name(self, name):
        """What Django calls it."""
        return self.directory / f"{name}.sqlite3"


class Databases:
    """Databases of one PostgreSQL server, that of an address; their names do not meet those of others."""

    def __init__(self, url, owner=None):
        self.server, self.query = re.fullmatch(r"(.*?//[^/]*)/[^?]*(\?.*)?", url).groups()
        self.prefix = f"served_{owner or os.getpid()}"

    def url(self, name):
        return f"{self.server}/{self.name(name)}{self.query or ''}"

    def make(self, name, options=""):
        self._run(f'CREATE DATABASE "{self.name(name)}" {options}')

    def copy(self, source, name, of=None):
        """Make a database like another, which is one of ours or `of` others; nobody may be using it."""
        self.make(name, f'TEMPLATE "{(of or self).name(source)}"')

    def drop(self, name):
        self._run(f'DROP DATABASE "{self.name(name)}" WITH (FORCE)')

    def name(self, name):
        return f"{self.prefix}_{re.sub(r'[^a-z0-9]', '_', name.lower())}"[:63]

    def _run(self, command):
        with psycopg.connect(f"{self.server}/postgres{self.query or ''}", autocommit=True) as connection:
            connection.execute(command)


def databases_for_tests(directory, owner=None):
    """Databases of the engine that the tests run on: files in a directory, or named after their owner."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return Files(directory)
    return Databases(os.environ["DATABASE_URL"], owner)


@contextlib.contextmanager
def connected_to(name):
    """Meanwhile whatever asks the database of the tests asks another one, which has this name."""
    own = connections[ALIAS]
    before = own.settings_dict["NAME"]
    _disconnect(own)
    own.settings_dict["NAME"] = name
    del connections[ALIAS]  # Django makes another when it is asked for.
    try:
        yield
    finally:
        _disconnect(connections[ALIAS])
        own.settings_dict["NAME"] = before
        connections[ALIAS] = own


def _disconnect(connection):
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
