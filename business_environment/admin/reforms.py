from django.contrib import admin

from business_environment.admin.base import PartInline
from business_environment.models import (
    AccountPart,
    LegalText,
    Reform,
    ReformAccount,
    ReformCase,
    ReformEvent,
)
from records.admin import (
    CarriesStatements,
    DeletedWithDraft,
    HeldFieldListFilter,
    PartAdmin,
    RecordAdmin,
    StaffInline,
)

# The fields of the parts of a reform: the same on the page of the reform and on their own.
ACCOUNT_FIELDS = (
    ("label_en", "label_zh"),
    ("key", "order"),
    ("count", "days", "as_of"),
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
CASE_FIELDS = (("kind", "order"), ("who_en", "who_zh"), ("text_en", "text_zh"), "cities", "zones")


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
    autocomplete_fields = ("cities", "zones")
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
    list_filter = (("reform", HeldFieldListFilter),)
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
    list_filter = (("account__reform", HeldFieldListFilter),)
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
    list_filter = ("kind", ("reform", HeldFieldListFilter), "cities")
    autocomplete_fields = ("reform", "cities", "zones")
    search_fields = ("who_en", "who_zh", "text_en", "text_zh")
    fieldsets = ((None, {"fields": ("reform", *CASE_FIELDS)}),)
