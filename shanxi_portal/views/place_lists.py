"""The lists of cities and of regions: what there is of each on this site, counted from rows."""

from dataclasses import dataclass

from django.db.models import Count
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from business_environment.models import Indicator
from listings.finding import results_of
from projects.models import Project
from records.views import trail
from zones.map import Map
from zones.models import City, Region, Zone


@dataclass
class PlaceRow:
    """A city or a region, and how many public records of each kind lie in it or are about it."""

    place: object
    zones: int
    projects: int
    indicators: int

    @property
    def is_empty(self):
        return not (self.zones or self.projects or self.indicators)


class PlaceCounts:
    """Public records by city, in as many queries however many cities; counted as the pages of places do."""

    def __init__(self):
        zones = Zone.objects.published().order_by()
        self.zones = dict(zones.values_list("city").annotate(Count("pk")))
        self.projects = results_of(Project.objects.published()).counts("city")
        self.indicators = {}
        about = Indicator.cities.through.objects.filter(indicator__in=Indicator.objects.published())
        for city, indicator in about.values_list("city", "indicator"):
            self.indicators.setdefault(city, set()).add(indicator)

    def row(self, place, cities):
        """The counts of several cities together; an indicator about two of them counts once."""
        keys = [city.pk for city in cities]
        indicators = set().union(*(self.indicators.get(key, ()) for key in keys))
        return PlaceRow(
            place,
            sum(self.zones.get(key, 0) for key in keys),
            sum(self.projects.get(city.slug, 0) for city in cities),
            len(indicators),
        )


@require_safe
def cities(request):
    """Every city of the province, on the map and as a list."""
    counts = PlaceCounts()
    every_city = list(City.objects.published())
    zones = {city.slug: counts.zones.get(city.pk, 0) for city in every_city}
    context = {
        "breadcrumbs": trail((_("Cities"), "")),
        "rows": [counts.row(city, [city]) for city in every_city],
        "map": Map.of_cities(every_city, [], counts=zones),
    }
    return render(request, "zones/city_list.html", context)


@require_safe
def regions(request):
    """Every public region, as staff define them: its cities, and how much is claimed for it."""
    counts = PlaceCounts()
    found = Region.objects.published().prefetch_related("cities").with_statements()
    context = {
        "breadcrumbs": trail((_("Regions"), "")),
        "rows": [
            (counts.row(region, region.cities.all()), region.cities.all(), len(region.figures("advantage")))
            for region in found
        ],
    }
    return render(request, "zones/region_list.html", context)
