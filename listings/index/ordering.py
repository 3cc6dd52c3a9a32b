"""Some rows of an order that pass a mask, without going through all of it."""

import numpy as np

# Rows looked at in one go: what the processor keeps near it.
PIECE = 2**16


def first(order, mask, number):
    """The first positions of an order that pass a mask, at most so many."""
    return _from_front(order, mask, 0, number)


def between(order, mask, start, stop, total):
    """The positions from `start` to `stop` among the `total` that pass, looked for from the nearer end."""
    stop = min(stop, total)
    if start > total - stop:
        return _from_front(order[::-1], mask, total - stop, total - start)[::-1]
    return _from_front(order, mask, start, stop)


def _from_front(order, mask, start, stop):
    """The same, looked for from the front: pieces before `start` are counted, and no more."""
    found, seen = [order[:0]], 0
    for begin in range(0, len(order), PIECE):
        if seen >= stop:
            break
        part = order[begin : begin + PIECE]
        passes = mask[part]
        number = int(np.count_nonzero(passes))
        if seen + number > start:
            found.append(part[passes][max(start - seen, 0) : stop - seen])
        seen += number
    return np.concatenate(found)
