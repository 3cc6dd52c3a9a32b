"""Which characters count as one: A and a, ü and u, Ａ and A, 陽 and 阳. All else is space."""

import re
import unicodedata
from functools import cache

import opencc

APOSTROPHES = "'‘’ʼ"
# Runs that need no look at each character: what Chinese pages are mostly made of.
_PUNCTUATION = ' \t\n!"#$%&()*+,-./:;<=>?@[]，。；：、（）《》“”—·'
# Without the rare characters beyond: their traditional forms stay as they are.
_CHINESE = range(0x3400, 0xA000)


def fold(text):
    """The text as it is compared: letters and digits made plain, and spaces.

    Each character is folded by itself, whatever its neighbours: compatibility forms are made plain (NFKD:
    Ａ, ﬁ, ㎡), case and accents dropped, traditional characters made simplified (OpenCC `t2s`). Control and
    format characters vanish, as do apostrophes (Xi’an is xian, the zone’s is zones).
    """
    if text.isascii():
        return text.encode().translate(_ASCII, _ASCII_DROPPED).decode()
    if _plain().fullmatch(text):
        return _SEPARATORS.sub(" ", text.lower())
    return text.translate(_folds)


def fold_with_origins(text):
    """The folded text, and for each of its characters the position in `text` of the one it came from."""
    pieces = [fold(char) for char in text]
    origins = [position for position, piece in enumerate(pieces) for _char in piece]
    return "".join(pieces), origins


class _Folds(dict):
    """Code point: what stands for it. Filled as characters are met; one that stays is kept as a number."""

    def __missing__(self, code):
        char = chr(code)
        folded = "".join(_simplified().get(one, one) for one in _fold_character(char))
        if unicodedata.category(char)[0] != "C":
            self[code] = code if folded == char else folded
        return folded


_folds = _Folds()


def _fold_character(char):
    """One character folded, but for traditional forms."""
    if char.isspace():
        return " "
    # By way of the capital, so that ı and I are one letter, which casefold() alone leaves apart.
    small = unicodedata.normalize("NFKD", char).upper().casefold()
    return "".join(map(_letter_or_space, unicodedata.normalize("NFKD", small)))


def _letter_or_space(char):
    if char.isalnum():
        return char
    return "" if char in APOSTROPHES or unicodedata.category(char)[0] in "CM" else " "


_ASCII_DROPPED = bytes(code for code in range(128) if not _fold_character(chr(code)))
_ASCII = bytes(ord(_fold_character(chr(code)) or " ") for code in range(128)) + bytes(range(128, 256))
_SEPARATORS = re.compile(f"[{re.escape(_PUNCTUATION)}]")


@cache
def _simplified():
    """Traditional character: the simplified one, where there is one; worked out once in a process."""
    characters = [chr(code) for code in _CHINESE]
    converter = opencc.OpenCC("t2s")
    # Twice, as one of them has a simplified form that has one itself.
    simplified = converter.convert(converter.convert("\n".join(characters))).split("\n")
    return {old: new for old, new in zip(characters, simplified, strict=True) if old != new}


@cache
def _plain():
    """Matches texts whose letters stay as they are but for the case of A to Z."""
    stay = [chr(code) for code in _CHINESE if chr(code).isalnum() and chr(code) not in _simplified()]
    return re.compile(f"[A-Za-z0-9{re.escape(_PUNCTUATION)}{''.join(stay)}]*")
