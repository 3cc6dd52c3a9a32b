"""The model field for dates that are known in part, and what it can mean in SQL."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Cast, Concat, StrIndex, Substr
from django.db.models.lookups import In, LessThan
from django.utils.translation import gettext_lazy as _

from records.dates import PartialDate


def _parse(value):
    if value in (None, ""):
        return None
    if isinstance(value, PartialDate):
        return value
    try:
        return PartialDate.parse(value)
    except ValueError:
        raise ValidationError(
            _(
                "“%(value)s” is no date. Write 2021, 2021-03, 2021-03-06, 2022-Q3, 2022-H2, "
                "2020-01/2020-04, ../2006 or 2018~."
            ),
            code="invalid",
            params={"value": value},
        ) from None


class PartialDateFormField(forms.CharField):
    """A text box that takes a year, month, day, quarter, half-year or period."""

    def to_python(self, value):
        return _parse(super().to_python(value))

    def prepare_value(self, value):
        return value.text if isinstance(value, PartialDate) else value


class PartialDateField(models.CharField):
    """Stores a `records.dates.PartialDate` as its short text; null is unknown."""

    description = _("Date known to the year, month or day")

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 24
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        kwargs["null"], kwargs["blank"] = self.null, self.blank
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection):
        return None if value in (None, "") else PartialDate(value)

    def to_python(self, value):
        return _parse(value)

    def get_prep_value(self, value):
        return value.text if isinstance(value, PartialDate) else value or None

    def value_to_string(self, obj):
        value = self.value_from_object(obj)
        return value.text if value else ""

    def run_validators(self, value):
        super().run_validators(value.text if isinstance(value, PartialDate) else value)

    def formfield(self, **kwargs):
        # What the field holds is a date by then, which has no length to check.
        return super().formfield(
            **{"form_class": PartialDateFormField, "empty_value": None, "max_length": None, **kwargs}
        )


# Partial dates in SQL. As texts they sort by time to the precision they have, so a day is compared with them:
# only where a text begins like the day, or is a quarter or half of its year, more has to be known.

_PARTS = {"Q1": (1, 3), "Q2": (4, 6), "Q3": (7, 9), "Q4": (10, 12), "H1": (1, 6), "H2": (7, 12)}


def begins_after(name, day):
    """Condition for rows whose partial date cannot mean a day up to this one: `first_day` lies after it.

    Not for "before 2006", which has no first day, nor where the column is null.
    """
    year, month, _day = day.isoformat().split("-")
    begun = [year, f"{year}-{month}", day.isoformat()]
    begun += [f"{year}-{part}" for part, (first, _last) in _PARTS.items() if first <= day.month]
    # A period or an "about" is longer than its first point, and so is a date within a point that has begun.
    known = Q(**{f"{name}__in": begun})
    for point in begun:
        known |= Q(**{f"{name}__startswith": f"{point}/"}) | Q(**{f"{name}__startswith": f"{point}~"})
    return Q(**{f"{name}__gt": day.isoformat()}) & ~known


def ends_before(name, day):
    """Condition for rows whose partial date cannot mean this day or a later one: `last_day` lies before it.

    Not where the column is null.
    """
    end, year = _end(name), str(day.year)
    open_still = [year, day.isoformat()[:7]]
    ended = [f"{year}-{part}" for part, (_first, last) in _PARTS.items() if last < day.month]
    ended += [f"{point}~" for point in ended]
    before = Q(LessThan(end, Value(day.isoformat()))) & ~Q(In(end, open_still))
    return before | Q(In(end, ended)) if ended else before


def _end(name):
    """SQL for the last point of a partial date; it is no date to the database any more."""
    text = Cast(name, models.CharField())
    return Substr(text, StrIndex(text, Value("/")) + 1)


def last_point(name):
    """SQL by which rows are sorted by the end of a partial date: a year lies after all of its days."""
    return Concat(_end(name), Value("~"), output_field=models.CharField())
