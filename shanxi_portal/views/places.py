"""Cities and regions: made of the rows of every kind that lie in them."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from business_environment.models import Indicator
from business_environment.reach import Reach
from listings.finding import results_of
from projects.models import Project
from records.views import RecordDetailView, trail
from zones.map import Map
from zones.models import City, Region, Zone

SHOWN = 10  # Rows of each list; a link leads to all of them.


@require_safe
def city(request, slug):
    """What there is in one city."""
    place = get_object_or_404(City.objects.with_statements(), slug=slug)
    context = {
        "city": place,
        "breadcrumbs": trail((place.name, "")),
        "remarks": place.figures("talent"),
        "regions": place.regions.published(),
        **_inside([place]),
    }
    return render(request, "zones/city_detail.html", context)


class RegionDetailView(RecordDetailView):
    """Several cities together; what is said in their favour is told as claims."""

    model = Region
    template_name = "zones/region_detail.html"

    def get_queryset(self):
        return Region.objects.prefetch_related("cities").with_statements()

    def get_context(self, region):
        cities = list(region.cities.all())
        return {
            "breadcrumbs": trail((region.name, "")),
            "cities": cities,
            "claims": region.figures("advantage"),
            "sources": region.sources_with_aspects(),
            **_inside(cities),
        }


def _inside(cities):
    """Public records of every kind in these cities, counted and cut to what a page shows."""
    zones = Zone.objects.published().filter(city__in=cities)
    addresses = [place.slug for place in cities]
    projects = results_of(Project.objects.published().for_list(), city=addresses)
    query = urlencode({"city": addresses}, doseq=True)
    levels = list(zones.values_list("level", flat=True))
    shown = zones.for_list().order_by("city__order", "slug")[:SHOWN]
    return {
        "map": Map.of_cities(City.objects.published(), cities, shown),
        "zones": shown,
        "zone_count": len(levels),
        "zones_url": f"{reverse('zones:list')}?{query}",
        "level_counts": [(level.label, levels.count(level.value)) for level in Zone.Level],
        "level_unknown": levels.count(None),
        "projects": projects.rows[:SHOWN],
        "project_count": projects.total(),
        "projects_url": f"{reverse('projects:list')}?{query}",
        "indicators": _indicators(cities),
        "reach": Reach.of_cities(cities),
    }


def _indicators(cities):
    """Public indicators that name any of the cities, each once, with their values."""
    rows = Indicator.cities.through.objects.filter(city__in=cities)
    return Indicator.objects.published().filter(pk__in=rows.values("indicator")).with_values()
