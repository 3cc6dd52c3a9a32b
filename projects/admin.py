from django.contrib import admin

from projects.models import Milestone, Project
from records.admin import PartAdmin, RecordAdmin, StaffInline


class MilestoneInline(StaffInline):
    model = Milestone
    fieldsets = ((None, {"fields": (("kind", "date"), ("phase_en", "phase_zh"), ("text_en", "text_zh"))}),)


@admin.register(Project)
class ProjectAdmin(RecordAdmin):
    list_columns = ("kind", "status", "sector", "city", "zone")
    filter_columns = ("kind", "status", "confidence", "sector", "city")
    list_select_related = ("sector", "city", "zone", "changed_by")
    autocomplete_fields = ("sector", "city", "city_guess", "other_cities", "zone", "related")
    inlines = (MilestoneInline,)

    what_fields = (
        ("kind", "sector"),
        ("status", "status_on", "status_is_reading"),
        "confidence",
        ("company_en", "company_zh"),
        ("investors_en", "investors_zh"),
        ("origin_country_en", "origin_country_zh"),
        ("origin_province_en", "origin_province_zh"),
        "related",
    )
    where_fields = (
        ("city", "city_guess"),
        "other_cities",
        ("county_en", "county_zh"),
        "zone",
        ("zone_stated_en", "zone_stated_zh"),
    )
    figure_fields = (("investment_yuan", "investment_basis"),)


@admin.register(Milestone)
class MilestoneAdmin(PartAdmin):
    part_of = "project"
    list_display = ("project", "kind", "date", "phase_en", "phase_zh", "text_en", "text_zh")
    list_filter = ("kind",)
    list_select_related = ("project",)
    search_fields = ("project__name_en", "project__name_zh", "text_en", "text_zh", "date")
    autocomplete_fields = ("project",)
    fieldsets = ((None, {"fields": ("project", *MilestoneInline.fieldsets[0][1]["fields"])}),)
