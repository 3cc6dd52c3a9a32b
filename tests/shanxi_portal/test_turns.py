"""What is acknowledged is on the disk, and commands that change the whole database wait for each other."""

import threading
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from shanxi_portal.engines.migrating import FileTurn
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


def test_static_files_are_collected_by_one_command_at_a_time(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS, settings.STATICFILES_FINDERS = [], []
    said, has_ended = [], threading.Event()

    class Told:
        def write(self, text):
            said.append(text)

    def collect():
        call_command("collectstatic", interactive=False, verbosity=0, stderr=Told())
        has_ended.set()

    thread = threading.Thread(target=collect)
    with FileTurn(tmp_path / "static-turn").alone(pytest.fail):
        thread.start()
        assert not has_ended.wait(0.5)
    thread.join(PATIENCE)
    assert has_ended.is_set()
    assert said == ["Another command is changing the static files. Waiting until it has ended.\n"]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_database_that_others_write_to_is_no_fault(tmp_path):
    with closing(another(tmp_path)) as writer, closing(another(tmp_path)) as other:
        other.settings_dict["OPTIONS"] = other.settings_dict["OPTIONS"] | {"timeout": 0.1}
        with writer.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            assert other.features.supports_json_field
