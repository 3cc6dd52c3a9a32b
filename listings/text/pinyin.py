"""Place names in Latin letters, as readers type them: 长治 is found by changzhi, 吕梁 by luliang and lvliang.

Readings come from pypinyin without its dictionary of phrases, which would take 55 MB a process for names
that it mostly does not have. Characters of several readings are read in each of them (洪洞 is hongtong and
hongdong), and names that are read in a way of their own stand in `LOCAL`.
"""

import os
import re
from functools import cache, lru_cache
from itertools import product

from listings.text.folding import fold
from listings.text.tokens import RUN

# Names read in a way that no dictionary of characters has.
LOCAL = {"解州": "haizhou"}
# Where a name of several places is cut, so that each of them is found by its own beginning.
_PLACE = re.compile("(.+?[省市县区镇乡])(?=.)")
_SUFFIX = re.compile("(?<=..)[省市县区镇乡]$")
# Several readings are tried of the first characters only: the rest of a long name is read one way.
_SEVERAL = 3


@lru_cache(maxsize=2**12)
def place_tokens(name):
    """The names in a text as words of Latin letters, each with and without its 市, 县 or 区."""
    found = set()
    for run in RUN.findall(fold(name)):
        for place in filter(None, _PLACE.split(run)):
            bare = _SUFFIX.sub("", place)
            suffix = "".join(_syllables(char)[0] for char in place[len(bare) :])
            for reading in _readings(bare):
                found |= {reading, reading + suffix}
    return frozenset(filter(None, found))


def _readings(place):
    for name, reading in LOCAL.items():
        if place.startswith(name):
            yield reading + "".join(_syllables(char)[0] for char in place[len(name) :])
    several = [_syllables(char) for char in place[:_SEVERAL]]
    single = [_syllables(char)[:1] for char in place[_SEVERAL:]]
    yield from map("".join, product(*several, *single))


@cache
def _syllables(char):
    """The readings of a character, the usual one first; ü as u and as v, as both are typed.

    A rare character that has none is passed over.
    """
    found = {}
    for reading in _pinyin()(char):
        found |= dict.fromkeys([reading.replace("ü", "u"), reading.replace("ü", "v")])
    return list(found) or [""]


@cache
def _pinyin():
    os.environ["PYPINYIN_NO_PHRASES"] = "true"
    from pypinyin import Style, pinyin

    options = {"style": Style.NORMAL, "heteronym": True, "v_to_u": True, "errors": "ignore"}
    return lambda char: next(iter(pinyin(char, **options)), [])
