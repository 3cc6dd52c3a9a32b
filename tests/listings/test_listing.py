"""A listing ready for its page: chips, addresses of every next step, pages, and what an empty one offers."""

from urllib.parse import parse_qsl

import pytest
from django.http import QueryDict
from django.utils.translation import override

from listings.listing import Listing
from tests.factories import make_city, make_industry, make_zone
from zones.filters import ZoneFilter
from zones.models import Zone

pytestmark = pytest.mark.django_db

PATH = "/en/zones/"


def listing(query, page_size=2):
    data = QueryDict(query, mutable=True)
    data.pop("page", None)
    filterset = ZoneFilter(data=data, queryset=Zone.objects.published())
    return Listing(filterset, PATH, QueryDict(query), page_size=page_size)


def parts(url):
    """Path and parameters of an address, values in order."""
    path, _mark, query = url.partition("?")
    return path, parse_qsl(query)


@pytest.fixture(autouse=True)
def zones():
    with override("en"):
        taiyuan = make_city(slug="taiyuan", name_en="Taiyuan", order=1)
        datong = make_city(slug="datong", name_en="Datong", order=2)
        steel = make_industry(slug="steel", name_en="Steel")
        for letter, city in zip("abcde", [taiyuan, taiyuan, taiyuan, datong, datong], strict=True):
            make_zone(slug=letter, city=city, industries=[steel], level="national" if letter < "d" else None)
        yield


FULL = "q=zone&city=taiyuan&city=datong&level=national&level=not-stated&sort=name&industry=steel"
FULL_PAIRS = [
    ("q", "zone"),
    ("city", "taiyuan"),
    ("city", "datong"),
    ("level", "national"),
    ("level", "not-stated"),
    ("industry", "steel"),
]


def test_each_applied_value_has_a_chip_in_words():
    chips = [(chip.filter_label, str(chip.value_label)) for chip in listing(FULL + "&area_from=").chips]
    assert [(str(label), value) for label, value in chips] == [
        ("Search", "zone"),
        ("City", "Taiyuan"),
        ("City", "Datong"),
        ("Level", "National level"),
        ("Level", "Not stated"),
        ("Leading industry", "Steel"),
    ]


def test_a_chip_takes_off_its_own_value_and_keeps_every_other_and_the_sort():
    for chip, pair in zip(listing(FULL).chips, FULL_PAIRS, strict=True):
        kept = [one for one in FULL_PAIRS if one != pair]
        assert parts(chip.url) == (PATH, [*kept, ("sort", "name")])


def test_a_chip_of_a_range_shows_its_number_and_takes_it_off():
    (chip,) = listing("area_from=2.50").chips
    assert (str(chip.filter_label), chip.value_label, chip.url) == ("Area from", "2.50", PATH)


def test_without_filters_there_are_no_chips():
    view = listing("sort=name")
    assert view.chips == []
    assert not view.is_filtered


def test_clear_all_leads_to_the_bare_list():
    assert listing(FULL).clear_url == PATH


def test_every_address_keeps_every_filter():
    view = listing(FULL)
    assert parts(view.url()) == (PATH, [*FULL_PAIRS, ("sort", "name")])
    assert parts(view.url(page=2)) == (PATH, [*FULL_PAIRS, ("sort", "name"), ("page", "2")])
    assert parts(view.next_url) == parts(view.url(page=2))
    assert parts(view.export_url) == ("/en/zones.csv", [*FULL_PAIRS, ("sort", "name")])
    for sort in view.sorts[1:]:
        path, pairs = parts(sort.url)
        assert (path, pairs[:-1], pairs[-1][0]) == (PATH, FULL_PAIRS, "sort")
    # The first way to sort is the default and is left out.
    assert parts(view.sorts[0].url) == (PATH, FULL_PAIRS)


def test_a_facet_option_adds_its_value_or_takes_it_off():
    view = listing("city=taiyuan&level=national&sort=name")
    options = {option.value: option for facet in view.facets for option in facet.options}
    assert parts(options["datong"].url)[1] == [
        ("city", "taiyuan"), ("city", "datong"), ("level", "national"), ("sort", "name"),
    ]  # fmt: skip
    assert parts(options["taiyuan"].url)[1] == [("level", "national"), ("sort", "name")]
    assert [value for value, option in options.items() if option.selected] == ["taiyuan", "national"]


def test_addresses_forget_the_page_when_the_filters_change():
    view = listing("city=taiyuan&page=2", page_size=1)
    urls = [chip.url for chip in view.chips] + [sort.url for sort in view.sorts] + [view.export_url]
    urls += [option.url for facet in view.facets for option in facet.options]
    assert not [url for url in urls if "page=" in url]


def test_addresses_survive_words_of_any_script():
    view = listing("q=%E5%BC%80%26%3F%23+%2B%25")
    assert parts(view.url()) == (PATH, [("q", "开&?# +%")])
    assert listing(view.url().partition("?")[2]).query == "开&?# +%"


