"""Taking backups: what lies there afterwards, what is removed, and when none is taken."""

import json
import os
import re
import resource
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pyrage
import pytest
from django.conf import settings as site
from django.core.management import CommandError
from django.db import connection

from operations.backups import Refused, rotation
from operations.backups.manifests import Manifest, found, newest
from operations.backups.places import alone_in, need_room
from operations.backups.postgresql import find
from tests.operations.backing import everything, run, taken
from zones.models import Zone

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


def manifest(taken_at=NOON, **values):
    stated = {
        "engine": "sqlite",
        "software": "0.1.0",
        "encrypted": False,
        "size": 4,
        "sha256": "0",
        "content_size": 4,
        "content_sha256": "0",
        "rows": {},
        "migrations": [],
        "content_types": {},
        "dangling": 0,
        "seconds": 0.5,
    }
    return Manifest(taken_at=taken_at, **stated | values)


def put(directory, *manifests):
    """Let backups lie in a directory, as far as rotation looks at them."""
    directory.mkdir(exist_ok=True)
    for item in manifests:
        (directory / item.file).write_text("rows")
        (directory / item.own_file).write_text(item.dump())


def modes(directory):
    return {path.suffix: oct(path.stat().st_mode & 0o777) for path in directory.iterdir()}


def test_a_backup_says_what_is_in_it_and_only_its_owner_may_read_it(own_database, directory):
    said = run("backup")

    (told,) = found(directory)
    file = directory / told.file
    assert said.startswith(f"{file}: {sum(told.rows.values()):,} rows of {len(told.rows)} tables, ")
    assert told.rows == {table: len(rows) for table, rows in everything().items()}
    assert told.rows["zones_zone"] == Zone.objects.count() > 60
    assert "zones.0001_initial" in told.migrations
    assert (told.engine, told.encrypted, told.size) == (connection.vendor, False, file.stat().st_size)
    assert (told.dangling, told.software) == (0, "0.1.0")
    assert newest(directory) == told
    assert oct(directory.stat().st_mode & 0o777) == "0o700"
    assert set(modes(directory).values()) == {"0o600"}
    assert {path.name for path in directory.iterdir()} == {".lock", told.file, told.own_file}


def test_an_encrypted_backup_shows_nothing_to_the_server(own_database, directory, settings):
    settings.BACKUP_RECIPIENTS = [str(pyrage.x25519.Identity.generate().to_public()) for _ in range(2)]
    file = taken(directory)

    assert file.name.endswith(".age")
    assert file.read_bytes().startswith(b"age-encryption.org/v1\n-> X25519 ")
    assert found(directory)[0].encrypted
    assert {path.name for path in directory.iterdir()} == {".lock", file.name, found(directory)[0].own_file}


def test_a_backup_elsewhere_removes_nothing_there(own_database, directory, tmp_path):
    old = manifest(NOON - timedelta(days=4000))
    put(tmp_path / "disk", manifest(NOON - timedelta(days=4000)))
    run("backup", "--to", tmp_path / "disk")

    assert not directory.exists()
    assert [item.name for item in found(tmp_path / "disk")][1:] == [old.name]


def test_of_two_at_once_the_second_is_refused(own_database, directory):
    with (
        alone_in(directory),
        pytest.raises(CommandError, match=rf"^Another backup or restore is at work in {directory}\.$"),
    ):
        run("backup")
    assert found(directory) == []


def test_what_an_interrupted_one_left_is_removed_by_the_next(own_database, directory):
    (directory / ".unfinished-x").mkdir(parents=True)
    (directory / ".unfinished-x/content").write_text("half")
    taken(directory)
    assert not (directory / ".unfinished-x").exists()


def test_a_disk_without_room_is_refused_before(tmp_path):
    with pytest.raises(Refused, match=rf"^{tmp_path} has [\d,]+ MB free, and 1,152,921,504,607 MB may be "):
        need_room(tmp_path, 1 << 60)


@pytest.mark.sqlite
def test_a_disk_that_fills_up_half_way_keeps_what_was_there(ground, directory):
    """The limit of a process for its files is met as a full disk is: in the middle of writing."""
    put(directory, manifest())
    before = {path.name: path.read_bytes() for path in directory.iterdir()}
    done = subprocess.run(
        [sys.executable, "manage.py", "backup"],
        cwd=site.BASE_DIR,
        env=ground.environment("ground") | {"BACKUP_DIRECTORY": str(directory)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)),
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert re.fullmatch(r"CommandError: It was not taken: .+\.\n", done.stderr), done.stderr
    after = {path.name: path.read_bytes() for path in directory.iterdir()}
    assert after == before | {".lock": b""}


