"""PostgreSQL, sorting texts and ignoring case as SQLite does, however its server was set up."""

import contextlib

from django.db import DEFAULT_DB_ALIAS, Error
from django.db.backends.postgresql import base, operations, schema
from django.utils.functional import cached_property

from operations import outages, queries
from shanxi_portal.engines.migrating import RecordsWithin, TakesTurns

TEXT_TYPES = ("varchar", "text")
# The order of code points, which is SQLite's own. That of a language would be another on every machine:
# most of them pass over the hyphens of a slug.
ORDER = "C"
# From this version on the server brings full Unicode itself; before, by ICU, without which few are built.
HAS_UNICODE = 180000
UNICODE, UNICODE_BY_ICU = "pg_unicode_fast", "und-x-icu"
# The advisory lock of commands that change the whole database; it is of one database, not of the server.
TURN = int.from_bytes(b"shanxi")


class DatabaseSchemaEditor(RecordsWithin, schema.DatabaseSchemaEditor):
    """Writes the order of texts into every column of text that names none itself."""

    def add_index(self, model, index, concurrently=False):
        """Django's, but one that was half-built, or built and not noted down, is dropped first."""
        if concurrently:
            self.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {self.quote_name(index.name)}")
        super().add_index(model, index, concurrently=concurrently)

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


class DatabaseWrapper(TakesTurns, base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        queries.watch(self)

    def get_new_connection(self, conn_params):
        """A connection, from the pool if there is one. A server that was gone a moment ago is not asked.

        The same of a replica is the matter of its router.
        """
        if self.alias != DEFAULT_DB_ALIAS:
            return super().get_new_connection(conn_params)
        if outages.is_out(self.alias):
            raise self.Database.OperationalError("It did not answer a moment ago, and is not asked yet.")
        try:
            return super().get_new_connection(conn_params)
        except self.Database.OperationalError as error:
            outages.note(self.alias, error)
            raise

    @contextlib.contextmanager
    def turn(self):
        """Gives a function that says whether the turn is ours; it ends with a connection of its own."""
        own = self.copy()
        try:
            yield lambda: _first(own, "SELECT pg_try_advisory_lock(%s)")
        finally:
            with contextlib.suppress(Error):
                _first(own, "SELECT pg_advisory_unlock(%s)")
            own.close()

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


def _first(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql, [TURN])
        return cursor.fetchone()[0]
