"""Search by the plain path, and the page of it: every word, in either language, and the best first."""

import re
from urllib.parse import urlencode

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from listings.search import Keys, matches, ranks, search, vocabulary
from listings.text.query import parse
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
        ("區", "abc"),  # as it is written elsewhere
        ("taiyuan", "a"),
        ("TAIYUAN", "a"),
        ("tai-yuan", "a"),  # another spelling of the city
        ("econom", "b"),  # the beginning of a word
        ("chip", "a"),  # a form of it
        ("conomic", ""),  # not its end
        ("zone", "abc"),
        ("zones", "abc"),
        ("Lüliang", "c"),
        ("luliang", "c"),
        ("lvliang", "c"),  # as 吕 is typed
        ("Pingchengqu", "b"),
        ("datong", "bc"),
        ("140271", "b"),
        ("1402", "b"),
        ("0271", ""),
        ("并州", "a"),
        ("平城", "b"),
        ("高新 zone", "a"),  # both languages
        ("高新zone", "a"),
        ("zone 开发区", "bc"),
        ("开发区 大同", "bc"),  # in different texts
        ("开发区大同", ""),  # as one word in none
        ("开发区 太原", ""),  # both words, not either
        ("economic taiyuan", ""),
        ("ｚｏｎｅ", "abc"),  # full width
        ("１４０２７１", "b"),
        ("太原　高新", "a"),  # the wide space
        ("zone\tzone", "abc"),
        ("zo\u200bne", "abc"),  # a character that nobody sees
        ("100%", "a"),
        ("5_nm", "a"),
        ("z_ne", ""),
        ('"zone"', "abc"),
        ("zone*", "abc"),
        ("zone AND", ""),
        ("; DROP TABLE", ""),
        # Without a letter or digit nothing is asked.
        ("%", "abc"),
        ("\\ ' \" _", "abc"),
        ("🙂", "abc"),
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


def test_what_is_found_can_be_filtered_further_and_keeps_its_order():
    rows = Zone.objects.published().filter(city__slug="datong").order_by("-slug")
    assert [zone.slug for zone in search(rows, "开发区")] == ["c", "b"]
    assert search(rows, "开发区").filter(slug="b").count() == 1
    assert search(rows, "high").count() == 0


def test_a_change_is_found_at_once():
    rows = Zone.objects.published()
    assert search(rows, "taiyuan").count() == 1
    Zone.objects.filter(slug="b").update(summary_en="Near Taiyuan")
    City.objects.filter(slug="datong").update(other_spellings="Tatung")
    assert {zone.slug for zone in search(rows, "taiyuan")} == {"a", "b"}
    assert {zone.slug for zone in search(rows, "tatung")} == {"b", "c"}


def test_the_best_come_first_and_equals_in_the_order_of_the_rows():
    datong = City.objects.get(slug="datong")
    make_zone(slug="in-summary", name_en="E", summary_en="The high-tech belt", city=datong)
    make_zone(slug="in-part", name_en="Highland", summary_en="", city=datong)
    make_zone(slug="z-in-name", name_en="High Plain", summary_en="", city=datong)
    rows = Zone.objects.published()
    high = parse("high")
    assert [row.slug for row in matches(rows.order_by("slug"), high).best()] == [
        *("a", "z-in-name", "in-part", "in-summary")
    ]
    assert [row.slug for row in matches(rows.order_by("-slug"), high).best(3)] == [
        "z-in-name",
        "a",
        "in-part",
    ]
    assert matches(rows, high).total == 4
    assert matches(rows, parse("nothing")).best() == []
    by_slug = dict(rows.values_list("slug", "pk"))
    assert ranks(rows.order_by("slug"), high) == {
        by_slug["a"]: 0,
        by_slug["in-part"]: 1,
        by_slug["in-summary"]: 2,
        by_slug["z-in-name"]: 0,
    }


def test_a_search_costs_two_queries_however_much_it_finds(django_assert_num_queries):
    with django_assert_num_queries(2):  # the texts, and what was found
        assert len(search(Zone.objects.published(), "zone")) == 3
    with django_assert_num_queries(1):
        assert matches(Zone.objects.published(), parse("zone")).total == 3


