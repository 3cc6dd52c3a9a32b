"""Which costs may stand side by side, and why each of the others stands alone.

Two prices are compared only if they are of the same item, unit, part and year, and each is one number.
A price of another year, a range or a change set beside them would look cheaper or dearer without being so.
"""

from dataclasses import dataclass, field
from itertools import groupby

from django.utils.translation import gettext as _

from records.charts import Bar, BarChart, BarGroup
from records.units import Unit


@dataclass(frozen=True)
class Basis:
    """What two figures must have in common; `part` is empty where the figure is of the whole."""

    unit: str
    part: str
    year: int

    @property
    def unit_label(self):
        return Unit(self.unit).label if self.unit else ""


@dataclass
class Price:
    """A cost with its adopted price; `problem` says why it can be compared with none, if so."""

    cost: object
    basis: Basis | None = None
    problem: str = ""

    @classmethod
    def of(cls, cost):
        statement = cost.price.statement
        if statement is None or statement.number is None:
            return cls(cost, problem=_("No figure is stated."))
        if statement.number_max is not None:
            return cls(cost, problem=_("It is a range, not one price."))
        year = _one_year(statement.as_of)
        if year is None:
            return cls(cost, problem=_("No single year is stated for it."))
        return cls(cost, Basis(cost.unit_of(statement), str(statement.part), year))

    @property
    def number(self):
        return self.cost.price.statement.number


def _one_year(period):
    """The year that a period lies in; None where it lies in several, or is not known."""
    if period is None or period.first_day is None or period.first_day.year != period.last_day.year:
        return None
    return period.year


@dataclass
class CostComparison:
    """Prices on one basis, the lowest first; `groups` and `chart` are for `_figure_bars.html`."""

    basis: Basis
    prices: list
    chart: BarChart = field(init=False)
    groups: list = field(init=False)

    def __post_init__(self):
        self.prices = sorted(self.prices, key=lambda price: (price.number, price.cost.slug))
        rows = [(_bar(price), price.cost.price) for price in self.prices]
        self.chart = BarChart([BarGroup([bar for bar, _figure in rows])], _("Place"), _("Price"))
        self.groups = [("", rows)]


def _bar(price):
    cost = price.cost
    figure = cost.price
    notes = [] if cost.is_in_shanxi else [_("not a figure of Shanxi")]
    notes += [_("in doubt")] if figure.doubt else []
    return Bar(
        cost.place,
        figure.value,
        price.number,
        url=cost.get_absolute_url(),
        kind="doubt" if figure.doubt else "",
        note=_(", ").join(notes),
    )


@dataclass
class ItemCosts:
    """The costs of one item: those that are compared, and the others as (cost, reason)."""

    label: str
    comparisons: list
    singles: list

    @classmethod
    def of(cls, costs):
        """Costs of one item, in their order."""
        prices = [Price.of(cost) for cost in costs]
        by_basis = {}
        for price in prices:
            if price.basis:
                by_basis.setdefault(price.basis, []).append(price)
        compared = {basis: group for basis, group in by_basis.items() if len(group) > 1}
        return cls(
            costs[0].get_item_display(),
            [CostComparison(basis, group) for basis, group in compared.items()],
            [
                (price.cost, price.problem or _reason(price.basis, by_basis))
                for price in prices
                if price.basis not in compared
            ],
        )


def _reason(basis, bases):
    """Why a price has no other to be compared with, though it is one number of one year: the first rule."""
    others = [other for other in bases if other != basis]
    if not others:
        return _("No other single figure for this item is listed.")
    same_unit = [other for other in others if other.unit == basis.unit]
    if not same_unit:
        return _("The other figures for this item are in another unit: %(units)s.") % {
            "units": _listed(other.unit_label for other in others)
        }
    same_part = [other for other in same_unit if other.part == basis.part]
    if same_part:
        return _("The other figures in this unit are of another year: %(years)s.") % {
            "years": _listed(str(other.year) for other in same_part)
        }
    if basis.part:
        return _("It is a figure of “%(part)s”, and the others in this unit are not.") % {"part": basis.part}
    return _("The others in this unit are figures of “%(parts)s”, which is not the same.") % {
        "parts": _listed(other.part for other in same_unit)
    }


def _listed(words):
    return _(", ").join(dict.fromkeys(str(word) for word in words))


def costs_by_item(costs):
    """Costs that follow each other by item, as ItemCosts."""
    return [ItemCosts.of(list(group)) for _item, group in groupby(costs, lambda cost: cost.item)]
