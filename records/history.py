"""Keeps a version of a record for every change, whichever way it came, and brings old ones back."""

from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Mod
from django.utils import timezone
from django.utils.translation import gettext as _

from records import translations
from records.checks import saving
from records.models import Route, State, Version
from records.snapshots import add_names, differences, fingerprint, put_back, taken_all, whole
from records.telling import Told, changes_told

AT_ONCE = 400  # Records compared in one go.
NIGHTLY = 20_000

# The rows of which an outer block keeps a version: what lies within it is part of the same change.
_kept = ContextVar("records.history.kept", default=frozenset())


@contextmanager
def keeping(record, *, by, route, why="", batch=None):
    """What is changed inside becomes one version of the record; nothing is kept if nothing changes.

    `record` is an instance, saved or not, or a part of one (a statement, a park): then it is the record it
    belongs to. Or it is a function that returns the record, for one that is made inside. `by` is a user or
    None, `why` is for staff.

    The state before becomes a version as well where the last version is another one: what was changed past
    all routes is not put down to whoever comes next. Within a block of the same record nothing more is kept.
    The block is a transaction, and changes of one record wait for each other.
    """
    with keeping_all([record], by=by, route=route, why=why, batch=batch) as changes:
        yield changes


@contextmanager
def keeping_all(records, *, by, route, why="", batch=None):
    """The same for many records at once, in few queries: a version of each that changes inside.

    More can be added inside, before they are changed or when they are made: `changes.add(record)`. For tens
    of thousands make a block for every few hundred: it holds the snapshots of all its records.
    """
    with transaction.atomic():
        outer = _kept.get()
        try:
            changes = Changes(by=by, route=route, why=why, batch=batch)
            changes.add(*records)
            yield changes
        finally:
            _kept.set(outer)
        changes.keep()


