"""Statements: on the page of what they are about, and all of them in one list."""

from django import forms
from django.contrib import admin
from django.contrib.contenttypes.admin import GenericStackedInline
from django.contrib.contenttypes.forms import BaseGenericInlineFormSet
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from records.admin.base import FORMFIELD_OVERRIDES, PartAdmin, StaffAdmin, change_link
from records.admin.checks import CheckDueFilter
from records.admin.choosing import ChoosesRows
from records.admin.territories import InlineOfTerritory
from records.admin.translating import InlineMarksTranslations
from records.models import Statement, carrying_models
from records.units import write_figure

ADOPTED_TWICE = _("Another statement on this aspect is adopted already.")


class StatementFormSet(BaseGenericInlineFormSet):
    """All statements about one row, so that another of them can be adopted in one go."""

    def clean(self):
        """Refuse two adopted statements in one place: the forms cannot see each other."""
        super().clean()
        taken = set()
        for form in self.forms:
            values = getattr(form, "cleaned_data", {})
            if not values.get("adopted") or values.get("DELETE"):
                continue
            place = (values.get("aspect"), values.get("position"))
            if place in taken:
                form.add_error("adopted", ADOPTED_TWICE)
            taken.add(place)

    def save_existing_objects(self, commit=True):
        """Free the places of all that change first: whatever the order, none meets the one it replaces."""
        if commit:
            moving = [form.instance.pk for form in self.initial_forms if form.has_changed()]
            self.model.objects.filter(pk__in=moving).update(adopted=False)
        return super().save_existing_objects(commit)


STATEMENT_FIELDSETS = (
    (
        None,
        {
            "fields": (
                ("aspect", "adopted", "position"),
                ("source", "locator"),
                ("approximation", "number", "number_max"),
                ("date", "choice", "as_of"),
                ("text_en", "text_zh"),
            )
        },
    ),
    (
        _("As stated, notes and doubts"),
        {
            "classes": ("collapse",),
            "fields": (
                ("as_stated", "as_stated_lang"),
                ("part_en", "part_zh"),
                ("as_of_note_en", "as_of_note_zh"),
                ("note_en", "note_zh"),
                ("doubt_en", "doubt_zh"),
            ),
        },
    ),
    (_("Checks"), {"classes": ("collapse",), "fields": (("checked_on", "check_due_on"), "checked_by")}),
)


class StatementInline(InlineMarksTranslations, ChoosesRows, InlineOfTerritory, GenericStackedInline):
    model = Statement
    view_on_site = False
    formset = StatementFormSet
    extra = 0
    classes = ("collapse",)
    fieldsets = STATEMENT_FIELDSETS
    readonly_fields = ("checked_by",)
    autocomplete_fields = ("aspect", "source")
    formfield_overrides = FORMFIELD_OVERRIDES

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.select_related("aspect", "source", "checked_by").prefetch_related("record")


class CarriesStatements(StaffAdmin):
    """The page of anything that statements are made about: they come last on it."""

    def get_inlines(self, request, obj):
        return [*super().get_inlines(request, obj), StatementInline]

    def save_formset(self, request, form, formset, change):
        """Put the name of whoever says that a statement was checked to it."""
        if formset.model is Statement:
            for row in formset.forms:
                if "checked_on" in row.changed_data:
                    row.instance.checked_by = request.user if row.instance.checked_on else None
        super().save_formset(request, form, formset, change)


def with_their_records(statements):
    """Statements with what each is about and, for a part of a record, the record: a query for each kind."""
    querysets = []
    for model in carrying_models():
        owners = [field.name for field in model._meta.fields if field.many_to_one and not field.null]
        querysets.append(
            model._default_manager.select_related(*owners) if owners else model._default_manager.all()
        )
    return statements.prefetch_related(GenericPrefetch("record", querysets))


class StatementForm(forms.ModelForm):
    def clean(self):
        """Refuse a second adopted statement: the form lacks the record, so Django does not see it."""
        values, row = super().clean(), self.instance
        if values.get("adopted") and values.get("aspect"):
            others = Statement.objects.filter(
                content_type=row.content_type,
                object_id=row.object_id,
                aspect=values["aspect"],
                position=values.get("position") or 0,
                adopted=True,
            )
            if others.exclude(pk=row.pk).exists():
                self.add_error("adopted", ADOPTED_TWICE)
        return values


@admin.register(Statement)
class StatementAdmin(PartAdmin):
    """All statements in one list; new ones are made on the page of what they are about."""

    form = StatementForm
    list_display = ("about", "aspect", "value", "as_of", "source", "adopted", "checked_on", "check_due_on")
    list_filter = (
        "adopted",
        "aspect__group",
        ("content_type", admin.RelatedOnlyFieldListFilter),
        CheckDueFilter,
        ("doubt_en", admin.EmptyFieldListFilter),
    )
    search_fields = (
        "aspect__key",
        "aspect__label_en",
        "aspect__label_zh",
        "source__title",
        "source__publisher_en",
        "source__publisher_zh",
        "text_en",
        "text_zh",
        "as_stated",
    )
    date_hierarchy = "checked_on"
    list_select_related = ("aspect", "source", "content_type")
    autocomplete_fields = ("aspect", "source")
    readonly_fields = ("about_link", "checked_by")
    fieldsets = ((None, {"fields": ("about_link",)}), *STATEMENT_FIELDSETS)

    def get_queryset(self, request):
        return with_their_records(super().get_queryset(request))

    def has_add_permission(self, request):
        return False

    def save_model(self, request, obj, form, change):
        if "checked_on" in form.changed_data:
            obj.checked_by = request.user if obj.checked_on else None
        super().save_model(request, obj, form, change)

    @admin.display(description=pgettext_lazy("statement", "about"))
    def about(self, statement):
        return str(statement.record or "–")

    @admin.display(description=pgettext_lazy("statement", "about"))
    def about_link(self, statement):
        return change_link(statement.record) if statement.record else "–"

    @admin.display(description=_("value"))
    def value(self, statement):
        if statement.number is None:
            return Truncator(statement.date or statement.choice or statement.text or "–").chars(60)
        unit = statement.record.unit_of(statement) if statement.record else statement.aspect.unit
        return write_figure(
            statement.number, unit, maximum=statement.number_max, approximation=statement.approximation
        )
