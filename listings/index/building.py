"""Makes the index of a list anew and keeps it in the database, where every process finds it.

Built beside the old one, which serves until the new one is whole. What is written meanwhile is in the change
log, so nobody has to wait.
"""

import json
import time
import uuid
from dataclasses import dataclass

import numpy as np
from django.db import connections, transaction
from django.utils import timezone

from listings import triggers, versions
from listings.index.postings import gather, store
from listings.index.reading import read_columns, read_order, unchanging
from listings.index.snapshot import Snapshot
from listings.models import Index, IndexPart, Posting

# So many seconds after another build has taken its place nobody uses the old one: every process asks for the
# version once a second, and goes on for the rest of a request.
GRACE = 30
# A stored part begins with the length of its head, in so many bytes; its numbers at a multiple of so many.
HEAD_BYTES, ALIGNED = 4, 16


@dataclass
class Built:
    """What a build has made: rows, words, seconds and bytes."""

    rows: int
    words: int
    seconds: float
    column_bytes: int
    word_bytes: int


def build(layout, *, using="default", progress=iter):
    """Make the index of a list anew; `progress` wraps the rows while their words are read.

    Raises RuntimeError where nothing counts the changes, so that nothing would say when it is out of date,
    and where two builds at once come into each other's way.
    """
    began = time.monotonic()
    # Short, since every word has it.
    build_id = uuid.uuid4().hex[:8]
    if triggers.missing(connections[using]):
        raise RuntimeError("Nothing counts the changes of this database: run manage.py migrate.")
    version = versions.follow(layout.table, using)
    with unchanging(using):
        rows = layout.rows(using)
        keys, columns = read_columns(layout, rows)
        orders = {sort.key: read_order(rows, sort, keys) for sort in layout.filterset_class.sorts}
        sets = gather(layout, rows, keys, progress)
    column_bytes = _store_columns(build_id, keys, columns, orders, using)
    store(build_id, sets, using)
    word_bytes = sum(len(found.serialize()) for found in sets.values())
    with transaction.atomic(using):
        # First the lock that whoever removes old builds takes as well.
        list(Index.objects.using(using).select_for_update())
        is_stored = Posting.objects.using(using).filter(build=build_id).count() == len(sets)
        if not is_stored or not is_whole(layout, build_id, using):
            raise RuntimeError("Another build has ended meanwhile, and taken this one for an old one.")
        Index.objects.using(using).filter(table=layout.table).update(
            build=build_id,
            epoch=version.epoch,
            number=version.number,
            fingerprint=layout.fingerprint,
            rows=len(keys),
            built_at=timezone.now(),
            seconds=time.monotonic() - began,
            size=column_bytes + word_bytes,
        )
        _announce(using)
    built = Built(len(keys), len(sets), time.monotonic() - began, column_bytes, word_bytes)
    _remove_others(using)
    versions.prune(layout.table, version.number, using)
    return built


def _store_columns(build_id, keys, columns, orders, using):
    parts = {"keys": (keys, None)}
    parts |= {f"column {name}": column.dump() for name, column in columns.items()}
    parts |= {f"order {key}": (order, None) for key, order in orders.items()}
    size = 0
    for name, (array, more) in parts.items():
        blob = pack(array, more)
        IndexPart.objects.using(using).create(build=build_id, name=name, blob=blob)
        size += len(blob)
    return size


def load(layout, index, using):
    """The snapshot of a stored build; None where a part is missing or cannot be read."""
    stored_parts = IndexPart.objects.using(using).filter(build=index.build).values_list("name", "blob")
    try:
        # One at a time, since drivers hold each twice.
        parts = {name: unpack(blob) for name, blob in stored_parts.iterator(chunk_size=1)}
    except (ValueError, KeyError, TypeError):
        return None
    if parts.keys() != _part_names(layout):
        return None
    kinds = {name: how.kind for name, how in layout.columns.items()}
    keys = parts["keys"][0]
    return Snapshot(
        build=index.build,
        version=versions.Version(index.epoch, index.number),
        base=len(keys),
        keys=keys,
        alive=np.ones(len(keys), bool),
        columns={name: kind.load(*parts[f"column {name}"]) for name, kind in kinds.items()},
        orders={key: parts[f"order {key}"][0] for key in layout.sorts},
    )


def is_whole(layout, build_id, using):
    """Whether all parts of a build are there."""
    names = IndexPart.objects.using(using).filter(build=build_id).values_list("name", flat=True)
    return set(names) == _part_names(layout)


def _part_names(layout):
    return {
        "keys",
        *(f"column {name}" for name in layout.columns),
        *(f"order {key}" for key in layout.sorts),
    }


def pack(array, more):
    """An array as it is stored: the length of a head, the head, and the numbers, which begin where numpy can
    use them as they lie."""
    head = json.dumps({"type": array.dtype.str, "more": more}).encode()
    head += b" " * (-(HEAD_BYTES + len(head)) % ALIGNED)
    return len(head).to_bytes(HEAD_BYTES, "big") + head + array.tobytes()


def unpack(blob):
    """(array, what else belongs to it) of a stored part; the array is no copy. ValueError for another."""
    blob = memoryview(blob)
    start = HEAD_BYTES + int.from_bytes(blob[:HEAD_BYTES], "big")
    about = json.loads(bytes(blob[HEAD_BYTES:start]))
    return np.frombuffer(blob[start:], np.dtype(about["type"])), about["more"]


def drop(layout, using="default"):
    """Take the index of a list away, and stop logging its changes."""
    with transaction.atomic(using):
        if Index.objects.using(using).filter(table=layout.table).delete()[0]:
            _announce(using)
    _remove_others(using)


def _announce(using):
    """Have every process ask which build is in use: none would otherwise, where no record has changed."""
    triggers.count(connections[using])


def _remove_others(using):
    """Remove what belongs to no index, in pieces, so that writers need not wait long."""
    if IndexPart.objects.using(using).exclude(build__in=_builds(using)).exists():
        time.sleep(GRACE)
    while _remove_some(using):
        pass


def _remove_some(using):
    """Remove some of it, and say whether there was any."""
    with transaction.atomic(using):
        # Under the lock of whoever puts a build into use, so that it is not taken for an old one.
        builds = list(_builds(using).select_for_update())
        parts, _by_model = IndexPart.objects.using(using).exclude(build__in=builds).delete()
        old = Posting.objects.using(using).exclude(build__in=builds).values("pk")[:20_000]
        postings, _by_model = Posting.objects.using(using).filter(pk__in=old).delete()
    return bool(parts or postings)


def _builds(using):
    return Index.objects.using(using).values_list("build", flat=True)
