"""What statements on one record say of each other, and what their editors doubt."""

from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, DecimalField, Exists, ExpressionWrapper, OuterRef, Q, Subquery, When
from django.utils.translation import gettext_lazy as _

from records.checks.check import Checks, Row, Severity
from records.checks.words import aspect, both, source, value_of
from records.models import Statement, carrying_models

CHECKS = Checks()

TENFOLD = Decimal(10)
# The key of the aspect under which editors write down in words where sources disagree.
CONFLICT = "conflict"
# Stated of one and the same thing.
SAME = {name: OuterRef(name) for name in ("content_type", "object_id", "aspect", "part_en", "part_zh")}
SAME_VALUE = (
    Q(number=OuterRef("number")) | Q(date=OuterRef("date")) | (Q(choice=OuterRef("choice")) & ~Q(choice=""))
)
VALUED = Q(number__isnull=False) | Q(date__isnull=False) | ~Q(choice="")


def statements_about(rows):
    """The statements about these rows, with source and aspect."""
    kind = ContentType.objects.get_for_model(rows.model)
    about = Statement.objects.select_related("source", "aspect", "content_type")
    about = about.filter(content_type=kind, object_id__in=rows.order_by().values("pk"))
    return about.order_by("object_id", "aspect__order", "pk")


def with_records(rows, statements):
    """(record, statement) for each statement: one query for all records."""
    statements = list(statements)
    records = rows.in_bulk({one.object_id for one in statements})
    return [(records[one.object_id], one) for one in statements]


def _in_bulk(keys):
    return Statement.objects.select_related("source", "aspect", "content_type").in_bulk(set(keys))


def _in_words(record, statement):
    return value_of(statement, record.unit_of(statement))


@CHECKS.add(
    "ten-times",
    of=carrying_models,
    severity=Severity.WARNING,
    title=_("One figure is ten times the other"),
    message=_("%(aspect)s: %(less)s (%(of_less)s) and %(more)s (%(of_more)s), at least ten times as much."),
    answers=("still_true",),
)
def ten_times(rows):
    """Two statements on one aspect of one record, one of them ten times the other or more: often a slip."""
    tenfold = ExpressionWrapper(OuterRef("number") * TENFOLD, DecimalField(max_digits=30, decimal_places=6))
    larger = Statement.objects.filter(**SAME, number__gte=tenfold).order_by("-adopted", "pk")
    smaller = statements_about(rows).filter(number__gt=0).annotate(larger=Subquery(larger.values("pk")[:1]))
    found = with_records(rows, smaller.filter(larger__isnull=False))
    others = _in_bulk(one.larger for _record, one in found)
    for record, less in found:
        more = others[less.larger]
        shown, other = (less, more) if less.adopted else (more, less)
        facts = {
            "aspect": aspect(less.aspect),
            "less": _in_words(record, less),
            "of_less": source(less.source),
            "more": _in_words(record, more),
            "of_more": source(more.source),
        }
        swap = other if shown.adopted else None
        yield Row(record, facts, f"{less.aspect.key} {less.pk}", shown, swap)


@CHECKS.add(
    "sources-disagree",
    of=carrying_models,
    severity=Severity.NOTE,
    title=_("Sources disagree"),
    message=_("%(aspect)s: %(source)s says %(shown)s, which is adopted; %(other_source)s says %(other)s."),
    answers=("still_true",),
)
def sources_disagree(rows):
    """Another source says something else of the same thing at the same time, or does not say of when."""
    adopted = Statement.objects.filter(**SAME, adopted=True).order_by("position", "pk")
    alike = adopted.filter(Q(as_of__isnull=True) | Q(as_of=OuterRef("as_of")))
    # Dates are of what happened once, and hold for no time themselves.
    at_any_time = When(Q(as_of__isnull=True) | Q(date__isnull=False), then=Subquery(adopted.values("pk")[:1]))
    others = (
        statements_about(rows)
        .filter(VALUED, ~Exists(adopted.filter(SAME_VALUE)), adopted=False)
        .annotate(shown=Case(at_any_time, default=Subquery(alike.values("pk")[:1])))
        .filter(shown__isnull=False)
    )
    found = with_records(rows, others)
    adopted_ones = _in_bulk(other.shown for _record, other in found)
    for record, other in found:
        one = adopted_ones[other.shown]
        facts = {
            "aspect": aspect(other.aspect),
            "source": source(one.source),
            "shown": _in_words(record, one),
            "other_source": source(other.source),
            "other": _in_words(record, other),
        }
        yield Row(record, facts, f"{other.aspect.key} {other.pk}", one, other)


@CHECKS.add(
    "conflict-noted",
    of=carrying_models,
    severity=Severity.NOTE,
    title=_("An editor has noted that sources disagree"),
    message=_("%(text)s"),
)
def conflict_noted(rows):
    """What is written down in words under “Where sources disagree”: once, though several bear it out."""
    noted = statements_about(rows).filter(aspect__key=CONFLICT)
    seen = set()
    for record, one in with_records(rows, noted):
        words = (record.pk, one.text_en, one.text_zh)
        if words not in seen:
            seen.add(words)
            yield Row(record, {"text": both(one.text_en, one.text_zh)}, str(one.pk), one)


@CHECKS.add(
    "doubt",
    of=carrying_models,
    severity=Severity.NOTE,
    title=_("A doubt about what the page shows"),
    message=_("%(aspect)s: %(doubt)s"),
    answers=("still_true",),
)
def doubted(rows):
    """An adopted statement with a doubt that nobody has settled."""
    statements = statements_about(rows).filter(adopted=True).exclude(doubt_en="", doubt_zh="")
    for record, one in with_records(rows, statements):
        facts = {"aspect": aspect(one.aspect), "doubt": both(one.doubt_en, one.doubt_zh)}
        yield Row(record, facts, f"{one.aspect.key} {one.position}", one)
