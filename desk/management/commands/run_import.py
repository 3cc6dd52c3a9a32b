from django.core.management.base import BaseCommand, CommandError

from desk.imports.running import AlreadyRunning, run
from desk.models import Import


class Command(BaseCommand):
    help = (
        "Check, write or undo an uploaded spreadsheet, whichever its state says is to be done. The "
        "administration starts this by itself; run it where an import was interrupted and nobody is there "
        "to press “Start again”."
    )

    def add_arguments(self, parser):
        parser.add_argument("import", type=int, help="its number")
        parser.add_argument(
            "--locked", action="store_true", help="whoever starts this holds its lock already"
        )

    def handle(self, *args, locked, **options):
        importing = Import.objects.filter(pk=options["import"]).first()
        if importing is None:
            raise CommandError(f"There is no import {options['import']}.")
        if not importing.is_running:
            raise CommandError(f"Nothing is to be done: its state is “{importing.get_state_display()}”.")
        try:
            run(importing, is_locked=locked)
        except AlreadyRunning:
            raise CommandError("A process is at work on it.") from None
        self.stdout.write(f"{importing}: {importing.get_state_display()}")
