from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from records.views import trail


def section_trail(*steps):
    """Breadcrumbs of a page of this section: (label, address) of each step; the last has no address."""
    return trail((_("Business environment"), reverse("business_environment:overview")), *steps)


def ledger_url(**chosen):
    """The ledger of procedures, filtered: a value, or a list of values, by the name of the facet."""
    address = reverse("business_environment:ledger")
    return f"{address}?{urlencode(chosen, doseq=True)}" if chosen else address
