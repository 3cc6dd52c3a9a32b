"""Checks of what is recorded: each is a function that yields findings. They report; they change nothing."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType

from records.models import Aspect, record_models


@dataclass(frozen=True)
class Finding:
    """One thing that is not right with a record."""

    record: object
    subject: str
    reason: str

    def __str__(self):
        return f"{self.record._meta.label} {self.record.slug}: {self.subject}: {self.reason}"


def columns_that_disagree():
    """Records whose column says something else than the adopted statement of the same aspect.

    A column without a statement, and a statement without its column, disagree as well.
    """
    for model in record_models():
        columns = _columns(model)
        if not columns:
            continue
        for record in model.objects.with_statements().order_by("pk"):
            yield from _compare(record, columns)


def _columns(model):
    """{aspect key: column} of the aspects that a column of this model repeats."""
    kind = ContentType.objects.get_for_model(model)
    aspects = Aspect.objects.filter(applies_to=kind).exclude(column="")
    names = {field.name for field in model._meta.fields}
    return {aspect.key: aspect.column for aspect in aspects if aspect.column in names}


def _compare(record, columns):
    adopted = {row.aspect.key: row for row in record.statements.all() if row.adopted and row.has_value}
    for key, column in columns.items():
        held, statement = getattr(record, column) or None, adopted.get(key)
        stated = statement and (statement.choice or statement.date or statement.number)
        if held is None and not stated:
            continue
        if not stated:
            yield Finding(record, key, f"{column} is {held}, and no adopted statement says so")
        elif held != stated:
            yield Finding(record, key, f"{column} is {held}, the adopted statement says {stated}")


CHECKS = (columns_that_disagree,)
