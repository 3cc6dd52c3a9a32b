"""What a reader typed, as words to find. This is the only definition of what matches.

A text is split into terms at spaces, and where Chinese meets other letters; every term must occur in a
record, each within one part of it. A term is one word, several that are written together (`high-tech`),
or a run of Chinese characters, looked for by its pairs of neighbours.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import add
from os.path import commonprefix

import snowballstemmer
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from listings.text.folding import fold
from listings.text.tokens import CHINESE, RUN

MAX_LENGTH = 100
MAX_TERMS = 12

EXACT, PARTIAL = 0, 1
_TERM = re.compile(f"[{CHINESE}]+|[^{CHINESE}]+")
_english = snowballstemmer.stemmer("english")


@lru_cache(maxsize=2**16)
def stem(word):
    """The stem of an English word (Snowball `english`); what has other letters or digits stays as it is."""
    return _english.stemWord(word) if word.isascii() and word.isalpha() else word


@dataclass(frozen=True)
class Word:
    """A word to find: by its beginning, or in another of its English forms."""

    text: str

    @cached_property
    def stem(self):
        return stem(self.text)

    @cached_property
    def root(self):
        """What a form of the word begins with: its stem, less a last letter that changes (cit|i, cit|y)."""
        root = self.stem[:-1] if len(self.stem) > 2 else self.stem
        return root if root[0] == self.text[0] else self.text

    @cached_property
    def scan(self):
        """The beginning of all tokens that can match; never empty."""
        return commonprefix([self.text, self.root])

    def grade(self, token):
        """EXACT for the word or a form of it, PARTIAL for a token that begins with it, else None."""
        begins = token.startswith(self.text)
        if (begins or token.startswith(self.root)) and (token == self.text or stem(token) == self.stem):
            return EXACT
        return PARTIAL if begins else None


@dataclass(frozen=True)
class Pair:
    """Two neighbouring Chinese characters, or a single one, which any pair may begin with."""

    text: str

    @property
    def scan(self):
        return self.text

    def grade(self, token):
        """EXACT for a token that begins with it: Chinese is never matched in part."""
        return EXACT if token.startswith(self.text) else None


@dataclass(frozen=True)
class Term:
    """What must occur as a whole in one part of a record: `needles` are all to be found there."""

    text: str
    needles: tuple

    def grade(self, tokens):
        """The worst of the needles' best among these tokens; None where one of them finds none."""
        worst = EXACT
        for needle in self.needles:
            best = _best(needle, tokens)
            if best is None:
                return None
            worst = max(worst, best)
        return worst


def _best(needle, tokens):
    if needle.text in tokens:
        return EXACT
    grades = {needle.grade(token) for token in tokens if token.startswith(needle.scan)} - {None}
    return min(grades, default=None)


@dataclass(frozen=True)
class Query:
    """The terms of a text, each once; none for a text without a letter or digit."""

    terms: tuple

    def __bool__(self):
        return bool(self.terms)

    @cached_property
    def text(self):
        """The terms as they are compared, in the order in which they were typed."""
        return " ".join(term.text for term in self.terms)

    @cached_property
    def key(self):
        """The same for all texts that ask the same, such as “Taiyuan  STEEL” and “steel taiyuan”."""
        return " ".join(sorted(term.text for term in self.terms))


def _term(piece):
    """One term, or None for a piece without letter or digit."""
    if RUN.match(piece):
        pairs = dict.fromkeys(map(add, piece, piece[1:])) or [piece]
        return Term(piece, tuple(map(Pair, pairs)))
    words = list(dict.fromkeys(piece.split()))
    return Term("-".join(words), tuple(map(Word, words))) if words else None


def parse(text):
    """Read what was typed; raises ValidationError for a text that is too long to be a search."""
    if len(text) > MAX_LENGTH:
        raise ValidationError(
            _("The search text has %(length)s characters; at most %(limit)s are read.")
            % {"length": len(text), "limit": MAX_LENGTH}
        )
    pieces = [piece for word in text.split() for piece in _TERM.findall(fold(word))]
    terms = tuple(dict.fromkeys(filter(None, map(_term, pieces))))
    if len(terms) > MAX_TERMS:
        raise ValidationError(
            _("The search text has %(length)s words; at most %(limit)s are read.")
            % {"length": len(terms), "limit": MAX_TERMS}
        )
    return Query(terms)
