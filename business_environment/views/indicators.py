from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from business_environment.charts import GROWTH, NATIONAL_GROWTH, GrowthChart
from business_environment.filters import IndicatorFilter
from business_environment.models import Indicator, IndicatorValue
from business_environment.views.columns import SOURCES, yes_or_no
from business_environment.views.section import section_trail
from listings.exports import Column
from listings.views import ExportView, ListingView
from records.units import Unit, plain_number
from records.views import RecordDetailView


@dataclass
class Series:
    """Values of one indicator that follow each other in a list."""

    values: list

    @property
    def indicator(self):
        return self.values[0].indicator

    @property
    def chart(self):
        """The indicator's chart, where all that it draws stands below it with passports; else None."""
        is_whole = len(self.values) == len(self.indicator.values.all())
        return self.indicator.chart if is_whole else None


class IndicatorListView(ListingView):
    filterset_class = IndicatorFilter
    template_name = "business_environment/indicator_list.html"

    def get_queryset(self):
        return IndicatorValue.objects.published().with_passports().prefetch_related("indicator__values")

    def get_context(self, listing):
        by_topic = listing.filterset.sort.key == "topic"
        series = [
            Series(list(values))
            for _key, values in groupby(listing.page.object_list, lambda value: value.indicator_id)
        ]
        topics = groupby(series, lambda one: one.indicator.get_topic_display() if by_topic else "")
        return {
            "breadcrumbs": section_trail((_("Indicators"), "")),
            "topics": [(topic, list(of_topic)) for topic, of_topic in topics],
        }


class IndicatorExportView(ExportView):
    """Values of indicators as CSV, one a line; what a number is compared with has its doubt beside it."""

    filterset_class = IndicatorFilter
    filename = "indicators.csv"
    columns = (
        Column(_("Address"), lambda value: value.indicator.slug),
        Column(_("Key"), lambda value: value.slug),
        Column(_("Indicator (English)"), lambda value: value.indicator.name_en),
        Column(_("Indicator (Chinese)"), lambda value: value.indicator.name_zh),
        Column(_("Topic"), lambda value: value.indicator.get_topic_display()),
        Column(_("Place"), lambda value: value.indicator.place),
        yes_or_no(_("Figure of Shanxi"), lambda value: value.indicator.is_in_shanxi),
        Column(_("Period"), lambda value: value.period.text),
        Column(_("Approximation"), lambda value: value.get_approximation_display() or None),
        Column(_("Number"), lambda value: plain_number(value.number)),
        Column(_("Unit"), lambda value: value.get_unit_display()),
        Column(_("Doubt"), lambda value: value.doubt or None),
        Column(_("Note"), lambda value: value.note or None),
        Column(_("Compared with"), lambda value: value.get_comparison_display() or None),
        Column(_("Number compared with"), lambda value: plain_number(value.comparison_number)),
        Column(
            _("Unit of that number"),
            lambda value: Unit(value.comparison_unit).label if value.comparison_unit else None,
        ),
        Column(_("Comparison in words"), lambda value: value.comparison_words or None),
        Column(_("Doubt about the comparison"), lambda value: value.comparison_doubt or None),
        SOURCES,
    )

    def get_queryset(self):
        return IndicatorValue.objects.published().with_passports()


class IndicatorDetailView(RecordDetailView):
    """An indicator with all its values; those of growth with the chart that sets them side by side."""

    model = Indicator
    template_name = "business_environment/indicator_detail.html"

    def get_queryset(self):
        return Indicator.objects.prefetch_related("cities").with_statements().with_values()

    def get_context(self, record):
        steps = [(_("Indicators"), reverse("business_environment:indicators")), (record.name, "")]
        return {
            "breadcrumbs": section_trail(*steps),
            "growth": GrowthChart.fetch() if record.slug in (GROWTH, NATIONAL_GROWTH) else None,
        }

    def get_alternatives(self, record):
        """Public indicators of the same topic, for the tombstone of a withdrawn one."""
        return Indicator.objects.published().filter(topic=record.topic).order_by("order", "slug")[:3]
