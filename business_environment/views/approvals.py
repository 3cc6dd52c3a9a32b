"""The approvals page: what sources state of the reform, and what is counted from the rows of this site.

The two are never mixed: a stated number is a Figure with its passport, a counted one is a `Count`.
"""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from business_environment.charts import claim_squares
from business_environment.models import Procedure, Reform, ReformCase
from business_environment.views.section import ledger_url, section_trail
from zones.models import Zone

Era, Fate, Scope, Stage = Procedure.Era, Procedure.Fate, Procedure.Scope, Procedure.Stage

ABOUT_SHANXI = (Scope.SHANXI, Scope.SHANXI_CASE)


@dataclass(frozen=True)
class Count:
    """How many rows of this site, what they are, and (where the ledger can show just these) where."""

    rows: int
    label: str
    url: str = ""
    fate: str = ""


class Ledger:
    """What is counted of the procedures that the public may see, each with its statements fetched."""

    def __init__(self, procedures):
        self.procedures = procedures
        self.before = [row for row in procedures if row.era == Era.BEFORE]
        self.after = [row for row in procedures if row.era == Era.AFTER]

    @property
    def headline(self):
        """Named before the reform; of these by texts about Shanxi and by others; named after it."""
        before, after = len(self.before), len(self.after)
        near = sum(row.scope in ABOUT_SHANXI for row in self.before)
        elsewhere = [scope for scope in Scope if scope not in ABOUT_SHANXI]
        return [
            Count(
                before,
                ngettext(
                    "procedure before the reform that a source names",
                    "procedures before the reform that sources name",
                    before,
                ),
                ledger_url(era=Era.BEFORE.value),
            ),
            Count(
                near,
                ngettext("of them named by a text about Shanxi", "of them named by texts about Shanxi", near),
                ledger_url(era=Era.BEFORE.value, scope=[scope.value for scope in ABOUT_SHANXI]),
            ),
            Count(
                before - near,
                _("of them named only by texts about other places or China in general"),
                ledger_url(era=Era.BEFORE.value, scope=[scope.value for scope in elsewhere]),
            ),
            Count(
                after,
                ngettext(
                    "procedure after the reform that a source names",
                    "procedures after the reform that sources name",
                    after,
                ),
                ledger_url(era=Era.AFTER.value),
            ),
        ]

    @property
    def fates(self):
        """Procedures before the reform by what became of them: every fate, those of none too."""
        return [
            Count(
                sum(row.fate == fate for row in self.before),
                fate.label,
                ledger_url(fate=fate.value),
                fate.value,
            )
            for fate in Fate
        ]

    @property
    def stated(self):
        """Of how many procedures before the reform a source states what an investor would ask."""
        known = {
            _("Office"): lambda row: row.office,
            _("Papers"): lambda row: row.papers,
            _("Time in Shanxi"): lambda row: row.figure("working-days").is_known,
            _("Cost"): lambda row: row.figure("fee").is_known,
            _("Law"): lambda row: row.law,
        }
        return [Count(sum(bool(of(row)) for row in self.before), label) for label, of in known.items()]


@dataclass(frozen=True)
class Join:
    """A step after the reform, and those before it that became it; perhaps none is known."""

    before: list
    after: Procedure

    @property
    def first(self):
        """The step that says where on the path the join stands."""
        return self.before[0] if self.before else self.after


@dataclass(frozen=True)
class Ending:
    """Steps before the reform of one fate that lead to no public step after it, and what that means."""

    fate: Procedure.Fate
    before: list
    words: str


class BeforeAfter:
    """Every step before the reform joined to what became of it.

    Only the rows given are shown: a step that became a draft leads to nothing that can be named.
    """

    NO_STEP = gettext_lazy("No source says which step it became.")
    ENDINGS = {Fate.CANCELLED: gettext_lazy("No step of its own any more.")}

    def __init__(self, ledger):
        public = {row.pk for row in ledger.after}
        self._before = sorted(ledger.before, key=self._place)
        self._after = ledger.after
        self._lone = [row for row in self._before if row.became_id not in public]

    @staticmethod
    def _place(row):
        return list(Stage).index(row.stage), row.order, row.slug

    @property
    def joins(self):
        """Steps after the reform with those that became them, in the order of the path; then those that
        nothing is known to lead to."""
        joins = [
            Join([row for row in self._before if row.became_id == after.pk], after) for after in self._after
        ]
        return sorted(
            joins, key=lambda join: (not join.before, self._place(*join.before[:1] or [join.after]))
        )

    @property
    def endings(self):
        """Steps before the reform that lead to none, by fate."""
        groups = {fate: [row for row in self._lone if row.fate == fate] for fate in Fate}
        return [
            Ending(fate, rows, self.ENDINGS.get(fate, self.NO_STEP)) for fate, rows in groups.items() if rows
        ]


@require_safe
def approvals(request):
    """The claim with who made it, the other accounts, what is counted here, and each step's fate."""
    reform = Reform.objects.published().with_claim().with_parts().prefetch_related(*_places()).first()
    if reform is None:
        raise Http404
    ledger = Ledger(list(Procedure.objects.published().order_by("order", "slug").with_statements()))
    cases = list(reform.cases.all())
    context = {
        "reform": reform,
        "squares": claim_squares(reform),
        "breadcrumbs": section_trail((gettext_lazy("Approvals"), "")),
        "ledger": ledger,
        "steps": BeforeAfter(ledger),
        "cases": [case for case in cases if case.kind == ReformCase.Kind.CASE],
        "context": [case for case in cases if case.kind == ReformCase.Kind.CONTEXT],
    }
    return render(request, "business_environment/approvals.html", context)


def _places():
    """The cities and the public zones that cases are about."""
    return "cases__cities", Prefetch("cases__zones", Zone.objects.published().order_by("slug"))
