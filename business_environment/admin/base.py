"""What the admin pages of this app share."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from records.admin import DeletedWithDraft, RecordAdmin, StaffInline


class PartInline(DeletedWithDraft, StaffInline):
    """A part of a record on the record's page; its statements are on its own, one link away."""

    show_change_link = True


class OfCitiesAdmin(RecordAdmin):
    """A record about some cities, or about the whole province where none is named."""

    filter_columns = ("cities",)
    autocomplete_fields = ("cities",)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("cities")

    @admin.display(description=_("cities"))
    def city_names(self, record):
        return ", ".join(str(city) for city in record.cities.all()) or "–"