@pytest.mark.sqlite
def test_a_damaged_database_gives_no_backup(own_database, directory, ground):
    file = ground.databases.name(own_database)
    connection.close()
    with file.open("r+b") as database:
        database.seek(4096 * 9)
        database.write(os.urandom(4096 * 40))
    with pytest.raises(CommandError, match="^(It was not taken|The database is damaged): "):
        run("backup")
    assert found(directory) == []


def test_a_program_of_postgresql_that_is_too_old_is_named(tmp_path, monkeypatch):
    program = tmp_path / "pg_dump"
    program.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 14.2'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    assert find("pg_dump", 14) == str(program)
    with pytest.raises(Refused, match=r"^pg_dump is of version \d+, too old for this server: install "):
        find("pg_dump", 999)


def test_a_missing_program_of_postgresql_is_named():
    with pytest.raises(Refused, match=r"^pg_nothing is missing: install postgresql-client-17\.$"):
        find("pg_nothing", 17)


# Rotation

KEEP = {"hours": 24, "days": 7, "weeks": 5, "months": 12}


def every(minutes, count):
    """Backups at noon in Shanxi and before, the newest first."""
    return [manifest(NOON - timedelta(minutes=minutes) * number) for number in range(count)]


def test_all_of_a_day_stay_and_then_one_a_day_a_week_and_a_month():
    taken_at = every(60, 24 * 400)
    gone = {item.name for item in rotation.outdated(taken_at, **KEEP)}
    kept = [item.taken_at + timedelta(hours=8) for item in taken_at if item.name not in gone]

    of_the_day, older = kept[:25], kept[25:]
    assert of_the_day == [item.taken_at + timedelta(hours=8) for item in taken_at[:25]]
    assert [f"{moment:%Y-%m-%d %H:%M}" for moment in older] == [
        *(f"2026-11-{day} 23:00" for day in (21, 20, 19, 18, 17, 15)),
        *("2026-11-08 23:00", "2026-11-01 23:00"),
        *("2026-10-31 23:00", "2026-09-30 23:00", "2026-08-31 23:00", "2026-07-31 23:00"),
        *("2026-06-30 23:00", "2026-05-31 23:00", "2026-04-30 23:00", "2026-03-31 23:00"),
        *("2026-02-28 23:00", "2026-01-31 23:00", "2025-12-31 23:00"),
    ]


def test_where_none_was_taken_for_long_none_goes():
    old = [manifest(NOON - timedelta(days=400 + number)) for number in range(7)]
    assert rotation.outdated(old, **KEEP) == []


def test_the_newest_stays_whatever_the_rules_say():
    taken_at = every(15, 3)
    assert rotation.outdated(taken_at, hours=0, days=0, weeks=0, months=0) == taken_at[1:]
    assert rotation.outdated([], **KEEP) == []


def test_a_clock_that_went_wrong_takes_away_nothing_that_was_just_taken(tmp_path, settings):
    settings.BACKUP_KEEP_HOURS, settings.BACKUP_KEEP_DAYS = 1, 1
    settings.BACKUP_KEEP_WEEKS, settings.BACKUP_KEEP_MONTHS = 0, 0
    future, present, before = (manifest(NOON + timedelta(days=days)) for days in (900, 0, -1))
    put(tmp_path, future, present, before)
    assert rotation.remove_outdated(tmp_path, found(tmp_path), just_taken=present) == [before]
    assert found(tmp_path) == [future, present]


def test_what_is_outdated_goes_and_what_is_not_ours_stays(own_database, directory):
    old, stray = manifest(NOON - timedelta(days=4000)), manifest(NOON - timedelta(days=4001))
    months = [manifest(NOON - timedelta(days=31 * number)) for number in range(1, 13)]
    put(directory, old, stray, *months)
    strangers = {"notes.txt": "mine", "invest-shanxi-notes.json": "{}", stray.own_file: '{"format": 1}'}
    for name, text in strangers.items():
        (directory / name).write_text(text)
    # It would name a file of somebody else.
    sly = json.loads(old.dump()) | {"file": "../precious"}
    (directory / "invest-shanxi-20100101T000000.000Z.json").write_text(json.dumps(sly))
    (directory.parent / "precious").write_text("precious")

    assert run("backup").endswith("removed: 2\n")
    names = {path.name for path in directory.iterdir()}
    assert {old.file, old.own_file, months[-1].file}.isdisjoint(names)
    assert {stray.file, *strangers, "invest-shanxi-20100101T000000.000Z.json"} <= names
    assert (directory.parent / "precious").read_text() == "precious"
    assert len(found(directory)) == 12
