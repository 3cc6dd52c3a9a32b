"""Checks of indicators and reforms: values in time, what bears them out, and what is doubted."""

from itertools import groupby, pairwise

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, Sum
from django.utils.translation import gettext_lazy as _

from business_environment.models import Indicator, IndicatorValue, ReformAccount
from records.checks import Checks, Row, Severity
from records.checks.sources import WEAK_SOURCE
from records.checks.statements import TENFOLD
from records.checks.words import both, date, number
from records.models import State, Statement
from records.units import Unit

CHECKS = Checks()

# A rate of 0.3 per cent after one of 3 is no slip, and a rank of 1 after one of 12 neither.
_NO_AMOUNTS = (Unit.PERCENT, Unit.PERCENT_OF_FEE, Unit.RANK)
_DAYS_OF_A_MONTH = 30.4


@CHECKS.add(
    "value-ten-times",
    of=[Indicator],
    severity=Severity.WARNING,
    title=_("A value is ten times the one before"),
    message=_("%(number)s for %(period)s, after %(before)s for %(period_before)s."),
)
def value_ten_times(indicators):
    """Neighbours in time, of periods of one length, of which one is ten times the other or more."""
    values = IndicatorValue.objects.filter(indicator__in=indicators.order_by().values("pk"))
    values = (
        values.exclude(unit__in=_NO_AMOUNTS).select_related("indicator").order_by("indicator_id", "period")
    )
    for _key, group in groupby(values, key=lambda value: value.indicator_id):
        by_length = {}
        for value in group:
            if value.period.first_day:
                by_length.setdefault((_months(value.period), value.unit), []).append(value)
        for series in by_length.values():
            for before, value in pairwise(series):
                low, high = sorted((before.number, value.number))
                if low > 0 and high >= TENFOLD * low:
                    yield Row(value.indicator, _facts(before, value), f"{value.pk}")


def _months(period):
    return round((period.last_day - period.first_day).days / _DAYS_OF_A_MONTH)


def _facts(before, value):
    return {
        "number": number(value.number, value.unit, value.approximation),
        "period": date(value.period),
        "before": number(before.number, before.unit, before.approximation),
        "period_before": date(before.period),
    }


@CHECKS.add(
    "value-without-source",
    of=[IndicatorValue, ReformAccount],
    severity=Severity.ERROR,
    title=_("A value without a source"),
    message=_("No statement names a source for it."),
)
def value_without_source(values):
    """Figures that are rows of their own, and that no source bears out."""
    for value in values.filter(~Exists(_statements(values))).filter(_of_kept(values.model)):
        yield Row(value)


@CHECKS.add(
    "value-mirror-only",
    of=[IndicatorValue, ReformAccount],
    severity=Severity.NOTE,
    title=_("Only copies or doubtful sources bear out a value"),
    message=_("Only copies on other sites or sources graded C bear it out. Look for the originals."),
)
def value_mirror_only(values):
    """Figures of which all sources are copies on other sites or graded C."""
    statements = _statements(values)
    weak = values.filter(Exists(statements), ~Exists(statements.filter(~WEAK_SOURCE)))
    for value in weak.filter(_of_kept(values.model)):
        yield Row(value)


def _statements(values):
    kind = ContentType.objects.get_for_model(values.model)
    return Statement.objects.filter(content_type=kind, object_id=OuterRef("pk"))


def _of_kept(model):
    """Condition for values of what has not been withdrawn."""
    record = "indicator" if model is IndicatorValue else "reform"
    return ~Q(**{f"{record}__state": State.WITHDRAWN})


@CHECKS.add(
    "value-doubt",
    of=[IndicatorValue],
    severity=Severity.NOTE,
    title=_("A doubt about a value"),
    message=_("%(doubt)s"),
    answers=("still_true",),
)
def value_doubted(values):
    """Values, or what they are compared with, that an editor doubts."""
    doubted = values.exclude(doubt_en="", doubt_zh="", comparison_doubt_en="", comparison_doubt_zh="")
    for value in doubted.filter(_of_kept(IndicatorValue)):
        for subject in ("doubt", "comparison_doubt"):
            words = getattr(value, f"{subject}_en"), getattr(value, f"{subject}_zh")
            if any(words):
                yield Row(value, {"doubt": both(*words)}, subject)


@CHECKS.add(
    "parts-above-count",
    of=[ReformAccount],
    severity=Severity.ERROR,
    title=_("The parts of an account are more than the whole"),
    message=_("It counts %(whole)s, and its parts add up to %(parts)s."),
)
def parts_above_count(accounts):
    """Accounts whose parts have more items than the account."""
    summed = accounts.filter(_of_kept(ReformAccount), count__isnull=False).annotate(
        parts_sum=Sum("parts__count")
    )
    for account in summed:
        if (account.parts_sum or 0) > account.count:
            facts = {
                "whole": number(account.count, Unit.ITEMS),
                "parts": number(account.parts_sum, Unit.ITEMS),
            }
            yield Row(account, facts)
