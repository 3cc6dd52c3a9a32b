"""Dates that keep the precision in which a source gives them.

A newspaper says "in March 2021", a plan says "by the second half of 2022". Turning either into a
day would invent a fact, so such dates are kept as short texts, a small part of ISO 8601 and EDTF:

    2021   2021-03   2021-03-06        year, month, day
    2022-Q3   2022-H2                  quarter, half-year
    2020-01/2020-04                    from, to (both included)
    ../2006                            before 2006
    2018~                              about 2018

As texts they sort by time to the precision they have.
"""

import calendar
import datetime
import re
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

_POINT = re.compile(
    r"(?P<year>\d{4})(?:-(?:(?P<month>\d{2})(?:-(?P<day>\d{2}))?|Q(?P<quarter>[1-4])|H(?P<half>[12])))?",
    re.ASCII,
)


@dataclass(frozen=True)
class _Point:
    """One year, half-year, quarter, month or day."""

    year: int
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    half: int | None = None

    @classmethod
    def parse(cls, text):
        match = _POINT.fullmatch(text)
        if match is None:
            raise ValueError(text)
        point = cls(**{name: int(digits) if digits else None for name, digits in match.groupdict().items()})
        if 0 in (point.month, point.day):
            raise ValueError(text)
        point.first_day()
        return point

    def first_day(self):
        if self.half:
            return datetime.date(self.year, 6 * self.half - 5, 1)
        if self.quarter:
            return datetime.date(self.year, 3 * self.quarter - 2, 1)
        return datetime.date(self.year, self.month or 1, self.day or 1)

    def last_day(self):
        if self.day:
            return datetime.date(self.year, self.month, self.day)
        month = 6 * self.half if self.half else 3 * self.quarter if self.quarter else self.month or 12
        return datetime.date(self.year, month, calendar.monthrange(self.year, month)[1])

    def words(self):
        chinese = (get_language() or "").startswith("zh")
        if self.half:
            return (
                pgettext("half-year", "first half of %(year)s") % {"year": self.year}
                if self.half == 1
                else (pgettext("half-year", "second half of %(year)s") % {"year": self.year})
            )
        if self.quarter:
            return _("Q%(quarter)s %(year)s") % {"quarter": self.quarter, "year": self.year}
        if self.day:
            return date_format(self.first_day(), "Y年n月j日" if chinese else "j F Y", use_l10n=False)
        if self.month:
            return date_format(self.first_day(), "Y年n月" if chinese else "F Y", use_l10n=False)
        return f"{self.year}年" if chinese else str(self.year)


@dataclass(frozen=True)
class PartialDate:
    """A date or period as exact as its source is: see the module for the forms it takes."""

    text: str

    @classmethod
    def parse(cls, text):
        """Read one of the forms above; raises ValueError for any other text."""
        value = cls(str(text).strip())
        start, end = value._points()
        if start and end and start.first_day() > end.last_day():
            raise ValueError(text)
        return value

    def _points(self):
        text = self.text.removesuffix("~")
        if "/" not in text:
            point = _Point.parse(text)
            return point, point
        start, end = text.split("/", 1)
        return (None if start == ".." else _Point.parse(start)), _Point.parse(end)

    @property
    def is_approximate(self):
        return self.text.endswith("~")

    @property
    def first_day(self):
        """The earliest day it can mean; None for "before …"."""
        start, _end = self._points()
        return start.first_day() if start else None

    @property
    def last_day(self):
        """The latest day it can mean."""
        _start, end = self._points()
        return end.last_day()

    @property
    def year(self):
        """The year in which it ends, as a number."""
        return self.last_day.year

    def __str__(self):
        """In words, in the language of the moment: "March 2021", 2021年3月."""
        start, end = self._points()
        if start is None:
            words = _("before %(date)s") % {"date": end.words()}
        elif start == end:
            words = start.words()
        else:
            words = _("%(start)s to %(end)s") % {"start": start.words(), "end": end.words()}
        return _("about %(value)s") % {"value": words} if self.is_approximate else words

    @property
    def as_of(self):
        """As the date that something holds for: "as of March 2021"; a period stands as it is."""
        start, end = self._points()
        return _("as of %(date)s") % {"date": self} if start == end else str(self)

    def __lt__(self, other):
        return self.text < other.text
