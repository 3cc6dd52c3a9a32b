"""Texts in two languages that were in step and are not any more.

Whoever changes a text in one language and not in the other leaves the other one behind: it says what was so
before. `follow` compares two snapshots of a record and marks such texts (`StaleTranslation`); the mark goes
when the other language is changed too, when the change is taken back, or when somebody says that the
translation is still right.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _

from records.languages import CHINESE, ENGLISH, reader_language
from records.models import StaleTranslation

TEXTS = {"CharField", "TextField"}
# Columns of a tombstone: they are written together, by the form that withdraws a record.
NOT_FOLLOWED = {"withdrawn_reason"}
# "summary (English)", “摘要（英文）”: the label of both columns is what stands before.
LANGUAGE_IN_LABEL = re.compile(r"\s*[（(][^（）()]*[)）]$")


@cache
def pairs(model):
    """The names of the texts of a model that have a column in each language: "summary", "name"."""
    names = {field.name for field in model._meta.fields}
    both = [name[:-3] for name in names if name.endswith("_en") and f"{name[:-3]}_zh" in names]
    return sorted(
        name
        for name in both
        if name not in NOT_FOLLOWED and model._meta.get_field(f"{name}_en").get_internal_type() in TEXTS
    )


def label_of(model, name):
    """What a column, or a text in two columns, is called in the reader's language, without "(English)"."""
    names = {field.name: field for field in model._meta.get_fields()}
    field = names.get(name) or names[f"{name}_en"]
    if field.one_to_many or not hasattr(field, "verbose_name"):
        return str(field.related_model._meta.verbose_name_plural)
    return LANGUAGE_IN_LABEL.sub("", str(field.verbose_name))


# Differences by words

