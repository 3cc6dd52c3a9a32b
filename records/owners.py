"""Which record a row belongs to."""

from django.db import models

from records.models import Record, Statement


def owner(row):
    """The record that a row is part of: itself, or the one it would be deleted with. None for a city."""
    if row is None or isinstance(row, Record):
        return row
    if isinstance(row, Statement):
        return owner(row.record)
    for field in row._meta.fields:
        if field.many_to_one and field.remote_field.on_delete is models.CASCADE:
            return owner(getattr(row, field.name))
    return None
