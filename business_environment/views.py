from itertools import groupby

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from business_environment.charts import GrowthChart, claim_squares
from business_environment.models import Cost, Indicator, Policy, Procedure, Reform, ReformCase, TransportLink
from records.views import trail


def _trail(label):
    return trail((_("Business environment"), reverse("business_environment:overview")), (label, ""))


@require_safe
def overview(request):
    """The section in short: the claim, and what each of its pages holds, counted."""
    context = {
        "breadcrumbs": trail((_("Business environment"), "")),
        "reform": Reform.objects.published().with_claim().first(),
        "growth": GrowthChart.fetch(),
        "procedure_count": Procedure.objects.published().filter(era=Procedure.Era.BEFORE).count(),
        "indicator_count": Indicator.objects.published().count(),
        "policy_count": Policy.objects.published().count(),
        "cost_count": Cost.objects.published().count(),
        "transport_count": TransportLink.objects.published().count(),
    }
    return render(request, "business_environment/overview.html", context)


@require_safe
def approvals(request):
    """The claim with who made it; the other accounts; the ledger of every procedure that a source names."""
    reform = Reform.objects.published().with_claim().with_parts().first()
    if reform is None:
        raise Http404
    procedures = list(Procedure.objects.published().select_related("became").with_statements())
    before = [procedure for procedure in procedures if procedure.era == Procedure.Era.BEFORE]
    context = {
        "reform": reform,
        "squares": claim_squares(reform),
        "breadcrumbs": _trail(_("Approvals")),
        "cases": [case for case in reform.cases.all() if case.kind == ReformCase.Kind.CASE],
        "context": [case for case in reform.cases.all() if case.kind == ReformCase.Kind.CONTEXT],
        "before": before,
        "after": [procedure for procedure in procedures if procedure.era == Procedure.Era.AFTER],
        "stages": _by_stage(before),
        "fates": [(fate, sum(procedure.fate == fate for procedure in before)) for fate in Procedure.Fate],
        "named_by_shanxi": sum(procedure.scope != Procedure.Scope.CHINA for procedure in before),
    }
    return render(request, "business_environment/approvals.html", context)


def _by_stage(procedures):
    """(stage, procedures) in the order in which a project meets the stages."""
    stages = list(Procedure.Stage)
    ordered = sorted(procedures, key=lambda procedure: (stages.index(procedure.stage), procedure.order))
    return [
        (Procedure.Stage(stage).label, list(rows))
        for stage, rows in groupby(ordered, key=lambda procedure: procedure.stage)
    ]


@require_safe
def indicators(request):
    """Every indicator by topic, with all its values."""
    rows = Indicator.objects.published().prefetch_related(
        "values__statements__source", "values__statements__aspect"
    )
    topics = list(Indicator.Topic)
    ordered = sorted(rows, key=lambda row: (topics.index(row.topic), row.order))
    grouped = [
        (Indicator.Topic(topic).label, list(items))
        for topic, items in groupby(ordered, key=lambda row: row.topic)
    ]
    context = {
        "breadcrumbs": _trail(_("Indicators")),
        "topics": grouped,
        "growth": GrowthChart.fetch(),
        "value_count": sum(len(row.values.all()) for row in ordered),
    }
    return render(request, "business_environment/indicator_list.html", context)


@require_safe
def policies(request):
    """Measures of support, the latest first."""
    rows = Policy.objects.published().prefetch_related("cities").with_statements()
    return render(
        request,
        "business_environment/policy_list.html",
        {"breadcrumbs": _trail(_("Policies")), "policies": rows},
    )


@require_safe
def costs(request):
    """What is known of prices, place by place."""
    rows = Cost.objects.published().prefetch_related("cities").with_statements()
    return render(
        request, "business_environment/cost_list.html", {"breadcrumbs": _trail(_("Costs")), "costs": rows}
    )


@require_safe
def transport(request):
    """Lines, airports, roads and hubs: results and goals told apart."""
    rows = list(TransportLink.objects.published().prefetch_related("cities").with_statements())
    context = {
        "breadcrumbs": _trail(_("Transport")),
        "running": [row for row in rows if not row.is_goal],
        "goals": [row for row in rows if row.is_goal],
    }
    return render(request, "business_environment/transportlink_list.html", context)
