"""Takes back what an import has written, as far as nobody has changed it since."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.models import ImportState
from records import history, snapshots
from records.models import PendingState, State, Version
from records.pending import may_publish
from records.territories import holds

RECORDS_AT_ONCE = 200


def undo(importing, progress=lambda done, total: None):
    """Make every record of an import what it was before; those it made are deleted while they are drafts.

    What somebody has changed since is left as it is: `left_alone` names it, with the reason. All or nothing
    else.
    """
    left = []
    # Made in this file after others, a record may point to them: the last come first.
    versions = list(Version.objects.light().filter(batch=importing.uuid).order_by("-pk"))
    with transaction.atomic():
        for start in range(0, len(versions), RECORDS_AT_ONCE):
            left += _undo_some(versions[start : start + RECORDS_AT_ONCE], importing.undone_by)
            progress(min(start + RECORDS_AT_ONCE, len(versions)), len(versions))
        left += _undo_pending(importing)
        importing.left_alone = left
        importing.state, importing.undone_at = ImportState.UNDONE, timezone.now()
        importing.save(update_fields=["left_alone", "state", "undone_at"])


def _undo_some(versions, by):
    """Take back some records; [name, reason] of each that is left alone."""
    left = []
    records = [record for version in versions if (record := version.record) is not None]
    # The route of what is looked through in the night: there may be thousands.
    with history.keeping_all(records, by=by, why=_("The import was undone."), route="import"):
        # Nobody changes them any more: only now it can be told what they are.
        digests = _digests_now(versions)
        for version in versions:
            now = digests.get((version.content_type_id, version.object_id), "")
            if reason := _undo_one(version, now, by):
                left.append([_name(version), reason])
    return left


def _digests_now(versions):
    """{(kind, key): fingerprint} of the records as they are; those that are gone are missing."""
    keys = defaultdict(list)
    for version in versions:
        keys[version.content_type].append(version.object_id)
    return {
        (kind.pk, key): snapshots.fingerprint(snapshot)
        for kind, pks in keys.items()
        for key, snapshot in snapshots.taken_all(kind.model_class(), pks, names=False).items()
    }


def _undo_one(version, now, by):
    """Take back one record; the reason why it is left alone, empty where it is not."""
    before, record = _before(version), version.record
    if now == (before.digest if before else ""):
        return ""
    if now != version.digest:
        return _("It was changed or deleted after the import.")
    if not holds(record, by) or (record.state == State.PUBLISHED and not may_publish(by, record)):
        return _("You may not change it.")
    if before is None:
        return _delete(record)
    try:
        snapshots.put_back(record, before.content, by=by)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _before(version):
    earlier = Version.objects.filter(content_type=version.content_type_id, object_id=version.object_id)
    return earlier.filter(number__lt=version.number).order_by("-number").first()


def _delete(record):
    """Delete a record that the import has made, if it still is a draft that nothing points to."""
    if record.state != State.DRAFT:
        return _("It is no draft any more: its state is “%(state)s”.") % {"state": record.get_state_display()}
    try:
        with transaction.atomic():
            record.delete()
    except models.ProtectedError as error:
        names = ", ".join(str(row) for row in list(error.protected_objects)[:3])
        return _("Others point to it: %(names)s.") % {"names": names}
    return ""


def _name(version):
    """How a record is called, were it gone."""
    record = version.record
    if record is not None:
        return str(record)
    fields = Version.objects.get(pk=version.pk).content.get("fields", {})
    return fields.get("name_en") or fields.get("name_zh") or str(version.object_id)


def _undo_pending(importing):
    """Give up the changes that wait for approval; what was approved meanwhile is named."""
    left, seen = [], set()
    for row in importing.rows.filter(pending__isnull=False).select_related("pending"):
        change = row.pending
        if change.pk in seen:
            continue
        seen.add(change.pk)
        if change.state == PendingState.APPROVED:
            left.append([row.name, _("The change was approved.")])
        elif change.is_open:
            change.state, change.decided_at = PendingState.WITHDRAWN, timezone.now()
            change.save(update_fields=["state", "decided_at", "changed_at"])
    return left
