"""Reads the reviewed data files and writes them into the database.

The path names the model: `data/zones/zone/changzhi.yaml` holds records of `zones.Zone`, and so does
`data/zones/zone.yaml`. A file is a mapping with `records`, a list, and `defaults` for all of them.
Keys are field names; foreign keys are written by slug, many-to-many fields as lists of slugs, child
rows as lists of mappings under their related name. Three keys are shorthand for statements:

    statements: a list; each has `aspect` and `sources`, one row is made for each source
    sources:    these sources bear out the record as a whole
    cites:      {aspect: [source, …]}, sources that bear out one aspect of it

Every problem found is reported with file, record and field; with any, nothing is written.
"""

from dataclasses import dataclass, field
from pathlib import Path

import yaml
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models

from records.models import carries_statements

WHOLE = "whole"  # The aspect under which a source bears out a record as a whole.


@dataclass(frozen=True)
class Problem:
    """Something wrong in a data file, and exactly where."""

    file: str
    record: str
    field: str
    reason: str

    def __str__(self):
        return ": ".join(part for part in (self.file, self.record, self.field, self.reason) if part)


class DataError(Exception):
    """The files hold problems; nothing was written."""

    def __init__(self, problems):
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass
class Entry:
    """One record as its file has it."""

    model: type
    key: str
    content: dict
    file: str


def key_field(model):
    """The name of the field by which files refer to rows of a model: `slug` or `key`."""
    return (
        "key"
        if any(item.name == "key" for item in model._meta.fields) and not _has(model, "slug")
        else "slug"
    )


def _has(model, name):
    return any(item.name == name for item in model._meta.fields)


class _TextLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Reads every scalar as text and refuses a key that is given twice."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key_node, _value in node.value:
            if key_node.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key “{key_node.value}” is given twice", key_node.start_mark
                )
            seen.add(key_node.value)
        return super().construct_mapping(node, deep)


_TextLoader.yaml_implicit_resolvers = {}


def read_files(directory):
    """All entries below a directory, in an order in which references point backwards where they can.

    Raises DataError naming what cannot be read.
    """
    directory, entries, problems = Path(directory), [], []
    for path in sorted(directory.rglob("*.yaml")):
        name = str(path.relative_to(directory))
        try:
            entries += _read_file(path, name)
        except DataError as error:
            problems += error.problems
    if not problems and not entries:
        problems.append(Problem(str(directory), "", "", "no data files here"))
    problems += _repeated(entries)
    if problems:
        raise DataError(problems)
    return sorted(entries, key=lambda entry: _loading_order().index(entry.model))


def _read_file(path, name):
    model = _model_of(name)
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_TextLoader)  # noqa: S506 (a safe loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError([Problem(name, "", "", " ".join(str(error).split()))]) from None
    if (
        not isinstance(content, dict)
        or not isinstance(content.get("records"), list)
        or set(content) - {"records", "defaults"}
    ):
        raise DataError(
            [Problem(name, "", "", "a file is a mapping with “records”, a list, and perhaps “defaults”")]
        )
    defaults, entries, problems = content.get("defaults") or {}, [], []
    for number, row in enumerate(content["records"], start=1):
        key = row.get(key_field(model)) if isinstance(row, dict) else None
        if not isinstance(key, str) or not key:
            problems.append(Problem(name, f"record {number}", key_field(model), "is missing"))
            continue
        entries.append(Entry(model, key, {**defaults, **row}, name))
    if problems:
        raise DataError(problems)
    return entries


def _model_of(name):
    parts = name.removesuffix(".yaml").split("/")
    try:
        return apps.get_model(parts[0], parts[1])
    except (LookupError, IndexError):
        raise DataError(
            [
                Problem(
                    name,
                    "",
                    "",
                    "the path names no model; it is <app>/<model>.yaml or <app>/<model>/<name>.yaml",
                )
            ]
        ) from None


def _repeated(entries):
    seen, problems = {}, []
    for entry in entries:
        first = seen.setdefault((entry.model, entry.key), entry)
        if first is not entry:
            problems.append(
                Problem(entry.file, entry.key, key_field(entry.model), f"is given already in {first.file}")
            )
    return problems


def _loading_order():
    """Models so that what is referred to comes first; links that close a circle are set afterwards."""
    order, visiting = [], set()

    def visit(model):
        if model in order or model in visiting:
            return
        visiting.add(model)
        for item in model._meta.fields:
            if item.is_relation and item.related_model and not item.null:
                visit(item.related_model)
        for item in model._meta.many_to_many:
            visit(item.related_model)
        # Child rows are written with their record: what they link to in lists has to be there by then.
        for relation in model._meta.related_objects:
            if relation.one_to_many and relation.on_delete is models.CASCADE:
                for item in relation.related_model._meta.many_to_many:
                    visit(item.related_model)
        order.append(model)

    for label in ("records.Source", "records.Aspect"):
        visit(apps.get_model(label))
    for model in apps.get_models():
        visit(model)
    return order


# Content -> rows ------------------------------------------------------------------------------------


