from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections

from operations.backups import Refused
from operations.backups.manifests import found
from operations.backups.places import alone_in
from operations.backups.rotation import remove_outdated
from operations.backups.taking import take


class Command(BaseCommand):
    help = (
        "Take a backup of the database while the site runs, look through it, and remove those that are "
        "outdated (BACKUP_DIRECTORY, BACKUP_RECIPIENTS, BACKUP_KEEP_…)."
    )
    # What is wrong with the site must not keep anybody from saving it.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--to", type=Path, metavar="DIRECTORY", help="Take it there, and remove nothing from there."
        )

    def handle(self, *, to, **options):
        connection = connections[DEFAULT_DB_ALIAS]
        try:
            with alone_in(to or settings.BACKUP_DIRECTORY) as directory:
                manifest = take(connection, directory, recipients=settings.BACKUP_RECIPIENTS)
                gone = [] if to else remove_outdated(directory, found(directory), just_taken=manifest)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"{directory / manifest.file}: {sum(manifest.rows.values()):,} rows of {len(manifest.rows)} "
            f"tables, {manifest.size / 1e6:,.1f} MB, {manifest.seconds:.1f} s. Outdated, removed: {len(gone)}"
        )
        if manifest.dangling:
            self.stderr.write(
                f"{manifest.dangling} rows point to rows that are not there: so they do in the database."
            )
