"""The triggers: that `migrate` puts them in, that none gets lost, and who may write."""

import pytest
from django.core import checks
from django.db import connection, models

from listings import triggers, versions
from listings.models import Change, Index
from tests import factories as make
from tests.listings.following import ZONES, committing, drop, execute, installed, migrate, settle
from zones.models import City, Zone

# Installing


@committing
def test_migrating_again_changes_nothing():
    make.make_zone()
    version = versions.current()
    assert triggers.missing(connection) == []
    assert "Triggers created" not in migrate()
    assert triggers.install(connection) == []
    assert versions.current() == version


@committing
def test_what_is_missing_is_named_and_made_again_by_migrate():
    make.make_zone()
    before = versions.current()
    names = sorted(installed())
    (gone,) = (name for name in names if name[0] == ZONES and ("_update_" in name[1] or "change" in name[1]))
    drop(*gone)
    try:
        assert triggers.missing(connection) == [gone]
        (warning,) = checks.run_checks(databases=["default"], tags=["database"])
        assert (warning.id, gone[0] in warning.msg, gone[1] in warning.msg) == ("listings.W001", True, True)
        for option in ({"plan": True}, {"check_unapplied": True}):
            migrate(**option)
            assert triggers.missing(connection) == [gone]
    finally:
        said = migrate()
    assert "Triggers created: 1\n" in said
    assert sorted(installed()) == names
    assert versions.current().epoch != before.epoch
    assert checks.run_checks(databases=["default"], tags=["database"]) == []


@committing
def test_triggers_of_an_earlier_form_are_replaced():
    table, name = next(item for item in sorted(installed()) if item[0] == "zones_city")
    old = f"{name[:-1]}{'0' if name[-1] != '0' else '1'}"
    if connection.vendor == "postgresql":
        execute(f'ALTER TRIGGER "{name}" ON "{table}" RENAME TO "{old}"')
    else:
        drop(table, name)
        execute(f'CREATE TRIGGER "{old}" AFTER INSERT ON "{table}" BEGIN SELECT 1; END')
    assert triggers.install(connection) == [(table, name)]
    assert (table, old) not in installed()
    assert triggers.missing(connection) == []


@pytest.mark.postgresql
@committing
def test_a_disabled_trigger_is_missing():
    (name,) = (name for table, name in installed() if table == "zones_city" and "change" in name)
    execute(f'ALTER TABLE zones_city DISABLE TRIGGER "{name}"')
    assert triggers.missing(connection) == [("zones_city", name)]
    assert triggers.install(connection) == [("zones_city", name)]
    assert triggers.missing(connection) == []


@committing
def test_triggers_outlive_a_table_that_is_made_anew():
    """SQLite makes an altered table anew, and drops its triggers with the old one."""
    old, new = City._meta.get_field("other_spellings"), models.CharField(max_length=270)
    new.set_attributes_from_name("other_spellings")
    new.model = City
    make.make_zone()
    names = installed()
    for one, other in ((old, new), (new, old)):
        with connection.schema_editor() as editor:
            editor.alter_field(City, one, other, strict=True)
        migrate()
        assert installed() == names
        before = versions.current()
        City.objects.update(name_en="City")
        assert versions.current().number > before.number


@committing
def test_the_tables_of_lists_can_be_taken_back_and_made_again():
    make.make_zone()
    before = versions.current()
    names = installed()
    try:
        migrate("listings", "zero")
        assert (installed(), triggers.missing(connection)) == (set(), [])
        # Nothing stands in the way of writing.
        make.make_zone()
    finally:
        migrate("listings")
    assert installed() == names
    assert versions.current().epoch != before.epoch


@pytest.mark.postgresql
@committing
def test_nothing_stays_behind_when_triggers_are_removed():
    functions = "SELECT proname FROM pg_proc WHERE proname LIKE 'listings%'"
    try:
        triggers.remove(connection)
        with connection.cursor() as cursor:
            cursor.execute(functions)
            assert cursor.fetchall() == []
    finally:
        triggers.install(connection)


@committing
def test_before_there_are_tables_nothing_is_missing():
    """As on the way to the first migration of all."""
    migrate("listings", "zero")
    try:
        assert triggers.install(connection) == []
        assert checks.run_checks(databases=["default"], tags=["database"]) == []
    finally:
        migrate("listings")
    assert triggers.missing(connection) == []


# Who writes, and from where


@pytest.mark.postgresql
@pytest.mark.django_db
def test_whoever_may_write_a_record_is_counted():
    zone = make.make_zone()
    execute("CREATE ROLE only_writes_zones")
    execute("GRANT SELECT, UPDATE ON zones_zone TO only_writes_zones")
    execute("GRANT USAGE ON SCHEMA public TO only_writes_zones")
    settle()
    Index.objects.create(table=ZONES, logged_since=0)
    execute("SET LOCAL ROLE only_writes_zones")
    Zone.objects.filter(pk=zone.pk).update(name_en="Written")
    settle()
    execute("RESET ROLE")
    assert list(Change.objects.values_list("table", "row")) == [(ZONES, zone.pk)]


@pytest.mark.postgresql
@pytest.mark.django_db
def test_it_does_not_matter_where_whoever_writes_looks_for_tables():
    zone = make.make_zone()
    settle()
    Index.objects.create(table=ZONES, logged_since=0)
    execute("SET LOCAL search_path = ''")
    execute("UPDATE public.zones_zone SET name_en = 'Written' WHERE id = %s", zone.pk)
    settle()
    execute("SET LOCAL search_path = public")
    assert list(Change.objects.values_list("table", "row")) == [(ZONES, zone.pk)]
