from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from business_environment.comparison import costs_by_item
from business_environment.filters import CostFilter
from business_environment.models import Cost
from business_environment.views.columns import CITIES, NAMES, SOURCES, yes_or_no
from business_environment.views.section import section_trail
from listings.exports import Column
from listings.views import ExportView, ListingView
from records.units import plain_number
from records.views import RecordDetailView


class CostListView(ListingView):
    """Costs by item; places are compared only where unit, part and year allow."""

    filterset_class = CostFilter
    template_name = "business_environment/cost_list.html"
    page_size = 50  # What a page cuts off is not compared.

    def get_queryset(self):
        return Cost.objects.published().with_statements()

    def get_context(self, listing):
        items = costs_by_item(listing.page.object_list)
        return {
            "breadcrumbs": section_trail((_("Costs"), "")),
            "items": items,
            "compared": sum(len(one.prices) for item in items for one in item.comparisons),
        }


def _of_price(name):
    """A value of the adopted price's statement; None where it states none."""
    return lambda cost: getattr(cost.price.statement, name, None) or None


def _number(name):
    return lambda cost: plain_number(getattr(cost.price.statement, name, None))


class CostExportView(ExportView):
    """Costs as CSV: what each price is, of which part and date, and who says so."""

    filterset_class = CostFilter
    filename = "costs.csv"
    columns = (
        *NAMES,
        Column(_("Item"), lambda cost: cost.get_item_display()),
        Column(_("Place"), lambda cost: cost.place),
        CITIES,
        yes_or_no(_("Figure of Shanxi"), lambda cost: cost.is_in_shanxi),
        Column(
            _("Approximation"),
            lambda cost: (
                (statement := cost.price.statement) and statement.get_approximation_display() or None
            ),
        ),
        Column(_("Number"), _number("number")),
        Column(_("Upper end"), _number("number_max")),
        Column(_("Unit"), lambda cost: cost.get_unit_display() or None),
        Column(_("Of which part"), _of_price("part")),
        Column(_("In words"), _of_price("text")),
        Column(_("As of"), lambda cost: cost.price.as_of_code),
        Column(_("Note"), _of_price("note")),
        Column(_("Doubt"), _of_price("doubt")),
        SOURCES,
    )

    def get_queryset(self):
        return Cost.objects.published().prefetch_related("cities").with_statements()


class CostDetailView(RecordDetailView):
    """What one thing costs in one place: all that is stated, by whom and of which date."""

    model = Cost
    template_name = "business_environment/cost_detail.html"

    def get_queryset(self):
        return Cost.objects.prefetch_related("cities").with_statements()

    def get_context(self, record):
        steps = [(_("Costs"), reverse("business_environment:costs")), (record.name, "")]
        return {
            "breadcrumbs": section_trail(*steps),
            "groups": record.figure_groups(leave_out=("price",)),
            "sources": record.sources_with_aspects(),
        }

    def get_alternatives(self, record):
        """Public costs of the same item, for the tombstone of a withdrawn one."""
        return Cost.objects.published().filter(item=record.item).order_by("order", "slug")[:3]
