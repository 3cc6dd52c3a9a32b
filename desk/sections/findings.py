"""What the checks found, and the links that lead nowhere."""

from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import Count
from django.utils.text import Truncator
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
# Characters of a title that go on a button.
LONGEST_TITLE = 60


class Findings(Section):
    """What a check found, of some severities."""

    severities = ()

    def is_for(self, user):
        return user.has_perm("desk.view_finding")

    def parts(self, user):
        return [Part("", _("All"), self._rows(user), show_findings)]

    def choices(self, user):
        """All of them, and those of each check; counted in one query, however many checks there are."""
        checks = [one for one in CHECKS.values() if one.name not in DEAD_LINKS + TRANSLATIONS]
        rows = self._rows(user)
        names = rows.select_related(None).prefetch_related(None).order_by().values_list("check_name")
        counts = dict(names.annotate(Count("pk")))
        return [
            Part("", _("All"), rows, show_findings, known=sum(counts.values())),
            *(
                Part(
                    one.name,
                    str(one.title),
                    rows.filter(check_name=one.name),
                    show_findings,
                    known=counts.get(one.name, 0),
                )
                for one in checks
            ),
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
        found.append(button("adopt", finding, _("Adopt %(source)s") % {"source": _other_source(finding)}))
    if finding.record is not None:
        found.append(button("ask", finding))
    return [*found, button("dismiss", finding, token=True)]


def _other_source(finding):
    """The source that could be adopted: its publisher, and what tells it from the one adopted now."""
    source, now = finding.other_statement.source, finding.statement and finding.statement.source
    if now is None or source.publisher != now.publisher:
        return source.publisher
    # Two figures of one source are told apart by its words.
    words = finding.other_statement.as_stated if source.pk == now.pk else source.title
    title = Truncator(words or source.title).chars(LONGEST_TITLE)
    return f"{source.publisher}: {title}"
