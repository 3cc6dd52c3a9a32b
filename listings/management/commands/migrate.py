"""Django’s `migrate`, and then the triggers that follow the records.

A migration can add a table; on SQLite it makes most tables that it alters anew, without their triggers.
"""

from django.core.management.commands import migrate
from django.db import connections, router

from listings import triggers
from listings.models import DataVersion


class Command(migrate.Command):
    def handle(self, *args, **options):
        self.connection = connections[options["database"]]
        # Two at once, of two deploys, would make the same tables.
        with self.connection.alone(self.stderr.write):
            self._migrate(*args, **options)

    def _migrate(self, *args, **options):
        super().handle(*args, **options)
        is_dry = options["plan"] or options["check_unapplied"] or options["prune"]
        if is_dry or not router.allow_migrate_model(self.connection.alias, DataVersion):
            return
        created = triggers.install(self.connection)
        if created and self.verbosity >= 1:
            self.stdout.write(self.style.MIGRATE_HEADING(f"Triggers created: {len(created)}"))

    def migration_progress_callback(self, action, migration=None, fake=False):
        """SQLite alters no table that a trigger writes into, and what writes into a dropped one fails."""
        if action in ("apply_start", "unapply_start") and migration.app_label == DataVersion._meta.app_label:
            triggers.remove(self.connection)
        super().migration_progress_callback(action, migration, fake)
