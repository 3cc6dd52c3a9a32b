"""What tests of checks share: aspects as the vocabulary has them, statements, and what a check finds."""

from django.contrib.contenttypes.models import ContentType

from records.models import Aspect
from tests.factories import make_aspect, make_statement

COLUMNS = {
    "level": "level",
    "established": "established",
    "upgraded": "upgraded",
    "area": "area_km2",
    "status": "status",
    "investment": "investment_yuan",
}
KINDS = {
    "level": "choice",
    "status": "choice",
    "established": "date",
    "upgraded": "date",
    "conflict": "text",
    "whole": "citation",
}
UNITS = {"area": "km2", "area-inside": "km2", "land": "m2", "investment": "yuan", "travel-time": "minutes"}


def aspect_of(key, model):
    """The aspect of this key, made as the vocabulary has it, that can be stated of this kind of record."""
    aspect = Aspect.objects.filter(key=key).first() or make_aspect(
        key=key, kind=KINDS.get(key, "number"), unit=UNITS.get(key, ""), column=COLUMNS.get(key, "")
    )
    aspect.applies_to.add(ContentType.objects.get_for_model(model))
    return aspect


def state(record, key, **values):
    """A statement on the aspect of this key, adopted unless it says otherwise."""
    return make_statement(record, aspect=aspect_of(key, type(record)), **values)


def found(check):
    """(address of the record, message) of all that a check finds, in order."""
    rows = sorted(check.everything(), key=lambda row: (str(_address(row.record)), row.subject))
    return [(_address(row.record), check.message_for(row.facts)) for row in rows]


def _address(record):
    return getattr(record, "slug", None) or getattr(record, "key", None) or record.pk