def test_the_facet_form_carries_the_text_and_the_sort():
    assert listing(FULL).hidden == [("q", "zone"), ("sort", "name")]
    assert listing("city=taiyuan").hidden == []
    assert listing("sort=city").hidden == []


def test_ranges_keep_what_was_typed():
    area, established = listing("area_from=2&area_below=9").ranges
    assert (area.minimum.value(), area.maximum.value()) == ("2", "9")
    assert (established.minimum.value(), str(established.label)) == (None, "Year established")


def test_the_sort_in_force_is_marked():
    assert [sort.selected for sort in listing("sort=name").sorts] == [False, True, False, False, False, False]
    assert [sort.selected for sort in listing("").sorts] == [True, False, False, False, False, False]


def test_an_empty_list_says_what_each_removal_would_give():
    view = listing("city=datong&level=national&level=provincial&q=zone")
    assert view.total == 0
    removals = [(str(removal.chip.value_label), removal.count) for removal in view.removals]
    # Without Datong 3 are left, without "National level" none, and so on; the most first.
    assert removals == [("Datong", 3), ("zone", 0), ("National level", 0), ("Provincial level", 0)]
    for removal in view.removals:
        assert listing(removal.url.partition("?")[2]).total == removal.count
        assert removal.url == removal.chip.url


def test_pages_hold_every_row_once_and_in_order():
    pages = [listing(f"page={number}") for number in (1, 2, 3)]
    assert [[zone.slug for zone in view.page] for view in pages] == [["a", "b"], ["c", "d"], ["e"]]
    assert [(view.previous_url, view.next_url) for view in pages] == [
        ("", f"{PATH}?page=2"),
        (PATH, f"{PATH}?page=3"),
        (f"{PATH}?page=2", ""),
    ]


def test_page_links_name_first_last_and_neighbours_with_gaps():
    links = listing("page=3", page_size=1).page_links
    assert [(link.number, link.current) for link in links] == [
        (1, False), (2, False), (3, True), (4, False), (5, False),
    ]  # fmt: skip
    for letter in "fghij":
        make_zone(slug=letter)
    assert [link.number for link in listing("page=6", page_size=1).page_links] == [1, None, 5, 6, 7, None, 10]


def test_an_empty_list_has_one_page():
    view = listing("q=nothing")
    assert (view.total, view.page.number, view.page_links[0].number, view.last_page_url) == (0, 1, 1, "")


def test_a_page_past_the_end_leads_to_the_last_with_all_filters():
    view = listing("city=taiyuan&sort=name&page=99")
    assert view.last_page_url == f"{PATH}?city=taiyuan&sort=name&page=2"
    assert listing("page=3").last_page_url == ""
    assert listing("city=datong&page=2").last_page_url == f"{PATH}?city=datong"


@pytest.mark.parametrize("page", ["0", "-1", "1.5", "two", "²", "１", "1e3", "0x1", "%00", "1%0A"])
def test_a_page_that_is_no_number_is_named(page):
    view = listing(f"page={page}")
    assert [error.parameter for error in view.errors] == ["page"]
    assert "is not a page number" in str(view.errors[0].message)
    assert (view.status, view.total) == (400, 0)


def test_a_page_given_twice_is_named():
    assert [error.message for error in listing("page=1&page=2").errors] == [
        "This filter takes one value, not several."
    ]


def test_an_empty_page_is_the_first():
    assert (listing("page=").errors, listing("page=").page.number) == ([], 1)


def test_with_an_error_no_rows_and_no_counts_are_shown_and_what_was_understood_is_kept():
    view = listing("city=atlantis&level=national")
    assert [error.parameter for error in view.errors] == ["city"]
    assert (view.status, view.total, list(view.page)) == (400, 0, [])
    assert {option.count for facet in view.facets for option in facet.options} == {None}
    assert [(chip.name, chip.value) for chip in view.chips] == [("level", "national")]
    assert view.understood_url == f"{PATH}?level=national"


# The page itself, at its address


def test_the_page_says_what_was_not_understood(client):
    answer = client.get("/en/zones/?foo=1&city=atlantis")
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "<code>foo</code>" in text
    assert "“atlantis” is not one of the values." in text
    assert "<article" not in text
    assert 'class="card' not in text


def test_the_page_past_the_end_redirects_to_the_last(client):
    answer = client.get("/en/zones/?city=taiyuan&page=7")
    assert (answer.status_code, answer["Location"]) == (302, "/en/zones/?city=taiyuan")


def test_a_page_of_25_and_the_rest_on_the_next(client):
    for number in range(24):
        make_zone(slug=f"more-{number:02d}")
    first, second = client.get("/en/zones/"), client.get("/en/zones/?page=2")
    assert [len(answer.context["listing"].page) for answer in (first, second)] == [25, 4]
    assert "page 2" in second.content.decode().partition("</title>")[0]
    assert "page" not in first.content.decode().partition("</title>")[0].partition("<title>")[2]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/en/zones/", "/en/zones.csv", "/en/sources/"])
def test_lists_are_only_read(client, method, path):
    assert getattr(client, method)(path).status_code == 405
