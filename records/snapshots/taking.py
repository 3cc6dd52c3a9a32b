"""Reads records from the database as snapshots, many at a time."""

import copy
import hashlib
import json
from decimal import Decimal
from itertools import count

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import override

from records.comparing import child_relations, loadable, owning_field, parent_link_of
from records.dates import PartialDate
from records.models import PublicQuerySet, Record, State, Statement

AT_ONCE = 400  # Rows of one query; SQLite takes only so many parameters.
ONCE_PUBLIC = (State.PUBLISHED, State.WITHDRAWN)


def whole(row):
    """The row that a row is part of, itself if it is part of none: what snapshots are taken of.

    A statement leads to what it is about, a park to its zone. None for a statement about nothing.
    """
    while row is not None and not isinstance(row, Record):
        if isinstance(row, Statement):
            row = row.record
        elif field := owning_field(type(row)):
            row = getattr(row, field.name)
        else:
            break
    return row


def taken(record):
    """The snapshot of a record as the database has it, whatever its instance holds.

    Empty if the database has no such row.
    """
    return taken_all(type(record), [record.pk]).get(record.pk, {})


def taken_all(model, pks, *, names=True):
    """{key: snapshot} of the rows there are among these keys.

    The number of queries grows with the kinds of parts, not with the rows. Without `names` it is a third
    less: enough for a fingerprint.
    """
    found = {}
    for some in _batches(pks):
        trees = [tree for _parent, tree in _trees(model, Q(pk__in=some))]
        found |= {tree["pk"]: {"model": model._meta.label_lower, **tree, "names": {}} for tree in trees}
    if names:
        add_names(model, found.values())
    return found


def add_names(model, snapshots):
    """Put the names of what they refer to into snapshots that were taken without."""
    snapshots = [snapshot for snapshot in snapshots if snapshot]
    words = _names_of(model, snapshots)
    for snapshot in snapshots:
        snapshot["names"] = _pick(words, _references(model, snapshot))


def fill(instance, fields):
    """Set the fields of a row from their JSON; what the model does not have any more is passed over."""
    for item in loadable(type(instance)):
        if item.name in fields:
            setattr(instance, item.attname, item.to_python(fields[item.name]))


def fingerprint(snapshot):
    """A digest of what a snapshot says, 64 characters; empty for an empty one.

    How the rows are named that it refers to does not count.
    """
    if not snapshot:
        return ""
    said = {name: value for name, value in snapshot.items() if name != "names"}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def without_new_keys(snapshot, base):
    """The same snapshot, with −1, −2 … for the keys of rows that the base has not.

    For one that was taken before a rollback: other rows may be given these keys since. `put_back` gives rows
    with such a key new ones.
    """
    snapshot, numbers = copy.deepcopy(snapshot), count(1)
    _renumber(snapshot, base or {}, numbers)
    return snapshot


def _renumber(tree, base, numbers):
    for name, rows in tree.get("children", {}).items():
        before = {row["pk"]: row for row in base.get("children", {}).get(name, [])}
        for row in rows:
            known = before.get(row["pk"])
            if known is None:
                row["pk"] = -next(numbers)
            _renumber(row, known or {}, numbers)


def _batches(pks):
    ordered = sorted(set(pks))
    return [ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE)]


def _trees(model, condition, link=None):
    """(key of its parent, row with all that belongs to it) of each row that fulfils the condition."""
    parent = "object_id" if model is Statement else model._meta.get_field(link).attname if link else "pk"
    fields = [item for item in loadable(model) if item.name != link]
    rows = model._base_manager.filter(condition).order_by("pk")
    found = []
    for pk, above, *values in rows.values_list("pk", parent, *(item.attname for item in fields)):
        plain = {item.name: _plain(value) for item, value in zip(fields, values, strict=True)}
        found.append((above, {"pk": pk, "fields": plain, "many": {}, "children": {}}))
    by_pk = {tree["pk"]: tree for _above, tree in found}
    if by_pk:
        _add_many(model, by_pk)
        _add_children(model, by_pk)
    return found


def _plain(value):
    """A value as JSON has it; `to_python` of its field reads it back."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, PartialDate):
        return value.text
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _add_many(model, by_pk):
    for item in model._meta.many_to_many:
        through = item.remote_field.through
        own = through._meta.get_field(item.m2m_field_name()).attname
        other = through._meta.get_field(item.m2m_reverse_field_name()).attname
        for tree in by_pk.values():
            tree["many"][item.name] = []
        for some in _batches(by_pk):
            pairs = through._base_manager.filter(**{f"{own}__in": some}).order_by(other)
            for pk, key in pairs.values_list(own, other):
                by_pk[pk]["many"][item.name].append(key)


def _add_children(model, by_pk):
    for name in child_relations(model):
        child = model._meta.get_field(name).related_model
        link = parent_link_of(model, name)
        for tree in by_pk.values():
            tree["children"][name] = []
        for some in _batches(by_pk):
            condition = Q(**{f"{link}__in": some}) if link else _about(model, some)
            for above, tree in _trees(child, condition, link):
                by_pk[above]["children"][name].append(tree)


def _about(model, pks):
    return Q(content_type=ContentType.objects.get_for_model(model), object_id__in=pks)


# Names


def _references(model, tree):
    """{model: keys} of all rows that a row and its parts refer to."""
    found = {}
    for item in loadable(model):
        value = tree["fields"].get(item.name) if item.is_relation else None
        if value is not None:
            found.setdefault(item.related_model, set()).add(value)
    for item in model._meta.many_to_many:
        if keys := tree["many"].get(item.name):
            found.setdefault(item.related_model, set()).update(keys)
    for name, rows in tree["children"].items():
        child = model._meta.get_field(name).related_model
        for row in rows:
            for other, keys in _references(child, row).items():
                found.setdefault(other, set()).update(keys)
    return found


def _names_of(model, trees):
    wanted = {}
    for tree in trees:
        for other, keys in _references(model, tree).items():
            wanted.setdefault(other, set()).update(keys)
    names = {}
    for other, keys in wanted.items():
        owner = owning_field(other)
        rows = other._base_manager.select_related(owner.name) if owner else other._base_manager.all()
        names[other] = {row.pk: _name(row) for some in _batches(keys) for row in rows.filter(pk__in=some)}
    return names


def _pick(names, references):
    return {
        model._meta.label_lower: {str(key): names[model][key] for key in sorted(keys) if key in names[model]}
        for model, keys in references.items()
    }


def _name(row):
    """How a row is called in both languages, and whether the public may ever have read that."""
    with override("en"):
        english = str(row)
    with override("zh-hans"):
        chinese = str(row)
    return {"en": english, "zh": chinese, "public": _once_public(row)}


def _once_public(row):
    if isinstance(row, Record):
        return row.state in ONCE_PUBLIC
    manager = type(row)._default_manager.all()
    depends = isinstance(manager, PublicQuerySet) and bool(manager.public_when)
    return not depends and not isinstance(row, get_user_model())
