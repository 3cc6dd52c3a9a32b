"""Facets: filters whose values are counted.

"Any of" within one facet, "all of" between facets. Each facet is counted with its own choice left
out and all others applied, so the number beside a value says what choosing it as well would give.
A value that no row has stays in place at 0, and "not stated" is a value like any other.
"""

from dataclasses import dataclass
from decimal import Decimal

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q
from django.db.models.functions import Substr
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from listings.index.columns import CodesOf

NOT_STATED = "not-stated"


class FacetField(forms.MultipleChoiceField):
    """Refuses an unknown value by name, and reads one that is given twice once.

    `choices` is a function, so that they are made once and not copied for every form. `known` gives their
    values, since Django goes through thousands of choices by several steps each.
    """

    default_error_messages = {"invalid_choice": _("“%(value)s” is not one of the values.")}

    def __init__(self, *, known, **options):
        super().__init__(**options)
        self.known = known

    def to_python(self, value):
        return list(dict.fromkeys(super().to_python(value)))

    def validate(self, chosen):
        known = self.known() if chosen else ()
        for value in chosen:
            if value not in known:
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value}
                )


class Facet(django_filters.Filter):
    """Base of all facets: subclasses say what their values are and how rows are told apart by them.

    `unknown=True` adds "not stated" for rows without a value. A facet of a large list is answered from its
    index: `held` is then the snapshot of it, and the last five methods say how.
    """

    field_class = FacetField
    held = None

    def __init__(self, field_name, *, label, unknown=False):
        super().__init__(field_name, label=label, required=False)
        self.unknown = unknown

    @property
    def field(self):
        return FacetField(
            choices=lambda: self.options, known=self.known_values, required=False, label=self.label
        )

    @cached_property
    def options(self):
        """(value, label) of every value, in the order of the page. A filter set copies its filters, so
        what is read from the database here lives no longer than one request."""
        values = list(self.values())
        return [*values, (NOT_STATED, _("Not stated"))] if self.unknown else values

    def known_values(self):
        """The values that may be chosen."""
        return {value for value, _label in self.options}

    def filter(self, queryset, chosen):
        """Rows that have any of the chosen values."""
        if not chosen:
            return queryset
        condition = Q()
        known = [value for value in chosen if value != NOT_STATED]
        if known:
            condition |= self.having(known)
        if NOT_STATED in chosen:
            condition |= self.without()
        return queryset.filter(condition)

    def values(self):
        """(value, label) of the known values."""
        raise NotImplementedError

    def having(self, values):
        """Condition for rows with any of these values."""
        return Q(**{f"{self.field_name}__in": values})

    def without(self):
        """Condition for rows that state no value."""
        return Q(**{f"{self.field_name}__isnull": True})

    def counts(self, queryset):
        """Number of rows by value, those without one under `NOT_STATED`: one query."""
        return self._grouped(queryset, self.field_name)

    def _grouped(self, queryset, path):
        rows = queryset.order_by().values_list(path).annotate(Count("pk", distinct=True))
        return {NOT_STATED if value in (None, "") else value: number for value, number in rows}

    def held_as(self, model):
        """How a column of the index holds it; None for a facet that no column can answer."""
        return None

    def held_name(self, name):
        """The name of its column, where it is `name` in its filter set."""
        return name

    def keys(self, chosen, stated):
        """The values of the column that are meant by the chosen ones; `stated` are all it has."""
        return {None if value == NOT_STATED else value for value in chosen}

    def by_value(self, counted):
        """The counts of its values, from those of its column's."""
        return {NOT_STATED if key is None else key: number for key, number in counted.items()}

    def passing(self, columns, name, chosen):
        """The mask of the rows that have any of the chosen values."""
        column = columns[self.held_name(name)]
        return column.having(self.keys(chosen, column.values))


class ChoiceFacet(Facet):
    """A column with a fixed list of values."""

    def __init__(self, field_name, choices, **kwargs):
        super().__init__(field_name, **kwargs)
        self.choices = choices

    def values(self):
        return self.choices.choices

    def without(self):
        # Some columns keep an unknown value as null, others as an empty text.
        return super().without() | Q(**{self.field_name: ""})

    def held_as(self, model):
        return CodesOf(F(self.field_name))


