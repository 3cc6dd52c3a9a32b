"""What `manage.py check --database default` asks of the tables behind lists."""

from django.core.checks import Error, Tags, Warning, register
from django.db import connections, router

from listings import triggers
from listings.filters import indexed_lists
from listings.models import DataVersion


@register(Tags.database)
def check_triggers(app_configs, databases=None, **kwargs):
    """Without its triggers a table changes and nobody knows: pages and indexes would stay as they are."""
    return [
        Warning(
            f"Changes of {table} are not followed: the trigger {trigger} is missing.",
            hint=f"Run manage.py migrate --database {alias}.",
            id="listings.W001",
        )
        for alias in databases or ()
        if router.allow_migrate_model(alias, DataVersion)
        for table, trigger in triggers.missing(connections[alias])
    ]


@register()
def check_lists(app_configs, **kwargs):
    """A list that names a model as `index_of` has only filters and sorts that an index can hold."""
    return [
        Error(str(problem), obj=layout.filterset_class, id="listings.E001")
        for layout in indexed_lists()
        for problem in _problems(layout)
    ]


def _problems(layout):
    for name in ("columns", "sorts"):
        try:
            getattr(layout, name)
        except TypeError as error:
            yield error
