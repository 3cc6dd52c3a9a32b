from django.core.management.base import BaseCommand, CommandError

from desk import links


class Command(BaseCommand):
    help = "Ask the web addresses of sources whether they still answer. `nightly` does it too."

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=int, default=links.A_NIGHT, help="Ask so many at most.")

    def handle(self, *, limit, **options):
        counts, offline = links.check_links(limit=limit)
        for result, number in sorted(counts.items()):
            self.stdout.write(f"{number} {result}: {links.Result(result).label}")
        if offline:
            raise CommandError(
                "No machine could be reached: this one seems to have no way out. Nothing is kept."
            )
