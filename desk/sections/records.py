"""Records that wait for somebody: for review, sent back, begun, and due to be checked again."""

import datetime

from django.contrib.admin.utils import display_for_value
from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from desk.sections.base import Part, Row, Section, button, change_url
from records.admin.statements import with_their_records
from records.models import PendingChange, PendingState, State, Statement, record_models
from records.snapshots import whole
from records.territories import within
from records.units import write_figure


def day(value):
    """A day, or the day of a time, as the administration writes it."""
    if isinstance(value, datetime.datetime):
        value = timezone.localdate(value)
    return display_for_value(value, "")


def record_part(model, rows, show):
    """A part for one kind of record."""
    return Part(model._meta.model_name, capfirst(str(model._meta.verbose_name_plural)), rows, show)


def kinds_for(user, action="view"):
    """The kinds of record that somebody has a permission for."""
    return [model for model in record_models() if _may(user, model, action)]


def _may(user, model, action):
    return user.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}")


def kind_of(row):
    return capfirst(str(row._meta.verbose_name))


def _changed(record, when):
    return Row(
        title=str(record),
        link=change_url(record),
        kind=kind_of(record),
        lines=[_("Last changed %(when)s by %(who)s") % {"when": day(when), "who": record.changed_by or "–"}],
        order=when,
    )


def show_changed(records):
    """Records with who changed them last, and when."""
    return [_changed(record, record.changed_at) for record in records]


def show_pending(changes):
    """Changes of public records that wait for a decision."""
    return [
        Row(
            title=str(change.record or _("a record that is no longer there")),
            link=change_url(change),
            kind=_("Change of a public record"),
            lines=[
                _("By %(who)s, %(when)s") % {"who": change.author_name, "when": day(change.changed_at)},
                *([change.why] if change.why else []),
            ],
            order=change.changed_at,
        )
        for change in changes
    ]


def pending_part(rows):
    """A part for pending changes, the oldest first."""
    rows = rows.order_by("changed_at", "pk").defer("base", "content").prefetch_related("record")
    return Part("pendingchange", capfirst(str(PendingChange._meta.verbose_name_plural)), rows, show_pending)


class Review(Section):
    """What others have submitted and wait for: records in review, and changes of public ones."""

    key = "review"
    title = gettext_lazy("Waiting for my review")
    nothing = gettext_lazy("Nothing waits for your review.")

    def is_for(self, user):
        return bool(kinds_for(user, "publish"))

    def parts(self, user):
        changes = PendingChange.objects.filter(state=PendingState.REVIEW).exclude(author=user)
        return [
            pending_part(within(changes, user)),
            *(self._part(model, user) for model in kinds_for(user, "publish")),
        ]

    def _part(self, model, user):
        # Nobody publishes what nobody else has had a hand in.
        rows = model.objects.filter(state=State.REVIEW).exclude(created_by=user, changed_by=user)
        rows = within(rows, user).select_related("changed_by").order_by("changed_at", "pk")
        return record_part(model, rows, show_changed)


class SentBack(Section):
    """What I began and somebody else has sent back for more work."""

    key = "sent-back"
    title = gettext_lazy("Sent back to me")
    nothing = gettext_lazy("Nothing was sent back to you.")

    def parts(self, user):
        changes = within(PendingChange.objects.filter(author=user, state=PendingState.SENT_BACK), user)
        return [pending_part(changes), *(self._part(model, user) for model in kinds_for(user, "change"))]

    def _part(self, model, user):
        # A draft of mine that somebody else was the last to change.
        rows = model.objects.filter(state=State.DRAFT, created_by=user).exclude(changed_by=user)
        rows = within(rows.filter(changed_by__isnull=False), user).select_related("changed_by")
        return record_part(model, rows.order_by("changed_at", "pk"), show_changed)


class Drafts(Section):
    """What I have begun and not submitted."""

    key = "drafts"
    title = gettext_lazy("My drafts")
    nothing = gettext_lazy("You have no drafts.")

    def parts(self, user):
        changes = within(PendingChange.objects.filter(author=user, state=PendingState.DRAFT), user)
        return [pending_part(changes), *(self._part(model, user) for model in kinds_for(user, "change"))]

    def _part(self, model, user):
        rows = within(model.objects.filter(state=State.DRAFT, changed_by=user), user)
        rows = rows.select_related("changed_by").order_by("changed_at", "pk")
        return record_part(model, rows, show_changed)


class Due(Section):
    """Figures and records whose sources are to be looked at again."""

    key = "due"
    title = gettext_lazy("To be checked again")
    nothing = gettext_lazy("Nothing is due.")

    def parts(self, user):
        today = timezone.localdate()
        statements = Statement.objects.published().filter(check_due_on__lte=today)
        statements = within(statements, user).select_related("aspect", "source")
        found = [record_part(model, self._due(model, user, today), show_due) for model in kinds_for(user)]
        if not user.has_perm("records.view_statement"):
            return found
        rows = with_their_records(statements).order_by("check_due_on", "pk")
        name = capfirst(str(Statement._meta.verbose_name_plural))
        return [Part("statement", name, rows, show_due_statements), *found]

    def _due(self, model, user, today):
        return within(model.objects.due(today), user).with_statements().order_by("check_due_on", "pk")


def show_due(records):
    """Records with since when they are due, and the sources to look at."""
    return [_due_row(record, str(record), kind_of(record), _adopted_sources(record)) for record in records]


def show_due_statements(statements):
    """Statements with their value and their source."""
    return [
        _due_row(
            statement,
            f"{whole(statement)}: {statement.aspect} {value_of(statement)}",
            kind_of(statement),
            [statement.source],
        )
        for statement in statements
    ]


def _due_row(row, title, kind, sources):
    since = (timezone.localdate() - row.check_due_on).days
    overdue = ngettext("%(days)d day overdue", "%(days)d days overdue", since) % {"days": since}
    due = _("Due %(day)s") % {"day": day(row.check_due_on)}
    names = [Truncator(str(source)).chars(140) for source in sources[:3]]
    source = [_("Source: %(source)s") % {"source": name} for name in names] or [_("No source is named.")]
    return Row(
        title=title,
        link=change_url(row),
        kind=kind,
        lines=[f"{due} · {overdue}" if since else due, *source],
        buttons=[button("still-true", row, token=True), button("ask", row)],
        order=row.check_due_on,
    )


def _adopted_sources(record):
    return list(dict.fromkeys(row.source for row in record.statements.all() if row.adopted))


def value_of(statement):
    """What a statement says, in a few words."""
    if statement.number is None:
        return Truncator(statement.date or statement.choice or statement.text or "").chars(60)
    unit = statement.record.unit_of(statement) if statement.record else statement.aspect.unit
    return write_figure(
        statement.number, unit, maximum=statement.number_max, approximation=statement.approximation
    )
