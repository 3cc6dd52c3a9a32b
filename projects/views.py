from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from listings.exports import Column
from listings.facets import NOT_STATED
from listings.finding import results_of
from listings.views import ExportView, ListingView
from projects.charts import ProjectFigures
from projects.filters import ProjectFilter
from projects.models import Project
from records.views import FactSheetMixin, RecordDetailView, trail
from zones.map import Map
from zones.models import City


class ProjectListView(ListingView):
    filterset_class = ProjectFilter
    template_name = "projects/project_list.html"

    def get_queryset(self):
        return Project.objects.published().for_list()

    def get_context(self, listing):
        return {"map": Map.of_listing(listing)}


@require_safe
def figures(request):
    """Projects counted by sector, status, year and city, and what they are stated to cost."""
    steps = [(_("Projects"), reverse("projects:list")), (_("Projects in figures"), "")]
    return render(
        request,
        "projects/project_figures.html",
        {"breadcrumbs": trail(*steps), "figures": ProjectFigures()},
    )


class ProjectExportView(ExportView):
    """Projects as CSV: sum and status with the dates they hold for and their sources."""

    filterset_class = ProjectFilter
    filename = "projects.csv"
    columns = (
        Column(_("Address"), lambda project: project.slug),
        Column(_("Name (English)"), lambda project: project.name_en),
        Column(_("Name (Chinese)"), lambda project: project.name_zh),
        Column(_("Kind"), lambda project: project.get_kind_display()),
        Column(_("Company"), lambda project: project.company),
        Column(_("City"), lambda project: project.city.name if project.city else None),
        Column(_("County or district"), lambda project: project.county),
        Column(_("Zone"), lambda project: project.public_zone.name if project.public_zone else None),
        Column(_("Zone as stated"), lambda project: project.zone_stated),
        Column(_("Sector"), lambda project: project.sector.name),
        Column(_("Investment, yuan"), lambda project: project.investment_yuan),
        Column(
            _("What the sum covers"),
            lambda project: project.get_investment_basis_display() if project.investment_basis else None,
        ),
        Column(_("Investment as of"), lambda project: project.figure("investment").as_of_code),
        Column(
            _("Source of the investment"),
            lambda project: "; ".join(map(str, project.figure("investment").sources)) or None,
        ),
        Column(_("Status"), lambda project: project.get_status_display()),
        Column(_("Status as of"), lambda project: project.status_on.text if project.status_on else None),
        Column(_("Sources"), lambda project: "; ".join(map(str, project.citations())) or None),
        Column(_("Checked on"), lambda project: project.checked_on),
    )

    def get_queryset(self):
        return Project.objects.published().for_list()


class ProjectDetailView(RecordDetailView):
    """A project: what is stated of it, by whom and of which date."""

    model = Project
    template_name = "projects/project_detail.html"

    def get_queryset(self):
        return (
            Project.objects.select_related("city", "city_guess", "zone__city", "sector")
            .prefetch_related("other_cities", "milestones")
            .with_statements()
        )

    def get_context(self, project):
        place = (project.city.name, project.city.get_absolute_url()) if project.city else None
        steps = [(_("Projects"), reverse("projects:list")), place, (project.name, "")]
        cities = [*filter(None, [project.city]), *project.other_cities.all()]
        return {
            "breadcrumbs": trail(*filter(None, steps)),
            "map": Map.of_cities(City.objects.published(), cities) if cities else None,
            "cities": cities,
            "related": project.related.published().order_by("slug"),
            "groups": project.figure_groups(leave_out=("investment", "status", "remark")),
            "sources": project.sources_with_aspects(),
        }

    def get_alternatives(self, project):
        """Public projects of the same sector and city, for the tombstone of a withdrawn one."""
        city = project.city.slug if project.city else NOT_STATED
        return results_of(Project.objects.published(), sector=project.sector.slug, city=city).rows[:3]


class ProjectFactSheetView(FactSheetMixin, ProjectDetailView):
    """A project on paper."""

    template_name = "projects/project_fact_sheet.html"
    kind = _("Project fact sheet")

    def get_context(self, project):
        context = super().get_context(project)
        return context | {
            "groups": self.groups(project, ("investment", "status", "jobs"), ("remark", "conflict")),
            "cited": [source for source, _labels in context["sources"]],
        }
