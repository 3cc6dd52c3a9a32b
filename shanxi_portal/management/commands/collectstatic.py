from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.management.commands import collectstatic

from shanxi_portal.engines.migrating import FileTurn


class Command(collectstatic.Command):
    """Two at once would take away what the other is about to read: one waits until the other has ended."""

    def handle(self, **options):
        root = Path(settings.STATIC_ROOT)
        root.parent.mkdir(parents=True, exist_ok=True)
        with FileTurn(root.with_name(f"{root.name}-turn"), "the static files").alone(self.stderr.write):
            return super().handle(**options)