def test_any_number_of_keys_is_one_parameter():
    keys = Zone.objects.published().values_list("pk", flat=True)
    assert Zone.objects.filter(pk__in=Keys([*keys, *range(10**6, 10**6 + 200_000)])).count() == 3
    assert Zone.objects.exclude(pk__in=Keys([*keys])).count() == 1
    assert Zone.objects.filter(pk__in=Keys([])).count() == 0


def test_the_vocabulary_counts_the_rows_that_have_a_word():
    words = vocabulary(Zone.objects.published(), parse("zone"))
    assert {
        word: words[word]
        for word in ("zone", "taiyuan", "datong", "开发", "区", "luliang", "lvliang", "hidden")
    } == {
        "zone": 3,
        "taiyuan": 1,
        "datong": 2,
        "开发": 2,
        "区": 3,
        "luliang": 1,
        "lvliang": 0,
        "hidden": 0,
    }


JUNK = st.text(max_size=30) | st.text(
    "太原zone \"'*&|!:()\\%_-^~<>\u200f\u202e\x01\ud7ff🙂Ａ區", max_size=110
)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JUNK)
@example("x" * 10_000)
@example('"zone NEAR(a b) AND')
@example("zone:* & !tech | (x <-> y)")
@example("\x00")
def test_no_text_at_all_fails(client, text):
    answer = client.get("/en/search/", {"q": text})
    if len(urlencode({"q": text})) > 4_000:
        assert answer.status_code == 414
        return
    assert answer.status_code in (200, 400)
    assert bool(answer.context["problems"]) is (answer.status_code == 400)
    listing = client.get("/zh-hans/zones/", {"q": text})
    assert listing.status_code == answer.status_code
    assert client.get("/en/search/suggest/", {"q": text}).status_code in (200, 400)


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
    assert "<mark>太原</mark>高新区" in answer.content.decode()


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


def test_words_that_nothing_holds_are_told_with_those_spelt_nearly_so(client):
    def offered(text, language="en"):
        answer = client.get(f"/{language}/search/", {"q": text})
        assert (answer.status_code, answer.context["groups"]) == (200, [])
        main = answer.content.decode().partition("<main")[2]
        return re.findall(r'<a href="([^"]*/search/[^"]*)">(.*?)</a>', main)

    assert offered("Taiyaun") == [("/en/search/?q=taiyuan", "taiyuan")]
    assert offered("taiyaun zone", "zh-hans") == [
        ("/zh-hans/search/?q=taiyuan+zone", '<span lang="en">taiyuan zone</span>')
    ]
    assert offered("太源") == [
        ("/en/search/?q=%E5%A4%AA%E5%8E%9F", '<span lang="zh-Hans">太原</span>'),
    ]
    assert offered("平成区", "zh-hans") == [("/zh-hans/search/?q=%E5%B9%B3%E5%9F%8E%E5%8C%BA", "平城区")]
    # Each of these is found, and nothing has both.
    assert offered("economic taiyuan") == []
    assert offered("economic taiyaun") == []
    assert offered("hiden") == []  # a draft’s name


def test_matches_are_marked_in_both_languages(client):
    english = client.get("/en/search/?q=taiyuan+高新").content.decode()
    assert '<a href="/en/zones/a/"><mark>Taiyuan</mark> High-tech Zone</a>' in english
    assert '<span class="other-name" lang="zh-Hans">太原<mark>高新</mark>区</span>' in english
    chinese = client.get("/zh-hans/zones/?q=開發").content.decode()
    assert '<a href="/zh-hans/zones/b/">经济<mark>开发</mark>区</a>' in chinese
    assert '<a href="/en/zones/b/">Economic Zone</a>' in client.get("/en/zones/?city=datong").content.decode()


def test_nothing_asked_finds_nothing(client):
    for query in ("", "?q=", "?q=%20%20", "?q=%E3%80%80", "?q=%25", "?q=%22"):
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


def test_a_near_spelling_that_is_longer_than_is_read_is_not_offered(client):
    words = [letter * length for letter, length in zip("abcdfg", (13, 13, 14, 14, 14, 14), strict=True)]
    make_project(name_en=f"Manufacturing {' '.join(words)}")

    def corrected(text):
        page = client.get("/en/search/", {"q": text})
        assert page.status_code == 200
        return [str(link) for link, _url in page.context["corrections"]]

    longest = " ".join([*words, "manufactring"])
    assert len(longest) == 100
    assert corrected(longest) == []
    assert corrected(longest[1:]) == [f"{longest[1:-4]}uring"]
