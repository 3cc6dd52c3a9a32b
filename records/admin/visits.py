"""One request for the form of a record or a part of it: what it shows, and what becomes of what is sent."""

from contextlib import suppress
from copy import copy

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from records import pending
from records.admin import panels
from records.admin.begun import Begun, Unreadable
from records.admin.proposing import Objected, Proposing
from records.merging import merge, with_new_rows_marked
from records.models import PendingChange, State
from records.owners import owner
from records.snapshots import differences, fingerprint, put_back, taken
from records.undone import undone

# As many characters as history keeps of a reason.
LONGEST_REASON = 500
# Digits of a key that a database can hold.
LONGEST_KEY = 18


class Captured(Exception):
    """Raised instead of an answer by a form that was saved only to be looked at."""

    def __init__(self, record, wanted):
        super().__init__()
        self.record, self.wanted = record, wanted


class Visit(Proposing):
    """A request to `changeform_view`; `render` is Django's own: it shows the form, or saves and answers."""

    def __init__(self, model_admin, request, render=None, object_id=None, form_url="", extra=None):
        self.admin, self.request, self.user = model_admin, request, request.user
        self.render, self.object_id = render, object_id
        self.form_url, self.extra = form_url, extra or {}
        self.why = request.POST.get("why", "").strip()
        self.why_wanted = False
        self.capturing = False
        self.before = None
        request.editing_visit = self

    # Showing

    def open(self):
        """The page with the form. Whoever has a change of the record open sees that."""
        try:
            change = self._change_asked_for()
        except pending.Refused as refusal:
            return self.turn_away(refusal)
        if change and not change.is_open:
            state = change.get_state_display()
            return self.turn_away(_("The state of this change is “%(state)s”.") % {"state": state}, change)
        record = self._record(change)
        if record is None:
            return self._page(self.request)
        if change is None:
            own = pending.open_change(record, self.user)
            if own and self.admin.goes_pending(self.request, record):
                return self.to_change(own)
            content = taken(record)
            return self._page(self.request, record, Begun(content, content, self.user.pk))
        begun = Begun(change.content, change.content, self.user.pk)
        try:
            return self._page_of(record, begun, change=change)
        except ValidationError as error:
            return self.turn_away(pending.Refused(" ".join(error.messages)), change)

    def _record(self, change):
        """The record that the page is about: a row of a change need not be in the database yet."""
        return change.record if change else owner(self._row())

    def _row(self):
        return self.object_id and self.admin.get_object(self.request, unquote(self.object_id))

    def _change_asked_for(self):
        """The change of the reader's own that the address names; None if it names none."""
        key = self.request.GET.get("pending", "")
        if not key:
            return None
        change = PendingChange.objects.filter(pk=key, author=self.user).first() if key.isdecimal() else None
        row = self._row()
        if change is None or change.record is None or (row and owner(row) != change.record):
            raise pending.Refused(_("There is no such pending change of yours."))
        return change

    def _page(self, request, record=None, begun=None, change=None, conflict=None):
        """Django's page with our panel, written out while the database is as the page has to show it."""
        extra = dict(self.extra)
        if record is not None:
            extra["editing"] = self._panel(record, begun, change, conflict)
        response = self.render(request, self.object_id, self.form_url, extra)
        if hasattr(response, "render") and not response.is_rendered:
            response.render()
        return response

    def _page_of(self, record, begun, **shown):
        """The page of a record as `begun` has it; raises ValidationError where it cannot be so any more."""
        request = copy(self.request)
        request.method, request.POST = "GET", QueryDict()
        with undone():
            put_back(_anew(record), begun.shown)
            return self._page(request, record, begun, **shown)

    def _panel(self, record, begun, change, conflict):
        move_url, previews = panels.addresses(record)
        goes_pending = self.admin.goes_pending(self.request, record)
        is_whole = type(record) is self.admin.model and self.admin.has_change_permission(self.request, record)
        return panels.Panel(
            record=record,
            begun=begun.sealed(),
            fingerprint=fingerprint(begun.seen),
            goes_pending=goes_pending or change is not None,
            can_hold_back=record.state == State.PUBLISHED and not goes_pending and change is None,
            change=change,
            others=panels.others_changes(record, self.user),
            notes=panels.notes_on(record),
            moves=panels.moves_of(self.admin, self.request, record) if is_whole and not change else [],
            move_url=move_url if is_whole else "",
            previews=previews,
            why=self.why or (change.why if change else ""),
            why_wanted=self.why_wanted,
            conflict=conflict,
        )

    # Receiving

    def receive(self):
        """The answer to a form that was sent."""
        try:
            change = self._change_asked_for()
        except pending.Refused as refusal:
            return self.turn_away(refusal)
        record = self._record(change)
        if record is None:
            return self._receive_new()
        with transaction.atomic():
            # Whoever else saves the same record, or a part of it, waits here.
            record = type(record)._base_manager.select_for_update().get(pk=record.pk)
            change = change and PendingChange.objects.filter(pk=change.pk).first()
            # What was decided meanwhile cannot be edited any more: what was typed becomes a change of what is
            # public by now.
            return self._receive_for(record, change if change and change.is_open else None)

    def _receive_new(self):
        """A new row. A part of a public record, by somebody who may not publish, is a change of that."""
        record = self._record_of_part()
        self.before = taken(record) if record is not None and record.state == State.PUBLISHED else None
        try:
            with transaction.atomic():
                return self._page(self.request)
        except Captured as captured:
            return self._propose_new(captured)
        except Objected as objection:
            return self._object_to_new(record, objection)

    def _propose_new(self, captured):
        try:
            return self.propose(captured.record, captured.wanted)
        except Objected as objection:
            return self._object_to_new(captured.record, objection)

    def _object_to_new(self, record, objection):
        """The page for a new row with all that was typed, and the field for a reason."""
        self.request.objection = str(objection)
        goes_pending = self.admin.goes_pending(self.request, record)
        self.extra["editing"] = panels.Panel(
            record=record, goes_pending=goes_pending, why=self.why, why_wanted=True
        )
        return self._page(self.request)

    def _record_of_part(self):
        """The record that a new row is to be part of, by what is typed; None where that makes no sense."""
        name = getattr(self.admin, "part_of", None)
        key = self.request.POST.get(name, "") if name else ""
        if not key.isdecimal() or len(key) > LONGEST_KEY:
            return None
        parents = self.admin.model._meta.get_field(name).related_model._base_manager
        return owner(parents.filter(pk=key).first())

    def _receive_for(self, record, change):
        request = self.request
        holds_back = record.state == State.PUBLISHED and "_pending" in request.POST
        is_pending = bool(change) or holds_back or self.admin.goes_pending(request, record)
        if is_pending and change is None:
            change = pending.open_change(record, self.user)
        current = change.content if change else taken(record)
        begun, doubt = self._begun(record, current)
        if len(self.why) > LONGEST_REASON:
            text = _("The reason has more than %(number)d characters.") % {"number": LONGEST_REASON}
            return self.objecting(record, begun, change, text)
        if "\0" in self.why:
            self.why = self.why.replace("\0", "")
            return self.objecting(record, begun, change, _("Null characters are not allowed."))
        has_moved = fingerprint(begun.seen) != fingerprint(current)
        if not (is_pending or has_moved or doubt) and begun.is_as_seen:
            return self._save(record, begun)
        wanted, answer = self._captured(record, begun, change)
        if answer is not None:
            return answer
        wanted = with_new_rows_marked(wanted, begun.content)
        if has_moved or doubt:
            return self._ask_again(record, begun, wanted, current, change, doubt)
        if is_pending:
            return self.propose(record, wanted, change=change, begun=begun)
        return self._write(record, begun, wanted)

    def _begun(self, record, current):
        """(what the form was made from, why it is better shown again before it is saved)."""
        here = Begun(current, current, self.user.pk)
        if "begun" not in self.request.POST:
            return here, ""
        try:
            begun = Begun.unsealed(self.request.POST["begun"], record)
        except Unreadable:
            return here, _("It cannot be told what this form was made from.")
        if begun.user != self.user.pk:
            return begun, _("Somebody else typed what this form holds: you are signed in as another user.")
        return begun, ""

    def saved(self, record):
        """Called when the form has been saved, and before its answer: what is written may be undone yet."""
        if self.capturing or self.admin.goes_pending(self.request, record):
            raise Captured(record, taken(record))
        if self.before and record.state == State.PUBLISHED and not self.why:
            self.ask_why(record, self.before, taken(record))

    def _save(self, record, begun):
        """Save the form as Django does."""
        self.before = begun.seen
        try:
            with transaction.atomic():
                return self._page(self.request, record, begun)
        except Objected as objection:
            return self.objecting(record, begun, None, str(objection))

    def _captured(self, record, begun, change):
        """(what the record would be, None), or (None, the page with what is wrong with the form)."""
        self.capturing = True
        try:
            return None, self._attempt(record, begun, change)
        except Captured as captured:
            if captured.record != record:
                # The address names a change of another record.
                return None, self.turn_away(_("There is no such pending change of yours."))
            return captured.wanted, None
        finally:
            self.capturing = False

    def _attempt(self, record, begun, change, conflict=None):
        """Have the form saved on top of what it was made from, and undo it; the page if it has errors."""
        with undone():
            if fingerprint(taken(record)) != fingerprint(begun.shown):
                # It may be that the record cannot be that any more. Fields that were not touched still say
                # what they said then, so the comparison finds what was.
                with suppress(ValidationError):
                    put_back(_anew(record), begun.shown)
            return self._page(self.request, record, begun, change, conflict)

    def objecting(self, record, begun, change, text, conflict=None):
        """The page with all that was typed, and why it was not saved."""
        self.request.objection = text
        return self._attempt(record, begun, change, conflict)

    def _ask_again(self, record, begun, wanted, current, change, doubt):
        """Nothing is saved: the form with what both have changed, and what the other has."""
        model = type(record)
        merged, collisions = merge(begun.seen, wanted, current)
        conflict = panels.Conflict(
            doubt,
            None if doubt or change else record.changed_by,
            None if doubt else (change or record).changed_at,
            differences(model, begun.seen, current),
            panels.clashes(model, collisions, begun.seen, wanted, current),
        )
        try:
            return self._page_of(
                record, Begun(current, merged, self.user.pk), change=change, conflict=conflict
            )
        except ValidationError as error:
            # Both together break a rule: what was typed stays as it was, to be mended by hand.
            return self.objecting(record, begun, change, " ".join(error.messages), conflict)

    def _write(self, record, begun, wanted):
        """Save what a form with somebody's own unsaved rows in it has become."""
        try:
            if record.state == State.PUBLISHED and not self.why:
                self.ask_why(record, begun.seen, wanted)
            pending.write(record, wanted, by=self.user, why=self.why, route="admin")
        except (Objected, pending.Refused) as objection:
            return self.objecting(record, begun, None, str(objection))
        self.admin.log_change(self.request, record, _("Saved together with what others had changed."))
        self.tell(_("“%(record)s” was saved.") % {"record": record}, messages.SUCCESS)
        return self.admin.response_post_save_change(self.request, record)


def _anew(record):
    """Another instance of a record: what is undone in the database must not stay in this one."""
    return type(record)._base_manager.get(pk=record.pk)
