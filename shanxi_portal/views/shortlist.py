"""The shortlist: zones and projects that an address names, to keep, print and send. Nothing is stored."""

from urllib.parse import quote, urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from listings.choosing import Choices, choices_of
from listings.exports import Column, csv_response, refusal
from projects.models import Project
from records.selections import Selection
from records.views import trail
from shanxi_portal.context_processors import absolute
from zones.comparison import MOST as MOST_COMPARED
from zones.models import Zone

MOST = 50
KINDS = {"zone": gettext_lazy("Development zone"), "project": gettext_lazy("Project")}


class ShortlistView(View):
    """Zones and projects side by side in the order of the address; withdrawn ones say so in their place."""

    http_method_names = ["get", "head", "options"]
    boxes = ("find_zone", "find_project")

    def get(self, request):
        kinds = {"zone": Zone.objects.for_list(), "project": Project.objects.for_list()}
        return self.respond(
            request, Selection(request, kinds, most=MOST, boxes=self.boxes, keep_withdrawn=True)
        )

    def respond(self, request, selection):
        zones, projects = selection.records("zone"), selection.records("project")
        address = absolute(request, f"{request.path}?{selection.query()}")
        context = {
            "selection": selection,
            "zones": zones,
            "projects": projects,
            # (what is shown, the address without it)
            "entries": [(one, f"{request.path}?{selection.query(without=one)}") for one in selection.shown],
            "withdrawn_count": sum(one.is_withdrawn for one in selection.shown),
            "address": address,
            "mail_url": _mail(address),
            "tidy_url": f"{request.path}?{selection.query()}",
            "hidden": selection.pairs(),
            "export_url": f"{reverse('shortlist-export')}?{selection.query()}",
            "compare_url": _compare_url(zones),
            "most_compared": MOST_COMPARED,
            **self._choices(selection, zones, projects),
            "breadcrumbs": trail((_("Shortlist"), "")),
        }
        refused = (
            selection.is_refused or context["zone_choices"].problem or context["project_choices"].problem
        )
        return render(request, "shortlist.html", context, status=400 if refused else 200)

    def _choices(self, selection, zones, projects):
        """What may be added."""
        if not selection.has_room:
            return {"zone_choices": Choices(), "project_choices": Choices()}
        return {
            "zone_choices": choices_of(
                Zone.objects.published().by_city(), selection.typed("find_zone"), without=zones
            ),
            "project_choices": choices_of(
                Project.objects.published().by_city(), selection.typed("find_project"), without=projects
            ),
        }


class ShortlistExportView(ShortlistView):
    """The records of the same address as one file, zones and projects with the same columns."""

    boxes = ()

    def respond(self, request, selection):
        refused = selection.refusals()
        if refused:
            return refusal(refused, _("This shortlist cannot be made into a file."))
        columns = [
            *COLUMNS,
            Column(gettext_lazy("Web address"), lambda one: absolute(request, one.record.get_absolute_url())),
        ]
        return csv_response(columns, selection.shown, "shortlist.csv")


def _mail(address):
    """A letter without a recipient that holds the address."""
    fields = {"subject": _("Shortlist: Invest Shanxi"), "body": address}
    return f"mailto:?{urlencode(fields, quote_via=quote)}"


def _compare_url(zones):
    """The comparison of the zones, where there are neither too few nor too many."""
    if not 2 <= len(zones) <= MOST_COMPARED:
        return ""
    return f"{reverse('zones:compare')}?{urlencode([('zone', zone.slug) for zone in zones])}"


def _shown(read):
    """A column of what is public; a withdrawn record has its name, the day and the reason."""
    return lambda one: None if one.is_withdrawn else read(one)


def _key_figure(one):
    """What one asks first: the area of a zone, the sum of a project."""
    return one.record.area if one.parameter == "zone" else one.record.investment


def _covers(one):
    """What the key figure is of: the kind of area, the basis of the sum."""
    zone = one.parameter == "zone"
    known = one.record.area_kind if zone else one.record.investment_basis
    if not known:
        return None
    return one.record.get_area_kind_display() if zone else one.record.get_investment_basis_display()


COLUMNS = (
    Column(gettext_lazy("Kind"), lambda one: KINDS[one.parameter]),
    Column(gettext_lazy("Address"), lambda one: one.slug),
    Column(gettext_lazy("Name (English)"), lambda one: one.record.name_en),
    Column(gettext_lazy("Name (Chinese)"), lambda one: one.record.name_zh),
    Column(gettext_lazy("City"), _shown(lambda one: one.record.city.name if one.record.city else None)),
    Column(
        gettext_lazy("Key figure"),
        _shown(lambda one: _("Area") if one.parameter == "zone" else _("Investment")),
    ),
    Column(gettext_lazy("Value"), _shown(lambda one: _key_figure(one).value or None)),
    Column(gettext_lazy("What it covers"), _shown(_covers)),
    Column(gettext_lazy("As of"), _shown(lambda one: _key_figure(one).as_of_code)),
    Column(gettext_lazy("Source"), _shown(lambda one: "; ".join(map(str, _key_figure(one).sources)) or None)),
    Column(gettext_lazy("Withdrawn on"), lambda one: one.record.withdrawn_on),
    Column(gettext_lazy("Reason"), lambda one: one.record.withdrawn_reason if one.is_withdrawn else None),
)
