"""Model fields that the field list of Django lacks."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
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
