"""Numbers of working days with a lower and an upper end, as far as sources state them.

What a source hedges is read as follows: "at least" and "more than" have no upper end; "less than" begins at
none; "about" and "nearly" are taken at their number and stay marked.
"""

from dataclasses import dataclass
from decimal import Decimal

from records.units import Approximation, Unit, write_figure

NO_UPPER_END = {Approximation.AT_LEAST, Approximation.MORE_THAN}
ROUGH = {Approximation.ABOUT, Approximation.NEARLY}


@dataclass(frozen=True)
class Span:
    """A number of working days: from `earliest` to `latest`, which is None where no upper end is stated."""

    earliest: Decimal = Decimal(0)
    latest: Decimal | None = Decimal(0)
    is_rough: bool = False

    def __add__(self, other):
        latest = None if None in (self.latest, other.latest) else self.latest + other.latest
        return Span(self.earliest + other.earliest, latest, self.is_rough or other.is_rough)

    @classmethod
    def of(cls, statement):
        """How a statement with a number is read; see the module for its hedges."""
        number, hedge = statement.number, statement.approximation
        upper = number if statement.number_max is None else statement.number_max
        if hedge in NO_UPPER_END:
            return cls(number, None)
        return cls(Decimal(0) if hedge == Approximation.LESS_THAN else number, upper, hedge in ROUGH)

    @classmethod
    def widest(cls, spans, choose=min):
        """One for all: from the smallest lower end (with `max`: the largest) to the largest upper end.

        None without any.
        """
        spans = list(spans)
        if not spans:
            return None
        latest = None if any(span.latest is None for span in spans) else max(span.latest for span in spans)
        return cls(choose(span.earliest for span in spans), latest, any(span.is_rough for span in spans))

    @property
    def words(self):
        """In words, with unit and hedge: "4 working days", "at least 4 working days"."""
        if self.latest is None:
            return write_figure(self.earliest, Unit.WORKING_DAYS, approximation=Approximation.AT_LEAST)
        return write_figure(
            self.earliest,
            Unit.WORKING_DAYS,
            maximum=self.latest if self.latest != self.earliest else None,
            approximation=Approximation.ABOUT if self.is_rough else "",
        )
