from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from listings.filters import indexed_lists
from listings.index.checking import differences
from listings.models import Index


class Command(BaseCommand):
    help = "Compare the index of every large list with its table, row by row, and name each difference."

    def add_arguments(self, parser):
        parser.add_argument(
            "--database", default="default", help="The database, by its name in the settings."
        )
        parser.add_argument("--no-progress", action="store_true", help="Show no progress bar.")

    def handle(self, *, database, no_progress, **options):
        def progress(rows):
            return tqdm(rows, unit=" rows", leave=False, file=self.stderr, disable=no_progress or None)

        found = 0
        for layout in indexed_lists():
            if not Index.objects.using(database).filter(table=layout.table).exists():
                self.stdout.write(f"{layout.table}: no index.")
                continue
            for sentence in differences(layout, database, progress):
                found += 1
                self.stdout.write(sentence)
        if found:
            raise CommandError(f"{found} differences. Run manage.py build_index.")
        self.stdout.write("Every index is what its table says.")
