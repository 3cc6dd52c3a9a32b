"""What a misspelt word may have meant."""

import pytest

from listings.text.query import parse
from listings.text.spelling import corrections, nearest, nearest_names

WORDS = {"taiyuan": 40, "taigu": 5, "steel": 30, "steep": 2, "stele": 1, "zone": 60, "bone": 90, "coal": 9,
         "太原": 40, "140271": 1}  # fmt: skip
NAMES = {"太原": 40, "太谷区": 5, "长治": 30, "新能源": 8, "大同": 30}


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("taiyaun", ["taiyuan"]),  # two neighbours have changed places
        ("tayuan", ["taiyuan"]),
        ("taiyuann", ["taiyuan"]),
        ("stele", ["steel", "steep"]),
        ("steal", ["steel", "steep", "stele"]),
        ("zine", ["zone"]),  # a short word is one edit away, and begins alike
        ("gone", ["bone", "zone"]),  # or else the more frequent first
        ("zzne", ["zone"]),
        ("cola", ["coal"]),
        ("quux", []),
        ("140272", []),
        ("太源", []),
    ],
)
def test_words_a_few_edits_away_are_offered_the_nearest_first(word, words):
    assert nearest(word, WORDS) == words


@pytest.mark.parametrize(
    ("run", "runs"),
    [
        ("太源", ["太原"]),  # sounds the same
        ("太源开发区", ["太原开发区"]),
        ("长冶", ["长治"]),
        ("长冶高新区", ["长治高新区"]),
        ("新能原", ["新能源", "新太原"]),  # the longer name
        ("云州", []),
        ("煤", []),
    ],
)
def test_names_that_differ_in_one_character_are_offered(run, runs):
    assert nearest_names(run, NAMES) == runs


def test_a_name_that_sounds_the_same_comes_before_a_more_frequent_one():
    assert nearest_names("太远", {"太谷": 90, "太原": 1}) == ["太原", "太谷"]


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("taiyaun", ["taiyuan"]),
        ("Taiyaun STEEL", ["taiyuan steel"]),
        ("taiyaun steal", ["taiyuan steel", "taiyuan steep", "taiyuan stele"]),
        ("太源 steel", ["太原 steel"]),
        ("steel-zne", ["steel-zone"]),
        ("steel zone", []),  # both are known; only nothing has both
        ("steels", []),  # a form of a known word
        ("taiyaun quux", []),  # one would still find nothing
        ("quux", []),
        ("%", []),
    ],
)
def test_only_words_that_nothing_holds_are_changed(text, texts):
    assert corrections(parse(text), WORDS, NAMES) == texts
