"""Migrations that keep the site answering: none locks, for longer than a moment, a table that may be big.

What PostgreSQL would be told is read, so that it does not matter by which operation.
"""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython

# The last migration of each app that came before this rule; there was no big table then.
BEFORE = {
    "records": 2,
    "listings": 0,
    "zones": 1,
    "projects": 1,
    "business_environment": 2,
    "shanxi_portal": 2,
    "desk": 0,
}
# What looks like a lock and is none: ("app", "0004_name"): "why"
HARMLESS = {}

CONCURRENTLY = "Nothing is written while it is built. Use AddIndexConcurrently, with atomic = False."
NOT_VALID = "All rows are checked while nobody reads. Use AddConstraintNotValid, later ValidateConstraint."
REWRITE = (
    "The whole table is written anew while nobody reads. Add a column, fill it in batches, then turn to it."
)
LOCKS = {
    r"CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)": CONCURRENTLY,
    r"DROP INDEX (?!CONCURRENTLY)": "Use RemoveIndexConcurrently, with atomic = False.",
    r"ADD CONSTRAINT .*? (UNIQUE|PRIMARY KEY|EXCLUDE)\b": f"It builds an index. {CONCURRENTLY}",
    r"ADD COLUMN .* (UNIQUE|PRIMARY KEY)\b": f"It builds an index. Add the column first. {CONCURRENTLY}",
    r"ADD CONSTRAINT .*? (CHECK|FOREIGN KEY)(?!.*NOT VALID)": NOT_VALID,
    r"ALTER COLUMN .* SET NOT NULL": "All rows are checked while nobody reads. First add a CHECK NOT VALID.",
    r"ALTER COLUMN .* TYPE ": REWRITE,
    r"ADD COLUMN .* GENERATED ALWAYS AS \(": REWRITE,
    r"ADD COLUMN .* DEFAULT \(?[^,;]*(RANDOM|GEN_RANDOM_UUID|CLOCK_TIMESTAMP|NEXTVAL)\s*\(": REWRITE,
    r"^(UPDATE|DELETE)(?!.* WHERE )": "All rows at once, in one transaction. Change them in batches.",
    r"^(LOCK|CLUSTER|VACUUM FULL|REINDEX(?!.*CONCURRENTLY))\b": "It locks the table.",
}
TABLE = r'(?:CREATE TABLE|ALTER TABLE|INDEX .* ON|DROP INDEX) (?:IF (?:NOT )?EXISTS )?"?(\w+)"?'


def locks(statements):
    """{statement: what to do instead} of those that lock a table which was there before."""
    found, new = {}, set()
    for statement in statements:
        table = re.search(TABLE, statement)
        if statement.startswith("CREATE TABLE"):
            new.add(table[1])
        elif not statement.startswith("--") and not (table and table[1] in new):
            advice = [text for pattern, text in LOCKS.items() if re.search(pattern, statement, re.I)]
            found |= {statement: advice[0]} if advice else {}
    return found


@pytest.mark.parametrize(
    ("statement", "advice"),
    [
        ('CREATE INDEX "i" ON "zones_zone" ("x")', "AddIndexConcurrently"),
        ('CREATE UNIQUE INDEX "i" ON "zones_zone" ("x") WHERE "x" > 0', "AddIndexConcurrently"),
        ('DROP INDEX IF EXISTS "i"', "RemoveIndexConcurrently"),
        ('ALTER TABLE "zones_zone" ADD CONSTRAINT "c" UNIQUE ("x")', "AddIndexConcurrently"),
        ('ALTER TABLE "zones_zone" ADD CONSTRAINT "c" CHECK ("x" > 0)', "AddConstraintNotValid"),
        ('ALTER TABLE "zones_zone" ADD COLUMN "x" varchar(9) NOT NULL UNIQUE', "Add the column"),
        ('ALTER TABLE "zones_zone" ADD COLUMN "x" uuid DEFAULT gen_random_uuid() NOT NULL', "batches"),
        ('ALTER TABLE "zones_zone" ADD COLUMN "x" integer GENERATED ALWAYS AS ("y" + 1) STORED', "batches"),
        ('ALTER TABLE "zones_zone" ALTER COLUMN "x" TYPE bigint USING "x"::bigint', "batches"),
        ('ALTER TABLE "zones_zone" ALTER COLUMN "x" SET NOT NULL', "CHECK"),
        ('UPDATE "zones_zone" SET "x" = 1', "batches"),
    ],
)
def test_what_locks_is_seen_and_told_how_to_do_otherwise(statement, advice):
    assert advice in "".join(locks([statement]).values())


@pytest.mark.parametrize(
    "statements",
    [
        ['CREATE TABLE "new" ("id" bigint)', 'CREATE INDEX "i" ON "new" ("x")'],
        ['CREATE TABLE "new" ("id" bigint)', 'ALTER TABLE "new" ADD CONSTRAINT "c" UNIQUE ("x")'],
        ['CREATE INDEX CONCURRENTLY "i" ON "zones_zone" ("x")'],
        ["-- Concurrently create index i on field(s) x of model zone"],
        ['ALTER TABLE "zones_zone" ADD COLUMN "x" integer NULL'],
        ["ALTER TABLE \"zones_zone\" ADD COLUMN \"x\" varchar(9) COLLATE \"C\" DEFAULT '' NOT NULL"],
        ['ALTER TABLE "zones_zone" ADD COLUMN "at" timestamptz DEFAULT STATEMENT_TIMESTAMP() NOT NULL'],
        ['ALTER TABLE "zones_zone" ADD CONSTRAINT "c" CHECK ("x" > 0) NOT VALID'],
        ['ALTER TABLE "zones_zone" VALIDATE CONSTRAINT "c"'],
        ['UPDATE "zones_zone" SET "x" = 1 WHERE "id" BETWEEN 1 AND 1000'],
    ],
)  # fmt: skip
def test_what_does_not_lock_is_let_through(statements):
    assert locks(statements) == {}


def later():
    """Our migrations that came after the rule."""
    found = MigrationLoader(None, replace_migrations=False).disk_migrations
    ours = [(key, found[key]) for key in sorted(found) if (settings.BASE_DIR / key[0]).is_dir()]
    assert {app for (app, _name), _migration in ours} == set(BEFORE)
    return [
        (key, migration)
        for key, migration in ours
        if int(key[1][:4]) > BEFORE[key[0]] and key not in HARMLESS
    ]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_no_migration_locks_a_big_table():
    loader = MigrationLoader(connection, replace_migrations=False)
    for key, migration in later():
        state = loader.project_state(key, at_end=False)
        with connection.schema_editor(collect_sql=True, atomic=False) as editor:
            migration.apply(state, editor, collect_sql=True)
        assert locks(editor.collected_sql) == {}, key


def test_no_migration_changes_rows_within_one_transaction():
    for key, migration in later():
        if any(isinstance(operation, RunPython) for operation in migration.operations):
            assert not migration.atomic, (
                f"{key}: all rows stay locked. Set atomic = False, and change them in batches."
            )
            assert all(isinstance(operation, RunPython) for operation in migration.operations), (
                f"{key}: part it."
            )