@dataclass
class Row:
    """One row to be written: plain values, references still as slugs, and the rows that belong to it."""

    model: type
    values: dict = field(default_factory=dict)
    links: dict = field(default_factory=dict)
    many: dict = field(default_factory=dict)
    children: dict = field(default_factory=dict)


class Reader:
    """Turns the content of entries into rows, checking every field; collects the problems it meets."""

    def __init__(self, known):
        """`known` holds the (model, key) of everything that may be referred to."""
        self.known = known
        self.problems = []
        self._where = ("", "")

    def read(self, entry):
        self._where = (entry.file, entry.key)
        return self._row(entry.model, entry.content, "")

    def report(self, name, reason):
        self.problems.append(Problem(*self._where, name, reason))

    def _row(self, model, content, prefix):
        row = Row(model)
        if not isinstance(content, dict):
            self.report(prefix.rstrip("."), "is not a mapping")
            return row
        content = dict(content)
        statements = self._statements(content, prefix) if carries_statements(model) else []
        for name, value in content.items():
            self._field(row, name, value, prefix)
        if statements:
            row.children["statements"] = statements
        return row

    def _field(self, row, name, value, prefix):
        try:
            item = row.model._meta.get_field(name)
        except FieldDoesNotExist:
            return self.report(prefix + name, "there is no such field")
        if item.auto_created and item.one_to_many:
            if not isinstance(value, list):
                return self.report(prefix + name, "is not a list")
            row.children[name] = [
                self._row(item.related_model, child, f"{prefix}{name}[{i}].")
                for i, child in enumerate(value, 1)
            ]
        elif item.many_to_many:
            row.many[name] = self._references(item.related_model, value, prefix + name)
        elif item.is_relation:
            row.links[name] = (self._references(item.related_model, [value], prefix + name) or [None])[0]
        elif not item.editable or item.primary_key:
            self.report(prefix + name, "cannot be set by a file")
        else:
            self._plain(row, item, value, prefix + name)
        return None

    def _plain(self, row, item, value, where):
        if not isinstance(value, str):
            return self.report(where, "is not a single value")
        if isinstance(item, models.BooleanField) and value not in ("true", "false"):
            return self.report(where, f"“{value}” is neither true nor false")
        try:
            row.values[item.name] = item.clean(
                value == "true" if isinstance(item, models.BooleanField) else value, None
            )
        except ValidationError as error:
            self.report(where, " ".join(error.messages))
        return None

    def _references(self, model, keys, where):
        if not isinstance(keys, list):
            self.report(where, "is not a list")
            return []
        for key in keys:
            if (model, key) not in self.known:
                self.report(where, f"there is no {model._meta.model_name} “{key}”")
        return keys

    def _statements(self, content, prefix):
        """Rows of Statement from the three shorthands, which are taken out of the content."""
        rows, positions = [], {}
        for i, given in enumerate(content.pop("statements", None) or [], 1):
            where = f"{prefix}statements[{i}]."
            given = dict(given) if isinstance(given, dict) else {}
            sources, adopted = given.pop("sources", None), given.pop("adopted", "true") == "true"
            if not isinstance(sources, list) or not sources:
                self.report(where + "sources", "a statement needs a list of sources")
                continue
            for source in sources:
                first = adopted and source == sources[0]
                position = positions.get(given.get("aspect"), 0)
                extra = {"adopted": "true" if first else "false", "position": str(position)}
                rows.append(
                    self._row(
                        apps.get_model("records.Statement"), {**given, **extra, "source": source}, where
                    )
                )
            if adopted:
                positions[given.get("aspect")] = position + 1
        cites = {WHOLE: content.pop("sources", None) or [], **(content.pop("cites", None) or {})}
        for aspect, sources in cites.items():
            if not isinstance(sources, list):
                self.report(
                    f"{prefix}{'sources' if aspect == WHOLE else f'cites.{aspect}'}",
                    "is not a list of sources",
                )
                continue
            for source in sources:
                cited = {"aspect": aspect, "source": source}
                rows.append(self._row(apps.get_model("records.Statement"), cited, f"{prefix}cites.{aspect}."))
        return rows


def content_type_key(content_type):
    """How files name a model: "zones.zone"."""
    return f"{content_type.app_label}.{content_type.model}"


def known_keys(entries):
    """(model, key) of all that files may refer to: entries, their children, rows of the database, models."""
    known = {(entry.model, entry.key) for entry in entries}
    for model in {entry.model for entry in entries}:
        known |= {(model, key) for key in model._default_manager.values_list(key_field(model), flat=True)}
        for relation in model._meta.related_objects:
            child = relation.related_model
            if relation.one_to_many and _has(child, "slug"):
                known |= {(child, key) for key in child._default_manager.values_list("slug", flat=True)}
                rows = (
                    row
                    for entry in entries
                    if entry.model is model
                    for row in entry.content.get(relation.name) or []
                )
                known |= {(child, row.get("slug")) for row in rows if isinstance(row, dict)}
    known |= {(ContentType, f"{model._meta.label_lower}") for model in apps.get_models()}
    return known
