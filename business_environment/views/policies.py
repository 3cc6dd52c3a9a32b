from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from business_environment.filters import PolicyFilter
from business_environment.models import Policy
from business_environment.views.columns import CHECKED_ON, CITIES, NAMES, SOURCES, joined, yes_or_no
from business_environment.views.section import section_trail
from listings.exports import Column
from listings.views import ExportView, ListingView
from records.views import RecordDetailView


class PolicyListView(ListingView):
    filterset_class = PolicyFilter
    template_name = "business_environment/policy_list.html"

    def get_queryset(self):
        return Policy.objects.published().for_list()

    def get_context(self, listing):
        return {"breadcrumbs": section_trail((_("Policies"), ""))}


class PolicyExportView(ExportView):
    """Policies as CSV: dates as precise as their sources, and where each stands today."""

    filterset_class = PolicyFilter
    filename = "policies.csv"
    columns = (
        *NAMES,
        Column(_("Topic"), lambda policy: policy.get_topic_display()),
        Column(_("Date of issue"), lambda policy: policy.date.text if policy.date else None),
        Column(_("Valid until"), lambda policy: policy.valid_until.text if policy.valid_until else None),
        Column(_("Validity in words"), lambda policy: policy.validity),
        Column(_("Validity today"), lambda policy: policy.standing.label),
        CITIES,
        Column(_("Zones"), lambda policy: joined(zone.name for zone in policy.public_zones)),
        yes_or_no(_("Whole province"), lambda policy: policy.is_of_province),
        Column(_("What it offers (English)"), lambda policy: policy.facts_en),
        Column(_("What it offers (Chinese)"), lambda policy: policy.facts_zh),
        SOURCES,
        CHECKED_ON,
    )

    def get_queryset(self):
        return Policy.objects.published().for_list()


class PolicyDetailView(RecordDetailView):
    """A policy: what it offers, where, from when and until when."""

    model = Policy
    template_name = "business_environment/policy_detail.html"

    def get_queryset(self):
        return Policy.objects.for_list()

    def get_context(self, policy):
        steps = [(_("Policies"), reverse("business_environment:policies")), (policy.name, "")]
        return {
            "breadcrumbs": section_trail(*steps),
            "groups": policy.figure_groups(leave_out=("remark", "conflict")),
            "sources": policy.sources_with_aspects(),
        }

    def get_alternatives(self, policy):
        """Public policies of the same topic, for the tombstone of a withdrawn one."""
        return Policy.objects.published().filter(topic=policy.topic)[:3]
