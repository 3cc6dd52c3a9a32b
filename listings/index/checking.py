"""Compares the index of a list with its table, as an auditor would: everything, row by row."""

from collections import defaultdict

import numpy as np
from pyroaring import BitMap

from listings import versions
from listings.index.building import load
from listings.index.memory import Standing, standing
from listings.index.patching import patched
from listings.index.postings import gather, stored
from listings.index.reading import read_columns, read_order, unchanging
from listings.models import Index

PART_NAMES = ("name", "summary", "other words")
NAMED = 5


def differences(layout, using="default", progress=iter):
    """A sentence for each way in which the index, with the changes since, is not what its table says.

    One sentence alone where there is no index to compare.
    """
    found, _index = standing(layout, using)
    if found is not Standing.CURRENT:
        yield f"{layout.table}: the index is {found.value}."
        return
    with unchanging(using):
        version = versions.current(using)
        held = load(layout, Index.objects.using(using).get(table=layout.table), using)
        changed = versions.changed(layout.table, held.version, using)
        held = patched(held, layout, changed, version, using)
        rows = layout.rows(using)
        keys, columns = read_columns(layout, rows)
        for sentence in (
            *_rows(held, keys),
            *_columns(held, keys, columns),
            *_orders(held, keys, layout, rows),
            *_words(held, keys, gather(layout, rows, keys, progress), using),
        ):
            yield f"{layout.table}: {sentence}"


def _rows(held, keys):
    living = held.keys[held.alive]
    for words, some in (
        ("in the table and not in the index", np.setdiff1d(keys, living)),
        ("in the index and not in the table", np.setdiff1d(living, keys)),
    ):
        if len(some):
            yield f"{_named(some)} {words}."


def _columns(held, keys, columns):
    places = held.positions(keys.tolist())
    both = [(index, places[key]) for index, key in enumerate(keys.tolist()) if key in places]
    if not both:
        return
    theirs, ours = np.array(both).T
    for name, column in columns.items():
        wanted, known = column.at(theirs), held.columns[name].at(ours)
        wrong = [place for place in range(len(both)) if wanted[place] != known[place]]
        if wrong:
            first = wrong[0]
            yield (
                f"column {name}: {_named(keys[theirs[wrong]])} wrong, the first has "
                f"{known[first]!r} for {wanted[first]!r}."
            )


def _orders(held, keys, layout, rows):
    for sort in layout.filterset_class.sorts:
        order = held.orders[sort.key]
        ours = held.keys[order[held.alive[order]]]
        theirs = keys[read_order(rows, sort, keys)]
        if len(ours) == len(theirs) and (ours == theirs).all():
            continue
        place = next(
            (place for place, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]),
            min(len(ours), len(theirs)),
        )
        yield f"order {sort.key}: other than the table’s from place {place + 1} on."


def _words(held, keys, sets, using):
    dead = BitMap(np.flatnonzero(~held.alive[: held.base]).astype(np.uint32))
    later = defaultdict(set)
    for place, parts in held.words.items():
        if held.alive[place]:
            for part, tokens in parts.items():
                for token in tokens:
                    later[token, part].add(int(held.keys[place]))
    left = dict(sets)
    for word, part, positions in stored(held.build, using):
        ours = {*held.keys[(positions - dead).to_array()].tolist()} | later.pop((word, part), set())
        yield from _word(word, part, ours, left.pop((word, part), BitMap()), keys)
    for word, part in {**left, **later}:
        yield from _word(word, part, later.get((word, part), set()), left.get((word, part), BitMap()), keys)


def _word(word, part, ours, positions, keys):
    theirs = {*keys[positions.to_array()].tolist()}
    where = f"word {word!r} in the {PART_NAMES[part]}"
    if theirs - ours:
        yield f"{where}: not found for {_named(sorted(theirs - ours))}."
    if ours - theirs:
        yield f"{where}: found for {_named(sorted(ours - theirs))}, which has it no more."


def _named(keys):
    """“rows 3, 5, 8 and 12 more”."""
    first = ", ".join(str(key) for key in keys[:NAMED])
    more = f" and {len(keys) - NAMED} more" if len(keys) > NAMED else ""
    return f"row{'s' if len(keys) > 1 else ''} {first}{more}"
