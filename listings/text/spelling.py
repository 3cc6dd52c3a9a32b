"""What a word that nothing holds may have meant: words that are there and are spelt nearly the same."""

from rapidfuzz import process
from rapidfuzz.distance import OSA

from listings.text.pinyin import place_tokens
from listings.text.query import Pair
from listings.text.tokens import RUN

# Words and ways of writing the whole text that are offered.
MOST = 3
# A word of so many letters may be one edit away, a longer one two.
SHORT = 4


def nearest(word, vocabulary, most=MOST):
    """The words of a vocabulary (word -> how often it is used) that are spelt nearly as this one, best first.

    An edit is a letter that is missing, too many, another one, or has changed places with its neighbour. Few
    edits come first, then the same first letter, then the more frequent word.
    """
    edits = 1 if len(word) <= SHORT else 2
    near = process.extract(word, vocabulary.keys(), scorer=OSA.distance, score_cutoff=edits, limit=None)
    found = sorted(
        (distance, other[0] != word[0], -vocabulary[other], other)
        for other, distance, _place in near
        if other != word and _is_word(other)
    )
    return [other for *_order, other in found[:most]]


def nearest_names(run, names, most=MOST):
    """The run of Chinese with one character changed, so that it has one of these names in it; best first.

    Those that sound the same come first, then the more frequent names (name -> how often it is used).
    """
    found = {}
    for name, count in names.items():
        for start in range(len(run) - len(name) + 1):
            written = run[start : start + len(name)]
            if sum(map(str.__ne__, written, name)) == 1 and len(name) > 1:
                corrected = run[:start] + name + run[start + len(name) :]
                order = (not place_tokens(written) & place_tokens(name), -len(name), -count, corrected)
                found[corrected] = min(order, found.get(corrected, order))
    return sorted(found, key=found.get)[:most]


def corrections(query, vocabulary, names):
    """Texts to search for instead of one that has words which nothing holds, best first; else none.

    `vocabulary` is token -> how often it is used, of all that is searched; `names` the same of Chinese names.
    """
    unknown = [term for term in query.terms if not _is_known(term, vocabulary)]
    instead = {term.text: _instead(term, vocabulary, names) for term in unknown}
    return _variants([term.text for term in query.terms], instead, " ") if unknown else []


def _instead(term, vocabulary, names):
    if isinstance(term.needles[0], Pair):
        return nearest_names(term.text, names)
    # Of words that are written together the known ones stay.
    words = [needle.text for needle in term.needles]
    unknown = [needle.text for needle in term.needles if not _is_found(needle, vocabulary)]
    return _variants(words, {word: nearest(word, vocabulary) for word in unknown}, "-")


def _variants(pieces, instead, joint):
    """The pieces joined, some of them replaced (`instead`: piece -> others, best first).

    First each by its best, then each by its second or the best again, and so on; none where one has none.
    """
    if not all(instead.values()):
        return []
    longest = max(map(len, instead.values()))
    options = [(instead.get(piece, [piece]) * longest)[:longest] for piece in pieces]
    return list(map(joint.join, zip(*options, strict=True)))


def _is_known(term, vocabulary):
    return all(_is_found(needle, vocabulary) for needle in term.needles)


def _is_found(needle, vocabulary):
    return needle.text in vocabulary or any(
        token.startswith(needle.scan) and needle.grade(token) is not None for token in vocabulary
    )


def _is_word(token):
    return token.isalpha() and not RUN.match(token)