# English by words with the space after them, Chinese by characters.
PIECES = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\s\u3400-\u9fff\uf900-\ufaff]+\s*|\s+")


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed ("same"), went ("gone") or came ("new")."""

    kind: str
    text: str


def differences_by_words(old, new):
    """Two texts as one: the `Piece`s that stayed, went and came, in order."""
    before, after = PIECES.findall(old), PIECES.findall(new)
    found = []
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(before[start:end])))
            continue
        if start < end:
            found.append(Piece("gone", "".join(before[start:end])))
        if new_start < new_end:
            found.append(Piece("new", "".join(after[new_start:new_end])))
    return found


# Marks


@dataclass(frozen=True)
class _Change:
    """A text of a row, before and after, in both languages."""

    kind: ContentType
    pk: int
    name: str
    before: tuple
    after: tuple

    @property
    def changed(self):
        """Which of the two languages are other words now."""
        sides = zip((ENGLISH, CHINESE), self.before, self.after, strict=True)
        return [language for language, old, new in sides if _words(old) != _words(new)]

    def in_language(self, texts, language):
        return texts[0] if language == ENGLISH else texts[1]


def _words(text):
    return " ".join(text.split())


def follow(model, changes, *, by):
    """Mark and unmark texts of rows that were changed: {key: (snapshot before, snapshot after)}.

    New rows are in step: nobody can tell which of their texts is the older one. Without a change of texts,
    and without rows that are gone, it asks the database nothing.
    """
    texts, gone = {}, []
    for key, (before, after) in changes.items():
        if before:
            found, lost = _compared(model, before, after)
            texts |= {(one.kind.pk, one.pk, one.name): (key, one) for one in found}
            gone += [key] if lost or not after else []
    if not texts and not gone:
        return
    kind = ContentType.objects.get_for_model(model)
    touched = {key for key, _one in texts.values()} | set(gone)
    marks = {
        (mark.part_type_id, mark.part_id, mark.field): mark
        for mark in StaleTranslation.objects.filter(content_type=kind, object_id__in=touched)
    }
    done, new = _outdated(marks, changes, model), []
    for place, (key, change) in texts.items():
        mark = marks.get(place)
        if mark is not None:
            done += [mark.pk] if _settles(change, mark) else []
        elif behind := _left_behind(change):
            new.append(_mark(kind, key, change, behind, by))
    if done:
        StaleTranslation.objects.filter(pk__in=done).delete()
    StaleTranslation.objects.bulk_create(new)


def _compared(model, before, after):
    """The changed texts of a row and of those that belong to it, and whether rows of it are gone."""
    found, lost = [], False
    if not after:
        return found, True
    kind = ContentType.objects.get_for_model(model)
    for name in pairs(model):
        columns = (f"{name}_en", f"{name}_zh")
        texts = [tuple(tree["fields"].get(column) or "" for column in columns) for tree in (before, after)]
        change = _Change(kind, after["pk"], name, *texts)
        found += [change] if change.changed else []
    for relation, rows in before["children"].items():
        child = model._meta.get_field(relation).related_model
        now = {row["pk"]: row for row in after["children"].get(relation, [])}
        for row in rows:
            more, less = _compared(child, row, now.get(row["pk"]))
            found += more
            lost = lost or less
    return found, lost


def _outdated(marks, changes, model):
    """The keys of marks on rows that the snapshots after do not have any more."""
    present = {key: set(_rows(model, after)) if after else set() for key, (_before, after) in changes.items()}
    return [
        mark.pk
        for mark in marks.values()
        if mark.object_id in present and (mark.part_type_id, mark.part_id) not in present[mark.object_id]
    ]


def _rows(model, tree):
    yield ContentType.objects.get_for_model(model).pk, tree["pk"]
    for relation, rows in tree["children"].items():
        for row in rows:
            yield from _rows(model._meta.get_field(relation).related_model, row)


def _settles(change, mark):
    """Whether a change brings a text that was behind into step again."""
    if mark.language in change.changed:
        return True
    other = CHINESE if mark.language == ENGLISH else ENGLISH
    return _words(change.in_language(change.after, other)) == _words(mark.was)


def _left_behind(change):
    """The language that a change leaves behind: both were there, and only the other one was changed."""
    if len(change.changed) != 1 or not all(change.before):
        return None
    return CHINESE if change.changed == [ENGLISH] else ENGLISH


def _mark(kind, key, change, behind, by):
    other = CHINESE if behind == ENGLISH else ENGLISH
    return StaleTranslation(
        content_type=kind,
        object_id=key,
        part_type=change.kind,
        part_id=change.pk,
        field=change.name,
        language=behind,
        was=change.in_language(change.before, other),
        since=timezone.now(),
        by=by,
    )


def parts_of(marks):
    """{(key of the kind, key): row} of the rows that hold the texts of some marks: a query for each kind."""
    wanted = {}
    for mark in marks:
        wanted.setdefault(mark.part_type_id, set()).add(mark.part_id)
    found = {}
    for kind, keys in wanted.items():
        model = ContentType.objects.get_for_id(kind).model_class()
        found |= {(kind, row.pk): row for row in model._base_manager.filter(pk__in=keys)}
    return found


# What readers are told


@dataclass(frozen=True)
class Behind:
    """A text that is older, in the reader's language, than in the other one: what it is, and since when."""

    field: str
    label: str
    since: object


@dataclass(frozen=True)
class AllBehind:
    """The texts of a record that are behind: its name and summary, which have a place, and the others."""

    name: Behind | None
    summary: Behind | None
    others: list


def behind_of(record):
    """What of a record is behind in the reader's language: one query, however often it is asked."""
    known = record.__dict__.setdefault("_behind", {})
    language = reader_language()
    if language not in known:
        known[language] = _read_behind(record, language)
    return known[language]


def _read_behind(record, language):
    own, others = {}, []
    kind = ContentType.objects.get_for_model(record).pk
    for mark in StaleTranslation.objects.of(record).filter(language=language):
        model = ContentType.objects.get_for_id(mark.part_type_id).model_class()
        label = label_of(model, mark.field)
        if mark.part_type_id != kind:
            label = f"{model._meta.verbose_name}: {label}"
        one = Behind(mark.field, label, mark.since)
        if mark.part_type_id == kind and mark.field in ("name", "summary"):
            own[mark.field] = one
        else:
            others.append(one)
    return AllBehind(own.get("name"), own.get("summary"), others)


def settle(mark, *, by):
    """Take away a mark because both texts say the same after all; gives the words that the log keeps."""
    values = {
        "text": label_of(mark.part_type.model_class(), mark.field),
        "language": mark.get_language_display(),
    }
    words = _("Translation still right: %(text)s, %(language)s.") % values
    record = mark.record
    mark.delete()
    if record is not None:
        LogEntry.objects.log_actions(by.pk, [record], CHANGE, change_message=words, single_object=True)
    return words
