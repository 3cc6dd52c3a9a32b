"""What of the business environment reaches a place: a zone, a city, a region.

A policy for certain zones reaches these and no others; one for cities reaches them and the zones that lie in
them; one that names neither holds in the whole province, and so does a reform of approvals. Costs, transport
and cases reach a zone by its city, cases also by the zone itself. Only what the public may see is told: a
zone that it may not see counts as not named, and a policy for such zones alone reaches no place.
"""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from business_environment.models import Cost, Policy, Reform, ReformCase, TransportLink
from zones.filters import PlaceFacet
from zones.models import Zone

# How near a policy is to the place: the nearest come first.
_ZONE, _CITY, _PROVINCE = range(3)


@dataclass
class ReachingPolicy:
    """A policy and why it reaches the place: in words, or by the public zones that it is for."""

    policy: Policy
    nearness: int
    why: str = ""
    zones: list = field(default_factory=list)

    @property
    def has_lapsed(self):
        return self.policy.standing == Policy.Standing.LAPSED


class Reach:
    """What reaches one zone, or some cities together. Each part is fetched when a template first reads it.

    The number of queries does not depend on how much there is: policies take three, cases four, costs and
    transport links two each and reforms one.
    """

    def __init__(self, cities, zone=None, *, with_zones=False):
        self.cities = list(cities)
        self.zone = zone
        self.with_zones = with_zones

    @classmethod
    def of_zone(cls, zone):
        """What reaches a zone that the public may see, and the cities it lies in."""
        return cls([zone.city, *zone.other_cities.all()], zone)

    @classmethod
    def of_cities(cls, cities):
        """What reaches any of these cities, or zones in them; of none, what holds in the whole province."""
        return cls(cities, with_zones=True)

    @classmethod
    def within(cls, cities):
        """What reaches something that lies in these cities, in no zone that is known."""
        return cls(cities)

    @cached_property
    def policies(self):
        """What is or may be in force first, then the nearest, then the latest. Three queries."""
        found = Policy.objects.published().filter(self._reaching()).prefetch_related("cities", "zones")
        reaching = [self._reason(policy) for policy in found]
        return sorted(reaching, key=lambda one: (one.has_lapsed, one.nearness))

    def _reaching(self):
        of_zones, of_cities = Policy.zones.through.objects, Policy.cities.through.objects
        in_cities = Q(pk__in=of_cities.filter(city__in=self.cities).values("policy"))
        of_no_zone = ~Q(pk__in=of_zones.filter(zone__in=Zone.objects.published()).values("policy"))
        named = Q(pk__in=of_cities.values("policy")) | Q(pk__in=of_zones.values("policy"))
        of_province = ~named
        if self.with_zones:
            of_zones_here = Q(pk__in=of_zones.filter(zone__in=self._zones_here()).values("policy"))
            return of_zones_here | in_cities | of_province
        of_this_zone = Q(pk__in=of_zones.filter(zone=self.zone).values("policy"))
        return of_this_zone | (of_no_zone & in_cities) | of_province

    def _zones_here(self):
        """The public zones of the cities."""
        return Zone.objects.published().filter(Q(city__in=self.cities) | Q(other_cities__in=self.cities))

    def _reason(self, policy):
        zones = policy.public_zones
        if zones:
            return ReachingPolicy(policy, _ZONE, _("for this zone") if self.zone else "", zones)
        names = [city.name for city in policy.cities.all() if city in self.cities]
        if names:
            return ReachingPolicy(policy, _CITY, _("for %(places)s") % {"places": _(", ").join(names)})
        return ReachingPolicy(policy, _PROVINCE, _("for the whole province"))

    @cached_property
    def reforms(self):
        """Reforms of approvals: they hold in the whole province. One query."""
        return list(Reform.objects.published())

    @cached_property
    def cases(self):
        """Cases about the zone, then about the cities, with their sources and public zones. Four queries."""
        of_zones, of_cities = ReformCase.zones.through.objects, ReformCase.cities.through.objects
        zones = [self.zone] if self.zone else self._zones_here()
        about = Q(pk__in=of_cities.filter(city__in=self.cities).values("reformcase"))
        about |= Q(pk__in=of_zones.filter(zone__in=zones).values("reformcase"))
        found = (
            ReformCase.objects.published()
            .filter(about, kind=ReformCase.Kind.CASE)
            .prefetch_related("cities", Prefetch("zones", Zone.objects.published().order_by("slug")))
            .with_statements()
        )
        return sorted(found, key=lambda case: self.zone not in case.zones.all())

    @cached_property
    def transport_links(self):
        """(link, what is stated of it first: its time, length or traffic, or None). Two queries."""
        links = self._in_cities(TransportLink)
        return [
            (link, next((row for _label, rows in link.stated_groups for row in rows), None)) for link in links
        ]

    @cached_property
    def costs(self):
        """Costs of the cities. Two queries."""
        return list(self._in_cities(Cost))

    def _in_cities(self, model):
        """Public rows that name any of the cities, each once."""
        rows = model.cities.through.objects.filter(city__in=self.cities)
        return model.objects.published().filter(pk__in=rows.values(model._meta.model_name)).with_statements()

    @property
    def place(self):
        """The zone, else the first city, whose page tells all of this; None where there is neither."""
        return self.zone or next(iter(self.cities), None)

    @property
    def city_names(self):
        """The names of the cities in one text; empty without any."""
        return _(", ").join(city.name for city in self.cities)

    @property
    def policies_url(self):
        """All policies of these cities and of the province."""
        return self._list("policies", [*(city.slug for city in self.cities), PlaceFacet.PROVINCE])

    @property
    def transport_url(self):
        """The transport links of these cities."""
        return self._list("transport", [city.slug for city in self.cities])

    @property
    def costs_url(self):
        """The costs of these cities."""
        return self._list("costs", [city.slug for city in self.cities])

    @property
    def indicators_url(self):
        """The indicators of these cities."""
        return self._list("indicators", [city.slug for city in self.cities])

    def _list(self, name, places):
        query = urlencode({"place": places}, doseq=True)
        address = reverse(f"business_environment:{name}")
        return f"{address}?{query}" if query else address
