"""Search: every word, in either language, one character or many, and nothing taken for a pattern."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from listings.search import fold, terms
from tests.factories import make_city, make_industry, make_policy, make_procedure, make_project, make_zone
from zones.models import City, Zone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def zones():
    taiyuan = make_city(slug="taiyuan", name_en="Taiyuan", name_zh="太原", other_spellings="Tai-yuan")
    datong = make_city(slug="datong", name_en="Datong", name_zh="大同")
    make_zone(slug="a", name_en="Taiyuan High-tech Zone", name_zh="太原高新区", city=taiyuan,
              summary_en="Chips 100% made in 5_nm", other_names="并州园区")  # fmt: skip
    make_zone(slug="b", name_en="Economic Zone", name_zh="经济开发区", city=datong, county_zh="平城区",
              county_en="Pingcheng District", nbs_code="140271")  # fmt: skip
    make_zone(slug="c", name_en="Lüliang Zone", name_zh="吕梁开发区", city=datong)
    make_zone(slug="hidden", name_en="Hidden Zone", name_zh="太原开发区", city=taiyuan, state="draft")


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("太原", "a"),  # two characters
        ("高", "a"),  # one
        ("开发区", "bc"),  # three
        ("区", "abc"),
        ("taiyuan", "a"),
        ("TAIYUAN", "a"),
        ("tai-yuan", "a"),  # another spelling of the city
        ("econom", "b"),  # the beginning of a word
        ("zone", "abc"),
        ("Lüliang", "c"),
        ("140271", "b"),
        ("并州", "a"),
        ("平城", "b"),
        ("高新 zone", "a"),  # both languages
        ("zone 开发区", "bc"),
        ("开发区 大同", "bc"),  # in different fields
        ("开发区 太原", ""),  # both words, not either
        ("economic taiyuan", ""),
        ("ｚｏｎｅ", "abc"),  # full width
        ("１４０２７１", "b"),
        ("太原　高新", "a"),  # the wide space
        ("zone\tzone", "abc"),
        ("zo\u200bne", "abc"),  # a character that nobody sees
        ("%", "a"),
        ("100%", "a"),
        ("5_nm", "a"),
        ("_", "a"),
        ("z%e", ""),
        ("z_ne", ""),
        ("\\", ""),
        ("'", ""),
        ('"', ""),
        ("; DROP TABLE", ""),
        ("", "abc"),
        ("   ", "abc"),
    ],
)
def test_every_word_must_occur_wherever_it_stands(text, slugs):
    found = Zone.objects.published().search(text).order_by("slug")
    assert "".join(zone.slug for zone in found) == slugs


def test_a_city_is_found_by_any_of_its_spellings():
    assert [city.slug for city in City.objects.search("tai-yuan")] == ["taiyuan"]
    assert [city.slug for city in City.objects.search("大")] == ["datong"]


def test_words_are_folded_and_each_is_searched_once():
    assert terms("ＡＢＣ abc\u3000ABC  x\u0007y") == ["ABC", "abc", "xy"]
    assert fold("Ａ\u200bＢ\n") == "AB "


def test_a_text_that_is_too_long_is_refused_with_its_length():
    assert terms("x" * 100) == ["x" * 100]
    with pytest.raises(ValidationError, match="The search text has 101 characters; at most 100 are read."):
        terms("x" * 101)


def test_too_many_words_are_refused_with_their_number():
    words = "abcdefghijklm"
    assert len(terms(" ".join(words[:12]))) == 12
    with pytest.raises(ValidationError, match="The search text has 13 words; at most 12 are read."):
        terms(" ".join(words))


# The search page


def groups(answer):
    return [
        (str(group.label), group.count, [str(row) for row in group.rows])
        for group in answer.context["groups"]
    ]


def test_one_box_finds_every_kind_of_record(client):
    project = make_project(
        name_en="Taiyuan plant", city=City.objects.get(slug="taiyuan"), sector=make_industry()
    )
    policy = make_policy(facts_en="For plants in Taiyuan")
    procedure = make_procedure(office_en="Taiyuan office")
    make_project(name_en="Taiyuan secret", state="draft")
    answer = client.get("/en/search/?q=taiyuan")
    assert answer.status_code == 200
    assert groups(answer) == [
        ("Development zones", 1, ["Taiyuan High-tech Zone"]),
        ("Projects", 1, [project.name_en]),
        ("Cities", 1, ["Taiyuan"]),
        ("Approval procedures", 1, [procedure.name_en]),
        ("Policies", 1, [policy.name_en]),
    ]
    assert answer.context["total"] == 5
    assert "secret" not in answer.content.decode()


def test_two_characters_find_the_same_on_the_chinese_page(client):
    with override("zh-hans"):
        answer = client.get("/zh-hans/search/?q=太原")
    assert [count for _label, count, _rows in groups(answer)] == [1, 1]
    assert "太原高新区" in answer.content.decode()


def test_the_first_five_are_shown_and_the_way_to_all(client):
    for number in range(4):
        make_zone(slug=f"d{number}", city=City.objects.get(slug="datong"))
    answer = client.get("/en/search/?q=zone")
    assert groups(answer)[0][1] == 7
    assert len(groups(answer)[0][2]) == 5
    assert 'href="/en/zones/?q=zone"' in answer.content.decode()
    assert client.get("/en/zones/?q=zone").context["listing"].total == 7


def test_nothing_found_says_so_and_offers_ways_on(client):
    answer = client.get("/en/search/?q=unobtainium")
    assert answer.status_code == 200
    assert "0 results for “unobtainium”" in answer.content.decode()


def test_nothing_asked_finds_nothing(client):
    for query in ("", "?q=", "?q=%20%20", "?q=%E3%80%80"):
        answer = client.get(f"/en/search/{query}")
        assert (answer.status_code, answer.context["groups"]) == (200, [])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("q=" + "x" * 101, "Ensure this value has at most 100 characters (it has 101)."),
        ("q=a+b+c+d+e+f+g+h+i+j+k+l+m", "The search text has 13 words; at most 12 are read."),
        ("q=%00", "Null characters are not allowed."),
        ("q=a&q=b", "This filter takes one value, not several."),
        ("q=zone&page=2", "There is no such filter. There are: q."),
    ],
)
def test_a_search_that_cannot_be_read_is_refused_with_the_reason(client, query, words):
    answer = client.get(f"/en/search/?{query}")
    assert (answer.status_code, answer.context["groups"]) == (400, [])
    assert words in answer.content.decode()


def test_what_was_typed_is_shown_and_never_run(client):
    text = client.get("/en/search/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text
