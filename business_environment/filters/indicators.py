from django.utils.translation import gettext_lazy as _

from business_environment.filters.ordering import declared_order
from business_environment.models import Indicator, IndicatorValue
from listings.facets import ChoiceFacet, YearFacet
from listings.filters import ListingFilter, SearchFilter, Sort
from zones.filters import PlaceFacet

_SERIES = ("indicator__order", "indicator__slug", "period", "slug")


class IndicatorFilter(ListingFilter):
    """What the values of indicators can be filtered and sorted by.

    Periods sort as the texts they are: by their beginning, and "before 2006" as the earliest of all.
    """

    q = SearchFilter(fields=[f"indicator__{name}" for name in Indicator.search_fields])
    topic = ChoiceFacet("indicator__topic", Indicator.Topic, label=_("Topic"))
    place = PlaceFacet("indicator__cities", in_shanxi="indicator__is_in_shanxi", label=_("Place"))
    year = YearFacet("period", IndicatorValue.objects.published, label=_("Year"))

    sorts = (
        Sort("topic", _("Topic"), (declared_order("indicator__topic", Indicator.Topic), *_SERIES)),
        Sort("latest", _("Latest"), ("-period", "indicator__order", "indicator__slug", "slug")),
        Sort("earliest", _("Earliest"), ("period", "indicator__order", "indicator__slug", "slug")),
        Sort("name", _("Name"), ("indicator__name_en", "indicator__name_zh", *_SERIES)),
    )
