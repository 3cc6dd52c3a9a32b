"""Tells what two snapshots of a record say differently, in the words of its form."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext

from records.comparing import child_relations, loadable, parent_link_of
from records.fields import PartialDateField
from records.languages import choose
from records.models import Statement
from records.units import write_number

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
# The columns by which a row that has no other name is called, the best first.
NAMING = ("name", "label", "title", "who", "words", "text")


@dataclass(frozen=True)
class Difference:
    """One field, or one row of a record, that two snapshots have differently.

    `path` names it whatever the language: `area_km2`, `industries`, `statements/12/number`, `statements/12`
    for a whole row. `label`, `old` and `new` are words in the language in which they were asked for; `old`
    is empty for what was added, `new` for what was removed.
    """

    path: str
    kind: str
    label: str
    old: str = ""
    new: str = ""

    def touches(self, other):
        """Whether both are about the same field or row, or one lies within the other."""
        one, two = f"{self.path}/", f"{other.path}/"
        return one.startswith(two) or two.startswith(one)


def differences(model, old, new):
    """What two snapshots of one row say differently, as a list of Difference in the order of the fields.

    A field that only one of them knows, as the model has changed between them, says nothing. An empty
    snapshot is a record that is not there: all that the other one states is then added or removed.
    """
    return list(_Comparison(old, new).of_rows(model, old, new, "", "")) if old or new else []


class _Comparison:
    def __init__(self, old, new):
        self.old_names, self.new_names = Names(old), Names(new)

    def of_rows(self, model, old, new, path, prefix):
        """The differences of one row, and of those that belong to it."""
        for item in [*loadable(model), *model._meta.many_to_many]:
            part = "many" if item.many_to_many else "fields"
            before, after = _value(old, part, item), _value(new, part, item)
            known = (not old or item.name in old[part]) and (not new or item.name in new[part])
            if known and before != after:
                kind = ADDED if not old else REMOVED if not new else CHANGED
                yield Difference(
                    path + item.name,
                    kind,
                    _within(prefix, str(item.verbose_name)),
                    "" if kind == ADDED else self.old_names.say(item, before),
                    "" if kind == REMOVED else self.new_names.say(item, after),
                )
        for name in child_relations(model):
            if (not old or name in old["children"]) and (not new or name in new["children"]):
                rows = (old.get("children", {}).get(name, []), new.get("children", {}).get(name, []))
                yield from self.of_children(model, name, *rows, path, prefix)

    def of_children(self, parent, name, old, new, path, prefix):
        """The differences of the rows of one relation: those that went, that changed and that came."""
        model, link = parent._meta.get_field(name).related_model, parent_link_of(parent, name)
        old, new = without_common(old, new)
        before, after = ({row["pk"]: row for row in rows} for rows in (old, new))
        for key in [*before, *(key for key in after if key not in before)]:
            here = f"{path}{name}/{key}"
            if key not in after:
                row = before[key]
                label = _within(prefix, self.old_names.title(model, row, link))
                yield Difference(here, REMOVED, label, old=self.old_names.describe(model, row, link))
            elif key not in before:
                row = after[key]
                label = _within(prefix, self.new_names.title(model, row, link))
                yield Difference(here, ADDED, label, new=self.new_names.describe(model, row, link))
            else:
                title = _within(prefix, self.new_names.title(model, after[key], link))
                yield from self.of_rows(model, before[key], after[key], f"{here}/", title)


def without_common(old, new):
    """The rows of two lists without those that only have another key in the other: they were made anew."""
    rest = [row for row in new if row["pk"] not in {one["pk"] for one in old}]
    removed = [row for row in old if row["pk"] not in {one["pk"] for one in new}]
    for row in removed:
        twin = next((one for one in rest if _content(one) == _content(row)), None)
        if twin is not None:
            rest.remove(twin)
            old = [one for one in old if one is not row]
            new = [one for one in new if one is not twin]
    return old, new


def _content(row):
    """A row without keys of its own and its parts."""
    parts = {name: [_content(one) for one in rows] for name, rows in row["children"].items()}
    return row["fields"], row["many"], parts


class Names:
    """Writes the values of one snapshot in words, with the names it holds of what it refers to."""

    def __init__(self, snapshot):
        self.names = snapshot.get("names", {}) if snapshot else {}

    def of(self, model, key):
        """The name of a row that the snapshot refers to."""
        name = self.names.get(model._meta.label_lower, {}).get(str(key))
        return choose(name["en"], name["zh"]) if name else f"{model._meta.verbose_name} {key}"

    def is_public(self, model, key):
        """Whether the public may ever have read that name."""
        return self.names.get(model._meta.label_lower, {}).get(str(key), {}).get("public", False)

    def say(self, item, value):
        """A value of a field in words."""
        if item.many_to_many:
            return ", ".join(self.of(item.related_model, key) for key in value) or gettext("none")
        if value is None or value == "":
            return gettext("not stated")
        if item.is_relation:
            return str(self.of(item.related_model, value))
        if isinstance(item, models.BooleanField):
            return gettext("yes") if value else gettext("no")
        if item.flatchoices:
            return str(dict(item.flatchoices).get(value, value))
        return _written(item, value)

    def title(self, model, row, link=None):
        """How a row of a record is called: Statement “area” of Shanxi Daily, Park “North park”."""
        fields = row["fields"]
        if model is Statement:
            words = {name: self.of(_target(model, name), fields[name]) for name in ("aspect", "source")}
            return gettext("Statement “%(aspect)s” of %(source)s") % words
        kind, name = capfirst(str(model._meta.verbose_name)), self._called(model, row, link)
        return gettext("%(kind)s “%(name)s”") % {"kind": kind, "name": name} if name else kind

    def _called(self, model, row, link):
        fields = row["fields"]
        for name in NAMING:
            if text := choose(fields.get(f"{name}_en", ""), fields.get(f"{name}_zh", "")):
                return text if len(text) <= 60 else f"{text[:59]}…"
        for item in loadable(model):
            plain = isinstance(item, PartialDateField) or item.flatchoices or item.name in ("slug", "key")
            if item.name != link and fields.get(item.name) and (plain or item.is_relation):
                return self.say(item, fields[item.name])
        return ""

    def describe(self, model, row, link=None):
        """All that a row states, in one line."""
        said = []
        for item in [*loadable(model), *model._meta.many_to_many]:
            part = "many" if item.many_to_many else "fields"
            value = row[part].get(item.name)
            empty = value in (None, "", []) or (not item.many_to_many and value == item.get_default())
            if item.name != link and not empty and not (isinstance(item, models.BooleanField) and not value):
                said.append(_within(str(item.verbose_name), self.say(item, value)))
        for name, rows in row["children"].items():
            child, inner = model._meta.get_field(name).related_model, parent_link_of(model, name)
            said += [self.title(child, one, inner) for one in rows]
        return "; ".join(said)


def _written(item, value):
    if isinstance(item, models.DecimalField | models.IntegerField):
        return write_number(Decimal(value))
    if isinstance(item, PartialDateField):
        return str(item.to_python(value))
    if isinstance(item, models.DateField):
        return date_format(parse_date(value), "DATE_FORMAT")
    return str(value)


def _value(row, part, item):
    """What a row has in a field; the default of the field where there is no row."""
    if not row:
        return [] if item.many_to_many else _default(item)
    return row[part].get(item.name)


def _default(item):
    value = item.get_default()
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _target(model, name):
    return model._meta.get_field(name).related_model


def _within(label, text):
    return gettext("%(label)s: %(text)s") % {"label": label, "text": text} if label else text
