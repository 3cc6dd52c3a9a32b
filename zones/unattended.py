"""Territories with public records that nobody keeps."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import ngettext

from zones.models import City, Territory, Zone

STAFF = ("editors", "publishers")


@dataclass(frozen=True)
class Unattended:
    """A city without an editor of its own, and those of its public zones that have none either."""

    city: City
    zones: tuple

    def __str__(self):
        if not self.zones:
            return str(self.city)
        text = ngettext("%(city)s and %(count)d zone", "%(city)s and %(count)d zones", len(self.zones))
        return text % {"city": self.city, "count": len(self.zones)}


def keepers():
    """The territories of those who can work: active staff in a group, or administrators; see `unattended`."""
    able = Q(user__is_superuser=True) | Q(user__groups__name__in=STAFF)
    return Territory.objects.filter(able, user__is_active=True, user__is_staff=True)


def unattended():
    """Each city with public zones that has no active editor, in the order of the cities: two queries.

    Who keeps the whole province does not count: it is they, and administrators, who have to find somebody. A
    zone is kept by its own editor or that of its city, so only zones of cities named here can be without one.
    """
    zones = Zone.objects.published().by_city()
    zones = zones.exclude(Exists(keepers().filter(city=OuterRef("city"))))
    kept = set(keepers().exclude(zone=None).values_list("zone", flat=True))
    by_city = {}
    for zone in zones:
        by_city.setdefault(zone.city, []).append(zone)
    return [
        Unattended(city, tuple(zone for zone in inside if zone.pk not in kept))
        for city, inside in by_city.items()
    ]


def left_alone(before, after):
    """In words, what is without an editor in `after` and was not in `before`, both from `unattended`.

    A city stands for its zones.
    """
    zones = {one.city: set(one.zones) for one in before}
    named = []
    for one in after:
        if one.city in zones:
            named += [str(zone) for zone in one.zones if zone not in zones[one.city]]
        else:
            named.append(str(one.city))
    return named


def province_is_unattended():
    """Whether nobody but administrators keeps the whole province, and with it reforms and procedures."""
    return not keepers().filter(province=True).exists()
