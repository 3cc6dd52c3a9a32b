"""The words of made-up records: enough, in both languages, that an index of them is like a real one.

Products, forms and places are pairs of English and Chinese. English words that fill come in all their forms
(mine, mines, mined, mining). Names of companies are joined from syllables, as Chinese ones are, so that most
of them are rare. `COMMON`, `MEDIUM` and `RARE` stand in a known share of all projects, and nowhere else.
"""

from itertools import product
from pathlib import Path

import numpy as np
import yaml

# Words to search for, in English and Chinese, and the share of all projects that say them.
COMMON, COMMON_SHARE = ("annual", "年产"), 0.30
MEDIUM, MEDIUM_SHARE = ("export", "出口"), 0.05
RARE, RARE_SHARE = ("observatory", "天文台"), 0.0005

# Types of zones, as their names say them.
ZONE_KINDS = {
    "economic": ("Economic and Technological Development Zone", "经济技术开发区"),
    "other": ("Industrial Park", "工业园区"),
    "high-tech": ("High-tech Industrial Development Zone", "高新技术产业开发区"),
    "agricultural": ("Modern Agriculture Zone", "现代农业产业示范区"),
    "eco-tourism": ("Ecological and Cultural Tourism Zone", "生态文化旅游示范区"),
    "bonded": ("Comprehensive Bonded Zone", "综合保税区"),
    "reform-demonstration": ("Comprehensive Reform Demonstration Zone", "综合改革示范区"),
}

LISTS = yaml.safe_load(Path(__file__).with_name("vocabulary.yaml").read_text(encoding="utf-8"))


def pairs(text):
    """(English, Chinese) of "Taiyuan|太原; Datong|大同"."""
    return [tuple(pair.split("|")) for pair in text.split("; ")]


COUNTIES = {city: pairs(text) for city, text in LISTS["counties"].items()}
PRODUCTS = {industry: pairs(text) for industry, text in LISTS["products"].items()}
FORMS, ORIGINS = pairs(LISTS["forms"]), pairs(LISTS["origins"])
COMPANY_KINDS, SYLLABLES = pairs(LISTS["company_kinds"]), pairs(LISTS["syllables"])
CHINESE = LISTS["chinese"].split()


def verb_forms(verb):
    """A regular English verb in its four forms: store, stores, stored, storing."""
    if verb.endswith("e"):
        return [verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return [verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"]
    ending = "es" if verb.endswith(("s", "sh", "ch", "x")) else "s"
    return [verb, verb + ending, f"{verb}ed", f"{verb}ing"]


def noun_forms(noun):
    """A regular English noun in both numbers."""
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return [noun, f"{noun[:-1]}ies"]
    return [noun, noun + ("es" if noun.endswith(("s", "sh", "ch", "x")) else "s")]


def english():
    """Some 2,000 English words, ordinary ones in all their forms first, then the names of chemicals.

    Either are in an order without meaning, which is always the same.
    """
    ordinary = [form for verb in LISTS["verbs"].split() for form in verb_forms(verb)]
    ordinary += [form for noun in LISTS["nouns"].split() for form in noun_forms(noun)]
    ordinary += LISTS["adjectives"].split()
    chemicals = ["".join(parts) for parts in product(LISTS["prefixes"].split(), LISTS["bases"].split())]
    shuffle = np.random.default_rng(0).permutation
    return [*shuffle(list(dict.fromkeys(ordinary))).tolist(), *shuffle(chemicals).tolist()]


ENGLISH = english()
