"""Records that name the cities and zones which they are about."""

from django.db.models import Exists, OuterRef, Q

from records.models import NOWHERE, Record
from zones.models import Zone


class OfPlaces(Record):
    """Abstract: a record about the places that it names, or about the whole province where it names none.

    It lies in somebody's territory only if that holds every one of these places.
    """

    territory_fields = ("cities",)

    class Meta(Record.Meta):
        abstract = True

    @classmethod
    def lies_in(cls, territories):
        """Those that name places, and none outside; costs and indicators name no zones."""
        fields = {name: cls._meta.get_field(name) for name in cls.territory_fields}
        if not territories.cities and not (territories.zones and "zones" in fields):
            return NOWHERE
        named, outside = Q(), Q()
        for field in fields.values():
            links = field.remote_field.through.objects.filter(**{field.m2m_field_name(): OuterRef("pk")})
            named |= Q(Exists(links))
            outside |= Q(Exists(links.exclude(_held_by(field, territories))))
        return named & ~outside

    def would_lie_in(self, territories, places):
        return bool(places) and all(place.is_in(territories) for place in places)


def _held_by(field, territories):
    """Condition for the links of a many-to-many field whose city or zone is held."""
    name = field.m2m_reverse_field_name()
    if field.related_model is Zone:
        return Q(**{f"{name}__in": territories.zones}) | Q(**{f"{name}__city__in": territories.cities})
    return Q(**{f"{name}__in": territories.cities})
