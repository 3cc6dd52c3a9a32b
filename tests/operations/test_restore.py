"""Putting backups back: every row of every table, on both databases, or nothing at all."""

import gzip
import json
import re
from datetime import timedelta

import pyrage
import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import CommandError
from django.db import connection
from django.utils import timezone

from listings import triggers, versions
from listings.models import Index
from operations.backups.manifests import found, manifest_of
from operations.backups.packing import digest
from tests.operations.backing import OF_ONE_LIFE, everything, run, taken
from zones.models import Zone

pytestmark = pytest.mark.usefixtures("own_database")


def ruin():
    """What nobody wants: rows changed, added and gone, in tables that belong together."""
    Zone.objects.filter(slug="draft-zone").delete()
    Zone.objects.update(summary_en="Gone.")
    User.objects.create_user("intruder")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_statement")


def start_session():
    Session.objects.create(session_key="k" * 32, session_data="", expire_date=timezone.now())


def refusal(*arguments):
    """The line in which a restore is refused, without the name of the file; nothing has changed."""
    before = everything()
    with pytest.raises(CommandError) as refused:
        run("restore", *arguments, "--yes")
    assert everything() == before
    line = str(refused.value)
    assert "\n" not in line
    return line


def rewrite(backup, /, **stated):
    """Change what the manifest of a backup says."""
    told = backup.with_name(manifest_of(backup).own_file)
    told.write_text(json.dumps(json.loads(told.read_text()) | stated))


def test_every_row_of_every_table_comes_back(directory):
    start_session()
    before, version = everything(), versions.current()
    file = taken(directory)
    ruin()
    ruined = everything()
    said = run("restore", file, "--yes")

    after = everything()
    assert {name for name in before if ruined[name] != before[name]} > {"zones_zone", "records_statement"}
    assert {name: after[name] for name in after if name not in OF_ONE_LIFE} == {
        name: rows for name, rows in before.items() if name not in OF_ONE_LIFE
    }
    assert set(after) == set(before)
    # Who was signed in then may not be allowed to be now; and what was derived from either state is void.
    assert after["django_session"] == []
    assert versions.current().epoch != version.epoch
    assert triggers.missing(connection) == []
    assert f"records_statement: 0 rows now, {len(before['records_statement']):,} in the backup" in said

    # And back again, by the backup that was taken on the way.
    (safety,) = re.findall(r"The state before it: (\S+)", said)
    run("restore", safety, "--yes", "--without-safety")
    assert everything(without=OF_ONE_LIFE) == {
        name: rows for name, rows in ruined.items() if name not in OF_ONE_LIFE
    }
    assert len(found(directory)) == 2


def test_a_database_that_was_lost_comes_back(directory, ground, own_database):
    before, file = everything(without=OF_ONE_LIFE), taken(directory)
    if connection.vendor == "sqlite":
        connection.close()
        for path in ground.directory.glob(f"{own_database}.sqlite3*"):
            path.unlink()
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    said = run("restore", file, "--yes")

    assert everything(without=OF_ONE_LIFE) == before
    assert "The state before it" not in said
    assert len(found(directory)) == 1


def test_what_is_written_after_a_restore_counts_and_gets_new_keys(directory):
    file = taken(directory)
    run("restore", file, "--yes", "--without-safety")
    version = versions.current()
    Zone.objects.filter(slug="draft-zone").update(summary_en="Written since.")
    user = User.objects.create_user("newcomer")

    assert versions.current().epoch == version.epoch
    assert versions.current().number > version.number
    assert User.objects.filter(pk__gt=user.pk).count() == 0


def test_an_index_goes_on_with_the_records_that_it_was_made_of(directory):
    versions.follow("projects_project")
    Zone.objects.filter(slug="draft-zone").update(summary_en="Counted.")
    version = versions.current()
    Index.objects.update(build="b", epoch=version.epoch, number=version.number)
    file = taken(directory)
    run("restore", file, "--yes", "--without-safety")

    index = Index.objects.get()
    assert index.epoch == versions.current().epoch != version.epoch
    assert versions.changed(index.table, versions.Version(index.epoch, index.number)) == set()


def test_an_encrypted_backup_comes_back_with_its_key_alone(directory, settings, tmp_path):
    keys = {name: pyrage.x25519.Identity.generate() for name in ("right", "wrong")}
    for name, key in keys.items():
        (tmp_path / name).write_text(f"# created by age-keygen\n{key}\n")
    settings.BACKUP_RECIPIENTS = [str(keys["right"].to_public())]
    before, file = everything(without=OF_ONE_LIFE), taken(directory)
    ruin()

    assert refusal(file) == (f"{file.name} is encrypted: name the file of a private key with --identity.")
    assert refusal(file, "--identity", tmp_path / "wrong") == f"{file.name} is encrypted for another key."
    assert refusal(file, "--identity", file).endswith("that can be used without a passphrase.")
    assert refusal(file, "--identity", tmp_path / "none").endswith("No such file or directory.")
    run("restore", file, "--yes", "--identity", tmp_path / "right")
    assert everything(without=OF_ONE_LIFE) == before
    # What is taken on the way is as secret.
    assert [item.encrypted for item in found(directory)] == [True, True]


