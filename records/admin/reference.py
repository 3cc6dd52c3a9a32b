"""Sources, the vocabulary, and what the loader wrote."""

import json

from django import forms
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from records.admin.base import KeyedAdmin, StaffAdmin, change_link
from records.admin.statements import with_their_records
from records.models import Aspect, LoadedRecord, Source, carrying_models
from records.territories import within


@admin.register(Source)
class SourceAdmin(KeyedAdmin):
    key_source = "title"
    # Its own order is lost where the statements are counted.
    ordering = tuple(Source._meta.ordering)
    list_display = ("title", "publisher_en", "publisher_zh", "date", "kind", "reliability", "link_ok", "uses")
    list_filter = ("kind", "reliability", "link_ok", "title_lang")
    search_fields = ("slug", "title", "publisher_en", "publisher_zh", "url")
    readonly_fields = ("supports",)
    fieldsets = (
        (
            _("What it is"),
            {"fields": (("title", "title_lang"), ("publisher_en", "publisher_zh"), "slug", "date")},
        ),
        (_("How far to trust it"), {"fields": (("kind", "reliability"), ("url", "link_ok"))}),
        (_("What it bears out"), {"fields": ("supports",)}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(uses=Count("statements"))

    @admin.display(description=_("statements"), ordering="uses")
    def uses(self, source):
        return source.uses

    def get_object(self, request, object_id, from_field=None):
        """With whoever asks: what a source bears out may be a draft of another territory."""
        source = super().get_object(request, object_id, from_field)
        if source is not None:
            source.asked_by = request.user
        return source

    @admin.display(description=_("statements"))
    def supports(self, source):
        if source.pk is None:
            return "–"
        seen = within(source.statements.select_related("aspect"), source.asked_by)
        rows = with_their_records(seen)
        links = [(change_link(row.record), row.aspect) for row in rows if row.record]
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{} · {}</li>", links)) if links else "–"


@admin.register(Aspect)
class AspectAdmin(KeyedAdmin):
    key_field = "key"
    key_source = "label_en"
    list_display = ("key", "label_en", "label_zh", "kind", "unit", "group", "order", "better", "column")
    list_filter = ("kind", "group", "better", "applies_to")
    search_fields = ("key", "label_en", "label_zh")
    fieldsets = (
        (
            _("What it is"),
            {"fields": (("label_en", "label_zh"), "key", ("kind", "unit"), ("minimum", "better"))},
        ),
        (_("Where it stands"), {"fields": (("group", "order"), "column", "applies_to")}),
    )

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "applies_to":
            types = ContentType.objects.get_for_models(*carrying_models()).values()
            kwargs["queryset"] = ContentType.objects.filter(pk__in=[one.pk for one in types])
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(LoadedRecord)
class LoadedRecordAdmin(StaffAdmin):
    """What the loader last wrote: to be read only."""

    list_display = ("slug", "content_type", "loaded_at")
    list_filter = (("content_type", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("content_type",)
    search_fields = ("slug",)
    date_hierarchy = "loaded_at"
    fields = ("content_type", "slug", "loaded_at", "written")
    readonly_fields = ("written",)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("content"))
    def written(self, loaded):
        return format_html("<pre>{}</pre>", json.dumps(loaded.content, ensure_ascii=False, indent=2))
