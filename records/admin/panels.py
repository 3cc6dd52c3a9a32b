"""What stands above the form of a record: its state, its moves, and who else is at work."""

from dataclasses import dataclass, field

from django.urls import NoReverseMatch, reverse

from records.admin.preview import languages_of
from records.models import Note, PendingChange, Record, State
from records.snapshots import differences

# Notes on the page of a record; all of them are in its history of pending changes.
NOTES = 20
# The moves of a record in the order of its life, and the states from which each is made.
MOVES = {
    "submit_for_review": (State.DRAFT,),
    "publish": (State.DRAFT, State.REVIEW, State.WITHDRAWN),
    "send_back_to_draft": (State.REVIEW,),
    "withdraw": (State.PUBLISHED,),
    "still_true": (State.DRAFT, State.REVIEW, State.PUBLISHED),
}


@dataclass
class Panel:
    """For `admin/change_form.html`, as `editing`."""

    record: Record
    begun: str = ""  # what the form was made from, sealed
    fingerprint: str = ""
    goes_pending: bool = False
    can_hold_back: bool = False  # may publish at once, or have it approved
    change: PendingChange | None = None  # the reader's own, which the form shows
    others: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    moves: list = field(default_factory=list)  # (name, label)
    move_url: str = ""
    previews: list = field(default_factory=list)
    why: str = ""
    why_wanted: bool = False
    conflict: "Conflict | None" = None


@dataclass(frozen=True)
class Clash:
    """One place that two people changed differently, in words."""

    label: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class Conflict:
    """What the page says to the second of two editors."""

    reason: str  # empty where somebody else has changed the record
    by: object = None
    at: object = None
    theirs: list = field(default_factory=list)  # differences
    clashes: list = field(default_factory=list)


def notes_on(record):
    """The latest notes on a record and its changes."""
    return list(Note.objects.of(record).select_related("pending")[:NOTES])


def others_changes(record, user):
    """The open changes of a record that others have."""
    return list(PendingChange.objects.open().of(record).exclude(author=user).defer("base", "content"))


def moves_of(model_admin, request, record):
    """(name, label) of every move that somebody may make with a record as it is."""
    actions = model_admin.get_actions(request)
    possible = [name for name, states in MOVES.items() if record.state in states]
    return [(name, actions[name][2]) for name in possible if name in actions]


def addresses(record):
    """(where moves are posted to, the previews) of a record; nothing for one without a page."""
    base = f"admin:{record._meta.app_label}_{record._meta.model_name}"
    try:
        return reverse(f"{base}_move", args=[record.pk]), languages_of(f"{base}_preview", record.pk)
    except NoReverseMatch:
        return "", []


def clashes(model, collisions, base, mine, theirs):
    """The collisions of two snapshots as rows of (what, mine, theirs), in words."""
    ours, others = differences(model, base, mine), differences(model, base, theirs)
    return [
        Clash(_label(one.path, ours, others), _new(one.path, ours), _new(one.path, others))
        for one in collisions
    ]


def _label(path, *sides):
    return next((one.label for side in sides for one in side if one.path == path), path)


def _new(path, side):
    return next((one.new for one in side if _covers(one.path, path)), "")


def _covers(one, two):
    return f"{one}/".startswith(f"{two}/") or f"{two}/".startswith(f"{one}/")
