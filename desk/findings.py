"""What the checks find is kept here: new, still so, changed, gone; and dismissed, with a reason.

`run()` looks through everything at night, a part of a table at a time. `after_saving()` looks at one record.
"""

import logging
from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.checks import CHECKS
from desk.models import Finding
from records.checks.check import checked_rows, parts_of
from records.models import carrying_models
from records.snapshots import whole
from records.territories import path_to_record

logger = logging.getLogger(__name__)

# Of more records changed in one go, by an import for instance, what is wrong is found at night.
AT_ONCE = 50
_SEEN = (
    *(
        "severity",
        "what",
        "fingerprint",
        "statement",
        "other_statement",
        "other_id",
        "first_seen",
        "last_seen",
    ),
    *("gone_at", "dismissed_by", "dismissed_at", "dismissed_why"),
)


@dataclass
class Summary:
    """What one run came to, in numbers; `failed` are the checks that could not be run, with the reason."""

    open: int = 0
    new: int = 0
    gone: int = 0
    failed: dict = field(default_factory=dict)


def run(checks=None):
    """Run all checks, or those given, over everything; gives a `Summary`.

    A check that fails is named and the others go on; its findings stay as they were. Memory is that of one
    part of a table.
    """
    started, summary = timezone.now(), Summary()
    for check in CHECKS.values() if checks is None else checks:
        try:
            for model in check.models:
                _run_over(check, model, started, summary)
        except Exception as error:
            logger.exception("The check %s failed.", check.name)
            summary.failed[check.name] = str(error)
    unknown = Finding.objects.exclude(check_name__in=CHECKS).filter(gone_at__isnull=True)
    summary.gone += unknown.update(gone_at=started)
    summary.open = Finding.objects.open().count()
    return summary


def _run_over(check, model, started, summary):
    for part in parts_of(model):
        with transaction.atomic():
            summary.new += _keep(check, check.rows(part), started)
    summary.gone += _gone(_of_check(check, model), started)


def _of_check(check, model):
    kind = ContentType.objects.get_for_model(model)
    return Finding.objects.filter(check_name=check.name, content_type=kind)


def _gone(findings, started):
    """Mark those that were not seen since; how many there were."""
    return findings.filter(last_seen__lt=started, gone_at__isnull=True).update(gone_at=started)


def _keep(check, rows, now):
    """Write what a check has found; how many findings are new, or there again."""
    found = {(row.record.pk, row.subject): row for row in rows}
    if not found:
        return 0
    model = type(rows[0].record)
    kind = ContentType.objects.get_for_model(model)
    keys = {key for key, _subject in found}
    known = {(one.object_id, one.subject): one for one in _of_check(check, model).filter(object_id__in=keys)}
    same, made, changed, new = [], [], [], 0
    for place, row in found.items():
        finding = known.get(place)
        if finding is None:
            finding = Finding(check_name=check.name, content_type=kind, object_id=place[0], subject=place[1])
            made.append(finding)
        elif _is_same(finding, check, row):
            same.append(finding.pk)
            continue
        else:
            changed.append(finding)
        was_open = finding.pk is not None and finding.is_open
        _see(finding, check, row, now)
        new += finding.is_open and not was_open
    # Somebody may be saving one of these records just now.
    Finding.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
    Finding.objects.bulk_update(changed, _SEEN, batch_size=200)
    Finding.objects.filter(pk__in=same).update(last_seen=now)
    return new


def _is_same(finding, check, row):
    """Whether nothing is to be written of it but that it was seen again."""
    return (
        finding.gone_at is None
        and finding.severity == check.severity
        and finding.what == row.facts
        and finding.fingerprint == row.fingerprint
        and finding.statement_id == (row.statement and row.statement.pk)
        and finding.other_statement_id == (row.other_statement and row.other_statement.pk)
    )


def _see(finding, check, row, now):
    """Put down what is so now. Other facts take back a dismissal: it was given of what is no longer so."""
    if finding.fingerprint != row.fingerprint:
        finding.dismissed_by, finding.dismissed_at, finding.dismissed_why = None, None, ""
    if finding.pk is None or finding.gone_at is not None:
        finding.first_seen = now
    finding.severity, finding.what, finding.fingerprint = check.severity, row.facts, row.fingerprint
    finding.statement, finding.other_statement = row.statement, row.other_statement
    finding.other_id = row.other.pk if row.other else None
    finding.last_seen, finding.gone_at = now, None


# Saving


def after_saving(record):
    """Look at one record, or a part of one, once it is saved, with all its parts that have figures."""
    row = whole(record) or record
    look_at(type(row), [row.pk])


def after_changes(model, keys):
    """Look at rows that staff have changed (`settings.AFTER_CHANGES`), unless they are too many for now."""
    if len(keys) <= AT_ONCE:
        look_at(model, keys)


def look_at(model, keys):
    """Run the checks over some rows of a model and over the parts of them that have figures."""
    _look_at(model, checked_rows(model).filter(pk__in=keys), keys)
    for part in carrying_models():
        path = path_to_record(part)
        if path and path[0] is model:
            rows = checked_rows(part).filter(**{f"{path[1]}__in": keys})
            if part_keys := list(rows.values_list("pk", flat=True)):
                _look_at(part, rows, part_keys)


def _look_at(model, rows, keys):
    started = timezone.now()
    for check in CHECKS.values():
        if model in check.models:
            with transaction.atomic():
                _keep(check, check.rows(rows), started)
                about = _of_check(check, model).filter(Q(object_id__in=keys) | Q(other_id__in=keys))
                _gone(about, started)


# Answers


def dismiss(finding, *, by, why):
    """Say that something is right as it is, and why. It holds as long as the facts stay as they are.

    Raises ValidationError, in the reader's language, without a reason, or if there is nothing to answer now.
    """
    why = why.strip()
    longest = Finding._meta.get_field("dismissed_why").max_length
    if not why:
        raise ValidationError(_("Say why it is right as it is."))
    if len(why) > longest:
        raise ValidationError(_("Say it in %(count)d characters at most.") % {"count": longest})
    with transaction.atomic():
        now = Finding.objects.select_for_update().filter(pk=finding.pk).first()
        if now is None or now.gone_at is not None:
            raise ValidationError(_("This is no longer found: somebody has put it right."))
        if now.dismissed_at is not None:
            raise ValidationError(_("Somebody has dismissed this already."))
        if now.fingerprint != finding.fingerprint:
            raise ValidationError(_("The facts have changed since. Look at it again."))
        now.dismissed_by, now.dismissed_at, now.dismissed_why = by, timezone.now(), why
        now.save(update_fields=["dismissed_by", "dismissed_at", "dismissed_why"])
    return now


def reopen(finding):
    """Take back a dismissal: the finding is open again, if it is still so."""
    Finding.objects.filter(pk=finding.pk).update(dismissed_by=None, dismissed_at=None, dismissed_why="")


def clear_old(days=365):
    """Delete what has been gone for a year; how many findings that were."""
    limit = timezone.now() - timedelta(days=days)
    return Finding.objects.filter(gone_at__lt=limit).delete()[0]
