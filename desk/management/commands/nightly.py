from django.core.management.base import BaseCommand, CommandError

from desk import nightly


class Command(BaseCommand):
    help = (
        "Do what is done every night: look for changes past all routes, ask the links of sources, run the "
        "checks, keep how complete the records are, and delete what is old. A part that fails stops no other."
    )

    def add_arguments(self, parser):
        names = [name for name, _part in nightly.PARTS]
        parser.add_argument("--without", action="append", choices=names, default=[], help="Leave a part out.")

    def handle(self, *, without, **options):
        failed = []
        for name, outcome, has_failed in nightly.run(
            [part for part in nightly.PARTS if part[0] not in without]
        ):
            self.stdout.write(f"{name}: {'failed: ' if has_failed else ''}{outcome}")
            failed += [name] if has_failed else []
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}.")
