from django.core.management.base import BaseCommand

from desk.completeness import record_completeness


class Command(BaseCommand):
    help = "Keep how complete the records of every territory are today. `nightly` does it too."

    def handle(self, *args, **options):
        count = record_completeness()
        if options["verbosity"]:
            self.stdout.write(f"Kept the completeness of {count} territories.")
