"""The words of a large list: for each word and part of a record, the set of the rows that have it there."""

from array import array
from collections import defaultdict

import numpy as np
from django.db import connections, transaction
from pyroaring import BitMap

from listings.index.reading import chunks
from listings.models import Posting
from listings.text.query import EXACT, PARTIAL
from listings.text.records import NAME, REST, SUMMARY, grades, rank_of, read_parts

# No token has it: Unicode ends there.
LAST = chr(0x10FFFF)
PARTS = (NAME, SUMMARY, REST)
NONE = 255
ROWS_AT_ONCE = 100_000


def gather(layout, rows, keys, progress=iter):
    """(word, part) -> BitMap of positions, for the rows of a query set; `keys` are theirs in order."""
    gathered = {part: _Gathered() for part in layout.parts.own}
    for chunk in chunks(progress(_numbered(layout, rows, gathered)), ROWS_AT_ONCE):
        places = np.searchsorted(keys, np.array(chunk, np.int64))
        for words in gathered.values():
            words.settle(places)
    return {
        (word, part): words.sets[number]
        for part, words in gathered.items()
        for word, number in words.numbers.items()
    }


def _numbered(layout, rows, gathered):
    """The primary key of each row, once its words stand among those gathered."""
    for pk, found in read_parts(layout.parts, rows.order_by("pk")):
        for part, tokens in found.items():
            gathered[part].add(tokens)
        yield pk


class _Gathered:
    """The words of one part: as numbers, row after row, and then, of rows whose places are known, as sets."""

    def __init__(self):
        self.numbers, self.sets = _Numbers(), []
        self.found, self.lengths = array("I"), array("I")

    def add(self, tokens):
        """Add the words of the next row."""
        # Numbers at once: the words of a hundred thousand rows would fill the memory.
        self.found.extend(map(self.numbers.__getitem__, tokens))
        self.lengths.append(len(tokens))

    def settle(self, places):
        """Turn what was added into sets, now that the places of its rows are known."""
        self.sets += [BitMap() for _new in range(len(self.numbers) - len(self.sets))]
        _unite(self.sets, np.array(self.found), np.repeat(places, self.lengths))
        self.found, self.lengths = array("I"), array("I")


class _Numbers(dict):
    """word -> number, the next for one that is new."""

    def __missing__(self, word):
        self[word] = number = len(self)
        return number


def _unite(sets, words, places):
    """Add to the set of each word, told by its number, the places beside it."""
    if not len(words):
        return
    # Sorted as one number, the places of a word lie together and in order.
    pairs = np.sort(words.astype(np.uint64) << np.uint64(32) | places.astype(np.uint64))
    words, places = (pairs >> np.uint64(32)).astype(np.uint32), pairs.astype(np.uint32)
    begins = np.flatnonzero(np.diff(words, prepend=words[0] + np.uint32(1)))
    for word, begin, end in zip(
        words[begins].tolist(), begins.tolist(), [*begins[1:].tolist(), len(words)], strict=True
    ):
        sets[word] |= BitMap(array("I", places[begin:end].tobytes()))


def store(build, sets, using):
    """Write the sets of a build, a few at a time, so that nobody waits long for the database."""
    connection = connections[using]
    # A million objects of Django's would take longer than all else.
    names = ", ".join(map(connection.ops.quote_name, ("build", "term", "part", "count", "bitmap")))
    insert = f"INSERT INTO {Posting._meta.db_table} ({names}) VALUES (%s, %s, %s, %s, %s)"  # noqa: S608
    for some in chunks(sorted(sets), 10_000):
        rows = [(build, word, part, *_packed(sets[word, part])) for word, part in some]
        with transaction.atomic(using), connection.cursor() as cursor:
            cursor.executemany(insert, rows)


def _packed(positions):
    """(number, bytes) of positions."""
    positions.run_optimize()
    return len(positions), positions.serialize()


def stored(build, using, needle=None):
    """(word, part, BitMap) of a build, in the order of the words: all, or those that a needle may match."""
    rows = Posting.objects.using(using).filter(build=build)
    if needle is not None:
        rows = rows.filter(term__gte=needle.scan, term__lt=needle.scan + LAST)
    query = rows.order_by("term", "part").values_list("term", "part", "bitmap")
    for word, part, blob in query.iterator(chunk_size=2_000):
        yield word, part, BitMap.deserialize(bytes(blob))


def match(snapshot, layout, query, using):
    """rank -> BitMap of the positions that a query finds, the best rank first; dead rows are among them."""
    total = np.zeros(len(snapshot.keys), np.uint8)
    everywhere = np.ones(len(snapshot.keys), bool)
    for term in query.terms:
        ranks = _best(snapshot, layout, term, using)
        everywhere &= ranks != NONE
        total += ranks
    present = np.flatnonzero(np.bincount(total[everywhere])).tolist()
    return {rank: _set_of(everywhere & (total == rank)) for rank in present}


def _set_of(mask):
    return BitMap(array("I", np.flatnonzero(mask).astype(np.uint32).tobytes()))


def places_of(positions):
    """The positions of a BitMap as an array."""
    return np.frombuffer(positions.to_array(), np.uint32)


def _best(snapshot, layout, term, using):
    """The rank of each row for one term, `NONE` where it does not occur."""
    ranks = np.full(len(snapshot.keys), NONE, np.uint8)
    # The best last, to stand over the others.
    for rank, where in sorted(_own(snapshot.build, term, using), key=lambda pair: -pair[0]):
        ranks[where] = rank
    for place, words in snapshot.words.items():
        ranks[place] = _worth(term, words)
    for rank, where in _related(snapshot, layout, term, using):
        ranks[where] = np.minimum(ranks[where], rank)
    return ranks


def _worth(term, words):
    """The best rank of a term in one row; `words` are its tokens by part."""
    return min((rank_of(part, grade) for part, grade in grades(term, words)), default=NONE)


def _own(build, term, using):
    """(rank, positions) of rows of the build that have every piece of the term in one part of their own."""
    exact = either = None
    for needle in term.needles:
        sets = defaultdict(BitMap)
        for word, part, found in stored(build, using, needle):
            grade = needle.grade(word)
            if grade is not None:
                sets[part, grade] |= found
        as_is = {part: sets[part, EXACT] for part in PARTS}
        begun = {part: sets[part, PARTIAL] | as_is[part] for part in PARTS}
        exact = as_is if exact is None else {part: exact[part] & as_is[part] for part in PARTS}
        either = begun if either is None else {part: either[part] & begun[part] for part in PARTS}
    for grade, found in ((PARTIAL, either), (EXACT, exact)):
        for part in PARTS:
            yield rank_of(part, grade), places_of(found[part])


def _related(snapshot, layout, term, using):
    """(rank, mask) of rows that point to a row which has the term in its words."""
    for relation, parts in layout.parts.related.items():
        known = snapshot.remembered(
            ("words", relation),
            lambda relation=relation, parts=parts: list(
                read_parts(parts, layout.related_rows(relation, using))
            ),
        )
        found = defaultdict(set)
        for pk, words in known:
            found[_worth(term, words)].add(pk)
        found.pop(NONE, None)
        for worth, keys in found.items():
            yield worth, snapshot.columns[f"{relation}_id"].having(keys)
