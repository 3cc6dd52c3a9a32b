"""Migrations that are killed half-way, and two deploys that begin at the same moment."""

import signal
import subprocess
import sys

import pytest
from django.conf import settings

from tests.databases import Databases, Files
from tests.serving import PATIENCE, Ground

# One whose tables and indexes come last, one outside a transaction, and one that changes rows.
KILLED = ("zones.0001_initial", "projects.0002_due_index", "shanxi_portal.0003_desk_groups")
SHAPE = """
import json
from django.contrib.auth.models import Group
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from listings import triggers

with connection.cursor() as cursor:
    shape = {}
    for table in sorted(connection.introspection.table_names(cursor)):
        columns = connection.introspection.get_table_description(cursor, table)
        found = connection.introspection.get_constraints(cursor, table)
        rules = [[rule["columns"], rule["unique"], str(rule["foreign_key"])] for rule in found.values()]
        names = sorted(name for name in found if not name.startswith("__"))
        shape[table] = [[column.name for column in columns], names, sorted(rules, key=str)]
noted = sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
groups = {group.name: group.permissions.count() for group in Group.objects.order_by("name")}
print(json.dumps([shape, noted, groups, triggers.missing(connection)]))
"""


def begin(ground, database, *command):
    """A process of Python on a database."""
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=ground.environment(database),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def shape(ground, database):
    """What the database has: tables, columns, constraints, the migrations noted down, groups of staff."""
    return ground.manage("shell", "--verbosity=0", "--no-imports", "--command", SHAPE, database=database)


@pytest.fixture
def empty(tmp_path, request, static_files):
    """A ground whose database “whole” was migrated at one go, and which has an empty one."""
    databases = Files(tmp_path)
    if request.param == "postgresql":
        databases = Databases(request.getfixturevalue("postgres").url())
    ground = Ground(tmp_path, databases, static_files)
    ground.migrate("whole")
    ground.databases.make("empty")
    yield ground
    for name in ("whole", "empty"):
        ground.databases.drop(name)


engines = pytest.mark.parametrize("empty", ["sqlite", "postgresql"], indirect=True)


@pytest.mark.fault
@engines
def test_a_migration_killed_before_it_is_noted_down(empty, request, tell):
    for migration in KILLED:
        process = begin(empty, "empty", "-m", "tests.faults.killed_migrate", migration)
        output = process.communicate(timeout=PATIENCE * 3)[0]
        assert process.returncode == -signal.SIGKILL, output
    process = begin(empty, "empty", "manage.py", "migrate", "--verbosity=0")
    output = process.communicate(timeout=PATIENCE * 3)[0]
    assert process.returncode == 0, output
    assert shape(empty, "empty") == shape(empty, "whole")
    engine = request.node.callspec.params["empty"]
    tell(f"migrate killed {len(KILLED)} times ({engine})", more="run again it ends well")


@pytest.mark.fault
@engines
def test_two_deploys_at_once(empty, request, tell):
    steps = [
        ["migrate", "--verbosity=0"],
        ["load_data", "--no-progress"],
        ["collectstatic", "--no-input", "--verbosity=0"],
        ["build_index", "--no-progress", "--all"],
    ]
    said = []
    for step in steps:
        both = [begin(empty, "empty", "manage.py", *step) for _ in range(2)]
        outputs = [process.communicate(timeout=PATIENCE * 5)[0] for process in both]
        assert [process.returncode for process in both] == [0, 0], outputs
        said += outputs
    assert shape(empty, "empty") == shape(empty, "whole")
    assert empty.manage("check_index", "--no-progress", database="empty").endswith("what its table says.\n")
    empty.manage("check_records", database="empty")
    waited = sum("Waiting until it has ended" in text for text in said)
    assert waited >= 2, said
    engine = request.node.callspec.params["empty"]
    tell(f"two deploys at once ({engine})", more=f"both end well; at {waited} of 4 steps one waited")
