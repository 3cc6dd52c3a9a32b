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
    DAYS = "days", gettext_lazy("days")
    JOBS = "jobs", gettext_lazy("jobs")
    PROJECTS = "projects", gettext_lazy("projects")
    ZONES = "zones", gettext_lazy("zones")
    PROCEDURES = "procedures", gettext_lazy("procedures")
    ITEMS = "items", gettext_lazy("items")
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
_ENGLISH_SCALES = (
    (Decimal(10) ** 12, " trillion"),
    (Decimal(10) ** 9, " billion"),
    (Decimal(10) ** 6, " million"),
)
_CHINESE_SCALES = ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))

# What stands at each number, and at each end of a range; then what stands once around it all.
_ENGLISH_EACH = {Unit.USD: "US$%s", Unit.PERCENT: "%s%%", Unit.RANK: "No. %s"}
_ENGLISH = {
    Unit.USD: "%s",
    Unit.PERCENT: "%s",
    Unit.RANK: "%s in China",
    Unit.MINUTES: "%s min",
    Unit.PERCENT_OF_FEE: "%s %% of the normal fee",
}
_SINGULAR = {
    Unit.PROJECTS: "project",
    Unit.ZONES: "zone",
    Unit.JOBS: "job",
    Unit.WORKING_DAYS: "working day",
    Unit.ITEMS: "item",
    Unit.DAYS: "day",
}
_CHINESE_EACH = {Unit.PERCENT: "%s%%", Unit.RANK: "第%s", Unit.PERCENT_OF_FEE: "%s%%"}
_CHINESE = {
    Unit.YUAN: "%s元",
    Unit.USD: "%s美元",
    Unit.PERCENT: "%s",
    Unit.KM2: "%s平方公里",
    Unit.M2: "%s平方米",
    Unit.M3: "%s立方米",
    Unit.KM: "%s公里",
    Unit.MINUTES: "%s分钟",
    Unit.WORKING_DAYS: "%s个工作日",
    Unit.DAYS: "%s天",
    Unit.JOBS: "%s个岗位",
    Unit.PROJECTS: "%s个",
    Unit.ZONES: "%s个",
    Unit.PROCEDURES: "%s项",
    Unit.ITEMS: "%s项",
    Unit.AGREEMENTS: "%s项",
    Unit.ENTITIES: "%s户",
    Unit.AIRPORTS: "%s个",
    Unit.PASSENGERS: "%s人次/年",
    Unit.RANK: "全国%s位",
    Unit.YUAN_PER_YEAR: "%s元/年",
    Unit.YUAN_PER_KWH: "%s元/千瓦时",
    Unit.YUAN_PER_TONNE: "%s元/吨",
    Unit.YUAN_PER_M3: "%s元/立方米",
    Unit.YUAN_PER_M2: "%s元/平方米",
    Unit.PERCENT_OF_FEE: "正常标准的%s",
}


def write_number(number):
    """The number with thousands separators and no needless zeros: 239.4, 7,200."""
    text = format(Decimal(number).normalize(), "f")
    return number_format(text, ".", grouping=3, thousand_sep=",", force_grouping=True)


def plain_number(number):
    """A decimal number as programs read it, without needless zeros: 10.6, 1240000000000; None stays None."""
    return None if number is None else format(number.normalize(), "f")


def write_amount(number, unit):
    """A number with its unit, as the reader's language writes it: "500 million yuan", 5亿元."""
    return _write([Decimal(number)], unit)


def write_figure(number, unit, *, maximum=None, approximation=""):
    """A figure as its source hedges it: "more than 7,200 projects", 近2,000个, "2 to 3 yuan per m³"."""
    amount = _write([Decimal(end) for end in (number, maximum) if end is not None], unit)
    patterns = {
        Approximation.ABOUT: _("about %(value)s"),
        Approximation.NEARLY: _("nearly %(value)s"),
        Approximation.MORE_THAN: _("more than %(value)s"),
        Approximation.AT_LEAST: _("at least %(value)s"),
        Approximation.LESS_THAN: _("less than %(value)s"),
    }
    return patterns[approximation] % {"value": amount} if approximation else amount


def _write(numbers, unit):
    """One number, or both ends of a range, with what the language says once and what it says at each."""
    if unit == Unit.MINUTES and max(numbers) > 60 and min(numbers) >= 0:
        return _join([_hours(number) for number in numbers])
    chinese = reader_language() == CHINESE
    scales = (_CHINESE_SCALES if chinese else _ENGLISH_SCALES) if unit in _SCALED else ()
    each = (_CHINESE_EACH if chinese else _ENGLISH_EACH).get(unit, "%s")
    words = _join([each % end for end in _ends(numbers, scales, repeated=chinese or each != "%s")])
    return _around(numbers[-1], unit, chinese) % words


def _join(ends):
    return ends[0] if len(ends) == 1 else _("%(low)s to %(high)s") % {"low": ends[0], "high": ends[1]}


def _ends(numbers, scales, *, repeated):
    """The numbers in words of scale. Where one needs such a word and the other has none, both are written
    out: "5,000 to 2 million" could be five thousand million. `repeated` says a common word at both ends.
    """
    ends = [_scaled(number, scales) for number in numbers]
    words = {word for _digits, word in ends}
    if "" in words and len(words) > 1:
        ends, words = [(_digits_of(number), "") for number in numbers], {""}
    if len(words) == 1 and not repeated:
        ends = [*((digits, "") for digits, _word in ends[:-1]), ends[-1]]
    return [digits + word for digits, word in ends]


def _scaled(number, scales):
    """Number and scale word, by the largest scale that writes it exactly in three decimals or fewer."""
    for size, word in scales:
        if abs(number) >= size and (number / size) == round(number / size, 3):
            return _digits_of(number / size), word
    return _digits_of(number), ""


def _digits_of(number):
    return write_number(number).replace("-", "−")


def _around(number, unit, chinese):
    """The pattern with the words of the unit, which follow the last number."""
    if chinese:
        return _CHINESE.get(unit, "%s")
    if number == 1 and unit in _SINGULAR:
        return f"%s {_SINGULAR[unit]}"
    return _ENGLISH.get(unit) or (f"%s {Unit(unit).label}" if unit else "%s")


def _hours(minutes):
    """Minutes as hours and minutes: "2 h 24 min", 2小时24分; up to an hour as they are."""
    chinese = reader_language() == CHINESE
    hours, rest = divmod(minutes, 60) if minutes > 60 else (0, minutes)
    hour, minute, space = ("小时", "分" if hours else "分钟", "") if chinese else (" h", " min", " ")
    parts = [
        write_number(hours) + hour if hours else "",
        write_number(rest) + minute if rest or not hours else "",
    ]
    return space.join(filter(None, parts))
