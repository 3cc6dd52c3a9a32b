"""What the figures of this app look like as charts, and what may be claimed of them above the chart."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from business_environment.models import IndicatorValue
from records.charts import Bar, BarChart, BarGroup, Squares

# Growth of fixed-asset investment: of the province, with the national average that its source gives; and
# of the nation, by its own statistics bureau.
GROWTH, NATIONAL_GROWTH = "fai-growth", "fai-growth-national"


def claim_squares(reform):
    """The claim of a reform as squares; None unless the public may see both of its numbers."""
    if not reform or not reform.claim:
        return None
    return Squares.of(*reform.claim, reform.claim_before.number, reform.claim_after.number)


@dataclass
class GrowthChart:
    """Growth of investment in the province and the nation, year by year.

    `rows` holds (period, own value, national values), each value with its passport. `groups` holds what is
    drawn: (period, [(bar, figure)]), so that no bar stands without the passport and the doubt of its number.
    """

    rows: list
    groups: list = field(init=False)
    chart: BarChart = field(init=False)

    def __post_init__(self):
        self.groups = [(str(period), self._drawn(own, others)) for period, own, others in self.rows]
        bars = [BarGroup([bar for bar, _figure in drawn], label) for label, drawn in self.groups]
        self.chart = BarChart(bars, _("Place"), _("Growth on the year before"))

    @classmethod
    def fetch(cls):
        """The chart of what the public may see; None where there is nothing to compare with."""
        values = (
            IndicatorValue.objects.published()
            .filter(indicator__slug__in=(GROWTH, NATIONAL_GROWTH))
            .with_passports()
            .order_by("period", "pk")
        )
        own = [value for value in values if value.indicator.slug == GROWTH]
        national = [value for value in values if value.indicator.slug == NATIONAL_GROWTH]
        rows = [(one.period, one, [other for other in national if other.period == one.period]) for one in own]
        compared = [row for row in rows if row[2] or row[1].comparison == IndicatorValue.Comparison.NATIONAL]
        return cls(compared) if compared else None

    @staticmethod
    def _drawn(own, others):
        drawn = [_bar(own.indicator.place, own.passport, own.number, kind="first")]
        if own.compared.is_known:
            label = _("National average, as the same source states it")
            drawn.append(_bar(label, own.compared, own.comparison_number))
        return drawn + [_bar(other.indicator.name, other.passport, other.number) for other in others]

    @property
    def in_doubt(self):
        """Whether any number is doubted, or two sources give the nation different numbers."""
        return any(
            own.doubt or own.comparison_doubt or len(self._national_numbers(own, others)) != 1
            for _period, own, others in self.rows
        )

    @staticmethod
    def _national_numbers(own, others):
        stated = {own.comparison_number} if own.compared.is_known else set()
        return stated | {other.number for other in others}

    @property
    def heading(self):
        """A claim only where every number is beyond doubt and all years agree; else what is compared."""
        if not self.in_doubt:
            gaps = [own.number - min(self._national_numbers(own, others)) for _p, own, others in self.rows]
            if all(gap > 0 for gap in gaps):
                return _("Investment grew faster than in the nation")
            if all(gap < 0 for gap in gaps):
                return _("Investment grew more slowly than in the nation")
        return _("Growth of investment, Shanxi and the nation")


def _bar(label, figure, number, kind=""):
    """(bar, figure) of a number; in doubt, the bar is an outline and says so."""
    if figure.doubt:
        return Bar(label, figure.value, number, kind="doubt", note=_("in doubt")), figure
    return Bar(label, figure.value, number, kind=kind), figure
