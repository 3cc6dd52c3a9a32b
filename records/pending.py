"""Changes of public records that wait for approval: proposing, bringing up to date, deciding.

A change is made of two snapshots: the record as its author found it, and as it is wanted. What is public may
move on meanwhile; the two sets of differences are merged (`records.merging`), and where they touch, whoever
approves has to say which holds. Nobody approves a change of their own, administrators included.
"""

from dataclasses import dataclass

from django.contrib.auth import get_permission_codename
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from records import history, snapshots
from records.merging import merge, with_new_rows_marked
from records.models import Note, PendingChange, PendingState, State
from records.territories import holds

LONGEST_NOTE = 2000


class Refused(Exception):
    """A decision that cannot be taken; `str()` says why, in the reader's language."""


class Undecided(Refused):
    """The record and the change were both changed in the same places; `collisions` names them."""

    def __init__(self, collisions):
        super().__init__(_("Both were changed in the same places. Say for each of them which one holds."))
        self.collisions = collisions


@dataclass(frozen=True)
class Prospect:
    """What approving a change would do to its record as that is now."""

    current: dict  # the record now
    content: dict  # what it would become
    collisions: list  # where both were changed, and differently
    has_moved: bool  # whether the record was changed since the change was begun


def open_change(record, author):
    """The change of a record that somebody has open; None where there is none."""
    return PendingChange.objects.open().of(record).filter(author=author).first()


def may_publish(user, record):
    """Whether somebody may change what the public sees of a record: right and territory."""
    opts = record._meta
    codename = get_permission_codename("publish", opts)
    return user.has_perm(f"{opts.app_label}.{codename}") and holds(record, user)


def add_note(record, text, *, by, pending=None):
    """Keep what somebody says of a record or of a pending change; nothing where nothing is said."""
    text = text.strip()
    if not text:
        return None
    return Note.objects.create(
        record=record, pending=pending, author=by, author_name=by.get_username(), text=text
    )


def propose(record, wanted, *, by, why="", base=None, submit=True):
    """Keep a snapshot as the change that somebody wants of a public record; the `PendingChange`.

    Somebody has one open change of a record: that one is brought to `wanted`, which then must have been made
    from its content. `base` is the snapshot that a new one was begun from, by default the record as it is.
    """
    with transaction.atomic():
        change = open_change(record, by)
        if change is None:
            base = base or snapshots.taken(record)
            change = PendingChange(record=record, base=base, author=by, author_name=by.get_username())
        change.content = with_new_rows_marked(wanted, change.base)
        change.why = why or change.why
        change.state = PendingState.REVIEW if submit else PendingState.DRAFT
        change.save()
    return change


def prospect(change, record, choices=None):
    """The `Prospect` of a change. `choices` says of colliding places, by their key, "mine" or "theirs"."""
    current = snapshots.taken(record)
    content, collisions = merge(change.base, change.content, current, choices or {})
    moved = snapshots.fingerprint(current) != snapshots.fingerprint(change.base)
    return Prospect(current, content, collisions, moved)


def shown(change, current):
    """A token of what somebody is shown who decides: the change, and its record as it is (a snapshot)."""
    return snapshots.fingerprint(change.content) + snapshots.fingerprint(current)


def objection(change, user, record):
    """Why somebody cannot decide on a change, in words; an empty text where they can."""
    if change.state != PendingState.REVIEW:
        return _("This change does not wait for review: its state is “%(state)s”.") % {
            "state": change.get_state_display()
        }
    if change.is_by(user):
        return _("Nobody decides on their own change: somebody else has to look at it.")
    if record is None or not may_publish(user, record):
        return _("You may not publish this record.")
    return ""


def approve(change, *, by, seen, choices=None, note=""):
    """Make the record what the change wants, in the name of its author; raises Refused with the reason.

    `seen` is what `shown` gave for the page on which it was decided: nobody approves what they have not read.
    """
    with transaction.atomic():
        change, record = _locked(change)
        _refuse_if(objection(change, by, record))
        _refuse_if(_standing(record))
        result = prospect(change, record, choices)
        if seen != shown(change, result.current):
            raise Refused(_("The change was changed after you opened this page. Look at it again."))
        undecided = [one for one in result.collisions if one.chosen is None]
        if undecided:
            raise Undecided(undecided)
        write(
            record, result.content, by=change.author or by, why=_approved_words(change, by), route="pending"
        )
        if not holds(record, by):
            raise Refused(_("The change would take the record out of your territory."))
        return _decide(change, PendingState.APPROVED, by, note)


def write(record, content, *, by, why, route):
    """Make a record what a snapshot says, and keep that as a version; raises Refused where it cannot be."""
    try:
        with history.keeping(record, by=by, why=why, route=route):
            snapshots.put_back(record, content, by=by)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


def send_back(change, *, by, note):
    """Ask the author for more work; the change, or raises Refused without a note that says what for."""
    return _decide_by_reviewer(change, PendingState.SENT_BACK, by, note)


def refuse(change, *, by, note):
    """Decide that a change is not to be; the change, or raises Refused without a note that says why."""
    return _decide_by_reviewer(change, PendingState.REFUSED, by, note)


def submit(change, *, by, note=""):
    """Hand a draft of a change, or one that was sent back, to the reviewers."""
    return _decide_by_author(change, PendingState.REVIEW, by, note)


def give_up(change, *, by, note=""):
    """Have the author take a change back for good."""
    return _decide_by_author(change, PendingState.WITHDRAWN, by, note)


def _decide_by_reviewer(change, state, by, note):
    with transaction.atomic():
        change, record = _locked(change)
        _refuse_if(objection(change, by, record))
        if not note.strip():
            raise Refused(_("Write a note that tells the author why."))
        return _decide(change, state, by, note)


def _decide_by_author(change, state, by, note):
    with transaction.atomic():
        change, _record = _locked(change)
        if not change.is_by(by):
            raise Refused(_("Only the author of a change can do that."))
        if not change.is_open or change.state == state:
            raise Refused(
                _("The state of this change is “%(state)s”.") % {"state": change.get_state_display()}
            )
        return _decide(change, state, by, note)


def _decide(change, state, by, note):
    change.state = state
    if not change.is_by(by):
        change.reviewer = by
    change.decided_at = None if change.is_open else timezone.now()
    change.save()
    if change.record is not None:
        add_note(change.record, note, by=by, pending=change)
    return change


def _locked(change):
    """The change and its record as they are now, for nobody else to change until this is done."""
    model = change.content_type.model_class()
    # The record first, as whoever edits it does: in another order two would wait for each other.
    record = model._base_manager.select_for_update().filter(pk=change.object_id).first()
    return PendingChange.objects.select_for_update().get(pk=change.pk), record


def _refuse_if(reason):
    if reason:
        raise Refused(reason)


def _standing(record):
    """Why a change cannot go live because of what its record is by now."""
    if record.state == State.PUBLISHED:
        return ""
    return _("The record is no longer public: its state is “%(state)s”. The change stays as it is.") % {
        "state": record.get_state_display()
    }


def _approved_words(change, by):
    """What history says of an approved change: its reason, and who approved it."""
    words = _("Approved by %(name)s.") % {"name": by.get_username()}
    return f"{change.why} {words}".strip()
