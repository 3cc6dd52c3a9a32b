"""What Datasette answers as JSON, answered by our listing: rows, count and facets with addresses.

It stands beside our own page, so that the two are compared at the same work: the page shows cards with the
passport of every figure, and a map.
"""

from django.http import JsonResponse
from django.views.decorators.cache import never_cache

from benchmarks.ways import PAGE_SIZE
from listings.listing import Listing
from projects.filters import ProjectFilter
from projects.models import Project

TEXTS = (
    *("name_en", "name_zh", "summary_en", "summary_zh"),
    *("company_en", "company_zh", "county_en", "county_zh"),
)
COLUMNS = (
    *TEXTS,
    *("status", "kind", "status_on", "investment_yuan"),
    *("city__name_en", "sector__name_en", "zone__name_en"),
)


@never_cache
def answer(request):
    """The page of the list that the query string asks for."""
    rows = Project.objects.published().select_related("city", "sector", "zone").only(*COLUMNS)
    filterset = ProjectFilter(request.GET, queryset=rows)
    listing = Listing(filterset, request.path, request.GET, page_size=PAGE_SIZE)
    if listing.errors:
        return JsonResponse({"errors": [problem.message for problem in listing.errors]}, status=400)
    found = {
        "count": listing.total,
        "rows": [row_of(project) for project in listing.page.object_list],
        "facets": {facet.name: [option_of(option) for option in facet.options] for facet in listing.facets},
        "next": listing.next_url,
    }
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False})


def row_of(project):
    """The same columns that Datasette has of a project, with the names of what it refers to."""
    return {name: getattr(project, name) for name in TEXTS} | {
        "id": project.pk,
        "city": project.city and project.city.name_en,
        "sector": project.sector.name_en,
        "zone": project.zone and project.zone.name_en,
        "status": project.status,
        "kind": project.kind,
        "status_on": project.status_on and project.status_on.text,
        "investment_yuan": project.investment_yuan,
    }


def option_of(option):
    return {
        "value": option.value,
        "label": str(option.label),
        "count": option.count,
        "selected": option.selected,
        "url": option.url,
    }
