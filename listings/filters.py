"""The query string of a listing: parsed in one place for the page, its counts and its files."""

import weakref
from collections import OrderedDict
from copy import copy
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from functools import cached_property

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db.models import DecimalField, F
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from listings.facets import Facet
from listings.index import memory
from listings.index.columns import NumbersOf
from listings.index.layout import layout_of, layouts, register
from listings.index.results import IndexedResults
from listings.results import PlainResults
from listings.search import Keys, ranks
from listings.text.query import MAX_LENGTH, parse


@dataclass(frozen=True)
class Sort:
    """One way of ordering a list; the expressions put unknown values last in both directions.

    With `is_by_match` the rows that a text fits best come first, those that it fits as well in this order.
    """

    key: str
    label: str
    order_by: tuple
    is_by_match: bool = False


@dataclass(frozen=True)
class Range:
    """Two boxes, from and below, shown as one filter; or one box, where `maximum` is empty."""

    label: str
    unit: str
    minimum: str
    maximum: str


class SearchFilter(django_filters.CharFilter):
    """The text box `q`, over the model's own `search_fields` or the fields given."""

    def __init__(self, fields=None):
        super().__init__(label=_("Search"), max_length=MAX_LENGTH, validators=[parse])
        self.fields = fields

    def filter(self, queryset, text):
        return queryset.filter(pk__in=Keys(self.ranks)) if self.parent.query else queryset

    @cached_property
    def ranks(self):
        """primary key -> how well it matches, of all rows of the list: texts are read once for all counts."""
        return ranks(self.parent.queryset.order_by(), self.parent.query, self.fields)


class NumberFilter(django_filters.NumberFilter):
    """A limit, in units of `unit_size` of the column, refused beyond any real figure."""

    def __init__(self, field_name, lookup_expr, *, label, unit_size=1, largest=10**9):
        super().__init__(field_name, lookup_expr, label=label, min_value=0)
        self.unit_size = unit_size
        self.largest = largest

    def get_max_validator(self):
        return MaxValueValidator(self.largest)

    def filter(self, queryset, limit):
        if limit is None:
            return queryset
        # Between the numbers that a column can hold lies no row; Django would cut the limit off, or round it.
        step = Decimal(1).scaleb(-self._places(queryset.model))
        exact = (limit * self.unit_size).quantize(step, ROUND_CEILING)
        return queryset.filter(**{f"{self.field_name}__{self.lookup_expr}": exact})

    def held_as(self, model):
        """How a column of the index holds the numbers."""
        return NumbersOf(F(self.field_name), self._places(model))

    def held_name(self, name):
        """The name of that column: limits on the same numbers share one."""
        return f"number {self.field_name}"

    def passing(self, columns, name, limit):
        """The mask of the rows within the limit."""
        return columns[self.held_name(name)].within(self.lookup_expr, limit * self.unit_size)

    def _places(self, model):
        """How many decimal places the column has."""
        column = model._meta.get_field(self.field_name)
        return column.decimal_places if isinstance(column, DecimalField) else 0


class YearLimit(NumberFilter):
    """A limit on the year of a partial date, whose text sorts by time: `from` a year, or `to` its end."""

    def __init__(self, field_name, lookup_expr, *, label):
        super().__init__(field_name, lookup_expr, label=label, largest=9998)
        self.extra["decimal_places"] = 0

    def filter(self, queryset, limit):
        if limit is None:
            return queryset
        year = int(limit) + (1 if self.lookup_expr == "lt" else 0)
        # "Before 2006" lies in no year that is known.
        known = queryset.exclude(**{f"{self.field_name}__startswith": ".."})
        return known.filter(**{f"{self.field_name}__{self.lookup_expr}": f"{year:04d}"})

    def held_as(self, model):
        """Not at all, yet: no large list has one."""
        return None


BY_MATCH = Sort("match", _("Best match"), (), is_by_match=True)


class ListingForm(forms.Form):
    """Refuses ranges that end before they begin; `ranges` comes from the filter set."""

    ranges = ()

    def clean(self):
        cleaned = super().clean()
        for limits in self.ranges:
            low, high = cleaned.get(limits.minimum), cleaned.get(limits.maximum)
            if low is not None and high is not None and low > high:
                self.add_error(
                    limits.maximum, ValidationError(_("The upper limit lies below the lower one."))
                )
        return cleaned


