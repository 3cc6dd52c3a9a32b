"""Units of figures, and numbers written as each language writes them.

Nothing is rounded: a number that does not fit a large scale exactly is written out.
"""

from decimal import Decimal

from django.db import models
from django.utils.numberformat import format as number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from records.languages import CHINESE, reader_language


class Unit(models.TextChoices):
    """What a number counts; the value stands in data files, the label in lists and CSV."""

    YUAN = "yuan", gettext_lazy("yuan")
    USD = "usd", gettext_lazy("US dollars")
    PERCENT = "percent", gettext_lazy("per cent")
    KM2 = "km2", gettext_lazy("km²")
    M2 = "m2", gettext_lazy("m²")
    M3 = "m3", gettext_lazy("m³")
    KM = "km", gettext_lazy("km")
    MINUTES = "minutes", gettext_lazy("minutes")
    WORKING_DAYS = "working-days", gettext_lazy("working days")
    JOBS = "jobs", gettext_lazy("jobs")
    PROJECTS = "projects", gettext_lazy("projects")
    ZONES = "zones", gettext_lazy("zones")
    PROCEDURES = "procedures", gettext_lazy("procedures")
    AGREEMENTS = "agreements", gettext_lazy("agreements")
    ENTITIES = "entities", gettext_lazy("business entities")
    AIRPORTS = "airports", gettext_lazy("airports")
    PASSENGERS = "passengers-a-year", gettext_lazy("passengers a year")
    RANK = "rank", pgettext_lazy("unit", "place in China")
    YUAN_PER_YEAR = "yuan-a-year", gettext_lazy("yuan a year")
    YUAN_PER_KWH = "yuan-per-kwh", gettext_lazy("yuan per kWh")
    YUAN_PER_TONNE = "yuan-per-tonne", gettext_lazy("yuan per tonne")
    YUAN_PER_M3 = "yuan-per-m3", gettext_lazy("yuan per m³")
    YUAN_PER_M2 = "yuan-per-m2", gettext_lazy("yuan per m²")
    PERCENT_OF_FEE = "percent-of-fee", gettext_lazy("per cent of the normal fee")


class Approximation(models.TextChoices):
    """How a source hedges a number."""

    ABOUT = "about", gettext_lazy("about")
    NEARLY = "nearly", gettext_lazy("nearly")
    MORE_THAN = "more_than", gettext_lazy("more than")
    AT_LEAST = "at_least", gettext_lazy("at least")
    LESS_THAN = "less_than", gettext_lazy("less than")


_MONEY = {Unit.YUAN, Unit.USD, Unit.YUAN_PER_YEAR}
_SCALED = _MONEY | {Unit.M3, Unit.PASSENGERS}


def write_number(number):
    """The number with thousands separators and no needless zeros: 239.4, 7,200."""
    text = format(Decimal(number).normalize(), "f")
    return number_format(text, ".", grouping=3, thousand_sep=",", force_grouping=True)


def _scaled(number, scales):
    """Number and scale word, by the largest scale that writes it exactly in three decimals or fewer."""
    for size, word in scales:
        if abs(number) >= size and (number / size) == round(number / size, 3):
            return write_number(number / size), word
    return write_number(number), ""


def write_amount(number, unit):
    """A number with its unit, as the reader's language writes it: "500 million yuan", 5亿元."""
    number = Decimal(number)
    if reader_language() == CHINESE:
        return _write_chinese(number, unit)
    digits, scale = write_number(number), ""
    if unit in _SCALED:
        scales = (
            (Decimal(10) ** 12, "trillion"),
            (Decimal(10) ** 9, "billion"),
            (Decimal(10) ** 6, "million"),
        )
        digits, scale = _scaled(number, scales)
    words = " ".join(filter(None, (digits, scale))).replace("-", "−")
    if unit == Unit.USD:
        return f"US${words}"
    if unit == Unit.PERCENT:
        return f"{words}%"
    if unit == Unit.RANK:
        return f"No. {words} in China"
    if number == 1 and unit in _SINGULAR:
        return f"{words} {_SINGULAR[unit]}"
    return f"{words} {_ENGLISH.get(unit) or Unit(unit).label}" if unit else words


_ENGLISH = {Unit.MINUTES: "min", Unit.PERCENT_OF_FEE: "% of the normal fee"}
_SINGULAR = {Unit.PROJECTS: "project", Unit.ZONES: "zone", Unit.JOBS: "job", Unit.WORKING_DAYS: "working day"}

_CHINESE = {
    Unit.YUAN: "%s元",
    Unit.USD: "%s美元",
    Unit.PERCENT: "%s%%",
    Unit.KM2: "%s平方公里",
    Unit.M2: "%s平方米",
    Unit.M3: "%s立方米",
    Unit.KM: "%s公里",
    Unit.MINUTES: "%s分钟",
    Unit.WORKING_DAYS: "%s个工作日",
    Unit.JOBS: "%s个岗位",
    Unit.PROJECTS: "%s个",
    Unit.ZONES: "%s个",
    Unit.PROCEDURES: "%s项",
    Unit.AGREEMENTS: "%s项",
    Unit.ENTITIES: "%s户",
    Unit.AIRPORTS: "%s个",
    Unit.PASSENGERS: "%s人次/年",
    Unit.RANK: "全国第%s位",
    Unit.YUAN_PER_YEAR: "%s元/年",
    Unit.YUAN_PER_KWH: "%s元/千瓦时",
    Unit.YUAN_PER_TONNE: "%s元/吨",
    Unit.YUAN_PER_M3: "%s元/立方米",
    Unit.YUAN_PER_M2: "%s元/平方米",
    Unit.PERCENT_OF_FEE: "正常标准的%s%%",
}


def _write_chinese(number, unit):
    if unit in _SCALED:
        scales = ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
        digits, scale = _scaled(number, scales)
        words = digits + scale
    else:
        words = write_number(number)
    return _CHINESE.get(unit, "%s") % words.replace("-", "−")


def write_figure(number, unit, *, maximum=None, approximation=""):
    """A figure as its source hedges it: "more than 7,200 projects", 近2,000个, "2–3 yuan per m³"."""
    amount = write_amount(number, unit)
    if maximum is not None:
        amount = _("%(low)s to %(high)s") % {"low": write_number(number), "high": write_amount(maximum, unit)}
    patterns = {
        Approximation.ABOUT: _("about %(value)s"),
        Approximation.NEARLY: _("nearly %(value)s"),
        Approximation.MORE_THAN: _("more than %(value)s"),
        Approximation.AT_LEAST: _("at least %(value)s"),
        Approximation.LESS_THAN: _("less than %(value)s"),
    }
    return patterns[approximation] % {"value": amount} if approximation else amount
