"""The two groups of staff: editors keep records, publishers say what the public sees of them.

Permissions are made by a signal after all migrations have run, too late for this one: it makes them itself.
It only adds, so that it may run again and leaves alone what an administrator gave a group.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations

APPS = ("records", "zones", "projects", "business_environment")

RECORDS = {
    "zones": ("zone", "region"),
    "projects": ("project",),
    "business_environment": ("reform", "procedure", "policy", "indicator", "cost", "transportlink"),
}
PARTS = {
    "zones": ("park", "zonerelation"),
    "projects": ("milestone",),
    "business_environment": (
        "indicatorvalue",
        "reformaccount",
        "accountpart",
        "reformevent",
        "legaltext",
        "reformcase",
    ),
}
STATED = {"records": ("source", "statement")}
REFERENCE = {"records": ("aspect",), "zones": ("city", "industry")}


def permissions_of(models, *actions):
    """(app, codename) of every action on every model."""
    return {
        (app, f"{action}_{model}") for app, names in models.items() for model in names for action in actions
    }


EDITORS = (
    # The admin deletes no record that was ever public, whoever asks.
    permissions_of(RECORDS, "add", "change", "delete", "view")
    | permissions_of(PARTS, "add", "change", "delete", "view")
    | permissions_of(STATED, "add", "change", "view")
    | permissions_of(REFERENCE, "view")
)
PUBLISHERS = EDITORS | permissions_of(RECORDS, "publish") | permissions_of(REFERENCE, "change")
GROUPS = {"editors": EDITORS, "publishers": PUBLISHERS}


def make_permissions(apps, alias, labels):
    for label in labels:
        app = apps.get_app_config(label)
        # Django passes over an app without models, which is how an app of a migration looks to it.
        app.models_module = True
        create_permissions(app, verbosity=0, using=alias, apps=apps)
        app.models_module = None


def make_groups(apps, schema_editor):
    grant(apps, schema_editor.connection.alias, GROUPS)


def grant(apps, alias, wanted_by_group, labels=APPS):
    """Give each group, by name, the permissions (app, codename) of the apps `labels` that it lacks."""
    make_permissions(apps, alias, labels)
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    known = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in permissions.filter(content_type__app_label__in=labels).select_related(
            "content_type"
        )
    }
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for name, wanted in wanted_by_group.items():
        group, _is_new = groups.get_or_create(name=name)
        group.permissions.add(*(known[key] for key in sorted(wanted)))


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("records", "0001_initial"),
        ("zones", "0001_initial"),
        ("projects", "0001_initial"),
        ("business_environment", "0001_initial"),
    ]

    operations = [
        # Backwards the groups stay: people are in them.
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