class Changes:
    """The records of one block of `keeping`: what they were, and after it what they are."""

    def __init__(self, *, by, route, why="", batch=None):
        self.by, self.route, self.why, self.batch = by, Route(route), why, batch
        self.before = {}
        self.new = []
        self.versions = []

    def add(self, *records):
        """Keep a version of these too. Those that are in the database are read now, the others at the end."""
        present = defaultdict(set)
        for record in records:
            row = record if callable(record) else whole(record)
            if callable(row) or (row is not None and row.pk is None):
                self.new.append(row)
            elif row is not None and (type(row), row.pk) not in _kept.get():
                present[type(row)].add(row.pk)
        for model, keys in present.items():
            # Whoever changes one of these waits here, in the order of the keys, until we are done.
            list(model._base_manager.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
            found = taken_all(model, keys, names=False)
            self.before.update({(model, key): found.get(key, {}) for key in keys})
        _kept.set(_kept.get() | self.before.keys())

    def add_new(self, *records):
        """The same of records that were made inside, and are in the database by now."""
        self.new += records

    def keep(self):
        """Write the versions of all that has changed."""
        for row in self.new:
            record = whole(row() if callable(row) else row)
            if record is not None and record.pk is not None and (type(record), record.pk) not in _kept.get():
                self.before.setdefault((type(record), record.pk), {})
        by_model = defaultdict(dict)
        for (model, key), before in self.before.items():
            by_model[model][key] = before
        for model, befores in by_model.items():
            self._keep_of(model, befores)

    def _keep_of(self, model, befores):
        now = taken_all(model, befores, names=False)
        changed = {
            key: (before, now.get(key, {}))
            for key, before in befores.items()
            if fingerprint(before) != fingerprint(now.get(key, {}))
        }
        if not changed:
            return
        add_names(model, [snapshot for pair in changed.values() for snapshot in pair])
        last, rows = last_versions(model, changed), []
        for key, (before, after) in changed.items():
            rows += self._versions_of(model, key, before, after, last.get(key))
        self.versions += Version.objects.bulk_create(rows, batch_size=100)
        translations.follow(model, changed, by=self.by)
        saving.look_through(model, changed, self.route)

    def _versions_of(self, model, key, before, after, last):
        """The version after the change, and the one before it where that is not the last one kept."""
        made = []
        if not before and says(model, last, after):
            # It was made in a block within this one, which has kept it.
            return made
        if before and not says(model, last, before):
            made.append(next_version(model, key, last, before, route=Route.FOUND))
            last = made[0]
        who = {"by": self.by, "by_name": self.by.get_username() if self.by else ""}
        why = self.why[: Version._meta.get_field("why").max_length]
        made.append(next_version(model, key, last, after, route=self.route, why=why, batch=self.batch, **who))
        return made


def last_versions(model, keys):
    """{key: last version} of those of these rows that have any, in one query."""
    rows = Version.objects.filter(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
    last = rows.filter(object_id=OuterRef("object_id")).order_by("-number").values("pk")[:1]
    return {version.object_id: version for version in rows.filter(pk=Subquery(last))}


def says(model, version, snapshot):
    """Whether a version is just this. A field that the model was given or lost since does not count."""
    if version is None:
        return False
    same = version.digest == fingerprint(snapshot)
    return same or (version.content and not differences(model, version.content, snapshot))


def next_version(model, key, last, content, *, route, **who):
    """The version that follows the last one of a row (None: it is the first), not saved yet."""
    before = last.content if last else {}
    return Version(
        content_type=ContentType.objects.get_for_model(model),
        object_id=key,
        number=last.number + 1 if last else 1,
        content=content,
        digest=fingerprint(content),
        state=content["fields"].get("state", "") if content else "",
        at=timezone.now(),
        route=route,
        told=changes_told(model, before, content, lambda: _last_public(model, key)) or None,
        **who,
    )


def _last_public(model, key):
    """What a row was when the public last saw it; empty if it never did."""
    versions = Version.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id=key, state=State.PUBLISHED
    )
    last = versions.order_by("-number").first()
    return last.content if last else {}


def versions_of(record):
    """The versions of a record, or of the record that a row is part of, the latest first."""
    return Version.objects.of(whole(record)).order_by("-number")


def bring_back(version, *, by, why):
    """Make a record what it was in one of its versions, statements included; the state stays as it is.

    This is a change like any other and is kept as one. Raises ValidationError where it cannot be done, with
    all that speaks against it; then nothing is written.
    """
    record = version.record
    if record is None or not version.content:
        raise ValidationError(_("The record is not there any more."))
    with keeping(record, by=by, why=why, route=Route.BROUGHT_BACK):
        put_back(record, version.content, by=by)


def public_changes(record, limit=200):
    """What the public is told of a record: (day, list of Told) of each day, the latest first. One query.

    It looks at the last `limit` versions that tell anything.
    """
    days = {}
    for at, told in versions_of(record).filter(told__isnull=False).values_list("at", "told")[:limit]:
        days.setdefault(timezone.localtime(at).date(), []).extend(Told.read(item) for item in told)
    return list(days.items())


def keep_found(limit=NIGHTLY, on=None):
    """Keep what was changed past all routes, by SQL or in a shell; how many versions were kept.

    Every record that has a version is compared with its last one. Where there are more than `limit` of them,
    each night (`on`, a day) takes its share, so that all have their turn.
    """
    kept, night = 0, (on or timezone.localdate()).toordinal()
    for content_type in ContentType.objects.filter(pk__in=Version.objects.values("content_type").distinct()):
        model = content_type.model_class()
        if model is None:
            continue
        keys = Version.objects.filter(content_type=content_type, number=1).order_by("object_id")
        nights = -(-keys.count() // limit) or 1
        turn = keys.annotate(turn=Mod("object_id", nights)).filter(turn=night % nights)
        kept += _keep_found_of(model, list(turn.values_list("object_id", flat=True)))
    return kept


def _keep_found_of(model, keys):
    kept = 0
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        with transaction.atomic():
            now, last, rows = taken_all(model, some, names=False), last_versions(model, some), []
            for key in some:
                snapshot = now.get(key, {})
                if not says(model, last[key], snapshot):
                    add_names(model, [snapshot])
                    rows.append(next_version(model, key, last[key], snapshot, route=Route.FOUND))
            kept += len(Version.objects.bulk_create(rows))
    return kept
