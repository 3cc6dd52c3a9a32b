"""What the index of one list holds: worked out from its filter set, so that nothing is said twice."""

import hashlib
import sys
import unicodedata
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path

from django.db.models import F
from django.db.models.expressions import OrderBy

import listings
from listings.index.columns import CodesOf
from listings.text.records import parts_of

# Those that decide what is one word.
TEXT_LIBRARIES = ("snowballstemmer", "opencc", "pypinyin")


class Layout:
    """Columns, orders and words of a filter set's list; one for each class of them."""

    def __init__(self, filterset_class):
        self.filterset_class = filterset_class
        self.model = filterset_class.index_of
        self.table = self.model._meta.db_table

    def rows(self, using):
        """The rows that the index holds: what the public may see."""
        return self.model._default_manager.using(using).published()

    @cached_property
    def columns(self):
        """name -> how it is held: a facet by its own name, a range by that of its column.

        Raises TypeError for a filter that no column can answer: such a list can have no index.
        """
        columns = {}
        for name, item in self.filterset_class.base_filters.items():
            if name == "q":
                continue
            held = item.held_as(self.model)
            if held is None:
                raise TypeError(f"{self.filterset_class.__name__}.{name} cannot be held as a column.")
            columns[item.held_name(name)] = held
        # Words of related rows are found by the columns that point to them.
        for relation in self.parts.related:
            columns.setdefault(f"{relation}_id", CodesOf(F(f"{relation}_id")))
        return columns

    @cached_property
    def sorts(self):
        """key -> ((column, descending), …) of each sort: columns of the row itself, unknown ones last.

        Raises TypeError for a sort by anything else, of which a change would not be heard.
        """
        return {sort.key: tuple(map(_ordered, sort.order_by)) for sort in self.filterset_class.sorts}

    @cached_property
    def parts(self):
        """The parts of a record in which words are looked for: its own, and those of rows it points to."""
        return parts_of(self.model)

    def related_rows(self, relation, using):
        """The rows that records may point to."""
        return self.model._meta.get_field(relation).related_model._base_manager.using(using)

    @cached_property
    def fingerprint(self):
        """A digest of all that decides what the index holds: one made by other code is not used.

        Of the code of lists, of the classes that say what is public, searched and filtered, and of the
        libraries and tables by which texts are read.
        """
        related = [self.model._meta.get_field(relation).related_model for relation in self.parts.related]
        classes = [self.filterset_class, self.model, type(self.model.objects.all()), *related]
        modules = {one.__module__ for start in classes for one in start.__mro__} - {"builtins"}
        files = [Path(sys.modules[name].__file__) for name in sorted(modules)]
        files += sorted(Path(listings.__file__).parent.rglob("*.py"))
        digest = hashlib.sha256(unicodedata.unidata_version.encode())
        for library in TEXT_LIBRARIES:
            digest.update(version(library).encode())
        for path in files:
            digest.update(path.read_bytes())
        return digest.hexdigest()[:32]


@cache
def layout_of(filterset_class):
    """The layout of a filter set, the same object each time."""
    return Layout(filterset_class)


# model -> the filter set of its list, of those that may have an index.
_lists = {}


def register(filterset_class):
    """Have the list of a filter set found by its model."""
    _lists[filterset_class.index_of] = filterset_class


def layout_for(model):
    """The layout of the list of a model; None for one that has no index."""
    return layout_of(_lists[model]) if model in _lists else None


def layouts():
    """Of all lists that may have an index."""
    return [layout_of(filterset_class) for filterset_class in _lists.values()]


def _ordered(expression):
    """(column, descending) of one part of a sort."""
    is_order = isinstance(expression, OrderBy)
    column = expression.expression if is_order else F(expression.lstrip("-"))
    if not isinstance(column, F) or "__" in column.name:
        raise TypeError(f"{expression} is not a column of the row itself: no index can hold that order.")
    return column.name, expression.descending if is_order else expression.startswith("-")
