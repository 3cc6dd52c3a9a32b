"""What the checks found, and the links that lead nowhere."""

from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.checks import CHECKS
from desk.models import Finding
from desk.sections.base import Part, Row, Section, button, change_url
from desk.sections.records import day
from records.checks import Severity
from records.models import Source, Statement, carrying_models
from records.snapshots import whole
from records.territories import within

# Checks with a section of their own; texts that are behind are shown by their marks.
DEAD_LINKS = ("link-fails",)
TRANSLATIONS = ("translation-behind",)


class Findings(Section):
    """What a check found, of some severities."""

    severities = ()

    def is_for(self, user):
        return user.has_perm("desk.view_finding")

    def parts(self, user):
        return [Part("", _("All"), self._rows(user), show_findings)]

    def choices(self, user):
        checks = [one for one in CHECKS.values() if one.name not in DEAD_LINKS + TRANSLATIONS]
        return self.parts(user) + [
            Part(one.name, str(one.title), self._rows(user).filter(check_name=one.name), show_findings)
            for one in checks
        ]

    def _rows(self, user):
        found = Finding.objects.open().filter(severity__in=self.severities)
        return _of_interest(found.exclude(check_name__in=DEAD_LINKS + TRANSLATIONS), user)


class Contradictions(Findings):
    """What cannot all be true."""

    key = "contradictions"
    title = gettext_lazy("Contradictions")
    nothing = gettext_lazy("The checks find no contradiction.")
    severities = (Severity.ERROR,)


class Others(Findings):
    """What is odd, or missing."""

    key = "findings"
    title = gettext_lazy("Other findings")
    nothing = gettext_lazy("The checks find nothing else.")
    severities = tuple(one for one in Severity if one != Severity.ERROR)


class DeadLinks(Findings):
    """Links that have failed on several days running. Readers still see them."""

    key = "links"
    title = gettext_lazy("Dead links")
    nothing = gettext_lazy("No link has failed three times running.")

    def choices(self, user):
        return self.parts(user)

    def _rows(self, user):
        return _of_interest(Finding.objects.open().filter(check_name__in=DEAD_LINKS), user)


def _of_interest(findings, user):
    """Findings of somebody’s territory, with what they are about: a query for each kind."""
    kinds = [model._default_manager.select_related(*_owners(model)) for model in [*carrying_models(), Source]]
    statements = ("statement__aspect", "statement__source", "other_statement__source")
    return (
        within(findings, user).select_related(*statements).prefetch_related(GenericPrefetch("record", kinds))
    )


def _owners(model):
    return [field.name for field in model._meta.fields if field.many_to_one and not field.null]


def show_findings(findings):
    """Findings in words, with the answers that they take."""
    return [_row(finding) for finding in findings]


def _row(finding):
    record = whole(finding.record)
    return Row(
        title=str(record or _("a record that is no longer there")),
        link=change_url(record) if record else "",
        kind=finding.title,
        lines=[finding.message, _("Found on %(day)s") % {"day": day(finding.first_seen)}],
        buttons=_buttons(finding),
        order=(finding.severity, finding.first_seen),
    )


def _buttons(finding):
    found = []
    if "still_true" in finding.answers and not isinstance(finding.record, Source):
        found.append(button("still-true", finding))
    if "adopt_other" in finding.answers and isinstance(finding.other_statement, Statement):
        label = _("Adopt %(source)s") % {"source": finding.other_statement.source.publisher}
        found.append(button("adopt", finding, label))
    if finding.record is not None:
        found.append(button("ask", finding))
    return [*found, button("dismiss", finding, token=True)]
