from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from business_environment.models import (
    AccountPart,
    Cost,
    Indicator,
    IndicatorValue,
    LegalText,
    Policy,
    Procedure,
    Reform,
    ReformAccount,
    ReformCase,
    ReformEvent,
    TransportLink,
)
from records.admin import CarriesStatements, DeletedWithDraft, PartAdmin, RecordAdmin, StaffInline

# Fields of the parts of records: the same on the page of the record and on their own.
VALUE_FIELDS = (
    "slug",
    ("approximation", "number", "period"),
    ("comparison", "comparison_number", "comparison_unit"),
    ("comparison_words_en", "comparison_words_zh"),
    ("comparison_doubt_en", "comparison_doubt_zh"),
    ("note_en", "note_zh"),
    ("doubt_en", "doubt_zh"),
    "home_order",
)
ACCOUNT_FIELDS = (
    ("label_en", "label_zh"),
    ("key", "order"),
    ("count", "days"),
    ("days_words_en", "days_words_zh"),
    ("text_en", "text_zh"),
)
ACCOUNT_PART_FIELDS = (("label_en", "label_zh"), "count", ("named_en", "named_zh"), ("note_en", "note_zh"))
EVENT_FIELDS = (("date", "order"), ("text_en", "text_zh"))
LEGAL_TEXT_FIELDS = (
    ("title_en", "title_zh"),
    ("kind_en", "kind_zh"),
    ("adopted", "order"),
    ("adopted_words_en", "adopted_words_zh"),
)
CASE_FIELDS = (("kind", "order"), ("who_en", "who_zh"), ("text_en", "text_zh"))


class PartInline(DeletedWithDraft, StaffInline):
    """A part of a record on the record's page; its statements are on its own, one link away."""

    show_change_link = True


# Indicators


class IndicatorValueInline(PartInline):
    model = IndicatorValue
    fieldsets = ((None, {"fields": VALUE_FIELDS}),)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("indicator")


class OfCitiesAdmin(RecordAdmin):
    """A record about some cities, or about the whole province where none is named."""

    filter_columns = ("cities",)
    autocomplete_fields = ("cities",)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("cities")

    @admin.display(description=_("cities"))
    def city_names(self, record):
        return ", ".join(str(city) for city in record.cities.all()) or "–"


@admin.register(Indicator)
class IndicatorAdmin(OfCitiesAdmin):
    list_columns = ("topic", "unit", "place_en", "city_names")
    filter_columns = ("topic", "unit", "cities")
    inlines = (IndicatorValueInline,)
    what_fields = ("topic", "order")
    where_fields = (("place_en", "place_zh"), "cities")
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


# Reforms


class ReformAccountInline(PartInline):
    model = ReformAccount
    fieldsets = ((None, {"fields": ACCOUNT_FIELDS}),)


class ReformEventInline(PartInline):
    model = ReformEvent
    fieldsets = ((None, {"fields": EVENT_FIELDS}),)


class LegalTextInline(PartInline):
    model = LegalText
    fieldsets = ((None, {"fields": LEGAL_TEXT_FIELDS}),)


class ReformCaseInline(PartInline):
    model = ReformCase
    fieldsets = ((None, {"fields": CASE_FIELDS}),)


class AccountPartInline(StaffInline):
    model = AccountPart
    fieldsets = ((None, {"fields": ACCOUNT_PART_FIELDS}),)


@admin.register(Reform)
class ReformAdmin(RecordAdmin):
    list_columns = ("claim_before", "claim_after", "said_on")
    list_select_related = ("claim_before__indicator", "claim_after__indicator", "changed_by")
    autocomplete_fields = ("claim_before", "claim_after")
    inlines = (ReformAccountInline, ReformEventInline, LegalTextInline, ReformCaseInline)
    figure_fields = (
        ("claim_before", "claim_after"),
        ("said_by_en", "said_by_zh"),
        ("said_of_en", "said_of_zh"),
        "said_on",
    )
    text_fields = (
        ("also_en", "also_zh"),
        ("not_documented_en", "not_documented_zh"),
        ("coverage_en", "coverage_zh"),
    )


