from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from listings.choosing import Choices, choices_of
from listings.exports import Column, csv_response, refusal
from listings.finding import results_of
from listings.views import ExportView, ListingView
from records.selections import Selection
from records.views import FactSheetMixin, RecordDetailView, trail
from zones.comparison import MOST, Comparison
from zones.filters import ZoneFilter
from zones.map import Map
from zones.models import City, Zone

# Aspects that pages of a zone list in parts of their own.
LISTED_APART = ("industries", "companies", "transport", "remark", "conflict")
SHOWN = 10  # Rows of a list that stands on another record's page; a link leads to all of them.


class ZoneListView(ListingView):
    filterset_class = ZoneFilter
    template_name = "zones/zone_list.html"

    def get_queryset(self):
        return Zone.objects.published().for_list()

    def get_context(self, listing):
        return {"map": Map.of_listing(listing, listing.page.object_list)}


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
        projects = zone.projects.model.objects.published().for_list()
        listed = results_of(projects, zone=zone.slug)
        return {
            "breadcrumbs": trail(
                (_("Zones"), reverse("zones:list")),
                (zone.city.name, zone.city.get_absolute_url()),
                (zone.name, ""),
            ),
            "map": Map.of_zone(City.objects.published(), zone),
            "upper": zone.part_of if zone.part_of and zone.part_of.is_public else None,
            "parts": Zone.objects.published().filter(part_of=zone).order_by("slug"),
            "parks": zone.parks.select_related("record"),
            "relations": zone.relations.filter(other__in=Zone.objects.published()).select_related("other"),
            "projects": listed.rows[:SHOWN],
            "project_count": listed.total(),
            "groups": zone.figure_groups(leave_out=LISTED_APART),
            "sources": zone.sources_with_aspects(),
        }

    def get_alternatives(self, zone):
        """Public zones of the same city, for the tombstone of a withdrawn one."""
        return Zone.objects.published().filter(city=zone.city).order_by("slug")[:3]


class ComparisonView(View):
    """Up to five public zones side by side, as the address names them: `?zone=a&zone=b`."""

    http_method_names = ["get", "head", "options"]
    boxes = ("find_zone",)

    def get(self, request):
        selection = Selection(
            request,
            {"zone": Zone.objects.for_comparison()},
            most=MOST,
            switches=("differences",),
            boxes=self.boxes,
        )
        zones = selection.records("zone")
        comparison = Comparison(zones, only_differences="differences" in selection.switched_on)
        return self.respond(request, selection, comparison)

    def respond(self, request, selection, comparison):
        path = request.path
        context = {
            "selection": selection,
            "comparison": comparison,
            # Each zone with the address of the same page without it.
            "columns": [(one.record, f"{path}?{selection.query(without=one)}") for one in selection.shown],
            "tidy_url": f"{path}?{selection.query()}",
            "hidden": selection.pairs(),
            "all_url": f"{path}?{selection.query(switches=())}",
            "differences_url": f"{path}?{selection.query(switches=('differences',))}",
            "export_url": f"{reverse('zones:compare-export')}?{selection.query()}",
            "shortlist_query": selection.query(switches=()),
            "choices": self._choices(selection, comparison.zones),
            "breadcrumbs": trail((_("Zones"), reverse("zones:list")), (_("Compare zones"), "")),
        }
        status = 400 if selection.is_refused or context["choices"].problem else 200
        return render(request, "zones/compare.html", context, status=status)

    def _choices(self, selection, zones):
        """What may be added."""
        if not selection.has_room:
            return Choices()
        return choices_of(Zone.objects.published().by_city(), selection.typed("find_zone"), without=zones)


class ComparisonExportView(ComparisonView):
    """The table of the same address as CSV; refused where the file would lack a zone that is named."""

    boxes = ()

    def respond(self, request, selection, comparison):
        refused = selection.refusals()
        if refused:
            return refusal(refused, gettext("This comparison cannot be made into a file."))
        columns = [
            Column(_("Group"), lambda line: line[0]),
            Column(_("Row"), lambda line: line[1].label),
            *(
                column
                for position, zone in enumerate(comparison.zones)
                for column in _columns(position, zone)
            ),
        ]
        lines = [(label, row) for label, rows in comparison.groups for row in rows]
        return csv_response(columns, lines, "zone-comparison.csv")


def _columns(position, zone):
    """Value, date and source of one zone in each row."""
    name = zone.name

    def of(part):
        return lambda line: "; ".join(dict.fromkeys(filter(None, part(line[1].cells[position])))) or None

    def headed(part):
        return gettext("%(label)s: %(text)s") % {"label": name, "text": part}

    return (
        Column(name, of(lambda cell: cell.texts)),
        Column(headed(gettext("as of")), of(lambda cell: [one.as_of_code for one in cell.figures])),
        Column(
            headed(gettext("source")),
            of(lambda cell: [str(source) for one in cell.figures for source in one.sources]),
        ),
    )


class ZoneFactSheetView(FactSheetMixin, ZoneDetailView):
    """A zone on paper: what matters most of it, and how much more its page has."""

    template_name = "zones/zone_fact_sheet.html"
    kind = _("Zone fact sheet")
    companies_shown, projects_shown = 10, 8

    def get_context(self, zone):
        context = super().get_context(zone)
        companies = zone.companies_stated
        projects = list(context["projects"])[: self.projects_shown]
        cited = [source for source, _labels in context["sources"]]
        for project in projects:
            cited += filter(None, [project.investment.first_source, project.progress.first_source])
        return context | {
            "groups": self.groups(zone, ("area", "level", "established"), LISTED_APART),
            "companies": companies[: self.companies_shown],
            "more_companies": max(len(companies) - self.companies_shown, 0),
            "projects": projects,
            "more_projects": context["project_count"] - len(projects),
            "cited": list(dict.fromkeys(cited)),
        }
