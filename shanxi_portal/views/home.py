from dataclasses import dataclass

from django.db.models import Count
from django.shortcuts import render
from django.views.decorators.http import require_safe

from business_environment.models import IndicatorValue, Reform
from listings.finding import results_of
from projects.models import Project
from zones.models import City, Industry, Zone

LATEST = 4


@dataclass
class WayIn:
    """A city or an industry, and how many public zones and projects it leads to."""

    place: object
    zone_count: int
    project_count: int


@require_safe
def home(request):
    """Search, the figures staff chose, ways in by city and industry, and the claim about approvals."""
    projects = results_of(Project.objects.published().for_list())
    zones_by_city = _zones_by("city")
    context = {
        "figures": [(value, value.passport) for value in IndicatorValue.objects.for_home()],
        "cities": _ways_in(City.objects.all(), zones_by_city, projects.counts("city")),
        "industries": _ways_in(
            Industry.objects.filter(is_active=True), _zones_by("industries"), projects.counts("sector")
        ),
        "reform": Reform.objects.published().with_claim().first(),
        "zone_count": sum(zones_by_city.values()),
        "project_count": projects.total(),
        "latest": [project for project in projects.rows[:LATEST] if project.status_on],
    }
    return render(request, "home.html", context)


def _zones_by(column):
    """key of the city or industry -> number of public zones."""
    return dict(Zone.objects.published().order_by().values_list(column).annotate(Count("pk")))


def _ways_in(places, zones, projects):
    """Of each place what it leads to; projects are counted by its address, as in their list."""
    return [WayIn(place, zones.get(place.pk, 0), projects.get(place.slug, 0)) for place in places]
