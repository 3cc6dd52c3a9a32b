"""PostgreSQL, sorting texts and ignoring case as SQLite does, however its server was set up."""

from django.db.backends.postgresql import base, operations, schema
from django.utils.functional import cached_property

TEXT_TYPES = ("varchar", "text")
# The order of code points, which is SQLite's own. That of a language would be another on every machine:
# most of them pass over the hyphens of a slug.
ORDER = "C"
# From this version on the server brings full Unicode itself; before, by ICU, without which few are built.
HAS_UNICODE = 180000
UNICODE, UNICODE_BY_ICU = "pg_unicode_fast", "und-x-icu"


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """Writes the order of texts into every column of text that names none itself."""

    def _iter_column_sql(self, column_db_type, params, model, field, field_db_params, include_default):
        collation = _collation(column_db_type, field_db_params.get("collation"))
        return super()._iter_column_sql(
            column_db_type,
            params,
            model,
            field,
            {**field_db_params, "collation": collation},
            include_default,
        )

    def _alter_column_type_sql(self, model, old_field, new_field, new_type, old_collation, new_collation):
        return super()._alter_column_type_sql(
            model, old_field, new_field, new_type, old_collation, _collation(new_type, new_collation)
        )


def _collation(db_type, named):
    return named or (ORDER if db_type and db_type.startswith(TEXT_TYPES) else None)


class DatabaseOperations(operations.DatabaseOperations):
    def lookup_cast(self, lookup_type, internal_type=None):
        """How the column of a comparison is written; both sides in capitals where case is ignored."""
        if lookup_type in ("iexact", "icontains", "istartswith", "iendswith"):
            return self.connection.capitals("%s::text")
        return super().lookup_cast(lookup_type, internal_type)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations

    def capitals(self, sql):
        """SQL for a text in capitals, as Unicode has them: not those of ASCII alone, nor of one language."""
        return f'UPPER({sql} COLLATE "{self.unicode}")'

    @cached_property
    def unicode(self):
        """The collation of the server that knows the capitals of all letters."""
        return UNICODE if self.pg_version >= HAS_UNICODE else UNICODE_BY_ICU

    @cached_property
    def operators(self):
        like = f"LIKE {self.capitals('%s::text')}"
        return base.DatabaseWrapper.operators | {
            "iexact": f"= {self.capitals('%s::text')}",
            "icontains": like,
            "istartswith": like,
            "iendswith": like,
        }

    @cached_property
    def pattern_ops(self):
        capitals = self.capitals("({})::text")
        return base.DatabaseWrapper.pattern_ops | {
            "icontains": f"LIKE '%%' || {capitals} || '%%'",
            "istartswith": f"LIKE {capitals} || '%%'",
            "iendswith": f"LIKE '%%' || {capitals}",
        }