class Prototypes(OrderedDict):
    """The filters of a class by name, of which each instance makes copies of its own.

    No request changes anything within a filter, so each is copied alone: to copy all that it holds would be a
    tenth of a short answer.
    """

    def __deepcopy__(self, memo):
        return OrderedDict((name, copy(item)) for name, item in self.items())


class ListingFilter(django_filters.FilterSet):
    """Base of every listing's filters: text, facets, ranges and sort, all named in the query string.

    Subclasses declare the filters and list their `ranges` and `sorts` (the first is the default, unless a
    text is searched for: then it is the best match). A parameter that is not a filter is an error, as is a
    value that a filter does not know: never ignored.

    A list that may grow large names the model whose public rows it lists as `index_of`: then an index can be
    built for it (`listings.index`).
    """

    ranges = ()
    sorts = ()
    index_of = None

    class Meta:
        form = ListingForm

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if vars(cls).get("index_of"):
            register(cls)

    @classmethod
    def get_filters(cls):
        return Prototypes(super().get_filters())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.snapshot = memory.current(layout_of(type(self))) if self.index_of else None
        # Weakly, so that no circle keeps the arrays of a request until Python looks for circles.
        for item in self.filters.values():
            item.parent = weakref.proxy(self)
        for name, facet in self.facets.items():
            facet.name, facet.held = name, self.snapshot and weakref.proxy(self.snapshot)
        if (self.data or {}).get("q", "").strip():
            self.sorts = (replace(BY_MATCH, order_by=self.sorts[0].order_by), *self.sorts)

    @property
    def results(self):
        """What is found: asked of the database, or of the index where there is one. New each time, so that
        what was worked out for one page is let go with it."""
        if self.snapshot is None:
            return PlainResults(self)
        return IndexedResults(self, layout_of(type(self)), self.snapshot)

    @cached_property
    def query(self):
        """The text searched for, as the words to find; none where it cannot be read."""
        return parse(self.chosen().get("q", "")) if self.form.is_valid() else parse("")

    def get_form_class(self):
        form = super().get_form_class()
        form.ranges = self.ranges
        return form

    @property
    def facets(self):
        """The facets, by name, in the order of the page."""
        return {name: item for name, item in self.filters.items() if isinstance(item, Facet)}

    @property
    def sort(self):
        """The chosen way of ordering, or the first."""
        chosen = self.data.get("sort") if self.data else None
        return next((sort for sort in self.sorts if sort.key == chosen), self.sorts[0])

    def problems(self):
        """(parameter, message) for everything in the query string that was not understood."""
        known = {*self.filters, "sort"}
        problems = [
            (
                name,
                _("There is no such filter. There are: %(names)s.")
                % {"names": ", ".join([*self.filters, "sort"])},
            )
            for name in self.data or ()
            if name not in known
        ]
        if not self.form.is_valid():
            problems += [
                (name, message) for name, messages in self.form.errors.items() for message in messages
            ]
        for name in self.data or ():
            values = self.data.getlist(name)
            if name in known and name not in self.facets and len(values) > 1 and any(values):
                problems.append((name, _("This filter takes one value, not several.")))
        chosen = (self.data or {}).get("sort")
        if chosen and chosen not in {sort.key for sort in self.sorts}:
            keys = ", ".join(sort.key for sort in self.sorts)
            problems.append(
                (
                    "sort",
                    _("“%(value)s” is not a way to sort. There are: %(keys)s.")
                    % {"value": chosen, "keys": keys},
                )
            )
        return problems

    def chosen(self):
        """Cleaned values of the filters that are set, by name."""
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}

    def rows(self, leave_out=None, leave_out_value=None):
        """The filtered rows as a query; with `leave_out`, as if that filter (or that one value of it) were
        not set. `results` answers from it where the list has no index."""
        queryset = self.queryset
        for name, value in self.form.cleaned_data.items():
            if name == leave_out:
                value = [v for v in value if v != leave_out_value] if leave_out_value is not None else None
            queryset = self.filters[name].filter(queryset, value) if value not in (None, "", []) else queryset
        return queryset

    def sorted_rows(self):
        """The filtered rows in the chosen order, ties broken by id; by match they are in that of its ties."""
        return self.rows().order_by(*self.sort.order_by, "pk")


def indexed_lists():
    """The layouts of all lists that may have an index, those of every app."""
    autodiscover_modules("filters")
    return layouts()
