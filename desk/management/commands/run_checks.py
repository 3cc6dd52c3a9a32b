from django.core.management.base import BaseCommand, CommandError

from desk import findings
from desk.checks import CHECKS


class Command(BaseCommand):
    help = "Run the checks over all records and keep what they find for the desk. `nightly` does it too."

    def add_arguments(self, parser):
        parser.add_argument(
            "names", nargs="*", metavar="check", help="Names of checks; all if none is given."
        )

    def handle(self, *, names, **options):
        unknown = [name for name in names if name not in CHECKS]
        if unknown:
            raise CommandError(
                f"There is no check {', '.join(unknown)}. There are: {', '.join(sorted(CHECKS))}."
            )
        summary = findings.run([CHECKS[name] for name in names] if names else None)
        self.stdout.write(f"{summary.open} findings, {summary.new} of them new; {summary.gone} gone.")
        if summary.failed:
            reasons = "; ".join(f"{name}: {reason}" for name, reason in summary.failed.items())
            raise CommandError(f"These checks failed: {reasons}")
