"""The groups that the migration makes, and what their members may do."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from records.models import record_models
from tests.factories import make_zone
from tests.records.staff import make_territory

pytestmark = pytest.mark.django_db

groups = import_module("shanxi_portal.migrations.0001_groups")
permit_path = import_module("shanxi_portal.migrations.0002_permit_path_groups")
desk = import_module("shanxi_portal.migrations.0003_desk_groups")
# Given by administrators, and kept by nobody else.
OF_ADMINISTRATORS = {("zones", "territory")}


def permissions(name):
    rows = Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename")
    return set(rows)


@pytest.mark.parametrize("name", groups.GROUPS)
def test_a_group_may_do_what_the_migrations_say(name):
    assert permissions(name) == groups.GROUPS[name] | permit_path.GROUPS[name] | desk.GROUPS[name]


def test_the_migration_knows_every_kind_of_record():
    named = {(app, model) for app, models in groups.RECORDS.items() for model in models}

    assert named == {(model._meta.app_label, model._meta.model_name) for model in record_models()}


def test_every_model_that_staff_keep_is_one_of_theirs():
    """A new kind of row that no migration gives to a group could be kept by administrators alone."""
    kept = {
        (model._meta.app_label, model._meta.model_name)
        for label in ("zones", "projects", "business_environment")
        for model in apps.get_app_config(label).get_models()
    }
    viewed = {(app, codename.removeprefix("view_")) for app, codename in permissions("editors")}
    assert kept - viewed == OF_ADMINISTRATORS


def test_only_publishers_publish():
    publishing = {f"publish_{model._meta.model_name}" for model in record_models()}

    assert not publishing & {codename for _app, codename in permissions("editors")}
    assert publishing <= {codename for _app, codename in permissions("publishers")}


def test_neither_group_touches_accounts_or_deletes_what_is_cited():
    for name in groups.GROUPS:
        assert not {app for app, _codename in permissions(name)} & {"auth", "admin", "sessions"}
        assert not {("records", "delete_source"), ("records", "delete_statement")} & permissions(name)


def test_running_it_again_changes_nothing_and_keeps_what_was_added():
    member = User.objects.create_user("someone")
    editors = Group.objects.get(name="editors")
    editors.user_set.add(member)
    before = permissions("editors")

    state = MigrationLoader(connection).project_state()
    groups.make_groups(state.apps, SimpleNamespace(connection=connection))
    permit_path.add_permissions(state.apps, SimpleNamespace(connection=connection))
    desk.add_permissions(state.apps, SimpleNamespace(connection=connection))

    assert permissions("editors") == before
    assert member.groups.get() == editors


def test_whoever_was_in_a_group_before_there_were_territories_keeps_the_province():
    member, root, appointed, guest = (User.objects.create_user(name) for name in ("a", "b", "c", "d"))
    for user in (member, root, appointed):
        user.groups.set(Group.objects.all())
    User.objects.filter(pk=root.pk).update(is_superuser=True)
    make_territory(appointed, make_zone())

    state = MigrationLoader(connection).project_state()
    for _time in range(2):
        desk.keep_the_province(state.apps, SimpleNamespace(connection=connection))

    kept = {user: [str(one) for one in user.territories.all()] for user in (member, root, guest)}
    assert kept == {member: ["the whole province"], root: [], guest: []}
    assert [one.province for one in appointed.territories.all()] == [False]
