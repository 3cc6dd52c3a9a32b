"""SQLite, which ignores the case of A to Z alone: here of all letters, as PostgreSQL does."""

from django.db.backends.sqlite3 import base, operations, schema

IGNORING_CASE = ("iexact", "icontains", "istartswith", "iendswith")
LIKE = r"LIKE UNICODE_UPPER(%s) ESCAPE '\'"


class DatabaseOperations(operations.DatabaseOperations):
    def lookup_cast(self, lookup_type, internal_type=None):
        """How the column of a comparison is written; both sides in capitals where case is ignored."""
        if lookup_type in IGNORING_CASE:
            return "UNICODE_UPPER(%s)"
        return super().lookup_cast(lookup_type, internal_type)


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """Takes the migrations that build an index while others write; here they wait for it."""

    def add_index(self, model, index, concurrently=False):
        super().add_index(model, index)

    def remove_index(self, model, index, concurrently=False):
        super().remove_index(model, index)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
    SchemaEditorClass = DatabaseSchemaEditor
    operators = base.DatabaseWrapper.operators | dict.fromkeys(IGNORING_CASE, LIKE)
    pattern_ops = {
        name: sql.replace("UPPER(", "UNICODE_UPPER(")
        for name, sql in base.DatabaseWrapper.pattern_ops.items()
    }

    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        connection.create_function("UNICODE_UPPER", 1, _upper, deterministic=True)
        return connection


def _upper(value):
    return None if value is None else str(value).upper()