class PartOfReformAdmin(DeletedWithDraft, CarriesStatements, PartAdmin):
    """One entry of a reform, with the sources it cites."""

    part_of = "reform"
    list_select_related = ("reform",)
    list_filter = ("reform",)
    autocomplete_fields = ("reform",)


@admin.register(ReformAccount)
class ReformAccountAdmin(PartOfReformAdmin):
    list_display = ("label_en", "label_zh", "reform", "key", "count", "days", "order")
    search_fields = ("key", "label_en", "label_zh", "text_en", "text_zh")
    inlines = (AccountPartInline,)
    fieldsets = ((None, {"fields": ("reform", *ACCOUNT_FIELDS)}),)


@admin.register(AccountPart)
class AccountPartAdmin(PartAdmin):
    part_of = "account"
    list_display = ("label_en", "label_zh", "account", "count")
    list_filter = ("account__reform",)
    list_select_related = ("account",)
    search_fields = ("label_en", "label_zh", "named_en", "named_zh")
    autocomplete_fields = ("account",)
    fieldsets = ((None, {"fields": ("account", *ACCOUNT_PART_FIELDS)}),)


@admin.register(ReformEvent)
class ReformEventAdmin(PartOfReformAdmin):
    list_display = ("date", "text_en", "text_zh", "reform", "order")
    search_fields = ("date", "text_en", "text_zh")
    fieldsets = ((None, {"fields": ("reform", *EVENT_FIELDS)}),)


@admin.register(LegalText)
class LegalTextAdmin(PartOfReformAdmin):
    list_display = ("title_en", "title_zh", "kind_en", "kind_zh", "adopted", "reform", "order")
    search_fields = ("title_en", "title_zh", "kind_en", "kind_zh")
    fieldsets = ((None, {"fields": ("reform", *LEGAL_TEXT_FIELDS)}),)


@admin.register(ReformCase)
class ReformCaseAdmin(PartOfReformAdmin):
    list_display = ("__str__", "kind", "who_en", "who_zh", "reform", "order")
    list_filter = ("kind", "reform")
    search_fields = ("who_en", "who_zh", "text_en", "text_zh")
    fieldsets = ((None, {"fields": ("reform", *CASE_FIELDS)}),)


# Procedures, policies, costs, transport


@admin.register(Procedure)
class ProcedureAdmin(RecordAdmin):
    list_columns = ("era", "stage", "fate", "became", "order")
    filter_columns = ("era", "stage", "fate", "scope")
    list_select_related = ("became", "changed_by")
    autocomplete_fields = ("became",)
    what_fields = (
        ("era", "order"),
        "stage",
        ("fate", "became"),
        ("office_en", "office_zh"),
        ("law_en", "law_zh"),
    )
    where_fields = ("scope", ("scope_words_en", "scope_words_zh"))
    figure_fields = ("days", ("days_words_en", "days_words_zh"))
    text_fields = (
        ("papers_en", "papers_zh"),
        ("papers_of_en", "papers_of_zh"),
        ("after_reform_en", "after_reform_zh"),
        ("replaces_en", "replaces_zh"),
        ("notes_en", "notes_zh"),
    )


@admin.register(Policy)
class PolicyAdmin(OfCitiesAdmin):
    list_columns = ("topic", "date", "valid_until", "city_names")
    filter_columns = ("topic", "cities")
    what_fields = ("topic", ("date", "valid_until"), ("validity_en", "validity_zh"))
    where_fields = ("cities",)
    text_fields = (("facts_en", "facts_zh"),)


@admin.register(Cost)
class CostAdmin(OfCitiesAdmin):
    list_columns = ("item", "unit", "place_en", "city_names", "is_in_shanxi")
    filter_columns = ("item", "is_in_shanxi", "cities")
    what_fields = (("item", "order"),)
    where_fields = (("place_en", "place_zh"), "cities", "is_in_shanxi")
    figure_fields = ("unit",)


@admin.register(TransportLink)
class TransportLinkAdmin(OfCitiesAdmin):
    list_columns = ("kind", "is_goal", "city_names")
    filter_columns = ("kind", "is_goal", "cities")
    what_fields = (("kind", "order"), "is_goal")
    where_fields = (("from_en", "from_zh"), ("to_en", "to_zh"), "cities")
