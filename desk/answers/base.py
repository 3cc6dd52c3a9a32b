"""What every answer of the desk shares: which row is meant, who may give it, and what is told afterwards."""

from dataclasses import dataclass

from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_permission_codename
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from desk.models import Finding, Question
from records.models import Record, StaleTranslation, Statement
from records.owners import owner
from records.pending import Refused
from records.snapshots import whole
from records.territories import holds, within


@dataclass(frozen=True)
class Done:
    """What was done, in words, and the page on which to see it and to take it back."""

    message: str
    link: str = ""


def name_of(row):
    """How a form of the desk names a row: "zones.zone:12"."""
    return f"{row._meta.label_lower}:{row.pk}"


def find(name, user):
    """The row that a form names, where it is somebody's to answer; raises Refused where it is not.

    What is gone and what lies outside their territory are told in the same words.
    """
    label, _colon, key = name.partition(":")
    model = next((one for one in _answerable() if one._meta.label_lower == label), None)
    row = None
    if model is not None and key.isdecimal() and len(key) < 19:
        rows = model._default_manager.all()
        rows = rows.waiting_for(user) if model is Question else within(rows, user)
        row = rows.filter(pk=key).first()
    if row is None:
        raise Refused(_("This is no longer there, or it is not yours to answer. Nothing was changed."))
    return row


def _answerable():
    records = [model for model in apps.get_models() if issubclass(model, Record)]
    return [*records, Statement, Finding, StaleTranslation, Question]


def record_of(row):
    """The record that a row of the desk is about; the row that carries the statement where that is none."""
    if isinstance(row, Question):
        return row.note.record
    if isinstance(row, Finding | StaleTranslation):
        return whole(row.record)
    return whole(row)


def seen(row):
    """A token of what a reader was shown of a row: another one when that has changed."""
    if isinstance(row, Record):
        return row.changed_at.isoformat()
    if isinstance(row, Statement):
        values = [str(getattr(row, field.attname)) for field in row._meta.concrete_fields]
        return salted_hmac("desk.answers.seen", "\x1f".join(values)).hexdigest()[:20]
    if isinstance(row, Finding):
        return row.fingerprint
    return ""


def lock_record(row):
    """Let nobody else change the record of a row until the transaction is done.

    Everybody locks the record first, and then its statements and its changes: so nobody waits for each other.
    """
    record = record_of(row)
    if record is not None:
        list(type(record)._base_manager.select_for_update().filter(pk=record.pk).values_list("pk"))


def refuse_if_changed(row, token):
    """Raise Refused if a row is no longer what the form was made from."""
    if token and token != seen(row):
        raise Refused(
            _("“%(record)s” has been changed since you opened the desk. Look at it again first.")
            % {"record": row}
        )


def refuse_unless_may_change(user, row, *, action="change"):
    """Raise Refused where somebody lacks the permission, or the row lies outside their territory.

    A statement about what is no record, a city, is public at once: for those who may change that.
    """
    if isinstance(row, Statement) and row.record is not None and owner(row) is None:
        refuse_unless_may_change(user, row.record, action=action)
    codename = get_permission_codename(action, row._meta)
    if not (user.has_perm(f"{row._meta.app_label}.{codename}") and holds(row, user)):
        raise Refused(_("You may not change “%(record)s”.") % {"record": row})


def history_link(record):
    """The page that shows the changes of a record, and takes them back."""
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_history", args=[record.pk])


def mark_changed(record, user, log):
    """Put somebody’s name to a record that they have changed, and a line in the log of the administration."""
    if isinstance(record, Record):
        record.changed_by = user
        record.save(update_fields=["changed_by", "changed_at"])
    LogEntry.objects.log_actions(user.pk, [record], CHANGE, change_message=log, single_object=True)
