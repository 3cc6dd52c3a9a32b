"""What matches and how well, compared with the rules as `slow_text` has them, which shares no code."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from business_environment.models import IndicatorValue
from listings.text.folding import fold, fold_with_origins
from listings.text.query import MAX_LENGTH, MAX_TERMS, parse
from listings.text.records import NAME, REST, SUMMARY, Parts, Texts, parts_of, rank, rank_of
from listings.text.tokens import tokens
from projects.models import Project
from tests.listings import slow_text
from zones.models import City

# Folding


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Taiyuan STEEL", "taiyuan steel"),
        ("Lüliang", "luliang"),
        ("Lu\u0308liang", "luliang"),
        ("ＡＢＣ　１２３", "abc 123"),
        ("臺灣電車", "台湾电车"),
        ("開發區", "开发区"),
        ("ﬁne ㎡ №", "fine m2 no"),
        ("Straße", "strasse"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("Москва", "москва"),
        ("Diyarbakır İSTANBUL", "diyarbakir istanbul"),
        ("Xi’an zone’s T'ai", "xian zones tai"),
        ("zo\u200bne\u0007\u202e", "zone"),
        ("high-tech, 5_nm", "high tech  5 nm"),
        ("太原\n大同\t", "太原 大同 "),
        ("🙂", " "),
        ("", ""),
    ],
)
def test_what_counts_as_the_same_is_folded_into_one(written, folded):
    assert fold(written) == folded


ANY = st.text(max_size=40) | st.text("aAéÉ'’ ，。（）太原開區１Ａ\u200b\t", max_size=40)


@settings(deadline=None, max_examples=300)
@given(ANY, ANY)
def test_a_text_is_folded_character_by_character_and_once_for_all(one, other):
    assert fold(one + other) == fold(one) + fold(other)
    assert fold(fold(one)) == fold(one)
    assert fold(one.upper()) == fold(one.lower()) == fold(one)
    folded, origins = fold_with_origins(one)
    assert folded == fold(one)
    assert len(origins) == len(folded)
    assert all(letter in fold(one[origin]) for letter, origin in zip(folded, origins, strict=True))


# Tokens


def test_tokens_are_words_and_pairs_of_characters_and_the_last_of_each_run():
    assert tokens("High-tech 开发区", None, "", "年产20万吨") == {
        *("high", "tech", "开发", "发区", "区", "年产", "产", "20", "万吨", "吨"),
    }
    assert tokens("区") == {"区"}
    assert tokens("テスト 한국 Москва") == set(fold("テスト 한국 Москва").split())


# Terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Taiyuan  STEEL", ["taiyuan", "steel"]),
        ("太原steel", ["太原", "steel"]),
        ("年产20万吨", ["年产", "20", "万吨"]),
        ("high-tech zone", ["high-tech", "zone"]),
        ("太原-大同", ["太原", "大同"]),
        ("zone ZONE ｚｏｎｅ", ["zone"]),
        ('"steel" AND * NEAR(x)', ["steel", "and", "near-x"]),
        ("% _ \\ ' \" 🙂", []),
        ("", []),
        ("\u3000", []),
    ],
)
def test_a_text_is_cut_into_terms_each_once(text, terms):
    query = parse(text)
    assert [term.text for term in query.terms] == terms
    assert bool(query) is bool(terms)


def test_texts_that_ask_the_same_have_one_key():
    keys = {parse(text).key for text in ("Taiyuan  STEEL", "steel taiyuan", "ｓｔｅｅｌ TAIYUAN steel")}
    assert keys == {"steel taiyuan"}
    assert parse("taiyuan-steel").key != parse("taiyuan steel").key


def test_a_text_that_is_too_long_is_refused_with_its_length():
    assert MAX_LENGTH == 100
    assert [term.text for term in parse("x" * 100).terms] == ["x" * 100]
    with pytest.raises(ValidationError, match="The search text has 101 characters; at most 100 are read."):
        parse("x" * 101)
    with pytest.raises(ValidationError, match="The search text has 10000 characters; at most 100 are read."):
        parse("x" * 10_000)


def test_too_many_words_are_refused_with_their_number():
    words = "abcdefghijklm"
    assert len(parse(" ".join(words[:12])).terms) == MAX_TERMS == 12
    for text in (" ".join(words), "太a原b大c同d长e治f区g"):
        with pytest.raises(ValidationError, match=r"The search text has 1[34] words; at most 12 are read."):
            parse(text)


# What a word matches


@pytest.mark.parametrize(
    ("text", "written", "grade"),
    [
        ("steel", "Steel", 0),
        ("steel", "steels", 0),
        ("mining", "The mines of Datong", 0),
        ("mines", "mining", 0),
        ("city", "cities", 0),
        ("cities", "City", 0),
        ("develop", "developed developments", 0),
        ("devel", "development", 1),
        ("te", "technology", 1),
        ("nology", "technology", None),
        ("1402", "140271", 1),
        ("140271", "140271", 0),
        ("0271", "140271", None),
        ("high-tech", "tech, and high", 0),
        ("high-tech", "higher tech", 1),
        ("high-tech", "high", None),
        ("5nm", "5 nm", None),
        ("太原", "太原市", 0),
        ("太原", "太行平原", None),
        ("开发区", "经济开发区", 0),
        ("开发区", "开发商的发区", 0),
        ("开发区", "开发", None),
        ("高", "太原高新区", 0),
        ("区", "太原高新区", 0),
        ("薪", "太原高新区", None),
        ("Lüliang", "luliang", 0),
        ("開發區", "开发区", 0),
        ("开发区", "開發區", 0),
        ("МОСКВА", "Москва", 0),
        ("Моск", "Москва", 1),
        ("서울", "서울시", 1),
    ],
)
def test_a_term_matches_forms_of_words_and_their_beginnings_and_characters_side_by_side(text, written, grade):
    (term,) = parse(text).terms
    assert term.grade(tokens(written)) == grade
    assert slow_text.grade(*slow_text.terms(text), [written], []) == grade


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from("adeginostyzAÉ"), min_size=1, max_size=9), st.data())
def test_no_token_that_matches_lies_outside_of_what_is_scanned(word, data):
    ends = data.draw(st.sampled_from(["", "s", "es", "ing", "ed", "ied", "ies", "y", "ly", "ment", "ation"]))
    (term,) = parse(word).terms
    for needle in term.needles:
        assert needle.scan
        token = fold(word + ends)
        if needle.grade(token) is not None:
            assert token.startswith(needle.scan)


# The whole of a record


WORDS = [
    *(
        "steel",
        "steels",
        "mine",
        "mining",
        "high-tech",
        "high",
        "T",
        "a",
        "5G",
        "20万吨",
        "ＡＩ",
        "’s",
        "🙂",
        "%",
    ),
    *(
        "Taiyuan",
        "Tai-yuan",
        "太原",
        "太",
        "原",
        "太原市",
        "大同市左云县",
        "zuoyun",
        "开发区",
        "開發區",
        "高-新",
    ),
    *("吕梁", "luliang", "lvliang", "Lüliang", "长治", "changzhi", "zhangzhi", "解州", "haizhou"),
]
texts = st.lists(st.sampled_from(WORDS), max_size=5).flatmap(
    lambda words: st.sampled_from([" ", "", "-", "，"]).map(lambda joint: joint.join(words))
)
PARTS = Parts(
    {NAME: Texts(("name",)), SUMMARY: Texts(("summary",)), REST: Texts(("county",), ("county",))},
    {"city": Parts({REST: Texts(("city_en", "city_zh"), ("city_zh",))})},
)


def ranked(text, row):
    return rank(parse(text), [PARTS.tokens(row), PARTS.related["city"].tokens(row)])


def slowly_ranked(text, row):
    parts = [
        (NAME, [row["name"]], []),
        (SUMMARY, [row["summary"]], []),
        (REST, [row["county"]], [row["county"]]),
        (REST, [row["city_en"], row["city_zh"]], [row["city_zh"]]),
    ]
    return slow_text.rank(text, parts)


@settings(deadline=None, max_examples=500)
@given(
    st.fixed_dictionaries(dict.fromkeys(["name", "summary", "county", "city_en", "city_zh"], texts)),
    texts.filter(lambda text: len(slow_text.terms(text)) < 13 and len(text) <= 100),
)
@example(dict.fromkeys(["name", "summary", "county", "city_en", "city_zh"], ""), "%")
def test_what_matches_and_how_well_is_what_the_rules_say(row, text):
    assert ranked(text, row) == slowly_ranked(text, row)


EMPTY = dict.fromkeys(["name", "summary", "county", "city_en", "city_zh"], "")


@pytest.mark.parametrize(
    ("where", "text", "number"),
    [
        ({"name": "Steel works"}, "steel", 0),
        ({"name": "Steelworks"}, "steel", 1),
        ({"summary": "Made of steel"}, "steel", 2),
        ({"summary": "Steelworks"}, "steel", 3),
        ({"city_en": "Steel"}, "steel", 4),
        ({"county": "Steelton"}, "steel", 5),
        ({"name": "Steelworks", "summary": "Steel"}, "steel", 1),
        ({"name": "Steel", "city_en": "Taiyuan"}, "taiyuan steel", 4),
        ({"name": "Steel"}, "taiyuan steel", None),
        ({"name": "High", "summary": "tech"}, "high tech", 2),
        ({"name": "High", "summary": "tech"}, "high-tech", None),
        ({"city_zh": "长治市"}, "changzhi", 4),
        ({"city_zh": "长治市"}, "chang", 5),
        ({"name": "太原", "summary": "steel"}, "太原steel", 2),
        ({}, "", 0),
    ],
)
def test_name_comes_before_summary_before_the_rest_and_the_word_before_its_beginning(where, text, number):
    assert ranked(text, EMPTY | where) == number
    assert slowly_ranked(text, EMPTY | where) == number


def test_ranks_are_in_the_order_of_parts_and_grades():
    assert [rank_of(part, grade) for part in (NAME, SUMMARY, REST) for grade in (0, 1)] == [0, 1, 2, 3, 4, 5]


def test_the_parts_of_a_record_are_read_from_its_fields():
    parts = parts_of(Project)
    assert {part: texts.fields for part, texts in parts.own.items()} == {
        NAME: ("name_en", "name_zh"),
        SUMMARY: ("summary_en", "summary_zh"),
        REST: (
            *("company_en", "company_zh", "investors_en", "investors_zh"),
            *("county_en", "county_zh", "zone_stated_en", "zone_stated_zh"),
        ),
    }
    assert parts.own[REST].places == ("county_zh", "zone_stated_zh")
    assert parts.related == {
        "city": Parts({REST: Texts(("name_en", "name_zh", "other_spellings"), ("name_zh",))}),
        "sector": Parts({REST: Texts(("name_en", "name_zh"))}),
    }
    assert parts_of(City) == Parts(
        {NAME: Texts(("name_en", "name_zh", "other_spellings")), REST: Texts((), ("name_zh",))}
    )


def test_texts_of_one_related_row_are_as_good_as_own_ones():
    fields = ("indicator__name_en", "indicator__summary_en", "indicator__place_zh")
    assert parts_of(IndicatorValue, fields) == Parts(
        {
            NAME: Texts(("indicator__name_en",)),
            SUMMARY: Texts(("indicator__summary_en",)),
            REST: Texts(("indicator__place_zh",), ("indicator__place_zh",)),
        }
    )
