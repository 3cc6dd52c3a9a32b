from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listings.exports import Column
from listings.views import ExportView, ListingView
from records.views import RecordDetailView, trail
from zones.filters import ZoneFilter
from zones.models import Zone

SHOWN = 10  # Rows of a list that stands on another record's page; a link leads to all of them.


class ZoneListView(ListingView):
    filterset_class = ZoneFilter
    template_name = "zones/zone_list.html"

    def get_queryset(self):
        return Zone.objects.published().for_list()


class ZoneExportView(ExportView):
    """Zones as CSV: the area with the date it holds for and its source."""

    filterset_class = ZoneFilter
    filename = "zones.csv"
    columns = (
        Column(_("Address"), lambda zone: zone.slug),
        Column(_("Name (English)"), lambda zone: zone.name_en),
        Column(_("Name (Chinese)"), lambda zone: zone.name_zh),
        Column(_("Level"), lambda zone: zone.get_level_display() if zone.level else None),
        Column(_("Type"), lambda zone: zone.get_type_display()),
        Column(_("City"), lambda zone: zone.city.name),
        Column(_("County or district"), lambda zone: zone.county),
        Column(_("Established"), lambda zone: zone.established.text if zone.established else None),
        Column(
            _("Area, km²"), lambda zone: zone.area_km2.normalize().__format__("f") if zone.area_km2 else None
        ),
        Column(_("Kind of area"), lambda zone: zone.get_area_kind_display() if zone.area_kind else None),
        Column(_("Area as of"), lambda zone: zone.figure("area").as_of_code),
        Column(
            _("Source of the area"), lambda zone: "; ".join(map(str, zone.figure("area").sources)) or None
        ),
        Column(
            _("Leading industries"),
            lambda zone: "; ".join(str(item.name) for item in zone.industries.all()) or None,
        ),
        Column(_("GB/T 37028 code"), lambda zone: zone.gbt37028_code),
        Column(_("Statistical division code"), lambda zone: zone.nbs_code),
        Column(_("Latitude"), lambda zone: zone.latitude),
        Column(_("Longitude"), lambda zone: zone.longitude),
        Column(
            _("Coordinates of"),
            lambda zone: zone.get_coordinates_of_display() if zone.coordinates_of else None,
        ),
        Column(_("Checked on"), lambda zone: zone.checked_on),
    )

    def get_queryset(self):
        return Zone.objects.published().for_list()


class ZoneDetailView(RecordDetailView):
    """A zone: what is stated of it, its projects, and what is not known."""

    model = Zone
    template_name = "zones/zone_detail.html"

    def get_queryset(self):
        return (
            Zone.objects.select_related("city", "part_of")
            .prefetch_related("industries", "other_cities")
            .with_statements()
        )

    def get_context(self, zone):
        projects = zone.projects.published().for_list().order_by("-status_on", "slug")
        return {
            "breadcrumbs": trail(
                (_("Zones"), reverse("zones:list")),
                (zone.city.name, zone.city.get_absolute_url()),
                (zone.name, ""),
            ),
            "upper": zone.part_of if zone.part_of and zone.part_of.is_public else None,
            "parts": Zone.objects.published().filter(part_of=zone).order_by("slug"),
            "parks": zone.parks.select_related("record"),
            "relations": zone.relations.filter(other__in=Zone.objects.published()).select_related("other"),
            "projects": projects[:SHOWN],
            "project_count": projects.count(),
            "groups": zone.figure_groups(
                leave_out=("industries", "companies", "transport", "remark", "conflict")
            ),
            "sources": zone.sources_with_aspects(),
        }

    def get_alternatives(self, zone):
        """Public zones of the same city, for the tombstone of a withdrawn one."""
        return Zone.objects.published().filter(city=zone.city).order_by("slug")[:3]
