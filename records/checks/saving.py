"""Checks on saving: what staff change is looked at as soon as it is saved."""

from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from records.models import Route

# Done by a person, one or a few at a time. What is loaded or imported is looked at in the night.
_BY_HAND = (Route.ADMIN, Route.ACTION, Route.PENDING, Route.BROUGHT_BACK)


def look_through(model, keys, route):
    """Hand over rows that were changed to `settings.AFTER_CHANGES`, a function of a model and keys.

    It is called once the change is committed, and not at all if it is taken back: where it fails, the change
    stands and the failure is logged. It is a setting because what keeps findings stands above this floor.
    """
    if settings.AFTER_CHANGES and route in _BY_HAND:
        transaction.on_commit(partial(_call, model, list(keys)), robust=True)


def _call(model, keys):
    import_string(settings.AFTER_CHANGES)(model, keys)
