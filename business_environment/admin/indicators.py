from django.contrib import admin

from business_environment.admin.base import OfCitiesAdmin, PartInline
from business_environment.models import Indicator, IndicatorValue
from records.admin import CarriesStatements, DeletedWithDraft, PartAdmin

# The fields of a value: the same on the page of its indicator and on its own.
VALUE_FIELDS = (
    "slug",
    ("approximation", "number", "unit", "period"),
    ("comparison", "comparison_number", "comparison_unit"),
    ("comparison_words_en", "comparison_words_zh"),
    ("comparison_doubt_en", "comparison_doubt_zh"),
    ("note_en", "note_zh"),
    ("doubt_en", "doubt_zh"),
    "home_order",
)


class IndicatorValueInline(PartInline):
    model = IndicatorValue
    fieldsets = ((None, {"fields": VALUE_FIELDS}),)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("indicator")


@admin.register(Indicator)
class IndicatorAdmin(OfCitiesAdmin):
    list_columns = ("topic", "unit", "place_en", "city_names")
    filter_columns = ("topic", "unit", "cities")
    inlines = (IndicatorValueInline,)
    what_fields = ("topic", "order")
    where_fields = (("place_en", "place_zh"), "cities", "is_in_shanxi")
    figure_fields = ("unit",)


@admin.register(IndicatorValue)
class IndicatorValueAdmin(DeletedWithDraft, CarriesStatements, PartAdmin):
    part_of = "indicator"
    list_display = (
        "indicator",
        "period",
        "approximation",
        "number",
        "comparison",
        "comparison_number",
        "slug",
    )
    list_filter = (
        "indicator__topic",
        "indicator__state",
        "comparison",
        ("doubt_en", admin.EmptyFieldListFilter),
    )
    list_select_related = ("indicator",)
    search_fields = ("slug", "indicator__name_en", "indicator__name_zh", "period", "note_en", "note_zh")
    autocomplete_fields = ("indicator",)
    fieldsets = ((None, {"fields": ("indicator", *VALUE_FIELDS)}),)
