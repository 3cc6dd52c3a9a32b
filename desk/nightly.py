"""What is done every night, in order. Each part is also a command of its own, or a function elsewhere."""

import logging

from desk import findings, links
from desk.accounts import sessions
from desk.completeness import record_completeness
from desk.models import Import, SignIn
from records import history

logger = logging.getLogger(__name__)


def _run_checks():
    summary = findings.run()
    if summary.failed:
        raise RuntimeError("; ".join(f"{name}: {reason}" for name, reason in summary.failed.items()))
    return f"{summary.open} findings, {summary.new} of them new; {summary.gone} gone"


def _check_links():
    counts, offline = links.check_links()
    if offline:
        raise RuntimeError("no machine could be reached: this one seems to have no way out")
    return ", ".join(f"{number} {result}" for result, number in sorted(counts.items())) or "none due"


# (name, function that gives what it came to). Links come before the checks, which read what became of them.
PARTS = (
    ("history", lambda: f"{history.keep_found()} versions of what was changed past all routes"),
    ("links", _check_links),
    ("checks", _run_checks),
    ("completeness", lambda: f"{record_completeness()} territories"),
    ("findings", lambda: f"{findings.clear_old()} old ones deleted"),
    ("imports", lambda: f"{Import.objects.clear_old_files()} old files deleted"),
    ("sign-ins", lambda: f"{SignIn.objects.clear_old()} old ones deleted"),
    ("sessions", lambda: f"{sessions.clear_old()} old ones deleted"),
)


def run(parts=PARTS):
    """Run the parts; yields (name, what it came to, whether it failed). A part that fails stops no other."""
    for name, part in parts:
        try:
            yield name, part(), False
        except Exception as error:
            logger.exception("The nightly part %s failed.", name)
            yield name, str(error), True
