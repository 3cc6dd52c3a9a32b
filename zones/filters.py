from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from listings.facets import ChoiceFacet, RelatedFacet
from listings.filters import ListingFilter, NumberFilter, Range, SearchFilter, Sort, YearLimit
from zones.models import City, Industry, Zone


class PlaceFacet(RelatedFacet):
    """The cities that a row is about, else the whole province; and the nation.

    `in_shanxi` names the column that tells figures of the province from those of the nation.
    """

    PROVINCE, NATION = "province", "nation"

    def __init__(self, field_name, *, label, in_shanxi=""):
        super().__init__(field_name, City.objects.all, many=True, label=label)
        self.in_shanxi = in_shanxi

    def values(self):
        wider = [(self.PROVINCE, _("The whole province"))]
        if self.in_shanxi:
            wider.append((self.NATION, _("The nation")))
        return [*super().values(), *wider]

    def having(self, values):
        cities = [value for value in values if value not in (self.PROVINCE, self.NATION)]
        condition = super().having(cities) if cities else Q(pk__in=[])
        if self.PROVINCE in values:
            condition |= self._province()
        if self.NATION in values:
            condition |= self._nation()
        return condition

    def counts(self, queryset):
        sums = {self.PROVINCE: Count("pk", filter=self._province(), distinct=True)}
        if self.in_shanxi:
            sums[self.NATION] = Count("pk", filter=self._nation(), distinct=True)
        return super().counts(queryset) | queryset.order_by().aggregate(**sums)

    def _province(self):
        inside = Q(**{self.in_shanxi: True}) if self.in_shanxi else Q()
        return self.without() & inside

    def _nation(self):
        return Q(**{self.in_shanxi: False})


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
