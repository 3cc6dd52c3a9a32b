from itertools import groupby

from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from business_environment.filters import ProcedureFilter
from business_environment.models import Prerequisite, Procedure, ProcedureRule
from business_environment.views.columns import CHECKED_ON, NAMES, SOURCES, joined
from business_environment.views.section import section_trail
from listings.exports import Column
from listings.views import ExportView, ListingView
from records.views import RecordDetailView

APPROVALS = _("Approvals")
LEDGER = _("Ledger")


class ProcedureListView(ListingView):
    """The ledger: every procedure that a source names, stage by stage unless sorted otherwise."""

    filterset_class = ProcedureFilter
    template_name = "business_environment/procedure_list.html"
    # A ledger is read whole.
    page_size = 50

    def get_queryset(self):
        return Procedure.objects.published().with_statements()

    def get_context(self, listing):
        approvals = reverse("business_environment:approvals")
        return {
            "breadcrumbs": section_trail((APPROVALS, approvals), (LEDGER, "")),
            "groups": self._groups(listing),
            "all": Procedure.objects.published().aggregate(
                before=Count("pk", filter=Q(era=Procedure.Era.BEFORE)),
                after=Count("pk", filter=Q(era=Procedure.Era.AFTER)),
            ),
        }

    @staticmethod
    def _groups(listing):
        """(stage, its rows) of this page; under no heading where rows are in another order."""
        rows = [(row, row.figure("working-days")) for row in listing.page.object_list]
        if listing.filterset.sort.key != ProcedureFilter.sorts[0].key:
            return [("", rows)]
        stages = groupby(rows, key=lambda pair: pair[0].get_stage_display())
        return [(stage, list(pairs)) for stage, pairs in stages]


def _in_both_languages(*names):
    """Columns of fields that have words, headed as staff see them; lines of a text in one cell line."""

    def column(name):
        heading = capfirst(Procedure._meta.get_field(name).verbose_name)
        return Column(heading, lambda row: "; ".join(getattr(row, name).splitlines()) or None)

    return [column(f"{name}_{language}") for name in names for language in ("en", "zh")]


def _figures(heading, key):
    """A column of all that is adopted of an aspect, each value with the part that it is of."""

    def value(row):
        texts = [": ".join(filter(None, [str(one.part), str(one.value)])) for one in row.figures(key)]
        return "; ".join(texts) or None

    return Column(heading, value)


def _sources(heading, key):
    """A column of the sources of all that is adopted of an aspect."""
    return Column(
        heading, lambda row: joined(source for figure in row.figures(key) for source in figure.sources)
    )


class ProcedureExportView(ExportView):
    """The ledger as CSV: every element, the time with the date it holds for and its source."""

    filterset_class = ProcedureFilter
    filename = "approvals-ledger.csv"
    columns = (
        *NAMES,
        Column(_("Before or after"), lambda row: row.get_era_display()),
        Column(_("Stage"), lambda row: row.get_stage_display()),
        Column(_("What became of it"), lambda row: row.get_fate_display() or None),
        Column(_("Became"), lambda row: row.became.slug if row.became and row.became.is_public else None),
        Column(_("Scope"), lambda row: row.get_scope_display()),
        *_in_both_languages("scope_words", "office", "result", "papers", "papers_of"),
        _figures(_("Cost"), "fee"),
        _sources(_("Source of the cost"), "fee"),
        _figures(_("Time"), "working-days"),
        Column(_("Time as of"), lambda row: row.figure("working-days").as_of_code),
        _sources(_("Source of the time"), "working-days"),
        _figures(_("Waiting time"), "queue-days"),
        _figures(_("Legal limit"), "limit-days"),
        _figures(_("Promised limit"), "promised-days"),
        _figures(_("Time elsewhere in China"), "days-elsewhere"),
        _sources(_("Source of the time elsewhere"), "days-elsewhere"),
        *_in_both_languages("law", "after_reform", "replaces", "notes", "recourse", "certified_by"),
        Column(_("Certified on"), lambda row: row.certified_on),
        SOURCES,
        CHECKED_ON,
    )

    def get_queryset(self):
        return Procedure.objects.published().select_related("became").with_statements()


class ProcedureDetailView(RecordDetailView):
    """One procedure in ten elements, what became of it, and when it is a step of a project."""

    model = Procedure
    template_name = "business_environment/procedure_detail.html"

    def get_queryset(self):
        public = Procedure.objects.published()
        needs = Prerequisite.objects.select_related("needs", "procedure").with_statements()
        return (
            Procedure.objects.select_related("became")
            .prefetch_related(
                Prefetch("takes_over", public.order_by("order", "slug")),
                Prefetch("rules", ProcedureRule.objects.with_statements().order_by("pk")),
                "rules__answers__question",
                Prefetch("prerequisites", needs.filter(needs__in=public).order_by("needs__order")),
                Prefetch("needed_for", needs.filter(procedure__in=public).order_by("procedure__order")),
            )
            .with_statements()
        )

    def get_context(self, procedure):
        steps = [
            (APPROVALS, reverse("business_environment:approvals")),
            (LEDGER, reverse("business_environment:ledger")),
            (procedure.name, ""),
        ]
        return {
            "breadcrumbs": section_trail(*steps),
            "became": procedure.became if procedure.became and procedure.became.is_public else None,
            "figures": self._stated(procedure),
            "rules": [(rule, self._conditions(rule)) for rule in procedure.rules.all()],
            "sources": procedure.sources_with_aspects(),
        }

    @staticmethod
    def _stated(procedure):
        """Figures by aspect, `-` in its key read as `_`; nothing of an aspect that no source states."""
        return {
            aspect.key.replace("-", "_"): procedure.shown_figures(aspect)
            for aspect in procedure.aspects_stated()
        }

    @staticmethod
    def _conditions(rule):
        """(question, its answers) of a rule: any of the answers, all of the questions."""
        answers = sorted(rule.answers.all(), key=lambda one: (one.question.order, one.question_id))
        return [(question, list(rows)) for question, rows in groupby(answers, key=lambda one: one.question)]

    def get_alternatives(self, procedure):
        """Public procedures of the same stage, for the tombstone of a withdrawn one."""
        return Procedure.objects.published().filter(stage=procedure.stage).order_by("-era", "order")[:3]
