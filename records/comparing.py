"""Rows of the data files and rows of the database as values that can be compared, field by field."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from records.loading import content_type_key, key_field


def loadable(model):
    """The plain fields of a model that files can set."""
    pointers = {
        name
        for item in model._meta.private_fields
        if isinstance(item, GenericForeignKey)
        for name in (item.ct_field, item.fk_field)
    }
    return [
        item
        for item in model._meta.fields
        if item.editable and not item.primary_key and item.name not in pointers
    ]


def owning_field(model):
    """The field that names the row which rows of a model belong to: the first with which they would go.

    None for what belongs to nothing of its app. Statements name theirs by a generic key instead.
    """
    links = (item for item in model._meta.fields if item.many_to_one)
    first = next((item for item in links if item.remote_field.on_delete is models.CASCADE), None)
    of_app = first is not None and first.related_model._meta.app_label == model._meta.app_label
    return first if of_app and not first.remote_field.hidden else None


def child_relations(model):
    """Names of the relations whose rows belong to a row of this model."""
    owned = [
        item.name
        for item in model._meta.related_objects
        if item.one_to_many and not item.hidden and item.field is owning_field(item.related_model)
    ]
    return owned + [item.name for item in model._meta.private_fields if item.name == "statements"]


def _described_row(row, parent_link=None):
    """A row of the files as one comparable value."""
    instance = row.model(**row.values)
    plain = {}
    for item in loadable(row.model):
        if item.name != parent_link:
            plain[item.name] = row.links.get(item.name) if item.is_relation else getattr(instance, item.name)
    for item in row.model._meta.many_to_many:
        plain[item.name] = set(row.many.get(item.name, []))
    for name in child_relations(row.model):
        plain[name] = _described_children(row, name)
    return plain


def _described_children(row, name):
    """The rows that belong to one of the files; where they give no order, they are numbered as written."""
    described = [
        _described_row(child, parent_link_of(row.model, name)) for child in row.children.get(name, [])
    ]
    for number, (child, plain) in enumerate(zip(row.children.get(name, []), described, strict=True)):
        if "order" in plain and "order" not in child.values:
            plain["order"] = number
    return described


def _described(instance, parent_link=None):
    """The same of a row of the database."""
    plain = {}
    for item in loadable(type(instance)):
        if item.name != parent_link:
            value = getattr(instance, item.name)
            plain[item.name] = _key_of(value) if item.is_relation else value
    for item in instance._meta.many_to_many:
        plain[item.name] = {_key_of(one) for one in getattr(instance, item.name).all()}
    for name in child_relations(type(instance)):
        plain[name] = [
            _described(child, parent_link_of(type(instance), name))
            for child in getattr(instance, name).order_by("pk")
        ]
    return plain


def parent_link_of(model, relation):
    """The field by which rows of a relation name the row they belong to; None for statements."""
    item = model._meta.get_field(relation)
    return item.field.name if item.auto_created else None


def _key_of(instance):
    if instance is None:
        return None
    return (
        content_type_key(instance)
        if isinstance(instance, ContentType)
        else getattr(instance, key_field(type(instance)), instance.pk)
    )


def stated_in_file(row, name):
    """One field of a row of the files, or all rows that belong to it, as a value to compare."""
    if name in row.children or name in child_relations(row.model):
        return _described_children(row, name)
    item = row.model._meta.get_field(name)
    if item.many_to_many:
        return set(row.many.get(name, []))
    return row.links.get(name) if item.is_relation else row.values.get(name, item.get_default())


def held_in_database(instance, name):
    """The same field of a row of the database."""
    if name in child_relations(type(instance)):
        return [
            _described(child, parent_link_of(type(instance), name))
            for child in getattr(instance, name).order_by("pk")
        ]
    item = instance._meta.get_field(name)
    if item.many_to_many:
        return {_key_of(one) for one in getattr(instance, name).all()}
    value = getattr(instance, name)
    return _key_of(value) if item.is_relation else value
