"""What the two groups of staff may do with the permit path: editors keep its rules, publishers its questions too."""

from importlib import import_module

from django.db import migrations

first = import_module("shanxi_portal.migrations.0001_groups")

RULES = {"business_environment": ("procedurerule", "prerequisite")}
QUESTIONS = {"business_environment": ("pathquestion", "pathanswer")}

EDITORS = first.permissions_of(RULES, "add", "change", "delete", "view") | first.permissions_of(
    QUESTIONS, "view"
)
# An answer that a rule names cannot be deleted, whoever asks.
PUBLISHERS = EDITORS | first.permissions_of(QUESTIONS, "add", "change", "delete")
GROUPS = {"editors": EDITORS, "publishers": PUBLISHERS}


def add_permissions(apps, schema_editor):
    first.grant(apps, schema_editor.connection.alias, GROUPS)


class Migration(migrations.Migration):
    dependencies = [
        ("shanxi_portal", "0001_groups"),
        ("business_environment", "0002_permit_path"),
    ]

    operations = [
        # Backwards the groups keep what was added: an administrator may have come to rely on it.
        migrations.RunPython(add_permissions, migrations.RunPython.noop),
    ]
