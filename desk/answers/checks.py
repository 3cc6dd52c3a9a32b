"""Answers to what is due: it is still true."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
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
from records import history
from records.admin.checks import months_later
from records.models import Record, State, Statement
from records.pending import Refused

# States in which a record can be said to be still true.
CHECKED = (State.DRAFT, State.REVIEW, State.PUBLISHED)
# Months until the next check is due.
NEXT_CHECK = 6


class StillTrue:
    """Somebody has looked at the source again today, and what is stated still holds."""

    name = "still-true"
    label = gettext_lazy("Still true")
    takes = (Record, Statement, Finding)

    def give(self, user, row, values):
        """Put today and a name to the check of a record or a statement; raises Refused."""
        with transaction.atomic():
            target = _locked(row.statement or row.record if isinstance(row, Finding) else row)
            refuse_if_changed(target, values.get("seen"))
            refuse_unless_may_change(user, target)
            record = record_of(target)
            words = _("Checked: still true, source: %(source)s.") % {"source": sources_of(target)}
            with history.keeping(record, by=user, why=words, route="action"):
                _check(target, user)
                mark_changed(record, user, words)
        return Done(f"{record}: {words}", history_link(record))


def _locked(row):
    """The row as it is now; nobody else changes it until this is done."""
    if not isinstance(row, Record | Statement):
        raise Refused(_("This cannot be said to be still true: open it and correct it."))
    lock_record(row)
    now = type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
    if now is None:
        raise Refused(_("This is no longer there. Nothing was changed."))
    return now


def _check(row, user):
    if isinstance(row, Record) and row.state not in CHECKED:
        raise Refused(_("“%(record)s” is withdrawn: there is nothing to check.") % {"record": row})
    today = timezone.localdate()
    row.checked_on, row.check_due_on = today, months_later(today, NEXT_CHECK)
    columns = ["checked_on", "check_due_on"]
    if isinstance(row, Statement):
        row.checked_by = user
        columns.append("checked_by")
    try:
        row.full_clean()
    except ValidationError as error:
        raise Refused(f"{row}: {' '.join(error.messages)}") from error
    row.save(update_fields=columns)


def sources_of(row):
    """The source of a statement, or those of the adopted statements of a record: three at most, in words."""
    if isinstance(row, Statement):
        return Truncator(str(row.source)).chars(200)
    adopted = row.statements.filter(adopted=True).select_related("source").order_by("pk")
    names = list(dict.fromkeys(str(statement.source) for statement in adopted))
    short = [Truncator(name).chars(120) for name in names[:3]]
    return "; ".join(short + ["…"] * (len(names) > 3)) or _("none is named")
