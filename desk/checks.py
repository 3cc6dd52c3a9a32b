"""All checks of all apps, by name, and those that ask what the desk alone knows."""

from django.utils.translation import gettext_lazy as _

import business_environment.checks
import projects.checks
import records.checks
import zones.checks
from records.checks import Checks, Row, Severity
from records.checks.words import date, number, plain
from records.models import Source

# So many failures running, each on another day, before a link is flagged: a machine may be off for a while.
FAILURES_FLAGGED = 3

LINKS = Checks()


@LINKS.add(
    "link-fails",
    of=[Source],
    severity=Severity.WARNING,
    title=_("A link that fails"),
    message=_("%(url)s failed the last %(failures)s times it was asked, on different days; last on %(day)s."),
)
def link_fails(sources):
    """Links that failed three times running. Readers still get them."""
    failing = sources.filter(link_ok=True, link_check__failures__gte=FAILURES_FLAGGED)
    for source in failing.select_related("link_check"):
        known = source.link_check
        if known.url == source.url:
            facts = {"failures": number(known.failures), "day": date(known.failed_on)}
            yield Row(source, {"url": plain(source.url), **facts}, same_while={"url": source.url})


CHECKS = Checks.joined(
    records.checks.CHECKS,
    zones.checks.CHECKS,
    projects.checks.CHECKS,
    business_environment.checks.CHECKS,
    LINKS,
)
