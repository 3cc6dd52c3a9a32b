"""Which migrations a backup lacks, or has too many of; and how it gets those it lacks."""

import os
import subprocess
import sys

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from operations.backups import Refused


def outstanding(migrations):
    """The migrations of this software that are not among these.

    Refused where one of these is unknown here: the backup is of newer software, or of another.
    """
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(migrations) - known):
        more = f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""
        raise Refused(f"It is of newer software: this one has no migration {unknown[0]}{more}.")
    return sorted(known - set(migrations))


def migrate(url=None):
    """Apply the migrations of this software to the database of the site, or to that of an address.

    A process of its own does it, whose only database that is: a migration may forget to ask which one it is
    for. Refused with its last words if it fails.
    """
    done = subprocess.run(  # noqa: S603  nothing of it was typed by a stranger
        [sys.executable, settings.BASE_DIR / "manage.py", "migrate", "--no-input", "--verbosity=0"],
        env=os.environ | ({"DATABASE_URL": url} if url else {}),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise Refused(f"Its migrations fail: {' '.join(last)}")
