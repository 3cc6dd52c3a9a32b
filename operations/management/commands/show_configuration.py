from django.core.management.base import BaseCommand, CommandError

from operations.configuration import Verdict, findings, variables


class Command(BaseCommand):
    help = (
        "Print what the site is set to, with secrets left out, and look whether it may serve readers so. "
        "Fails where it may not."
    )
    # They are among what is looked at, and are told together with the rest.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--changed", action="store_true", help="Print only the variables that are set.")

    def handle(self, *, changed, **options):
        shown = [variable for variable in variables() if variable.is_set or not changed]
        width = max((len(variable.name) for variable in shown), default=0)
        for variable in shown:
            origin = "" if variable.is_set else "  (default)"
            self.stdout.write(f"{variable.name:{width}}  {variable.value or '–'}{origin}")
        self.stdout.write("")
        failed = 0
        for finding in findings():
            failed += finding.verdict is Verdict.FAILED
            self.stdout.write(f"{finding.verdict.value:7}  {finding.name}: {finding.reason}".rstrip(": "))
        if failed:
            raise CommandError(f"The site must not serve like this. Not in order: {failed}")
