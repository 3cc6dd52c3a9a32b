"""What every admin page of ours shares, whatever it is of."""

from django import forms
from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils.html import format_html

from records.admin.choosing import ChoosesRows
from records.admin.editing import EditingMixin
from records.admin.history import HistoryMixin
from records.admin.territories import InlineOfTerritory, OfTerritory
from records.admin.translating import InlineMarksTranslations, MarksTranslations
from records.models import State
from records.owners import owner

ONCE_PUBLIC = (State.PUBLISHED, State.WITHDRAWN)


def change_link(row):
    """A link to the page on which staff change a row."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html('<a href="{}">{}</a>', reverse(name, args=[row.pk]), row)


class Lines(forms.Textarea):
    """Browsers end lines with two characters. A text that was not touched must come back as it was."""

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


FORMFIELD_OVERRIDES = {
    # Narrow and low enough for two languages side by side.
    models.TextField: {"widget": Lines(attrs={"rows": 5, "cols": 36})},
    models.URLField: {"assume_scheme": "https"},
}


class StaffAdmin(HistoryMixin, MarksTranslations, ChoosesRows, OfTerritory, admin.ModelAdmin):
    """What all our admin pages share."""

    save_on_top = True
    show_facets = admin.ShowFacets.ALWAYS
    list_per_page = 50
    formfield_overrides = FORMFIELD_OVERRIDES

    def get_view_on_site_url(self, obj=None):
        """The public page, where the public may see it."""
        if obj is None or not hasattr(obj, "get_absolute_url"):
            return None
        is_public = type(obj)._default_manager.published().filter(pk=obj.pk).exists()
        return obj.get_absolute_url() if is_public else None


class StaffInline(InlineMarksTranslations, ChoosesRows, InlineOfTerritory, admin.StackedInline):
    """Rows of a record on its page, closed until they are wanted."""

    # The record has the link; and Django's address for it would show drafts to everybody.
    view_on_site = False
    extra = 0
    classes = ("collapse",)
    formfield_overrides = FORMFIELD_OVERRIDES


class KeyedAdmin(StaffAdmin):
    """Reference data whose key stands in addresses and data files: set once, then kept."""

    key_field = "slug"
    key_source = "name_en"

    def get_readonly_fields(self, request, obj=None):
        fixed = (self.key_field,) if obj else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {self.key_field: (self.key_source,)}


class PartAdmin(EditingMixin, StaffAdmin):
    """A row that belongs to a record: whoever changes it changes the record, and it stays with that one."""

    part_of = None

    def get_readonly_fields(self, request, obj=None):
        fixed = (self.part_of,) if obj and self.part_of else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self._mark_changed(request, form.instance)

    def delete_model(self, request, obj):
        self._mark_changed(request, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for row in queryset:
            self._mark_changed(request, row)
        super().delete_queryset(request, queryset)

    def _mark_changed(self, request, row):
        record = owner(row)
        if record is not None:
            record.changed_by = request.user
            record.save(update_fields=["changed_by", "changed_at"])


class DeletedWithDraft:
    """For what is public in its own right: it goes with a draft, and stays once the record was public."""

    def has_delete_permission(self, request, obj=None):
        record = owner(obj)
        kept = record is not None and record.state in ONCE_PUBLIC
        return not kept and super().has_delete_permission(request, obj)
