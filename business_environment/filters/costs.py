from django.utils.translation import gettext_lazy as _

from business_environment.filters.ordering import declared_order
from business_environment.models import Cost
from listings.facets import ChoiceFacet
from listings.filters import ListingFilter, SearchFilter, Sort
from records.units import Unit
from zones.filters import PlaceFacet


class UnitFacet(ChoiceFacet):
    """The unit of a price; only the units that public costs have are offered."""

    def values(self):
        used = set(Cost.objects.published().order_by().values_list(self.field_name, flat=True))
        return [(unit, label) for unit, label in super().values() if unit in used]


class CostFilter(ListingFilter):
    """What costs can be filtered and sorted by. Items stay together, so that places can be compared."""

    q = SearchFilter()
    item = ChoiceFacet("item", Cost.Item, label=_("Item"))
    place = PlaceFacet("cities", in_shanxi="is_in_shanxi", label=_("Place"))
    unit = UnitFacet("unit", Unit, label=_("Unit"), unknown=True)

    sorts = (
        Sort("item", _("Item"), (declared_order("item", Cost.Item), "order", "slug")),
        Sort("name", _("Item and name"), (declared_order("item", Cost.Item), "name_en", "name_zh")),
    )
