from django.db.models import F
from django.utils.translation import gettext_lazy as _

from listings.facets import Band, BandFacet, ChoiceFacet, RelatedFacet, YearFacet
from listings.filters import ListingFilter, NumberFilter, Range, SearchFilter, Sort
from projects.models import Project
from zones.models import City, Industry, Zone

MILLION = 10**6

INVESTMENT_BANDS = (
    Band("under-100m", _("Under 100 million yuan"), high=100 * MILLION),
    Band("100m-500m", _("100 to 500 million yuan"), 100 * MILLION, 500 * MILLION),
    Band("500m-1bn", _("500 million to 1 billion yuan"), 500 * MILLION, 1_000 * MILLION),
    Band("1bn-5bn", _("1 to 5 billion yuan"), 1_000 * MILLION, 5_000 * MILLION),
    Band("5bn-10bn", _("5 to 10 billion yuan"), 5_000 * MILLION, 10_000 * MILLION),
    Band("10bn-up", _("10 billion yuan and more"), 10_000 * MILLION),
)


def public_zones():
    return Zone.objects.published().order_by("slug")


class ProjectFilter(ListingFilter):
    """What projects can be filtered and sorted by."""

    index_of = Project

    q = SearchFilter()
    city = RelatedFacet("city", City.objects.all, label=_("City"), unknown=True)
    sector = RelatedFacet("sector", Industry.objects.all, label=_("Sector"))
    status = ChoiceFacet("status", Project.Status, label=_("Status"))
    zone = RelatedFacet("zone", public_zones, label=_("Zone"), unknown=True, in_use=True)
    kind = ChoiceFacet("kind", Project.Kind, label=_("Kind"))
    investment = BandFacet("investment_yuan", INVESTMENT_BANDS, label=_("Investment"), unknown=True)
    year = YearFacet("status_on", Project.objects.published, label=_("Year of the status"), unknown=True)
    investment_from = NumberFilter("investment_yuan", "gte", label=_("Investment from"), unit_size=MILLION)
    investment_below = NumberFilter("investment_yuan", "lt", label=_("Investment below"), unit_size=MILLION)

    ranges = (Range(_("Investment"), _("million yuan"), "investment_from", "investment_below"),)
    sorts = (
        Sort("latest", _("Latest"), (F("status_on").desc(nulls_last=True),)),
        Sort("earliest", _("Earliest"), (F("status_on").asc(nulls_last=True),)),
        Sort("investment-largest", _("Largest investment"), (F("investment_yuan").desc(nulls_last=True),)),
        Sort("investment-smallest", _("Smallest investment"), (F("investment_yuan").asc(nulls_last=True),)),
        Sort("name", _("Name"), ("name_en", "name_zh")),
    )
