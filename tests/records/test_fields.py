"""The field that stores partial dates, in models, forms and fixtures."""

import pytest
from django import forms
from django.core import serializers
from django.core.exceptions import ValidationError

from records.dates import PartialDate
from records.fields import PartialDateField, PartialDateFormField
from tests.factories import make_policy, make_zone
from zones.models import Zone


def test_a_date_comes_back_from_the_database_as_it_was_stored(db):
    zone = make_zone(established=PartialDate("2012-08"))
    assert Zone.objects.get(pk=zone.pk).established == PartialDate("2012-08")


def test_an_unknown_date_is_null_and_never_an_empty_text(db):
    unknown, empty = make_zone(established=None), make_zone(established="")
    assert Zone.objects.filter(established__isnull=True).count() == 2
    assert [Zone.objects.get(pk=row.pk).established for row in (unknown, empty)] == [None, None]


def test_dates_are_filtered_and_sorted_by_time(db):
    for text in ("2015-03", "2012", "2020-01-31"):
        make_zone(established=PartialDate(text))
    make_zone(established=None)
    dated = Zone.objects.filter(established__gte="2013").order_by("established")
    assert [zone.established.text for zone in dated] == ["2015-03", "2020-01-31"]
    assert Zone.objects.get(established=PartialDate("2012")).established.text == "2012"


@pytest.mark.parametrize("text", ["2021-13", "soon", "2022/2021"])
def test_a_wrong_date_is_refused_with_its_text_named(db, text):
    zone = make_zone()
    zone.established = text
    with pytest.raises(ValidationError) as refused:
        zone.full_clean()
    assert list(refused.value.message_dict) == ["established"]
    assert f"“{text}” is no date." in refused.value.message_dict["established"][0]


def test_a_text_in_a_model_is_cleaned_to_a_date(db):
    zone = make_zone()
    zone.established = " 2012-08 "
    zone.full_clean()
    assert zone.established == PartialDate("2012-08")


def test_a_required_date_cannot_be_left_out(db):
    field = PartialDateField(null=False, blank=False)
    for missing in (None, ""):
        with pytest.raises(ValidationError):
            field.clean(missing, None)


class DateForm(forms.Form):
    date = PartialDateFormField(required=False)


@pytest.mark.parametrize(("typed", "date"), [("", None), ("2022-Q3", PartialDate("2022-Q3"))])
def test_a_form_gives_a_date_or_nothing(typed, date):
    form = DateForm({"date": typed})
    assert form.is_valid()
    assert form.cleaned_data["date"] == date


def test_a_form_refuses_what_is_no_date():
    form = DateForm({"date": "last year"})
    assert list(form.errors) == ["date"]


def test_a_form_shows_the_text_that_was_typed_and_not_its_words():
    form = DateForm(initial={"date": PartialDate("2021-03")})
    assert 'value="2021-03"' in str(form["date"])


def test_the_form_field_of_a_model_field_takes_dates():
    field = Zone._meta.get_field("established").formfield()
    assert isinstance(field, PartialDateFormField)
    assert field.clean("2012-08") == PartialDate("2012-08")
    assert field.clean("") is None


def test_a_date_goes_through_a_fixture_unchanged(db):
    policy = make_policy(date=PartialDate("2020-01/2020-04~"), valid_until=None)
    (copy,) = serializers.deserialize("json", serializers.serialize("json", [policy]))
    assert copy.object.date == PartialDate("2020-01/2020-04~")
    assert copy.object.valid_until is None


def test_the_longest_date_fits_its_column():
    assert len("2020-01-01/2020-12-31~") <= PartialDateField().max_length
