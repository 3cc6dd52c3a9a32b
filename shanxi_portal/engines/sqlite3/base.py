"""SQLite, which ignores the case of A to Z alone: here of all letters, as PostgreSQL does."""

import contextlib

from django.db.backends.sqlite3 import base, features, operations, schema

from operations import queries
from operations.limits import deadline
from shanxi_portal.engines.migrating import FileTurn, RecordsWithin, TakesTurns

# Steps of SQLite's machine, some milliseconds of work, after which it looks at the deadline of a page.
STEPS = 100_000
IGNORING_CASE = ("iexact", "icontains", "istartswith", "iendswith")
LIKE = r"LIKE UNICODE_UPPER(%s) ESCAPE '\'"


class DatabaseFeatures(features.DatabaseFeatures):
    # Every SQLite that Django takes has it unless it was built without. Django asks in a transaction, and
    # takes a database that another process is writing to for one that has none.
    supports_json_field = True


class DatabaseOperations(operations.DatabaseOperations):
    def lookup_cast(self, lookup_type, internal_type=None):
        """How the column of a comparison is written; both sides in capitals where case is ignored."""
        if lookup_type in IGNORING_CASE:
            return "UNICODE_UPPER(%s)"
        return super().lookup_cast(lookup_type, internal_type)


class DatabaseSchemaEditor(RecordsWithin, schema.DatabaseSchemaEditor):
    """Takes the migrations that build an index while others write; here they wait for it."""

    def add_index(self, model, index, concurrently=False):
        if concurrently:
            # One that was built, and not noted down before the process died.
            self.execute(f"DROP INDEX IF EXISTS {self.quote_name(index.name)}")
        super().add_index(model, index)

    def remove_index(self, model, index, concurrently=False):
        super().remove_index(model, index)


class DatabaseWrapper(TakesTurns, base.DatabaseWrapper):
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
    SchemaEditorClass = DatabaseSchemaEditor
    operators = base.DatabaseWrapper.operators | dict.fromkeys(IGNORING_CASE, LIKE)
    pattern_ops = {
        name: sql.replace("UPPER(", "UNICODE_UPPER(")
        for name, sql in base.DatabaseWrapper.pattern_ops.items()
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        queries.watch(self)

    @contextlib.contextmanager
    def turn(self):
        """Gives a function that says whether the turn is ours; it is a lock on a file beside the database."""
        name = str(self.settings_dict["NAME"])
        if ":memory:" in name or "mode=memory" in name:
            yield lambda: True
            return
        with FileTurn(f"{name}-turn").turn() as is_ours:
            yield is_ours

    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        connection.create_function("UNICODE_UPPER", 1, _upper, deterministic=True)
        connection.set_progress_handler(deadline.is_over, STEPS)
        return connection


def _upper(value):
    return None if value is None else str(value).upper()
