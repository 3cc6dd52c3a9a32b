"""Two people changed the same record: what both sets of changes make of it, and where they touch.

Snapshots (`records.snapshots`) are merged by place: the field, and the keys of the rows that lead to it. What
only one side changed is taken from that side, and what both changed alike is taken once; what they changed
differently is a collision. A row that one side removed and the other changed is one, too.
"""

import secrets
from dataclasses import dataclass

MINE, THEIRS = "mine", "theirs"
_ABSENT = object()


@dataclass(frozen=True)
class Collision:
    """A place that both sides changed, and differently. None stands for what a side does not have.

    `path` is written as in `snapshots.Difference`: `area_km2`, `statements/12/number`, `statements/12`.
    """

    path: str
    base: object
    mine: object
    theirs: object
    chosen: str | None  # MINE, THEIRS, or None while nobody has said which one holds


def merge(base, mine, theirs, choices=None):
    """(snapshot, collisions) of two snapshots that were made from the same one.

    `choices` says of collisions, by their path, which side holds: MINE or THEIRS. Where it says nothing the
    merged snapshot has mine, and the collision has nothing chosen.
    """
    merging = _Merging(choices or {})
    merged = {**theirs, **merging.trees(base, mine, theirs, "")}
    merged["names"] = _joined(base.get("names", {}), mine.get("names", {}), theirs.get("names", {}))
    return merged, merging.collisions


class _Merging:
    def __init__(self, choices):
        self.choices = choices
        self.collisions = []

    def trees(self, base, mine, theirs, path):
        """One row with all that belongs to it; `base` is empty for one that both sides added."""
        sides = (base or {}, mine, theirs)
        merged = {"pk": theirs["pk"]}
        for part, merge_part in (("fields", self.fields), ("many", self.many), ("children", self.children)):
            before, ours, others = (side.get(part, {}) for side in sides)
            # What only one side has is unknown to the other, as the model had it not then: it is not removed.
            known = [name for name in others if name in ours]
            merged[part] = {**others, **ours, **merge_part(known, before, ours, others, path)}
        return merged

    def fields(self, names, base, mine, theirs, path):
        sides = (base, mine, theirs)
        return {name: self.one(*(side.get(name, _ABSENT) for side in sides), path + name) for name in names}

    def many(self, names, base, mine, theirs, path):
        """Keys that either side added, without those that either removed: they cannot collide."""
        merged = {}
        for name in names:
            before, ours, others = (set(side.get(name, ())) for side in (base, mine, theirs))
            merged[name] = sorted((ours | others) - (before - ours) - (before - others))
        return merged

    def children(self, names, base, mine, theirs, path):
        merged = {}
        for name in names:
            sides = [{row["pk"]: row for row in side.get(name, ())} for side in (base, mine, theirs)]
            keys = dict.fromkeys([*sides[2], *sides[1]])
            rows = [self.row(*(side.get(key) for side in sides), f"{path}{name}/{key}") for key in keys]
            merged[name] = [row for row in rows if row is not None]
        return merged

    def row(self, base, mine, theirs, path):
        """One row of a list; None where it is not to be there."""
        if mine is None or theirs is None:
            return self.one(base, mine, theirs, path)
        return self.trees(base, mine, theirs, f"{path}/")

    def one(self, base, mine, theirs, path):
        """One value, or a row that at least one side does not have."""
        if theirs in (mine, base):
            return mine
        if mine == base:
            return theirs
        choice = self.choices.get(path)
        known = (None if value is _ABSENT else value for value in (base, mine, theirs))
        collision = Collision(path, *known, choice if choice in (MINE, THEIRS) else None)
        self.collisions.append(collision)
        return theirs if collision.chosen == THEIRS else mine


def _joined(*names):
    joined = {}
    for side in names:
        for model, by_key in side.items():
            joined.setdefault(model, {}).update(by_key)
    return joined


# Rows that do not exist yet have keys below zero; `put_back` gives them new ones.


# Where the keys of such rows lie while a form shows them: no row that is saved ever gets there.
SHOWN_FROM = 2**52


def to_be_shown(content):
    """A snapshot whose new rows have keys that a form can name them by, and find them again when it returns.

    They are undone together with the rest, and are the same each time.
    """
    return _rekeyed(content, lambda _kind, key: SHOWN_FROM - key if key < 0 else key)


def with_new_rows_marked(content, known):
    """A snapshot in which rows that `known` does not have get keys below zero.

    What was saved to be looked at, and undone, had keys that others may have been given since. Those that
    `to_be_shown` gave become again what they were.
    """
    keys = set(_keys(known))

    def mark(kind, key):
        if key < 0 or (kind, key) in keys:
            return key
        return SHOWN_FROM - key if key > SHOWN_FROM else -1 - secrets.randbelow(2**50)

    return _rekeyed(content, mark)


def _rekeyed(tree, rekey, path=()):
    children = {}
    for name, rows in tree.get("children", {}).items():
        kind = (*path, name)
        children[name] = [_rekeyed(row, rekey, kind) | {"pk": rekey(kind, row["pk"])} for row in rows]
    return {**tree, "children": children}


def _keys(tree, path=()):
    for name, rows in tree.get("children", {}).items():
        for row in rows:
            yield (*path, name), row["pk"]
            yield from _keys(row, (*path, name))
