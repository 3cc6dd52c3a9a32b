"""Which changes of a record touch a figure, so that whoever makes them has to say why."""

from django.db import models

from records.models import Aspect, Statement
from records.snapshots import differences

# What of an adopted statement makes up the figure that readers see; without `adopted` they do not see it.
STATED = {"number", "number_max", "approximation", "date", "choice"}
# Numbers that no source states: they order rows.
ORDERING = {"order", "position", "home_order"}


def figures_changed(model, old, new):
    """The differences (`snapshots.Difference`) between two snapshots of a record that are about figures.

    Figures are adopted statements, columns that repeat them, and numbers of the record and its parts.
    """
    columns = set(Aspect.objects.exclude(column="").values_list("column", flat=True))
    return [one for one in differences(model, old, new) if _is_figure(model, one, (old, new), columns)]


def _is_figure(model, difference, snapshots, columns):
    """Whether one difference is about a figure."""
    steps = difference.path.split("/")
    rows = list(snapshots)
    while len(steps) > 1:
        relation, key, *steps = steps
        model = model._meta.get_field(relation).related_model
        rows = [_row(row, relation, key) for row in rows]
    rows = [row for row in rows if row]
    if steps:
        return _is_figure_field(model, steps[0], rows, columns)
    return any(_states_a_figure(model, row) for row in rows)


def _row(row, relation, key):
    children = row["children"].get(relation, []) if row else []
    return next((one for one in children if str(one["pk"]) == key), None)


def _is_figure_field(model, name, rows, columns):
    if model is Statement:
        return name == "adopted" or (name in STATED and any(row["fields"]["adopted"] for row in rows))
    return name in columns or name in _numbers(model)


def _states_a_figure(model, row):
    """Whether a row that came or went shows a figure."""
    if model is Statement:
        return row["fields"]["adopted"] and any(row["fields"][name] for name in STATED)
    return any(row["fields"].get(name) is not None for name in _numbers(model))


def _numbers(model):
    kinds = (models.DecimalField, models.FloatField, models.IntegerField)
    return {
        item.name for item in model._meta.fields if isinstance(item, kinds) and not item.is_relation
    } - ORDERING
