"""Names that are offered while one types in a search box."""

import re

import pytest

from tests.factories import make_city, make_industry, make_project, make_zone

pytestmark = pytest.mark.django_db

OPTION = re.compile(r'<option value="([^"]*)" lang="([^"]*)">')


def suggested(client, text, language="en"):
    response = client.get(f"/{language}/search/suggest/", {"q": text})
    assert response.status_code == 200
    return OPTION.findall(response.content.decode())


def names(client, text, language="en"):
    return [name for name, _lang in suggested(client, text, language)]


def test_names_of_every_kind_are_offered_those_that_begin_with_the_text_first(client):
    make_project(name_en="Old Lithium Works", name_zh="旧厂")
    make_project(name_en="Lithium Plant", name_zh="新厂")
    make_zone(name_en="New Lithium Zone", name_zh="新区")
    make_zone(name_en="Lithium Zone", name_zh="锂区")
    make_industry(name_en="Lithium", name_zh="锂电")
    make_city(name_en="Lithium City", name_zh="锂城")
    assert names(client, "lithium") == [
        "Lithium City",
        "Lithium",
        "Lithium Zone",
        "Lithium Plant",
        "New Lithium Zone",
        "Old Lithium Works",
    ]


def test_either_language_is_understood_and_the_name_that_holds_the_text_is_offered(client):
    make_city(name_en="Taiyuan", name_zh="太原市")
    assert suggested(client, "太") == [("太原市", "zh-Hans")]
    assert suggested(client, "太", "zh-hans") == [("太原市", "zh-Hans")]
    assert suggested(client, "TAI", "zh-hans") == [("Taiyuan", "en")]


def test_name_in_the_language_of_the_reader_comes_where_both_hold_the_text(client):
    make_zone(name_en="LED Zone", name_zh="LED产业园")
    assert suggested(client, "led") == [("LED Zone", "en")]
    assert suggested(client, "led", "zh-hans") == [("LED产业园", "zh-Hans")]


@pytest.mark.parametrize("state", ["draft", "in-review", "withdrawn"])
def test_only_what_is_published_is_offered(client, state):
    make_zone(name_en="Secret Zone", state=state)
    make_project(name_en="Secret Project", state=state)
    make_zone(name_en="Secretary Zone")
    make_industry(name_en="Secret industry", is_active=False)
    assert names(client, "secret") == ["Secretary Zone"]


def test_at_most_eight_names_each_once(client):
    for number in range(20):
        make_zone(name_en=f"Zone {number}")
        make_project(name_en="Zoned Plant")
    assert len(names(client, "zone")) == 8
    assert names(client, "zoned plant") == ["Zoned Plant"]
    assert names(client, "zoned")[0] == "Zoned Plant"  # which begins with it, unlike other forms of the word


def test_text_without_a_character_gets_nothing(client):
    make_zone()
    for text in ("", " ", "\u3000", "\x00"):
        assert suggested(client, text) == []
    assert client.get("/en/search/suggest/").content.split() == []


def test_wide_and_accented_letters_are_letters_and_signs_are_none(client):
    make_zone(name_en="Zone_A 100%", name_zh="開發區")
    make_zone(name_en="Lüliang Zone", name_zh="吕梁")
    assert names(client, "ＺＯＮＥ") == ["Zone_A 100%", "Lüliang Zone"]
    assert names(client, "luliang") == ["Lüliang Zone"]
    assert names(client, "开发") == ["開發區"]
    assert names(client, "zone_a 100%") == ["Zone_A 100%"]
    for signs in ("%", "_", '"', "* & |"):
        assert names(client, signs) == []


def test_of_what_is_found_otherwise_no_name_is_offered(client):
    make_zone(name_en="Northern Zone", name_zh="北区", summary_en="Near Lithium Lake", county_zh="襄垣县")
    assert names(client, "lithium") == names(client, "xiangyuan") == names(client, "northern lithium") == []


def test_name_cannot_break_out_of_its_option(client):
    make_zone(name_en='"><script>alert(1)</script>')
    content = client.get("/en/search/suggest/", {"q": "alert"}).content
    assert b"<script" not in content
    assert b"&lt;script&gt;" in content


@pytest.mark.parametrize(
    "query", ["q=" + "x" * 101, "q=a&q=b", "q=a&kind=zone", "q=" + "+".join("abcdefghijklm")]
)
def test_what_cannot_be_read_is_400_with_nothing(client, query):
    make_zone(name_en="abc x")
    response = client.get(f"/en/search/suggest/?{query}")
    assert (response.status_code, response.content) == (400, b"")


def test_answer_may_be_kept_by_anyone(client):
    response = client.get("/en/search/suggest/?q=a")
    assert response["Cache-Control"] == "public, max-age=300"
    assert "Cookie" not in response["Vary"]


@pytest.mark.parametrize("rows", [1, 3])
def test_two_queries_for_each_kind_that_has_matches(client, django_assert_num_queries, rows):
    for _ in range(rows):
        make_zone(name_en="Acme Zone", city=make_city(name_en="Acme City"))
        make_project(name_en="Acme Project", sector=make_industry(name_en="Acme Industry"))
    with django_assert_num_queries(8):  # of cities, industries, zones and projects: the texts, and the best
        assert client.get("/en/search/suggest/?q=acme").status_code == 200


@pytest.mark.parametrize("path", ["/en/", "/zh-hans/", "/en/search/", "/en/about/", "/en/zones/"])
def test_search_boxes_of_the_whole_site_ask_for_suggestions_and_work_without(client, path):
    content = client.get(path).content.decode()
    language = path.split("/")[1]
    boxes = re.findall(r"<input[^>]*\blist=\"([\w-]+)\"[^>]*>", content)
    assert boxes
    for name in boxes:
        assert content.count(f'<datalist id="{name}"></datalist>') == 1
        assert f'data-hx-target="#{name}"' in content
    assert content.count(f'data-hx-get="/{language}/search/suggest/"') == len(boxes)
    assert content.count(f'action="/{language}/search/" method="get"') == len(boxes)
