from django.db.models import Count, Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from business_environment.models import IndicatorValue, Reform
from projects.models import Project
from records.models import State
from zones.models import City, Industry, Zone

LATEST = 4


@require_safe
def home(request):
    """Search, the figures staff chose, ways in by city and industry, and the claim about approvals."""
    published_zones = Count("zones", Q(zones__state=State.PUBLISHED), distinct=True)
    published_projects = Count("projects", Q(projects__state=State.PUBLISHED), distinct=True)
    context = {
        "figures": [(value, value.passport) for value in IndicatorValue.objects.for_home()],
        "cities": City.objects.annotate(zone_count=published_zones, project_count=published_projects),
        "industries": Industry.objects.filter(is_active=True).annotate(
            zone_count=published_zones, project_count=published_projects
        ),
        "reform": Reform.objects.published().with_claim().first(),
        "zone_count": Zone.objects.published().count(),
        "project_count": Project.objects.published().count(),
        "latest": Project.objects.published()
        .for_list()
        .filter(status_on__isnull=False)
        .latest_first()[:LATEST],
    }
    return render(request, "home.html", context)
