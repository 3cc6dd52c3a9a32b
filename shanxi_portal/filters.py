from django.db.models import F
from django.utils.translation import gettext_lazy as _

from listings.facets import ChoiceFacet, YearFacet
from listings.filters import ListingFilter, SearchFilter, Sort
from records.models import Source


class SourceFilter(ListingFilter):
    """What sources can be filtered and sorted by."""

    q = SearchFilter(fields=("publisher_en", "publisher_zh", "title"))
    kind = ChoiceFacet("kind", Source.Kind, label=_("Kind"))
    reliability = ChoiceFacet("reliability", Source.Reliability, label=_("Reliability"), unknown=True)
    year = YearFacet("date", Source.objects.published, label=_("Year"), unknown=True)

    sorts = (
        Sort("latest", _("Latest"), (F("date").desc(nulls_last=True),)),
        Sort("earliest", _("Earliest"), (F("date").asc(nulls_last=True),)),
        Sort("publisher", _("Publisher"), ("publisher_en", "title")),
    )
