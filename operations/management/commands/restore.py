import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from listings.models import Index
from operations.backups import Refused
from operations.backups.manifests import found, manifest_of
from operations.backups.packing import identities
from operations.backups.places import alone_in
from operations.backups.restoring import Restoration, newest_before

# More tables than these are not told of one by one.
TOLD = 20


class Command(BaseCommand):
    help = (
        "Put the database back to the state of a backup, while the site runs. The backup is looked through "
        "before anything is touched, and one of the present state is taken on the way."
    )
    # The database that it is called for may not be there at all.
    requires_system_checks = []

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("file", nargs="?", type=Path, help="The backup, with its manifest beside it.")
        which.add_argument(
            "--before", metavar="TIME", help='The newest from then or before: "2026-11-23 14:30".'
        )
        which.add_argument("--list", action="store_true", help="Only name those that there are.")
        parser.add_argument("--check", action="store_true", help="Only look through it, and change nothing.")
        parser.add_argument(
            "--identity", type=Path, metavar="FILE", help="The private key of an encrypted one."
        )
        parser.add_argument("--yes", action="store_true", help="Do not ask.")
        parser.add_argument(
            "--without-safety", action="store_true", help="Take no backup of the present state."
        )
        parser.add_argument(
            "--stopped", action="store_true", help="The server is stopped, and may find another database."
        )

    def handle(self, *, file, before, identity, **options):
        try:
            if options["list"]:
                return self.list()
            if before:
                file = newest_before(settings.BACKUP_DIRECTORY, moment(before))
            manifest = manifest_of(file)
            self.stdout.write(described(manifest))
            with (
                alone_in(settings.BACKUP_DIRECTORY) as directory,
                Restoration(
                    connection=connections[DEFAULT_DB_ALIAS],
                    manifest=manifest,
                    file=file.with_name(manifest.file),
                    directory=directory,
                    keys=identities(identity) if identity else None,
                ) as restoration,
            ):
                restoration.check()
                self.stdout.write("Looked through: it is whole.")
                if not options["check"]:
                    self.restore(restoration, **options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None

    def list(self):
        for manifest in found(settings.BACKUP_DIRECTORY):
            self.stdout.write(described(manifest))

    def restore(self, restoration, *, yes, without_safety, stopped, **options):
        """Tell what it means, ask, and do it."""
        if not (stopped and without_safety):
            self.compare(restoration)
        if restoration.older:
            self.stdout.write(
                f"It is of older software, and lacks {len(restoration.older)} migrations: it gets them."
            )
        if not yes:
            confirm()
        safety = restoration.put_in_place(
            safety=not without_safety,
            recipients=settings.BACKUP_RECIPIENTS,
            stopped=stopped,
            say=self.stderr.write,
        )
        self.stdout.write("Restored. All staff have to sign in again.")
        if safety:
            self.stdout.write(f"The state before it: {restoration.directory / safety.file}")
        if restoration.older and Index.objects.exists():
            self.stdout.write("Lists of thousands of rows are slow until you run: manage.py build_index")

    def compare(self, restoration):
        differences = restoration.differences
        for table, now, then in differences[:TOLD]:
            self.stdout.write(f"  {table}: {now:,} rows now, {then:,} in the backup")
        if len(differences) > TOLD:
            self.stdout.write(f"  and {len(differences) - TOLD} tables more of which there are more or fewer")


def moment(text):
    """The moment that somebody means, in the time zone of the site unless another is named."""
    try:
        # A day alone would be its first moment, which hardly anybody means.
        found = parse_datetime(text) if ":" in text else None
    except ValueError:
        found = None
    if not found:
        raise Refused(f'{text!r} is no time. Write it so: "2026-11-23 14:30".')
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def described(manifest):
    taken_at = timezone.localtime(manifest.taken_at)
    return (
        f"{manifest.file}: {taken_at:%Y-%m-%d %H:%M:%S} ({settings.TIME_ZONE}), "
        f"software {manifest.software}, {sum(manifest.rows.values()):,} rows, {manifest.size / 1e6:,.1f} MB"
        + (", encrypted" if manifest.encrypted else "")
    )


def confirm():
    """Go on only if somebody says so; Refused where nobody can be asked."""
    if not sys.stdin.isatty():
        raise Refused("Nobody can be asked here: say --yes.")
    answer = input("What was written since will be gone from the site. Type yes to restore: ")
    if answer.strip().lower() != "yes":
        raise Refused("Nothing was changed.")
