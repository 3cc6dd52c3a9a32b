"""Checks of zones and places: their areas, points, dates and names."""

from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from records.checks import Checks, Row, Severity
from records.checks.statements import statements_about, with_records
from records.checks.words import aspect, both, date, name, number, plain
from records.models import State
from records.units import Unit
from zones.alike import alike
from zones.map.outline import RINGS, is_near
from zones.models import City, Zone, ZoneRelation

CHECKS = Checks()

# Borders of the drawing are right to a tenth of a degree; a point is as far off where a zone lies on one.
TOLERANCE = 0.2  # degrees
_DEVELOPED = Zone.AreaKind.DEVELOPED


def _km2(value):
    return number(value, Unit.KM2)


@CHECKS.add(
    "area-available-above-total",
    of=[Zone],
    severity=Severity.ERROR,
    title=_("Area available, built or inside above the total"),
    message=_("%(aspect)s: %(part)s, and the whole zone has %(whole)s."),
)
def area_above_total(zones):
    """Any area of the vocabulary whose key begins with "area-" is of a part of the zone, and so no larger.

    Areas that are said to be developed are no total.
    """
    whole = Zone.objects.filter(pk=OuterRef("object_id")).exclude(area_kind=_DEVELOPED)
    parts = statements_about(zones).filter(adopted=True, aspect__key__startswith="area-")
    parts = parts.annotate(whole=Subquery(whole.values("area_km2")[:1])).filter(number__gt=F("whole"))
    for zone, part in with_records(zones, parts):
        facts = {"aspect": aspect(part.aspect), "part": _km2(part.number), "whole": _km2(zone.area_km2)}
        yield Row(zone, facts, f"{part.aspect.key} {part.position}", part)


@CHECKS.add(
    "zone-larger-than-whole",
    of=[Zone],
    severity=Severity.ERROR,
    title=_("A part is larger than the whole"),
    message=_("It has %(part)s and is part of %(whole)s, which has %(area)s."),
)
def zone_larger_than_whole(zones):
    """A zone that is part of another one, or a park of it, and has more land than that."""
    larger = Q(area_km2__gt=F("part_of__area_km2")) & ~Q(part_of__area_kind=_DEVELOPED)
    own = Q(pk__in=zones.order_by().values("pk"))
    upper = Q(part_of__in=zones.order_by().values("pk"))
    found = Zone.objects.filter(larger, own | upper).exclude(state=State.WITHDRAWN).select_related("part_of")
    for zone in found.order_by("pk"):
        whole = zone.part_of
        facts = {"part": _km2(zone.area_km2), "whole": name(whole), "area": _km2(whole.area_km2)}
        yield Row(zone, facts, other=whole)


def _with_points(rows):
    return rows.filter(latitude__isnull=False, longitude__isnull=False)


def _point(row):
    return {"latitude": plain(row.latitude.normalize()), "longitude": plain(row.longitude.normalize())}


def _in_province(longitude, latitude):
    return any(is_near(city, longitude, latitude, TOLERANCE) for city in RINGS)


@CHECKS.add(
    "point-swapped",
    of=[Zone, City],
    severity=Severity.ERROR,
    title=_("Latitude and longitude are swapped"),
    message=_("%(latitude)s, %(longitude)s lies outside Shanxi, and inside it the other way round."),
)
def point_swapped(rows):
    """A point outside the province that lies in it when read the other way round."""
    for row in _with_points(rows):
        latitude, longitude = row.latitude, row.longitude
        if _in_province(latitude, longitude) and not _in_province(longitude, latitude):
            yield Row(row, _point(row))


@CHECKS.add(
    "point-outside",
    of=[Zone, City],
    severity=Severity.ERROR,
    title=_("A point outside the province"),
    message=_("%(latitude)s, %(longitude)s lies outside Shanxi."),
)
def point_outside(rows):
    """A point outside the province whichever way it is read."""
    for row in _with_points(rows):
        latitude, longitude = row.latitude, row.longitude
        if not _in_province(longitude, latitude) and not _in_province(latitude, longitude):
            yield Row(row, _point(row))


@CHECKS.add(
    "point-outside-city",
    of=[Zone],
    severity=Severity.WARNING,
    title=_("A point outside its city"),
    message=_("%(latitude)s, %(longitude)s lies in Shanxi, and not in %(city)s."),
)
def point_outside_city(zones):
    """A point in the province and in none of the cities that the zone names: it may be of a namesake."""
    for zone in _with_points(zones).select_related("city").prefetch_related("other_cities"):
        cities = [city.slug for city in (zone.city, *zone.other_cities.all()) if city.slug in RINGS]
        inside = any(is_near(city, zone.longitude, zone.latitude, TOLERANCE) for city in cities)
        if cities and not inside and _in_province(zone.longitude, zone.latitude):
            yield Row(zone, _point(zone) | {"city": name(zone.city)})


@CHECKS.add(
    "upgraded-before-established",
    of=[Zone],
    severity=Severity.ERROR,
    title=_("Raised to national level before it was established"),
    message=_("It was raised to national level in %(upgraded)s and established in %(established)s."),
)
def upgraded_before_established(zones):
    """No day that the one can mean comes after any day that the other can mean."""
    for zone in zones.filter(established__isnull=False, upgraded__isnull=False):
        first = zone.established.first_day
        if first and zone.upgraded.last_day < first:
            facts = {"upgraded": date(zone.upgraded), "established": date(zone.established)}
            yield Row(zone, facts)


@CHECKS.add(
    "level-not-stated",
    of=[Zone],
    severity=Severity.NOTE,
    title=_("Level not stated"),
    message=_("No source has been found that states its level."),
)
def level_not_stated(zones):
    """Zones whose level readers see as “not stated”."""
    for zone in zones.filter(level__isnull=True):
        yield Row(zone)


@CHECKS.add(
    "zone-twice",
    of=[Zone],
    severity=Severity.WARNING,
    title=_("The same zone twice?"),
    message=_("%(other)s has the same %(what)s: %(value)s."),
)
def zone_twice(zones):
    """Two zones with one name, written alike or read alike, or with one code. Told of the one made later."""
    for later, earlier, what, value in alike(zones):
        facts = {"other": name(earlier), "what": what, "value": plain(value)}
        yield Row(later, facts, f"{earlier.pk}", other=earlier)


@CHECKS.add(
    "relation-unconfirmed",
    of=[Zone],
    severity=Severity.NOTE,
    title=_("Perhaps the same zone under another name"),
    message=_("It and %(other)s: %(words)s. No source confirms it."),
)
def relation_unconfirmed(zones):
    """Two zones that an editor has related, and that may be one place under an old and a new name."""
    keys = zones.order_by().values("pk")
    relations = ZoneRelation.objects.filter(Q(zone__in=keys) | Q(other__in=keys), confirmed=False)
    relations = relations.exclude(zone__state=State.WITHDRAWN).exclude(other__state=State.WITHDRAWN)
    for one in relations.select_related("zone", "other").order_by("pk"):
        facts = {"other": name(one.other), "words": both(one.words_en, one.words_zh)}
        yield Row(one.zone, facts, f"{one.other_id}", other=one.other)
