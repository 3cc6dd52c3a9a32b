"""Shows where a text matches: each matching word, or run of Chinese characters, in `<mark>`."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from listings.text.folding import fold_with_origins
from listings.text.query import Pair
from listings.text.tokens import PIECE, RUN


class MarkedText(SafeString):
    """Marked HTML, which still knows its language as its text did (`lang`, `is_fallback`)."""


def mark(text, query):
    """The text, escaped, with what matches in `<mark>`: a word as a whole, of Chinese what was asked for.

    What stands beside each other is marked as one. The letters stay as they are written: a query for
    `luliang` marks “Lüliang”.
    """
    marked = MarkedText(
        format_html_join("", "{}", ((piece,) for piece in _pieces(text, _spans(text, query))))
    )
    marked.lang = getattr(text, "lang", "")
    marked.is_fallback = getattr(text, "is_fallback", False)
    return marked


def _pieces(text, spans):
    end = 0
    for start, stop in spans:
        yield text[end:start]
        yield format_html("<mark>{}</mark>", text[start:stop])
        end = stop
    yield text[end:]


def _spans(text, query):
    """(start, stop) of what matches in the text, in order and apart from each other."""
    folded, origins = fold_with_origins(text)
    merged = []
    for start, stop in sorted(_folded_spans(folded, query)):
        start, stop = origins[start], origins[stop - 1] + 1
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(stop, merged[-1][1])
        else:
            merged.append([start, stop])
    return merged


def _folded_spans(folded, query):
    words = [needle for term in query.terms for needle in term.needles if not isinstance(needle, Pair)]
    runs = [term for term in query.terms if isinstance(term.needles[0], Pair)]
    for match in PIECE.finditer(folded):
        if RUN.match(match[0]):
            continue
        if any(word.grade(match[0]) is not None for word in words):
            yield match.span()
    for term in runs:
        # Its pairs are all that is sure to be there; they are shown where they do not stand together.
        whole = term.text in folded
        for wanted in [term.text] if whole else [needle.text for needle in term.needles]:
            yield from _occurrences(wanted, folded)


def _occurrences(wanted, folded):
    start = folded.find(wanted)
    while start >= 0:
        yield start, start + len(wanted)
        start = folded.find(wanted, start + 1)
