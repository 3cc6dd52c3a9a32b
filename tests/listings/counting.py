"""Rows and counts of any list for a query string, and whether all of them are right."""

from django.http import QueryDict

from business_environment.filters import (
    CostFilter,
    IndicatorFilter,
    PolicyFilter,
    ProcedureFilter,
    TransportFilter,
)
from business_environment.models import Cost, IndicatorValue, Policy, Procedure, TransportLink
from listings.listing import Listing
from projects.filters import ProjectFilter
from projects.models import Project
from records.models import Source
from shanxi_portal.filters import SourceFilter
from tests.listings import slow
from zones.filters import ZoneFilter
from zones.models import Zone

FILTERS = {
    Zone: ZoneFilter,
    Project: ProjectFilter,
    Source: SourceFilter,
    Procedure: ProcedureFilter,
    IndicatorValue: IndicatorFilter,
    Policy: PolicyFilter,
    Cost: CostFilter,
    TransportLink: TransportFilter,
}


def filterset(model, query):
    return FILTERS[model](data=QueryDict(query), queryset=model.objects.published())


def found(model, query):
    """The addresses of the rows, in order."""
    filters = filterset(model, query)
    assert filters.problems() == []
    return [row.slug for row in filters.sorted_rows()]


def problems(model, query):
    return [(name, str(message)) for name, message in filterset(model, query).problems()]


def listing(model, query):
    data = QueryDict(query, mutable=True)
    return Listing(
        FILTERS[model](data=data, queryset=model.objects.published()), f"/en/{model.__name__}/", data
    )


def shown(model, query):
    """facet -> value -> count, as the page shows it."""
    return {
        facet.name: {option.value: option.count for option in facet.options}
        for facet in listing(model, query).facets
    }


def check(model, query):
    """Every count of the page equals the slow one, and so do the rows."""
    view, rows = listing(model, query), slow.every_row(model)
    wanted = dict(QueryDict(query).lists())
    assert view.errors == []
    assert set(view.filterset.rows()) == set(slow.passing(rows, wanted))
    for facet in view.facets:
        counted = {option.value: option.count for option in facet.options if option.count}
        assert counted == slow.count(rows, wanted, facet.name), facet.name
