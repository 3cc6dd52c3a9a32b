from django.db.models import Exists, OuterRef
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from business_environment.charts import GrowthChart
from business_environment.models import (
    Cost,
    Indicator,
    IndicatorValue,
    Policy,
    Procedure,
    ProcedureRule,
    Reform,
    ReformAccount,
    TransportLink,
)
from records.views import trail


@require_safe
def overview(request):
    """The section in short: the claim, and what each of its pages holds, counted."""
    reform = Reform.objects.published().with_claim().first()
    is_step = Exists(ProcedureRule.objects.filter(procedure=OuterRef("pk")))
    context = {
        "breadcrumbs": trail((_("Business environment"), "")),
        "reform": reform,
        "growth": GrowthChart.fetch(),
        "account_count": ReformAccount.objects.published().filter(reform=reform).count(),
        "procedure_count": Procedure.objects.published().count(),
        "step_count": Procedure.objects.published().filter(is_step).count(),
        "indicator_count": Indicator.objects.published().count(),
        "value_count": IndicatorValue.objects.published().count(),
        "policy_count": Policy.objects.published().count(),
        "cost_count": Cost.objects.published().count(),
        "transport_count": TransportLink.objects.published().count(),
    }
    return render(request, "business_environment/overview.html", context)
