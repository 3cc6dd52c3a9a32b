"""The answer to two sources that disagree: show what the other one says."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.answers.base import (
    Done,
    history_link,
    lock_record,
    mark_changed,
    record_of,
    refuse_if_changed,
    refuse_unless_may_change,
)
from desk.models import Finding
from records import history, pending, snapshots
from records.models import Aspect, Record, Statement
from records.pending import Refused
from records.undone import undone


class Adopt:
    """Another statement becomes the one that the page shows, and the column that repeats it goes with it."""

    name = "adopt"
    label = gettext_lazy("Adopt")
    takes = (Statement, Finding)

    def give(self, user, row, values):
        """Adopt a statement, or propose it where the public sees the record and somebody may not publish."""
        with transaction.atomic():
            statement = _locked(row.other_statement if isinstance(row, Finding) else row)
            refuse_if_changed(statement, values.get("seen"))
            refuse_unless_may_change(user, statement)
            record = record_of(statement)
            source = Truncator(str(statement.source)).chars(200)
            words = _("Adopted: %(aspect)s, source: %(source)s.") % {
                "aspect": statement.aspect,
                "source": source,
            }
            if isinstance(record, Record) and record.is_public and not pending.may_publish(user, record):
                return _propose(record, statement, user, words)
            with history.keeping(record, by=user, why=words, route="action"):
                adopt(statement)
                mark_changed(record, user, words)
        return Done(f"{record}: {words}", history_link(record))


def _locked(statement):
    if statement is not None:
        lock_record(statement)
    now = statement and Statement.objects.select_for_update().filter(pk=statement.pk).first()
    if not now:
        raise Refused(_("The other statement is no longer there. Nothing was changed."))
    if now.adopted:
        raise Refused(_("“%(statement)s” is adopted already.") % {"statement": now})
    if not now.has_value:
        raise Refused(_("“%(statement)s” gives no value that could be shown.") % {"statement": now})
    return now


def _propose(record, statement, user, words):
    """The same as a change that waits for approval."""
    if pending.open_change(record, user):
        text = _("You have an open change of “%(record)s”. Adopt the statement there.")
        raise Refused(text % {"record": record})
    with undone():
        adopt(statement)
        wanted = snapshots.taken(record)
    change = pending.propose(record, wanted, by=user, why=words)
    message = _("%(record)s: %(words)s It goes live when a publisher approves it.")
    return Done(message % {"record": record, "words": words}, pending_link(change))


def pending_link(change):
    """The page of a pending change; the history of its record where there is none."""
    try:
        return reverse("admin:records_pendingchange_change", args=[change.pk])
    except NoReverseMatch:
        return history_link(change.record)


def adopt(statement):
    """Take the place of the adopted statement on the same aspect, and set the column; raises Refused."""
    place = {
        "content_type": statement.content_type_id,
        "object_id": statement.object_id,
        "aspect": statement.aspect_id,
        "position": statement.position,
    }
    Statement.objects.filter(**place, adopted=True).exclude(pk=statement.pk).update(adopted=False)
    statement.adopted = True
    try:
        statement.full_clean()
        statement.save(update_fields=["adopted"])
        _set_column(statement)
    except ValidationError as error:
        raise Refused(f"{statement}: {' '.join(error.messages)}") from error


def _set_column(statement):
    """Repeat the value in the column of its aspect, and its date in the one beside that, if there is one."""
    row, column = statement.record, statement.aspect.column
    names = {field.name: field for field in row._meta.fields}
    if column not in names:
        return
    kind = statement.aspect.kind
    value = {
        Aspect.Kind.NUMBER: statement.number,
        Aspect.Kind.DATE: statement.date,
        Aspect.Kind.CHOICE: statement.choice,
    }.get(kind)
    changed = {column: names[column].to_python(value)}
    if f"{column}_on" in names:
        changed[f"{column}_on"] = statement.as_of
    for name, new in changed.items():
        setattr(row, name, new)
    row.full_clean()
    row.save(update_fields=list(changed))
