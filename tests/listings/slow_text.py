"""What search should find, worked out slowly from its rules: no code shared with the search, and no token.

A text is cut at spaces, and where Chinese meets other writing; each of these terms has to occur in one part
of a record. A word occurs where another begins with it or is a form of it, Chinese where each of its
characters is followed by the next.

What is said of one piece holds wherever it stands, and is remembered: the same few thousand pieces make up
all the texts of the tests.
"""

import os
import unicodedata
from functools import cache
from itertools import groupby

import opencc
import snowballstemmer

os.environ["PYPINYIN_NO_PHRASES"] = "true"
from pypinyin import Style, pinyin  # It reads the line above.

EXACT, PARTIAL = 0, 1
english = snowballstemmer.stemmer("english")
simplified = opencc.OpenCC("t2s")


@cache
def is_chinese(char):
    return char in "々〇" or unicodedata.name(char, "").startswith("CJK UNIFIED IDEOGRAPH")


def plain(text):
    """Without case, accents, wide and traditional forms; what is no letter or digit is a space or nothing."""
    letters = []
    for char in text:
        for part in unicodedata.normalize("NFKD", char):
            for letter in unicodedata.normalize("NFKD", part.upper().lower().casefold()):
                kind = unicodedata.category(letter)
                if letter.isalnum():
                    letters.append(simplify(letter) if is_chinese(letter) else letter)
                elif letter.isspace() or (letter not in "'‘’ʼ" and kind[0] not in "MC"):
                    letters.append(" ")
    return "".join(letters)


@cache
def simplify(char):
    """The simplified form, unless it is a rare character: those beyond the first plane stay."""
    return char if char > "\uffff" else simplified.convert(simplified.convert(char))


@cache
def pieces(text):
    """(kind, piece): runs of Chinese, and words."""
    kinds = groupby(
        plain(text), lambda char: " " if char == " " else "Chinese" if is_chinese(char) else "word"
    )
    return tuple((kind, "".join(chars)) for kind, chars in kinds if kind != " ")


def terms(text):
    """Lists of words written together, and runs of Chinese."""
    found = []
    for written in text.split():
        for kind, some in groupby(pieces(written), lambda piece: piece[0]):
            together = [piece for _kind, piece in some]
            found += together if kind == "Chinese" else [together]
    return found


@cache
def stem(word):
    return english.stemWord(word) if word.isascii() and word.isalpha() else word


@cache
def grade_of_word(word, other):
    """How another word fits; None for not at all."""
    beginning = stem(word) if len(stem(word)) < 3 else stem(word)[:-1]
    if stem(other) == stem(word) and (other.startswith(word) or other.startswith(beginning)):
        return EXACT
    if other.startswith(word):
        return EXACT if other == word else PARTIAL
    return None


@cache
def readings(char):
    """As it is typed, ü as u or as v."""
    found = pinyin(char, style=Style.NORMAL, heteronym=True, v_to_u=True)[0]
    if found == [char]:
        return [""]  # It has none.
    return [form for reading in found for form in (reading.replace("ü", "u"), reading.replace("ü", "v"))]


def places(text):
    """The names in a text, each up to its 市 or 县: the readings of its characters, and the name."""
    for kind, run in pieces(text):
        start = 0
        for end in range(1, len(run) + 1):
            is_last = end == len(run)
            if kind == "Chinese" and (is_last or (run[end - 1] in "省市县区镇乡" and end - start > 1)):
                name = [readings(char) for char in run[start:end]]
                yield [several if at < 3 else several[:1] for at, several in enumerate(name)], run[start:end]
                start = end


@cache
def grade_of_place(word, text):
    """EXACT if a word is the whole of a name, with or without its 市, PARTIAL if it begins one; else None."""
    found = []
    for name, written in places(text):
        bare = name[:-1] if len(written) > 2 and written[-1] in "省市县区镇乡" else name
        # What comes after the name itself is read one way.
        name = bare + [several[:1] for several in name[len(bare) :]]
        if spells(word, name, whole=True) or spells(word, bare, whole=True):
            found.append(EXACT)
        elif spells(word, name):
            found.append(PARTIAL)
        if "解州" in written and "haizhou".startswith(word):
            found.append(EXACT if word == "haizhou" else PARTIAL)
    return min(found, default=None)


def spells(word, name, whole=False):
    """Whether a name's readings, one after the other, begin with the word; or are the whole of it."""
    if not name:
        return not word
    if not word:
        return not whole
    return any(
        spells(word[len(reading) :], name[1:], whole)
        if word.startswith(reading)
        else reading.startswith(word) and not whole
        for reading in name[0]
    )


def grade(term, texts, names):
    """How a term occurs in one part; None for not at all."""
    found = [piece for text in texts if text for piece in pieces(text)]
    runs = [run for kind, run in found if kind == "Chinese"]
    if isinstance(term, str):
        pairs = [term[at : at + 2] for at in range(max(len(term) - 1, 1))]
        return EXACT if all(any(pair in run for run in runs) for pair in pairs) else None
    worst = EXACT
    for word in term:
        fits = [grade_of_word(word, other) for kind, other in found if kind == "word"]
        fits += [grade_of_place(word, name) for name in names if name]
        best = min((fit for fit in fits if fit is not None), default=None)
        if best is None:
            return None
        worst = max(worst, best)
    return worst


def rank(text, parts):
    """How well a row matches, 0 the best; None if a term occurs in no part of it (tier, texts, places)."""
    total, seen = 0, []
    for term in terms(text):
        if term in seen:
            continue
        seen.append(term)
        fits = [(tier, grade(term, texts, names)) for tier, texts, names in parts]
        found = [2 * tier + fit for tier, fit in fits if fit is not None]
        if not found:
            return None
        total += min(found)
    return total
