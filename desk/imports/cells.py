"""What a cell of a spreadsheet says, whatever form the spreadsheet gave it.

Reading a file leaves five kinds of value: text, Decimal, bool, PartialDate (as exact as the cell shows it)
and Percent. The functions below turn each into what a column wants, or raise ValueError with words for the
editor.
"""

import datetime
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from records.dates import PartialDate

# Excel counts days from the last day of 1899 (and believes in 29 February 1900, which is before these).
FIRST_SERIAL_DAY = datetime.date(1899, 12, 30)
SERIALS = range(20_000, 80_000)  # 1954 to 2119: no year, and hardly a figure in a column of dates
YEARS = range(1000, 3000)

_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?")
_DATE = re.compile(r"(?P<year>\d{4})([年/.-](?P<month>\d{1,2})([月/.-](?P<day>\d{1,2})日?)?月?|年)?")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')

YES = {"yes", "y", "true", "1", "x", "✓", "√", "是", "对", "有"}
NO = {"no", "n", "false", "0", "", "✗", "×", "否", "不", "无"}


@dataclass(frozen=True)
class Percent:
    """A number that its cell shows with a per cent sign: 5 for 5 %, which the file holds as 0.05."""

    number: Decimal


def folded(text):
    """A text as it is compared: full-width characters as plain ones, no needless spaces, no capitals."""
    return " ".join(unicodedata.normalize("NFKC", str(text)).casefold().split())


def from_excel(value, number_format):
    """A value as openpyxl gives it, with the format of its cell; None for an empty cell."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        # Fifteen digits are what a spreadsheet keeps and shows: 0.30000000000000004 was typed as 0.3.
        number = Decimal(format(value, ".15g"))
        return Percent(number * 100) if "%" in _QUOTED.sub("", number_format) else number
    if isinstance(value, datetime.datetime | datetime.date):
        return PartialDate(_as_shown(value, number_format))
    return as_text(str(value)) or None


def _as_shown(day, number_format):
    """The date to the precision that its cell shows: whoever types 2021-03 is given the first of March."""
    shown = _QUOTED.sub("", number_format).lower()
    if "d" in shown or "y" not in shown:
        return day.strftime("%Y-%m-%d")
    return day.strftime("%Y-%m" if "m" in shown else "%Y")


def as_text(value):
    """The words of a cell, without spaces at the ends."""
    if value is None:
        return ""
    if isinstance(value, PartialDate):
        return value.text
    if isinstance(value, Percent):
        return f"{_plain(value.number)}%"
    if isinstance(value, Decimal):
        return _plain(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def as_number(value, *, percent=False):
    """The number of a cell, None where it is empty. A percentage is taken only if `percent` says so."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        value = _number_in(value)
    if isinstance(value, Percent):
        if percent:
            return value.number
        raise ValueError(
            _("“%(value)s” is a percentage; a plain number belongs here.") % {"value": as_text(value)}
        )
    if isinstance(value, Decimal):
        return value
    raise ValueError(_no_number(as_text(value)))


def _number_in(text):
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").replace("−", "-")
    is_percent, plain = plain.endswith("%"), plain.removesuffix("%")
    try:
        if not _NUMBER.fullmatch(plain):
            raise ValueError(_no_number(text))
        number = Decimal(plain.replace(",", ""))
    except InvalidOperation:
        raise ValueError(_no_number(text)) from None
    return Percent(number) if is_percent else number


def _no_number(text):
    return _("“%(value)s” is no number. Write it in full, without words: 1200000000.") % {"value": text}


def as_partial_date(value):
    """The date of a cell as a PartialDate, None where it is empty."""
    if value is None or value == "" or isinstance(value, PartialDate):
        return value or None
    if isinstance(value, Decimal) and value == value.to_integral_value():
        if int(value) in YEARS:
            return PartialDate(str(int(value)))
        if int(value) in SERIALS:
            return PartialDate((FIRST_SERIAL_DAY + datetime.timedelta(days=int(value))).isoformat())
    text = as_text(value)
    try:
        return PartialDate.parse(_iso(unicodedata.normalize("NFKC", text)))
    except ValueError:
        raise ValueError(
            _(
                "“%(value)s” is no date. Write 2021, 2021-03, 2021-03-06, 2022-Q3, 2022-H2, "
                "2020-01/2020-04, ../2006 or 2018~."
            )
            % {"value": text}
        ) from None


def _iso(text):
    """2021/3/6, 2021.3 and 2021年3月6日 as ISO 8601 has them; any other text as it is."""
    match = _DATE.fullmatch(text.replace(" ", ""))
    if match is None:
        return text
    return "-".join(part.zfill(2) for part in match.group("year", "month", "day") if part)


def as_day(value):
    """The day of a cell as a date, None where it is empty."""
    date = as_partial_date(value)
    if date is None:
        return None
    if len(date.text) != len("2021-03-06") or "/" in date.text:
        raise ValueError(_("“%(value)s” is no single day. Write 2021-03-06.") % {"value": as_text(value)})
    return date.first_day


def as_yes_or_no(value):
    """The answer of a cell; an empty one means no."""
    text = folded(as_text(value))
    if text in YES | NO:
        return text in YES
    raise ValueError(_("“%(value)s” is neither yes nor no.") % {"value": as_text(value)})


def _plain(number):
    """A Decimal without exponent and needless zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
