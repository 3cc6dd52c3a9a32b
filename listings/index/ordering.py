"""The first rows of an order that pass a mask, without going through all of it."""

import numpy as np

# Rows looked at first; each time they do not suffice, four times as many.
FIRST_LOOK = 4_096


def first(order, mask, number):
    """The first positions of an order that pass a mask, at most so many."""
    found, seen, begin, look = [order[:0]], 0, 0, FIRST_LOOK
    while seen < number and begin < len(order):
        part = order[begin : begin + look]
        part = part[mask[part]]
        found.append(part)
        seen += len(part)
        begin, look = begin + look, look * 4
    return np.concatenate(found)[:number]


def between(order, mask, start, stop, total):
    """The positions from `start` to `stop` among the `total` that pass, looked for from the nearer end."""
    stop = min(stop, total)
    if start > total - stop:
        turned = first(order[::-1], mask, total - start)
        return turned[total - stop :][::-1]
    return first(order, mask, stop)[start:]
