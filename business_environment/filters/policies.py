import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, Count, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from business_environment.models import Policy
from listings.facets import ChoiceFacet, YearFacet
from listings.filters import ListingFilter, Range, SearchFilter, Sort
from records.fields import last_point
from zones.filters import PlaceFacet
from zones.models import Zone


class StandingFacet(ChoiceFacet):
    """Where a policy stands today; each stands in exactly one place, so the counts add up."""

    def having(self, values):
        today, condition = timezone.localdate(), Q()
        for value in values:
            condition |= Policy.standing_is(value, today)
        return condition

    def counts(self, queryset):
        values = [value for value, _label in self.options]
        sums = {f"standing_{i}": Count("pk", filter=self.having([one])) for i, one in enumerate(values)}
        found = queryset.order_by().aggregate(**sums)
        return {value: found[f"standing_{i}"] for i, value in enumerate(values)}


class PolicyPlaceFacet(PlaceFacet):
    """The cities that a policy names or whose public zones it is for; else the whole province.

    A policy for certain zones alone is none of the whole province, even where it names no city.
    """

    def having(self, values):
        condition = super().having(values)
        here = Q(city__slug__in=values) | Q(other_cities__slug__in=values)
        zones = Zone.objects.published().filter(here)
        return condition | Q(pk__in=Policy.zones.through.objects.filter(zone__in=zones).values("policy"))

    def _province(self):
        return super()._province() & ~Q(pk__in=Policy.zones.through.objects.values("policy"))

    def counts(self, queryset):
        values = [value for value, _label in self.options]
        sums = {
            f"place_{i}": Count("pk", filter=self.having([value]), distinct=True)
            for i, value in enumerate(values)
        }
        found = queryset.order_by().aggregate(**sums)
        return {value: found[f"place_{i}"] for i, value in enumerate(values)}


class DayField(forms.DateField):
    """A day, written as 2024-05-01 in every language."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def to_python(self, value):
        try:
            return super().to_python(value)
        except ValidationError:
            # Browsers show an empty box for what is no day: the message keeps what was asked for.
            message = _("“%(value)s” is not a day. Write it like 2026-03-02.")
            raise ValidationError(message, params={"value": value[:40]}) from None


class InForceOn(django_filters.Filter):
    """Policies that were, or may have been, in force on a day."""

    field_class = DayField

    def filter(self, queryset, day):
        return queryset.in_force_on(day) if day else queryset


class PolicyFilter(ListingFilter):
    """What policies can be filtered and sorted by."""

    q = SearchFilter()
    validity = StandingFacet("valid_until", Policy.Standing, label=_("Validity today"))
    topic = ChoiceFacet("topic", Policy.Topic, label=_("Topic"))
    place = PolicyPlaceFacet("cities", label=_("Place"))
    year = YearFacet("date", Policy.objects.published, label=_("Year of issue"), unknown=True)
    in_force_on = InForceOn(label=_("In force on"))

    ranges = (Range(_("In force on a day"), "", "in_force_on", ""),)
    sorts = (
        Sort("latest", _("Latest"), (F("date").desc(nulls_last=True), "slug")),
        Sort("earliest", _("Earliest"), (F("date").asc(nulls_last=True), "slug")),
        Sort("ends-soonest", _("Ends soonest"), (last_point("valid_until").asc(), "slug")),
        Sort("name", _("Name"), ("name_en", "name_zh")),
    )

    def sorted_rows(self):
        rows = super().sorted_rows()
        if self.sort.key != "ends-soonest":
            return rows
        # What has ended cannot end soon: it comes after, and before what has no end stated.
        lapsed = Policy.standing_is(Policy.Standing.LAPSED, timezone.localdate())
        place = Case(When(valid_until=None, then=2), When(lapsed, then=1), default=0)
        return rows.order_by(place, *self.sort.order_by, "pk")
