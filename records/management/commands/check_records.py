from django.core.management.base import BaseCommand, CommandError

from records.checks import columns


class Command(BaseCommand):
    help = "Name every column that its adopted statement does not bear out. All other checks: run_checks."

    def handle(self, **options):
        findings = [
            f"{row.record._meta.label} {row.record.slug}: {row.subject}: {check.message_for(row.facts)}"
            for check in columns.CHECKS.values()
            for row in check.everything()
        ]
        for finding in findings:
            self.stdout.write(finding)
        if findings:
            raise CommandError(f"{len(findings)} findings.")
        self.stdout.write("Nothing contradicts itself.")