class RelatedFacet(Facet):
    """A related record, told by its slug.

    `related` gives the rows that may be named: only public ones; with `in_use` only those of them that a
    public row points to.
    """

    def __init__(self, field_name, related, *, many=False, in_use=False, **kwargs):
        super().__init__(field_name, **kwargs)
        self.related = related
        self.many = many
        self.in_use = in_use

    def values(self):
        return [(row.slug, str(row.name)) for row in self._named]

    @cached_property
    def options(self):
        if self.held is None:
            return self._labelled()
        # Names are read in the language of the reader.
        return self.held.remembered(("options", self.field_name, get_language()), self._labelled)

    def _labelled(self):
        return [(value, str(label)) for value, label in super().options]

    def known_values(self):
        if self.held is None:
            return super().known_values()
        return self.held.remembered(("known", self.field_name), super().known_values)

    def having(self, values):
        rows = self._offered().filter(slug__in=values)
        if self.many:
            # A join on one value would hide a row's other values from its own count.
            return Q(pk__in=self.model.objects.filter(**{f"{self.field_name}__in": rows}).values("pk"))
        return Q(**{f"{self.field_name}__in": rows.values("pk")})

    def without(self):
        if self.many:
            return ~Q(
                pk__in=self.model.objects.filter(**{f"{self.field_name}__in": self.related()}).values("pk")
            )
        return super().without() | ~Q(**{f"{self.field_name}__in": self.related().values("pk")})

    def counts(self, queryset):
        grouped = self._grouped(queryset, f"{self.field_name}__slug")
        named = {value for value, _label in self.options}
        hidden = sum(number for value, number in grouped.items() if value not in named)
        counts = {value: number for value, number in grouped.items() if value in named}
        if hidden and self.unknown and not self.many:
            counts[NOT_STATED] = counts.get(NOT_STATED, 0) + hidden
        return counts

    def held_as(self, model):
        return None if self.many else CodesOf(F(f"{self.field_name}_id"))

    def held_name(self, name):
        return f"{self.field_name}_id"

    def keys(self, chosen, stated):
        named = self._slugs
        keys = {key for key, slug in named.items() if slug in chosen}
        # What may not be named counts as not stated.
        return keys | {key for key in stated if key not in named} if NOT_STATED in chosen else keys

    def by_value(self, counted):
        named = self._slugs
        counts = {named[key]: number for key, number in counted.items() if key in named}
        if self.unknown:
            counts[NOT_STATED] = sum(number for key, number in counted.items() if key not in named)
        return counts

    def _offered(self):
        """The rows that are offered, as a query."""
        rows = self.related()
        if self.in_use:
            rows = rows.filter(pk__in=self.model.objects.published().values(self.field_name))
        return rows

    @cached_property
    def _named(self):
        """The rows that are offered, with their names."""
        if self.held is None:
            return list(self._offered())
        return self.held.remembered(("rows", self.field_name), self._named_in_use)

    @property
    def _slugs(self):
        """primary key -> slug of the rows that are offered, for a list with an index."""
        return self.held.remembered(
            ("slugs", self.field_name), lambda: {row.pk: row.slug for row in self._named}
        )

    def _named_in_use(self):
        rows = self.related().only("slug", "name_en", "name_zh")
        used = self.held.totals(self.held_name(self.field_name))
        return [row for row in rows if row.pk in used or not self.in_use]


@dataclass(frozen=True)
class Band:
    """Numbers from `low` up to, but not including, `high`; either may be open."""

    key: str
    label: str
    low: int | Decimal | None = None
    high: int | Decimal | None = None

    def condition(self, field_name):
        limits = {f"{field_name}__gte": self.low, f"{field_name}__lt": self.high}
        return Q(**{lookup: limit for lookup, limit in limits.items() if limit is not None})

    def holds(self, number):
        return (self.low is None or number >= self.low) and (self.high is None or number < self.high)


class BandFacet(Facet):
    """A number in half-open bands, so that every known number lies in exactly one."""

    def __init__(self, field_name, bands, **kwargs):
        super().__init__(field_name, **kwargs)
        self.bands = bands

    def values(self):
        return [(band.key, band.label) for band in self.bands]

    def having(self, values):
        condition = Q()
        for band in self.bands:
            if band.key in values:
                condition |= band.condition(self.field_name)
        return condition & Q(**{f"{self.field_name}__isnull": False})

    def counts(self, queryset):
        sums = {f"band_{i}": Count("pk", filter=self.having([band.key])) for i, band in enumerate(self.bands)}
        sums["unknown"] = Count("pk", filter=self.without())
        found = queryset.order_by().aggregate(**sums)
        return {NOT_STATED: found["unknown"]} | {
            band.key: found[f"band_{i}"] for i, band in enumerate(self.bands)
        }

    def held_as(self, model):
        return CodesOf(F(self.field_name), key=self.band_of)

    def band_of(self, number):
        """The key of the band of a number; None for an unknown one, "-" for one that lies in no band."""
        if number is None:
            return None
        return next((band.key for band in self.bands if band.holds(number)), "-")


class YearFacet(Facet):
    """The year of a partial date; `rows` gives the public rows whose years are offered, newest first.

    A period counts in the year in which it begins, and "before 2006" in none.
    """

    def __init__(self, field_name, rows, **kwargs):
        super().__init__(field_name, **kwargs)
        self.rows = rows

    def values(self):
        if self.held is None:
            years = self._with_year(self.rows()).order_by().values_list("year_of_date", flat=True).distinct()
        else:
            years = self.held.totals(self.held_name(self.name))
        return [(year, year) for year in sorted(filter(str.isdigit, filter(None, years)), reverse=True)]

    def having(self, values):
        condition = Q()
        for year in values:
            condition |= Q(**{f"{self.field_name}__startswith": year})
        return condition

    def counts(self, queryset):
        return self._grouped(self._with_year(queryset), "year_of_date")

    def _with_year(self, queryset):
        return queryset.annotate(year_of_date=Substr(self.field_name, 1, 4))

    def held_as(self, model):
        return CodesOf(Substr(self.field_name, 1, 4))
