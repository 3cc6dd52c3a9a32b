"""Which models there are of a kind, read from the installed apps: this floor knows none of them by name."""

from django.apps import apps


def carrying_models():
    """Every model that statements can be made about: records, and the parts of them that have figures."""
    return [model for model in apps.get_models() if carries_statements(model)]


def carries_statements(model):
    """Whether rows of this model have statements."""
    return any(field.name == "statements" for field in model._meta.private_fields)
