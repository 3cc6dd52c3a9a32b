from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from business_environment.models import TransportLink
from listings.facets import ChoiceFacet, Facet
from listings.filters import ListingFilter, SearchFilter, Sort
from records.models import Statement
from zones.filters import PlaceFacet

# The minutes that the page shows; of several adopted ones the first.
MINUTES = Subquery(
    Statement.objects.filter(
        content_type__app_label=TransportLink._meta.app_label,
        content_type__model=TransportLink._meta.model_name,
        object_id=OuterRef("pk"),
        aspect__key="travel-time",
        adopted=True,
        number__isnull=False,
    )
    .order_by("position", "pk")
    .values("number")[:1]
)


class GoalFacet(Facet):
    """Whether a row is a result or a goal, by a column that says yes or no."""

    RESULT, GOAL = "result", "goal"

    def values(self):
        return [(self.RESULT, _("Result")), (self.GOAL, _("Goal"))]

    def having(self, values):
        return Q(**{f"{self.field_name}__in": [value == self.GOAL for value in values]})

    def counts(self, queryset):
        found = super().counts(queryset)
        return {self.RESULT: found.get(False, 0), self.GOAL: found.get(True, 0)}


class TransportFilter(ListingFilter):
    """What transport links can be filtered and sorted by."""

    q = SearchFilter()
    kind = ChoiceFacet("kind", TransportLink.Kind, label=_("Kind"))
    place = PlaceFacet("cities", label=_("Place"))
    standing = GoalFacet("is_goal", label=_("Result or goal"))

    sorts = (
        Sort("order", _("Results first"), ("is_goal", "order", "slug")),
        Sort("shortest", _("Shortest time"), (MINUTES.asc(nulls_last=True), "is_goal", "order")),
        Sort("name", _("Name"), ("name_en", "name_zh")),
    )
