from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from tqdm import tqdm

from listings.filters import indexed_lists
from listings.index import THRESHOLD
from listings.index.building import build, drop


class Command(BaseCommand):
    help = (
        "Build the index of every large list anew: counts, orders and words, kept beside its table. "
        "Readers use the old one meanwhile, and nobody waits. Run it each night, and after an upgrade."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--database", default="default", help="The database, by its name in the settings."
        )
        parser.add_argument("--all", action="store_true", help="Of small lists too, which need none.")
        parser.add_argument("--no-progress", action="store_true", help="Show no progress bar.")

    def handle(self, *, database, no_progress, **options):
        def progress(rows):
            return tqdm(rows, unit=" rows", leave=False, file=self.stderr, disable=no_progress or None)

        with connections[database].alone(self.stderr.write):
            self.build(database, progress, **options)

    def build(self, database, progress, **options):
        for layout in indexed_lists():
            count = layout.rows(database).count()
            if count < THRESHOLD and not options["all"]:
                drop(layout, database)
                self.stdout.write(f"{layout.table}: {count} public rows need no index.")
                continue
            try:
                built = build(layout, using=database, progress=progress)
            except RuntimeError as error:
                raise CommandError(str(error)) from None
            self.stdout.write(
                f"{layout.table}: {built.rows} rows and {built.words} words in {built.seconds:.1f} s; "
                f"{built.column_bytes / 1e6:.1f} MB of columns, {built.word_bytes / 1e6:.1f} MB of words."
            )
