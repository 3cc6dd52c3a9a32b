"""The snapshots that this process holds, and why it holds none where it does not."""

import logging
import threading
from enum import Enum

from django.db import connections, router

from listings import versions
from listings.index.building import is_whole, load
from listings.index.patching import patched
from listings.index.reading import unchanging
from listings.models import Index

# More changes than this are not patched in a request: the index is to be built anew.
MOST_CHANGES = 5_000

logger = logging.getLogger(__name__)


class Standing(Enum):
    """How the index of a list stands."""

    CURRENT = "current"
    ABSENT = "absent"
    OTHER_CODE = "made by other code"
    OTHER_DATA = "made of other data"
    BEHIND = "too far behind"
    DAMAGED = "damaged"


class _Slot:
    """What is held of one list of one database."""

    def __init__(self):
        self.lock = threading.Lock()
        self.version = None
        self.snapshot = None
        self.standing = Standing.ABSENT


_slots = {}


def current(layout):
    """The snapshot of a list as of at most a second ago; None where there is none to be trusted.

    In a transaction there is none: nobody else knows what that has written.
    """
    using = router.db_for_read(layout.model)
    if connections[using].in_atomic_block:
        return None
    version = versions.recent(using)
    if version is None:
        return None
    slot = _slots.setdefault((using, layout.table), _Slot())
    if slot.version != version:
        with slot.lock:
            if slot.version != version:
                _refresh(slot, layout, version, using)
    return slot.snapshot


def standing(layout, using="default"):
    """How the index of a list stands, for staff, and the row that tells of it; looked at anew."""
    index = Index.objects.using(using).filter(table=layout.table).first()
    version = versions.current(using)
    held = Standing.ABSENT if version is None else _standing(layout, index, version, using)
    if held is Standing.CURRENT and not is_whole(layout, index.build, using):
        held = Standing.DAMAGED
    return held, index


def forget():
    """Let go of all that is held: for tests, and to measure how long loading takes."""
    _slots.clear()


def _refresh(slot, layout, asked, using):
    """Bring a slot up to now, which is the version asked for or a later one."""
    # As of one moment: a row is put beside others that are where the orders have them.
    with unchanging(using):
        version = versions.current(using)
        index = Index.objects.using(using).filter(table=layout.table).first()
        found = Standing.ABSENT if version is None else _standing(layout, index, version, using)
        is_current = found is Standing.CURRENT
        snapshot = _snapshot(slot.snapshot, layout, index, version, using) if is_current else None
    if is_current and snapshot is None:
        found = Standing.DAMAGED
    if found not in (slot.standing, Standing.CURRENT, Standing.ABSENT):
        logger.warning("The index of %s is %s: lists and search are slow.", layout.table, found.value)
    slot.snapshot, slot.standing, slot.version = snapshot, found, asked


def _standing(layout, index, version, using):
    if index is None or not index.build:
        return Standing.ABSENT
    if index.fingerprint != layout.fingerprint:
        return Standing.OTHER_CODE
    changed = versions.changed(layout.table, versions.Version(index.epoch, index.number), using)
    if changed is None or version.epoch != index.epoch:
        return Standing.OTHER_DATA
    return Standing.BEHIND if len(changed) > MOST_CHANGES else Standing.CURRENT


def _snapshot(held, layout, index, version, using):
    fits = held and held.build == index.build and not held.is_worn(MOST_CHANGES)
    changed = versions.changed(layout.table, held.version, using) if fits else None
    if changed is None:
        held = load(layout, index, using)
        changed = versions.changed(layout.table, held.version, using) if held else None
    return None if changed is None else patched(held, layout, changed, version, using)
