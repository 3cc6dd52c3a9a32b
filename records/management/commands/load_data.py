from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from tqdm import tqdm

from records.loading import DataError, read_files
from records.writing import write

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Load the reviewed data files into the database. Safe to run again: what has not changed is left "
        "alone, and what staff have changed since the last load is never overwritten."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "directory", nargs="?", type=Path, default=settings.BASE_DIR / "data", help="default: data/"
        )
        parser.add_argument("--no-progress", action="store_true", help="draw no progress bar")

    def handle(self, directory, no_progress, **options):
        if not directory.is_dir():
            raise CommandError(f"{directory}: there is no such directory.")

        def progress(items):
            return tqdm(
                items, unit=" records", leave=False, file=self.stderr, disable=no_progress or len(items) < 2
            )

        try:
            with connections[DEFAULT_DB_ALIAS].alone(self.stderr.write):
                report = write(read_files(directory), progress)
        except DataError as error:
            lines = [str(problem) for problem in error.problems[:SHOWN]]
            if len(error.problems) > SHOWN:
                lines.append(f"… and {len(error.problems) - SHOWN} more")
            raise CommandError("Nothing was written.\n" + "\n".join(lines)) from None
        for line in report.kept:
            self.stdout.write(f"Kept, changed by staff: {line}")
        for line in report.missing:
            self.stdout.write(f"No longer in the files, left as it is: {line}")
        self.stdout.write(
            f"Data: {report.created} new, {report.changed} changed, {report.unchanged} unchanged."
        )
