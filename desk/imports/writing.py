"""Writes what a check has shown, all of it or nothing."""

from django.db import transaction
from django.utils import timezone

from desk.imports.results import Result
from desk.models import ImportRow, ImportState
from records import history, snapshots
from records.models import Record, Statement
from records.pending import propose
from records.undone import undone

RECORDS_AT_ONCE = 200


class Outdated(Exception):
    """Something has changed since the rows were shown: writing would do something else."""


def write(importing, check, progress=lambda done, total: None):
    """Write the rows of an import in one transaction, each record as one version of the batch.

    `check` is a new one: what it finds must be what was shown, or Outdated is raised and nothing written.
    Public records of somebody who may not publish become pending changes.
    """
    check.sheet.locks = True
    total = 2 * len(check.table.rows)
    with transaction.atomic():
        groups = _as_shown(importing, check, lambda done: progress(done, total))
        done = total // 2
        for some in _in_batches(groups):
            _write_some(importing, check.user, some)
            done += sum(len(outcomes) for _record, outcomes in some)
            progress(done, total)
        importing.state, importing.written_at = ImportState.DONE, timezone.now()
        importing.save(update_fields=["state", "written_at"])


def _as_shown(importing, check, progress):
    """[(record, outcomes)] of all that changes. Raises Outdated where it is not what was shown."""
    rows = importing.rows.values_list("number", "result", "is_pending", "changes").iterator(chunk_size=1000)
    shown = {number: says for number, *says in rows}
    groups, done = {}, 0
    for outcomes in check.outcomes():
        for outcome in outcomes:
            if outcome.says != shown.get(outcome.number):
                raise Outdated
            if outcome.result != Result.UNCHANGED:
                _group_of(groups, outcome).append(outcome)
        done += len(outcomes)
        progress(done)
    if check.problems or check.late_problems() or done != len(shown):
        raise Outdated
    return list(groups.values())


def _group_of(groups, outcome):
    """The outcomes about the same record so far; a new record is one by itself."""
    record = outcome.record
    key = (type(record), record.pk) if record.pk else id(outcome)
    return groups.setdefault(key, (record, []))[1]


def _in_batches(groups):
    return [groups[start : start + RECORDS_AT_ONCE] for start in range(0, len(groups), RECORDS_AT_ONCE)]


def _write_some(importing, user, groups):
    direct = [group for group in groups if not group[1][0].is_pending]
    for record, outcomes in groups:
        if outcomes[0].is_pending:
            _propose(importing, user, record, outcomes)
    kept = {"by": user, "why": importing.why, "route": "import", "batch": importing.uuid}
    with history.keeping_all([record for record, _outcomes in direct], **kept):
        for record, outcomes in direct:
            _apply(user, record, outcomes)
    made = [outcome for _record, outcomes in direct for outcome in outcomes if outcome.result == Result.NEW]
    _remember(importing, {outcome.number: outcome.instance.pk for outcome in made})


def _remember(importing, targets):
    rows = list(importing.rows.filter(number__in=targets))
    for row in rows:
        row.target = targets[row.number]
    ImportRow.objects.bulk_update(rows, ["target"], batch_size=200)


def _propose(importing, user, record, outcomes):
    """Keep what the rows want of a public record as a change that waits for approval."""
    base = snapshots.taken(record)
    with undone():
        _apply(user, record, outcomes)
        wanted = snapshots.taken(record)
    change = propose(record, wanted, by=user, why=importing.why, base=base)
    importing.rows.filter(number__in=[outcome.number for outcome in outcomes]).update(pending=change)


def _apply(user, record, outcomes):
    """Save the rows about one record, and who has changed it."""
    # Free the places of all that change first: whatever the order, none meets the one it replaces.
    moving = [one.instance.pk for one in outcomes if isinstance(one.instance, Statement) and one.instance.pk]
    if moving:
        Statement.objects.filter(pk__in=moving, adopted=True).update(adopted=False)
    for outcome in outcomes:
        instance = outcome.instance
        if isinstance(instance, Record):
            instance.changed_by = user
            instance.created_by = instance.created_by if instance.pk else user
        instance.save()
        for name, rows in outcome.many.items():
            if rows or outcome.result == Result.CHANGED:
                getattr(instance, name).set(rows)
    if not isinstance(outcomes[0].instance, Record):
        record.changed_by = user
        record.save(update_fields=["changed_by", "changed_at"])
