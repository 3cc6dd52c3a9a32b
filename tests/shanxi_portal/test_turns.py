"""What is acknowledged is on the disk, and commands that change the whole database wait for each other."""

import threading
from contextlib import closing

import pytest
from django.core.management import CommandError
from django.db import connection

from tests.serving import PATIENCE


@pytest.mark.sqlite
@pytest.mark.django_db
def test_sqlite_acknowledges_what_is_on_the_disk():
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def another(directory):
    """A connection of its own to the database; on SQLite to a file, as each memory is another database."""
    copy = connection.copy()
    if copy.vendor == "sqlite":
        copy.settings_dict["NAME"] = directory / "db.sqlite3"
    return copy


@pytest.mark.django_db
def test_a_command_waits_until_another_has_ended(tmp_path):
    said, has_asked, has_begun = [], threading.Event(), threading.Event()

    def say(text):
        said.append(text)
        has_asked.set()

    def follow():
        with closing(another(tmp_path)) as second, second.alone(say):
            has_begun.set()

    thread = threading.Thread(target=follow)
    with closing(another(tmp_path)) as first:
        with first.alone(pytest.fail):
            thread.start()
            assert has_asked.wait(PATIENCE)
            assert not has_begun.is_set()
        thread.join(PATIENCE)
    assert has_begun.is_set()
    assert said == ["Another command is changing this database. Waiting until it has ended."]


@pytest.mark.sqlite
def test_where_nobody_can_wait_a_command_says_why(tmp_path):
    (tmp_path / "db.sqlite3-turn").mkdir()
    with (
        closing(another(tmp_path)) as first,
        pytest.raises(CommandError, match=r"db\.sqlite3-turn cannot be opened: Is a directory\.$"),
        first.alone(pytest.fail),
    ):
        pass
