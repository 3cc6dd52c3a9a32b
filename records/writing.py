"""Writes what `records.loading` read, without ever overwriting the work of staff.

What was last written of a record is kept (`LoadedRecord`). A field whose value in the database is
no longer that value was changed by staff since: it stays as it is, and is reported.
"""

from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from records import history
from records.comparing import (
    child_relations,
    held_in_database,
    loadable,
    parent_link_of,
    stated_in_file,
)
from records.loading import DataError, Problem, Reader, content_type_key, key_field, known_keys
from records.models import LoadedRecord, Route, Statement

SHORTHANDS = ("statements", "sources", "cites")


@dataclass
class Report:
    """What a load did, by record."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: list = field(default_factory=list)
    missing: list = field(default_factory=list)


@dataclass
class _Work:
    """One entry to be written: its rows as the files have them now and had them at the last load."""

    entry: object
    row: object
    old_row: object = None
    loaded: LoadedRecord | None = None
    instance: models.Model | None = None
    is_new: bool = False
    units: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    written: list = field(default_factory=list)


def write(entries, progress=lambda items: items):
    """Write the entries, all or none, and return a Report.

    `progress` wraps the two loops that take time. Raises DataError with every problem found.
    """
    report, works = Report(), _plan(entries)
    with history.keeping_all([], by=None, route=Route.LOAD) as changes:
        known_instances, problems = {}, []
        for work in progress(works):
            _start(work, report, known_instances)
        changes.add(*(work.instance for work in works if work.units and not work.is_new))
        changes.add_new(*(work.instance for work in works if work.is_new))
        for work in progress([work for work in works if work.instance is not None]):
            try:
                _finish(work, known_instances)
            except ValidationError as error:
                problems += _as_problems(work, error)
            except models.ProtectedError as error:
                held = ", ".join(map(str, list(error.protected_objects)[:3]))
                problems.append(Problem(work.entry.file, work.entry.key, "", f"{error.args[0]} ({held})"))
        # Rows may refer to each other in ways that make sense only once all of them are there.
        for work in works:
            problems += _problems_of_children(work)
        if problems:
            raise DataError(problems)
        report.missing = _no_longer_in_files(entries)
    return report


def _plan(entries):
    """Rows of all entries, the changed ones checked. Raises DataError before anything is written."""
    types = ContentType.objects.get_for_models(*{entry.model for entry in entries})
    loaded = {(item.content_type_id, item.slug): item for item in LoadedRecord.objects.all()}
    reader, works = Reader(known_keys(entries)), []
    for entry in entries:
        before = loaded.get((types[entry.model].pk, entry.key))
        row = reader.read(entry)
        work = _Work(entry, row, loaded=before)
        if before is None or before.content != entry.content:
            reader.problems += _checked(row, entry)
        works.append(work)
    if reader.problems:
        raise DataError(reader.problems)
    # What the files said before needs no check any more: names may be gone that it refers to.
    quiet = Reader(known_keys(entries))
    for work in works:
        if work.loaded and work.loaded.content != work.entry.content:
            work.old_row = quiet.read(
                type(work.entry)(work.entry.model, work.entry.key, work.loaded.content, work.entry.file)
            )
    return works


def _checked(row, entry, prefix="", parent_link=None):
    """Problems of one row and its children that need no other row: values, required fields, constraints."""
    instance = row.model(**row.values)
    relations = [item.name for item in row.model._meta.fields if item.is_relation]
    problems = []
    given = {*row.values, *row.links}
    for item in loadable(row.model):
        if item.is_relation and not item.null and item.name not in given and item.name != parent_link:
            problems.append(Problem(entry.file, entry.key, prefix + item.name, "is missing"))
    try:
        # The place of a statement is known only once its record is written.
        instance.full_clean(exclude=[*relations, "object_id"], validate_unique=False)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            where = "" if name == "__all__" else name
            problems += [
                Problem(entry.file, entry.key, (prefix + where).rstrip("."), message) for message in messages
            ]
    for name, children in row.children.items():
        for number, child in enumerate(children, start=1):
            where = f"{prefix}{name}[{number}]."
            problems += _checked(child, entry, where, parent_link_of(row.model, name))
    return problems


def _start(work, report, instances):
    """Find or make the record itself, with the fields that it cannot be without."""
    model, entry = work.entry.model, work.entry
    instance = model._default_manager.filter(**{key_field(model): entry.key}).first()
    if instance is not None:
        instances[(model, entry.key)] = instance
    if work.loaded is None:
        if instance is not None:
            report.kept.append(f"{model._meta.label} {entry.key}: made by staff")
            return
        work.units = _units(work.row, None)
        work.instance = instance = model(**work.row.values)
        _set_links(instance, work.row, instances, required_only=True)
        instance.save()
        instances[(model, entry.key)] = instance
        work.is_new = True
        report.created += 1
    elif work.loaded.content == entry.content:
        report.unchanged += 1
    elif instance is None:
        report.kept.append(f"{model._meta.label} {entry.key}: deleted by staff")
    else:
        work.instance = instance
        for unit in _units(work.row, work.old_row):
            held = held_in_database(instance, unit)
            if held == stated_in_file(work.old_row, unit):
                work.units.append(unit)
            elif held != stated_in_file(work.row, unit):
                work.kept.append(unit)
                report.kept.append(f"{model._meta.label} {entry.key}: {unit}")
        report.changed += bool(work.units)
        report.unchanged += not work.units


def _finish(work, instances):
    """Set what may refer to other records, check the whole, and remember what was written."""
    instance, row = work.instance, work.row
    for unit in work.units:
        if unit in row.children or (work.old_row and unit in work.old_row.children):
            continue
        if unit in row.many or (work.old_row and unit in work.old_row.many):
            model = instance._meta.get_field(unit).related_model
            getattr(instance, unit).set([_resolve(model, key, instances) for key in row.many.get(unit, [])])
        elif instance._meta.get_field(unit).is_relation:
            setattr(
                instance,
                unit,
                _resolve(instance._meta.get_field(unit).related_model, row.links.get(unit), instances),
            )
        else:
            setattr(instance, unit, row.values.get(unit, instance._meta.get_field(unit).get_default()))
    instance.full_clean(validate_unique=False)
    instance.save()
    for unit in work.units:
        if unit in row.children or (work.old_row and unit in work.old_row.children):
            work.written += _write_children(instance, unit, row.children.get(unit, []), instances)
    content = dict(work.entry.content)
    if work.loaded:
        content = _merged(work)
    LoadedRecord.objects.update_or_create(
        content_type=ContentType.objects.get_for_model(instance),
        slug=work.entry.key,
        defaults={"content": content},
    )


def _merged(work):
    """What to remember: the new content, but the old one of every field that staff have changed."""
    content = dict(work.entry.content)
    for name in [*work.kept, *(SHORTHANDS if "statements" in work.kept else ())]:
        content.pop(name, None)
        if name in work.loaded.content:
            content[name] = work.loaded.content[name]
    return content


def _units(row, old_row):
    """Fields to be written: all of a new record, else those whose value in the files has changed."""
    names = list(dict.fromkeys(_unit_names(row) + (_unit_names(old_row) if old_row else [])))
    return (
        names
        if old_row is None
        else [name for name in names if stated_in_file(row, name) != stated_in_file(old_row, name)]
    )


def _unit_names(row):
    return [*row.values, *row.links, *row.many, *row.children]


def _resolve(model, key, instances):
    """The row that a key names; rows made in this load are found without a query."""
    if key is None:
        return None
    if (model, key) not in instances:
        if model is ContentType:
            instances[(model, key)] = ContentType.objects.get_by_natural_key(*key.split("."))
        else:
            instances[(model, key)] = model._default_manager.get(**{key_field(model): key})
    return instances[(model, key)]


def _set_links(instance, row, instances, *, required_only=False):
    for name, key in row.links.items():
        item = row.model._meta.get_field(name)
        if not (required_only and item.null):
            setattr(instance, name, _resolve(item.related_model, key, instances))


def _write_children(parent, relation, rows, instances, where=""):
    """Make the child rows those of the files: (where it stands in the record, row) of each and of its own.

    Rows that are there already are changed in place: what refers to them goes on doing so.
    """
    written = []
    manager = getattr(parent, relation)
    present = _present(manager, rows, instances)
    manager.exclude(pk__in=[child.pk for child in present.values()]).delete()
    if present and relation == "statements":
        # None meets the adopted one that it replaces.
        manager.update(adopted=False)
    for number, row in enumerate(rows):
        child = present.get(number) or row.model()
        for item in loadable(row.model):
            if not item.is_relation:
                setattr(child, item.name, row.values.get(item.name, item.get_default()))
        if any(item.name == "order" for item in row.model._meta.fields) and "order" not in row.values:
            child.order = number
        _set_links(child, row, instances)
        if relation == "statements":
            child.record = parent
        else:
            setattr(child, parent._meta.get_field(relation).field.name, parent)
        child.save()
        here = f"{where}{relation}[{number + 1}]."
        written.append((here, child))
        for link, keys in row.many.items():
            model = child._meta.get_field(link).related_model
            getattr(child, link).set([_resolve(model, key, instances) for key in keys])
        for inner in child_relations(row.model):
            written += _write_children(child, inner, row.children.get(inner, []), instances, here)
    return written


def _present(manager, rows, instances):
    """{number: the row of the database that is this row of the files}, as far as there is one.

    Rows with a key of their own are known by it, statements by aspect and source, others by what they refer
    to. Files have an order, which these last two kinds keep as that of their primary keys: from the first one
    that is not there yet, all are made anew.
    """
    model = manager.model
    if model is not Statement and any(item.name in ("slug", "key") for item in model._meta.fields):
        name = key_field(model)
        by_key = {getattr(child, name): child for child in manager.all()}
        keys = enumerate(row.values.get(name) for row in rows)
        return {number: by_key[key] for number, key in keys if key in by_key}
    found, children = {}, list(manager.order_by("pk"))
    for number, row in enumerate(rows):
        links = [(model._meta.get_field(name), key) for name, key in row.links.items()]
        wanted = {
            item.attname: getattr(_resolve(item.related_model, key, instances), "pk", None)
            for item, key in links
        }
        place = next((i for i, child in enumerate(children) if _matches(child, wanted)), None)
        if place is None:
            break
        found[number], children = children[place], children[place + 1 :]
    return found


def _matches(child, wanted):
    return all(getattr(child, name) == value for name, value in wanted.items())


def _problems_of_children(work):
    """What the rows of a record say against themselves, now that all they refer to is written."""
    problems = []
    for where, child in work.written:
        try:
            child.clean()
        except ValidationError as error:
            problems += _as_problems(work, error, where)
    return problems


def _as_problems(work, error, where=""):
    """A problem for each message, named by where the row stands in its record and by the field."""
    messages = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return [
        Problem(
            work.entry.file,
            work.entry.key,
            (where + ("" if name == NON_FIELD_ERRORS else name)).rstrip("."),
            message,
        )
        for name, texts in messages.items()
        for message in texts
    ]


def _no_longer_in_files(entries):
    """Records that an earlier load wrote and the files no longer hold: they stay, and are named."""
    present = {(entry.model._meta.label_lower, entry.key) for entry in entries}
    loaded = LoadedRecord.objects.select_related("content_type")
    return [
        f"{content_type_key(item.content_type)} {item.slug}"
        for item in loaded
        if (content_type_key(item.content_type), item.slug) not in present
    ]
