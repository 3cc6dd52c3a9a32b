from django.contrib import admin

from records.admin import CarriesStatements, KeyedAdmin, PartAdmin, RecordAdmin, StaffInline
from zones.models import City, Industry, Park, Region, Zone, ZoneRelation


class ParkInline(StaffInline):
    model = Park
    fk_name = "zone"
    autocomplete_fields = ("record",)
    fieldsets = (
        (None, {"fields": (("name_en", "name_zh"), ("nbs_code", "record"), ("note_en", "note_zh"))}),
    )


class ZoneRelationInline(StaffInline):
    model = ZoneRelation
    fk_name = "zone"
    autocomplete_fields = ("other",)
    fieldsets = ((None, {"fields": (("other", "confirmed"), ("words_en", "words_zh"))}),)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("zone", "other")


@admin.register(Zone)
class ZoneAdmin(RecordAdmin):
    list_columns = ("level", "type", "city")
    filter_columns = ("level", "type", "city", "industries")
    list_select_related = ("city", "changed_by")
    autocomplete_fields = ("city", "other_cities", "part_of", "industries")
    inlines = (ParkInline, ZoneRelationInline)

    what_fields = (
        ("level", "level_guess"),
        "type",
        "other_names",
        ("established", "upgraded"),
        "industries",
        ("gbt37028_code", "gbt37028_name"),
        ("nbs_code", "catalogue_code"),
        "website",
        ("contact_name_en", "contact_name_zh"),
        ("contact_phone", "contact_email"),
    )
    where_fields = (
        ("city", "other_cities"),
        ("county_en", "county_zh"),
        ("also_in_en", "also_in_zh"),
        "part_of",
        ("latitude", "longitude", "coordinates_of"),
    )
    figure_fields = (("area_km2", "area_kind"),)
    text_fields = (("standing_en", "standing_zh"), ("level_note_en", "level_note_zh"))


@admin.register(Park)
class ParkAdmin(PartAdmin):
    part_of = "zone"
    list_display = ("name_en", "name_zh", "zone", "nbs_code", "record")
    list_display_links = ("name_en", "name_zh")
    list_filter = (("record", admin.EmptyFieldListFilter),)
    list_select_related = ("zone", "record")
    search_fields = ("name_en", "name_zh", "nbs_code", "zone__name_en", "zone__name_zh")
    autocomplete_fields = ("zone", "record")
    fieldsets = ((None, {"fields": ("zone", *ParkInline.fieldsets[0][1]["fields"])}),)


@admin.register(ZoneRelation)
class ZoneRelationAdmin(PartAdmin):
    part_of = "zone"
    list_display = ("zone", "other", "words_en", "words_zh", "confirmed")
    list_filter = ("confirmed",)
    list_select_related = ("zone", "other")
    search_fields = (
        "zone__name_en",
        "zone__name_zh",
        "other__name_en",
        "other__name_zh",
        "words_en",
        "words_zh",
    )
    autocomplete_fields = ("zone", "other")
    fieldsets = ((None, {"fields": ("zone", *ZoneRelationInline.fieldsets[0][1]["fields"])}),)


@admin.register(Region)
class RegionAdmin(RecordAdmin):
    filter_columns = ("cities",)
    autocomplete_fields = ("cities",)
    where_fields = ("cities",)


@admin.register(City)
class CityAdmin(CarriesStatements, KeyedAdmin):
    list_display = ("name_en", "name_zh", "slug", "other_spellings", "order", "latitude", "longitude")
    search_fields = ("slug", *City.search_fields)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name_en", "name_zh"),
                    "slug",
                    "other_spellings",
                    "order",
                    ("latitude", "longitude"),
                )
            },
        ),
    )


@admin.register(Industry)
class IndustryAdmin(KeyedAdmin):
    list_display = ("name_en", "name_zh", "slug", "order", "is_active")
    list_filter = ("is_active",)
    search_fields = ("slug", *Industry.search_fields)
    fieldsets = ((None, {"fields": (("name_en", "name_zh"), "slug", ("order", "is_active"))}),)
