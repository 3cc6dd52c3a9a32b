"""Zones that are recorded twice: the same name, however it is written or read, or the same code.

Sources swap 经济开发区 and 经济技术开发区, put 山西 or 市 and 县 into a name or leave it out, and write a
name in Latin letters in one place and in Chinese in another. So names are compared by what is left of them,
within one city and one type.
"""

import re
from collections import defaultdict

from listings.text.folding import fold
from listings.text.pinyin import place_tokens
from records.checks.words import field
from records.models import State
from zones.models import Zone, ZoneRelation

# What the types of zones are called: the type is compared by itself.
_CHINESE_TYPES = re.compile(
    "(经济技术|高新技术|经济|生态文化旅游|现代农业|农业|工业|转型综合改革|综合保税)?"
    "(产业|高新技术)*(开发|示范|高新|经开|保税|工业园|产业园|园)+区$"
)
_CHINESE = re.compile("[\u4e00-\u9fff]+")
_CHINESE_PLACES = re.compile("^山西省?|[省市县区]")
_ENGLISH_TYPES = re.compile(
    r"\b(economic(al)?|and|technological|technology|development|high tech|industrial|industry"
    r"|agricultur(e|al)|modern|ecological|cultural|tourism|demonstration|comprehensive|bonded|zone|area|park|shanxi|county|city"
    r"|the|of|national|province|provincial)\b"
)


def name_keys(zone):
    """What names of a zone are compared by: words in Chinese characters, and in Latin letters."""
    found = set()
    for text in (zone.name_zh, zone.name_en, *zone.other_names.splitlines()):
        folded = fold(text).strip()
        if _CHINESE.search(folded):
            bare = _CHINESE_PLACES.sub("", _CHINESE_TYPES.sub("", folded.replace(" ", "")))
            # What has digits or Latin letters in it as well is not all there is to be read.
            found |= {bare, *place_tokens(bare)} if _CHINESE.fullmatch(bare) else {bare}
        else:
            found.add("".join(_ENGLISH_TYPES.sub(" ", folded).split()))
    return {key for key in found if len(key) > 1}


def _keys(zone):
    """(field, value shown, what is compared) of a zone: each may be shared with another one."""
    for key in sorted(name_keys(zone), key=lambda key: (key.isascii(), key)):
        yield "name_zh", key, ("name", zone.city_id, zone.type, key)
    for column in ("gbt37028_code", "nbs_code", "catalogue_code"):
        if value := getattr(zone, column).strip():
            yield column, value, (column, value)


def alike(zones):
    """(later, earlier, label of what they share, its value) of pairs of which at least one is among `zones`.

    Each pair once, for the first thing it shares. Pairs that an editor has related are known, and so are a
    zone and what is part of it. Reads the names of all zones: there are some hundreds in a province.
    """
    wanted = set(zones.values_list("pk", flat=True))
    if not wanted:
        return
    by_key, known = defaultdict(list), _known_pairs()
    seen = set()
    columns = ("name_en", "name_zh", "other_names", "city_id", "type", "part_of_id", "slug")
    codes = ("gbt37028_code", "nbs_code", "catalogue_code")
    for zone in Zone.objects.exclude(state=State.WITHDRAWN).only(*columns, *codes).order_by("pk"):
        for column, value, key in _keys(zone):
            for earlier in by_key[key]:
                pair = (earlier.pk, zone.pk)
                if (
                    pair not in seen | known
                    and wanted & set(pair)
                    and not _one_holds_the_other(earlier, zone)
                ):
                    seen.add(pair)
                    yield zone, earlier, field(Zone, column), value
            by_key[key].append(zone)


def _known_pairs():
    return {tuple(sorted(pair)) for pair in ZoneRelation.objects.values_list("zone_id", "other_id")}


def _one_holds_the_other(one, other):
    return one.part_of_id == other.pk or other.part_of_id == one.pk
