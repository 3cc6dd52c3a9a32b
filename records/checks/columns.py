"""Columns that repeat the adopted statement of an aspect, and do not."""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, F, OuterRef, Q, Subquery, Value
from django.utils.translation import gettext_lazy as _

from records.checks.check import Checks, Row, Severity
from records.checks.words import column_value, field, source, value_of
from records.models import Aspect, Statement, record_models

CHECKS = Checks()

# Which field of a statement has the value of an aspect.
_VALUES = {Aspect.Kind.NUMBER: "number", Aspect.Kind.DATE: "date", Aspect.Kind.CHOICE: "choice"}


def _differing(rows, condition):
    """(record, aspect, adopted statement or None, another that says what the column says or None) of rows of
    which column and adopted statement compare like this.
    """
    kind = ContentType.objects.get_for_model(rows.model)
    names = {one.name for one in rows.model._meta.fields}
    for aspect in Aspect.objects.filter(applies_to=kind, column__in=names, kind__in=_VALUES):
        value = _VALUES[aspect.kind]
        adopted = (
            Statement.objects.filter(content_type=kind, object_id=OuterRef("pk"), aspect=aspect, adopted=True)
            .exclude(**{value: "" if value == "choice" else None})
            .order_by("position", "pk")
        )
        found = rows.annotate(
            stated=Subquery(adopted.values(value)[:1]), stated_by=Subquery(adopted.values("pk")[:1])
        ).filter(condition(aspect.column))
        found = list(found)
        statements = Statement.objects.select_related("source", "aspect", "content_type")
        stated = statements.in_bulk([record.stated_by for record in found if record.stated_by])
        others = _others(statements.filter(content_type=kind, aspect=aspect), found)
        for record in found:
            agreeing = [
                one for one in others[record.pk] if getattr(one, value) == getattr(record, aspect.column)
            ]
            yield record, aspect, stated.get(record.stated_by), next(iter(agreeing), None)


def _others(statements, records):
    """{key of a record: its statements that are not adopted}."""
    found = defaultdict(list)
    for one in statements.filter(object_id__in=[record.pk for record in records], adopted=False).order_by(
        "pk"
    ):
        found[one.object_id].append(one)
    return found


def _facts(record, aspect, statement=None):
    model, held = type(record), getattr(record, aspect.column)
    facts = {"field": field(model, aspect.column)}
    if held not in (None, ""):
        facts["held"] = column_value(model, aspect.column, held, aspect.unit)
    if statement:
        facts |= {"stated": value_of(statement, aspect.unit), "source": source(statement.source)}
    return facts


@CHECKS.add(
    "column-differs",
    of=record_models,
    severity=Severity.ERROR,
    title=_("The field and the adopted statement differ"),
    message=_("%(field)s: the field says %(held)s, the adopted statement (%(source)s) says %(stated)s."),
)
def column_differs(rows):
    """Both are there, and say different things."""

    def differ(column):
        both = Q(stated__isnull=False, **{f"{column}__isnull": False})
        return both & ~Q(**{column: F("stated")})

    for record, aspect, statement, other in _differing(rows, differ):
        if getattr(record, aspect.column) != "":
            yield Row(record, _facts(record, aspect, statement), aspect.key, statement, other)


@CHECKS.add(
    "column-empty",
    of=record_models,
    severity=Severity.ERROR,
    title=_("The field lacks what the adopted statement says"),
    message=_("%(field)s: the adopted statement (%(source)s) says %(stated)s, and the field is empty."),
)
def column_empty(rows):
    """A statement is adopted, and lists and filters do not know of it."""

    def lacking(column):
        empty = Q(**{f"{column}__isnull": True})
        if isinstance(rows.model._meta.get_field(column), CharField):
            empty |= Q(**{column: Value("")})
        return Q(stated__isnull=False) & empty

    for record, aspect, statement, _other in _differing(rows, lacking):
        yield Row(record, _facts(record, aspect, statement), aspect.key, statement)


@CHECKS.add(
    "figure-without-source",
    of=record_models,
    severity=Severity.ERROR,
    title=_("A figure without a source"),
    message=_("%(field)s is %(held)s, and no adopted statement says so."),
)
def figure_without_source(rows):
    """A column says something that no adopted statement bears out."""

    def unstated(column):
        return Q(stated__isnull=True, **{f"{column}__isnull": False})

    for record, aspect, _statement, other in _differing(rows, unstated):
        if getattr(record, aspect.column) != "":
            yield Row(record, _facts(record, aspect), aspect.key, other_statement=other)
