from django.db.models import F
from django.utils.translation import gettext_lazy as _

from listings.facets import ChoiceFacet, RelatedFacet
from listings.filters import ListingFilter, NumberFilter, Range, SearchFilter, Sort, YearLimit
from zones.models import City, Industry, Zone


class ZoneFilter(ListingFilter):
    """What zones can be filtered and sorted by."""

    q = SearchFilter()
    city = RelatedFacet("city", City.objects.all, label=_("City"))
    level = ChoiceFacet("level", Zone.Level, label=_("Level"), unknown=True)
    type = ChoiceFacet("type", Zone.Type, label=_("Type"))
    industry = RelatedFacet(
        "industries", Industry.objects.all, many=True, label=_("Leading industry"), unknown=True
    )
    area_from = NumberFilter("area_km2", "gte", label=_("Area from"))
    area_below = NumberFilter("area_km2", "lt", label=_("Area below"))
    established_from = YearLimit("established", "gte", label=_("Established from"))
    established_to = YearLimit("established", "lt", label=_("Established to"))

    ranges = (
        Range(_("Area"), _("km²"), "area_from", "area_below"),
        Range(_("Year established"), "", "established_from", "established_to"),
    )
    sorts = (
        Sort("city", _("City"), ("city__order", "slug")),
        Sort("name", _("Name"), ("name_en", "name_zh")),
        Sort("area-largest", _("Largest area"), (F("area_km2").desc(nulls_last=True),)),
        Sort("area-smallest", _("Smallest area"), (F("area_km2").asc(nulls_last=True),)),
        Sort("established-latest", _("Newest"), (F("established").desc(nulls_last=True),)),
        Sort("established-earliest", _("Oldest"), (F("established").asc(nulls_last=True),)),
    )
