"""What the two groups may do at the desk; and those who are in them keep the whole province, as they did before.

Territories themselves, accounts and sign-ins are for administrators.
"""

from importlib import import_module

from django.db import migrations

first = import_module("shanxi_portal.migrations.0001_groups")

APPS = ("records", "desk")
DECIDED = {"records": ("pendingchange", "note")}
READ = {"records": ("version", "staletranslation"), "desk": ("linkcheck",)}
FOUND = {"desk": ("finding",)}
IMPORTED = {"desk": ("import",)}

STAFF = (
    first.permissions_of(DECIDED, "add", "change", "view")
    | first.permissions_of(READ, "view")
    | first.permissions_of(FOUND, "change", "view")
    | first.permissions_of(IMPORTED, "add", "view")
)
GROUPS = {"editors": STAFF, "publishers": STAFF}


def add_permissions(apps, schema_editor):
    first.grant(apps, schema_editor.connection.alias, GROUPS, APPS)


def keep_the_province(apps, schema_editor):
    """Until now everybody in a group kept everything: nobody loses that before an administrator says so."""
    alias = schema_editor.connection.alias
    territories = apps.get_model("zones", "Territory").objects.using(alias)
    users = apps.get_model("auth", "User").objects.using(alias)
    members = users.filter(groups__name__in=GROUPS, is_superuser=False, territories=None).distinct()
    for user in members:
        territories.create(user=user, province=True)


class Migration(migrations.Migration):
    # Not all accounts locked until the last is done; run again, it goes on where it was.
    atomic = False

    dependencies = [
        ("shanxi_portal", "0002_permit_path_groups"),
        ("zones", "0002_territories"),
        ("records", "0004_staff_desk"),
        ("desk", "0001_initial"),
    ]

    operations = [
        # Backwards the groups keep what was added: an administrator may have come to rely on it.
        migrations.RunPython(add_permissions, migrations.RunPython.noop),
        migrations.RunPython(keep_the_province, migrations.RunPython.noop),
    ]
