"""Charts as pages show them: tables whose rows carry a mark, drawn by `components/bars.html` and its kin.

The table is the data and says every value in words; only the marks are SVG. Their sizes are worked out
here, as texts, since a template must not write a number in the reader's own notation into a drawing.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from records.dates import PartialDate

LONGEST = 100  # a mark as long as the drawing
SQUARES_A_ROW, MOST_SQUARES = 10, 100


def _size(share):
    """A share of the whole drawing, in its units."""
    return format(Decimal(LONGEST * share).quantize(Decimal("0.01")).normalize(), "f")


@dataclass
class Bar:
    """One row of a bar chart; `number` None is unknown and has no mark.

    `value` is the number as the page writes it, `kind` "first", "doubt" or nothing, `note` stands small
    below the value.
    """

    label: str
    value: str = ""
    number: Decimal | int | None = None
    url: str = ""
    kind: str = ""
    note: str = ""
    start: str = "0"
    length: str = "0"

    @property
    def is_known(self):
        return self.number is not None


@dataclass
class BarGroup:
    """Bars under one heading, or under none."""

    bars: list
    label: str = ""


@dataclass
class BarChart:
    """Bars on one scale, which has its zero within it: what falls below it points the other way."""

    groups: list
    label_head: str
    value_head: str
    wide: bool = False

    def __post_init__(self):
        bars = self.bars
        numbers = [Decimal(bar.number) for bar in bars if bar.is_known]
        low, high = min([0, *numbers]), max([0, *numbers])
        span = (high - low) or 1
        for bar in bars:
            if bar.is_known:
                number = Decimal(bar.number)
                bar.start = _size((min(number, 0) - low) / span)
                bar.length = _size(abs(number) / span)

    @property
    def bars(self):
        return [bar for group in self.groups for bar in group.bars]

    @property
    def has_doubt(self):
        return any(bar.kind == "doubt" for bar in self.bars)


@dataclass
class Column:
    """One value of a series over time; `value` is empty where none is stated."""

    label: str
    value: str = ""
    number: Decimal | None = None
    kind: str = ""
    height: str = "0"


@dataclass
class ColumnChart:
    """Columns that stand on zero; for numbers that are not below it."""

    columns: list
    tallest: int = field(default=80)  # CSS pixels

    def __post_init__(self):
        top = max((column.number for column in self.columns if column.number is not None), default=0)
        for column in self.columns:
            if column.number is not None and top:
                column.height = str(round(self.tallest * column.number / top))

    @property
    def has_gaps(self):
        return any(not column.value for column in self.columns)


@dataclass(frozen=True)
class Point:
    """One value of a series: a partial date, the number as the page writes it, the number."""

    period: object
    value: str
    number: Decimal
    in_doubt: bool = False


def series_chart(points):
    """Values over time as columns; None where they make no series.

    Only periods of one length stand side by side, whole years before others: a half-year beside a year
    would look like a fall. A year between two known ones that no source states keeps its empty place.
    """
    by_length = {}
    for point in points:
        by_length.setdefault(_length(point.period), []).append(point)
    series = max(by_length.items(), key=_weight, default=("", []))[1]
    texts = {point.period.text for point in series}
    if len(series) < 2 or len(texts) < len(series) or any(point.number < 0 for point in series):
        return None
    return ColumnChart(list(_columns(sorted(series, key=lambda point: point.period.text))))


def _length(period):
    """The same text for periods that are as long as each other: all years, all half-years, all days."""
    text = period.text.removesuffix("~")
    if "/" in text and period.first_day:
        return f"{(period.last_day - period.first_day).days} days"
    return re.sub(r"\d", "0", text) if period.first_day else period.text


def _weight(item):
    length, points = item
    return len(points) > 1, length == "0000", len(points)


def _columns(series):
    previous = None
    for point in series:
        year = point.period.year if _length(point.period) == "0000" else None
        for missing in range(previous + 1, year) if year and previous else ():
            yield Column(str(PartialDate(str(missing))))
        previous = year
        yield Column(str(point.period), point.value, point.number, kind="doubt" if point.in_doubt else "")


@dataclass(frozen=True)
class Square:
    x: int
    y: int
    kind: str


@dataclass
class Squares:
    """A number before and a number after as squares: which of them went is not told, only how many."""

    before: object
    after: object
    count_before: int
    count_after: int

    @classmethod
    def of(cls, before, after, number_before, number_after):
        """Two figures and their numbers; None where squares cannot show them."""
        numbers = (number_before, number_after)
        if any(number is None or number != int(number) for number in numbers):
            return None
        if not 0 <= number_after <= number_before <= MOST_SQUARES:
            return None
        return cls(before, after, *map(int, numbers))

    @property
    def view_box(self):
        rows = -(-self.count_before // SQUARES_A_ROW)
        return f"-0.05 -0.05 {SQUARES_A_ROW} {rows}"

    @property
    def old(self):
        return self._squares(self.count_before)

    @property
    def new(self):
        return self._squares(self.count_after, "kept")

    @property
    def gone(self):
        return self.count_before - self.count_after

    def _squares(self, marked, kind="was"):
        return [
            Square(index % SQUARES_A_ROW, index // SQUARES_A_ROW, kind if index < marked else "gone")
            for index in range(self.count_before)
        ]