def test_a_backup_that_is_not_whole_changes_nothing(directory, tmp_path):
    file = taken(directory)
    whole, told = file.read_bytes(), file.with_name(manifest_of(file).own_file)
    stated = told.read_text()
    is_damaged = f"{file.name} is damaged: it is not the file that its manifest tells of."
    middle = len(whole) // 2

    for damaged in (
        b"",
        whole[:middle],
        whole + b"0",
        whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
    ):
        file.write_bytes(damaged)
        assert refusal(file) == is_damaged
    file.write_bytes(whole)

    for text in ("", "{}", "[]", stated[:-20], stated.replace('"rows": {', '"rows": [],"x": {')):
        told.write_text(text)
        assert refusal(file) == f"{file.name}: Its manifest is damaged, or not one of this site."
    told.write_text(stated.replace('"format": 1', '"format": 2'))
    assert refusal(file) == f"{file.name}: Its manifest was written by newer software."
    told.write_text(stated)
    rewrite(file, rows=json.loads(stated)["rows"] | {"zones_zone": 1})
    assert refusal(file) == "Its rows are not those that its manifest tells of."
    told.unlink()
    assert refusal(file) == f"{file.name} cannot be checked: its manifest {told.name} is not beside it."

    (tmp_path / "other.gz").write_bytes(whole)
    assert refusal(tmp_path / "other.gz") == "other.gz is not named as a backup of this site is."
    assert refusal(tmp_path / "nowhere") == f"There is no file {tmp_path / 'nowhere'}."


def test_a_backup_whose_content_is_not_sound_changes_nothing(directory, tmp_path):
    """Somebody has made it so with care: its digests are right."""
    file = taken(directory)
    content = tmp_path / "content"
    content.write_bytes(b"no database" * 1000)
    file.write_bytes(
        gzip.compress(content.read_bytes()) if connection.vendor == "sqlite" else content.read_bytes()
    )
    stated = dict(zip(("sha256", "size"), digest(file), strict=True))
    stated |= dict(zip(("content_sha256", "content_size"), digest(content), strict=True))
    rewrite(file, **stated)
    assert re.match(r"The database is damaged: |The dump cannot be read: ", refusal(file))


def test_a_backup_of_the_other_database_is_refused(directory):
    file = taken(directory)
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    ending = {"sqlite": ".dump", "postgresql": ".sqlite3.gz"}[connection.vendor]
    as_other = file.with_name(manifest_of(file).name + ending)
    rewrite(file, engine=other, file=as_other.name)
    file.rename(as_other)
    assert refusal(as_other) == f"It is of {other}, and the site uses {connection.vendor}."


def test_a_backup_of_newer_software_is_refused(directory):
    file = taken(directory)
    rewrite(file, migrations=["zones.0001_initial", "zones.9998_next", "zones.9999_last"])
    assert refusal(file) == "It is of newer software: this one has no migration zones.9998_next and 1 more."


def test_a_backup_of_older_software_gets_what_it_lacks(directory):
    run("migrate", "sessions", "zero", verbosity=0)
    before, file = everything(without=OF_ONE_LIFE), taken(directory)
    run("migrate", verbosity=0)
    ruin()
    said = run("restore", file, "--yes")

    assert "It is of older software, and lacks 1 migrations: it gets them." in said
    after = everything()
    assert after["django_session"] == []
    # The migration itself is told of, with its time; what belongs to the table of sessions is there already.
    without = OF_ONE_LIFE | {"django_migrations"}
    assert {name: rows for name, rows in after.items() if name not in without} == {
        name: rows for name, rows in before.items() if name not in without
    }
    assert len(after["django_migrations"]) == len(before["django_migrations"]) + 1
    assert triggers.missing(connection) == []


def test_a_backup_of_a_site_that_was_set_up_apart_waits_for_the_server_to_stop(directory):
    """Processes remember the numbers of content types, by which statements find their records."""
    kind = ContentType.objects.create(app_label="apart", model="kind", pk=5000)
    file = taken(directory)
    kind.delete()
    ContentType.objects.create(app_label="apart", model="kind", pk=5001)

    assert refusal(file) == (
        "It is of a database that was set up apart from this one: stop the server, then restore it with "
        "--stopped."
    )
    run("restore", file, "--yes", "--stopped")
    assert ContentType.objects.get(app_label="apart").pk == 5000


def test_a_backup_can_be_looked_through_alone(directory):
    file = taken(directory)
    ruin()
    before = everything()
    assert run("restore", file, "--check").endswith("Looked through: it is whole.\n")
    assert everything() == before
    with pytest.raises(CommandError, match=r"^Nobody can be asked here: say --yes\.$"):
        run("restore", file)
    assert everything() == before
    assert len(found(directory)) == 1


def test_the_newest_before_a_moment_is_found(directory):
    first = taken(directory)
    Zone.objects.filter(slug="draft-zone").update(summary_en="Since the first.")
    second = taken(directory)
    ruin()
    between = found(directory)[0].taken_at - timedelta(milliseconds=1)

    assert re.findall(r"^\S+(?=: )", run("restore", "--list"), re.M) == [second.name, first.name]
    assert run("restore", "--before", between.isoformat(), "--check").startswith(first.name)
    assert run("restore", "--before", "2999-01-01 00:00", "--check").startswith(second.name)
    assert refusal("--before", "2000-01-01 00:00") == (
        f"There is no backup in {directory} from then or before."
    )
    for text in ("yesterday", "2026-11-31 12:00", "2026-11-23"):
        assert refusal("--before", text) == f'{text!r} is no time. Write it so: "2026-11-23 14:30".'
