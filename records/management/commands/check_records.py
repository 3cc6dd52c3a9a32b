from django.core.management.base import BaseCommand, CommandError

from records.checks import CHECKS


class Command(BaseCommand):
    help = "Look through the records for what contradicts itself, and name each finding."

    def handle(self, **options):
        findings = [finding for check in CHECKS for finding in check()]
        for finding in findings:
            self.stdout.write(str(finding))
        if findings:
            raise CommandError(f"{len(findings)} findings.")
        self.stdout.write("Nothing contradicts itself.")
