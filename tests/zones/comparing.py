"""What tests of the comparison share: how zones are compared, and how its page is asked for."""

from zones.comparison import Comparison
from zones.models import Zone

ADDRESS = "/en/zones/compare/"


def compare(*zones, only_differences=False):
    """The comparison of these zones, fetched as the page fetches them."""
    rows = Zone.objects.for_comparison().in_bulk([zone.pk for zone in zones])
    return Comparison([rows[zone.pk] for zone in zones], only_differences=only_differences)


def row(comparison, label):
    return next(one for _label, rows in comparison.groups for one in rows if one.label == label)


def get(client, **query):
    return client.get(ADDRESS, query)


def columns(response):
    return [zone.slug for zone, _url in response.context["columns"]]
