"""A list for a browser that swaps a part of its page: the part alone, and never in place of the page."""

import html5lib
import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.http import HttpResponse
from django.middleware.cache import FetchFromCacheMiddleware, UpdateCacheMiddleware
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.factories import make_city, make_statement, make_zone

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

LISTS = (
    "/en/zones/",
    "/zh-hans/zones/",
    "/en/projects/",
    "/zh-hans/projects/",
    "/en/sources/",
    "/en/business-environment/approvals/ledger/",
    "/zh-hans/business-environment/indicators/",
    "/en/business-environment/policies/",
    "/zh-hans/business-environment/costs/",
    "/en/business-environment/transport/",
)
PART = {"HX-Request": "true"}
# A browser that goes back to a page it no longer has.
BACK = PART | {"HX-History-Restore-Request": "true"}


@pytest.fixture(autouse=True)
def _rows():
    taiyuan = make_city(slug="taiyuan", name_en="Taiyuan", name_zh="太原市")
    datong = make_city(slug="datong", name_en="Datong", name_zh="大同市")
    for number in range(26):
        make_statement(make_zone(name_en=f"Zone {number}", city=taiyuan))
    make_zone(name_en="Datong Zone", city=datong)
    make.make_project(name_en="Plant")
    make.make_procedure()
    for maker in (make.make_indicator, make.make_policy, make.make_cost, make.make_transport_link):
        maker(cities=[taiyuan])


def parsed(response):
    return html5lib.parse(response.content.decode(), namespaceHTMLElements=False)


def listing(response):
    """The element that is swapped, as text without its white space."""
    elements = [node for node in parsed(response).iter() if node.get("id") == "listing"]
    assert len(elements) == 1
    return [" ".join(text.split()) for text in elements[0].itertext() if text.strip()]


@pytest.mark.parametrize("path", LISTS)
def test_part_is_the_listing_of_the_page_and_its_title(client, path):
    page, part = client.get(path), client.get(path, headers=PART)
    assert part.status_code == 200
    assert listing(part) == listing(page)
    assert parsed(part).find(".//title").text == parsed(page).find(".//title").text


@pytest.mark.parametrize("path", LISTS)
def test_part_has_nothing_of_the_rest_of_the_page(client, path):
    page, part = client.get(path), client.get(path, headers=PART)
    for outside in ('class="masthead"', "<footer", "<h1", "<link", "<meta", "<script"):
        assert outside.encode() in page.content, outside
        assert outside.encode() not in part.content, outside


@pytest.mark.parametrize("path", LISTS)
def test_status_line_stands_outside_of_what_is_swapped(client, path):
    tree = parsed(client.get(path))
    assert [node.get("id") for node in tree.iter() if node.get("role") == "status"] == ["listing-status"]
    (part,) = (node for node in tree.iter() if node.get("id") == "listing")
    assert all(node.get("role") != "status" for node in part.iter())


@pytest.mark.parametrize("path", LISTS)
def test_page_and_part_tell_caches_by_what_they_differ_and_may_be_kept(client, path):
    for headers in ({}, PART):
        response = client.get(path, headers=headers)
        assert response["Cache-Control"] == "public, max-age=300"
        varied = {name.strip() for name in response["Vary"].split(",")}
        assert varied == {"Accept-Encoding", "HX-Request", "HX-History-Restore-Request"}


def test_page_and_part_have_tags_of_their_own(client):
    page, part = client.get("/en/zones/"), client.get("/en/zones/", headers=PART)
    assert page["ETag"] != part["ETag"]
    assert client.get("/en/zones/", headers=PART | {"If-None-Match": page["ETag"]}).status_code == 200
    assert client.get("/en/zones/", headers=PART | {"If-None-Match": part["ETag"]}).status_code == 304


@pytest.mark.parametrize("first", [{}, PART], ids=["page first", "part first"])
def test_cache_never_gives_a_part_for_the_page(client, settings, first):
    """A shared cache as the standard has it, played by Django's own."""
    settings.CACHE_MIDDLEWARE_SECONDS = 60
    cache.clear()

    def through_cache(headers):
        def answer(request):
            response = client.get("/en/zones/", headers=headers)
            return HttpResponse(response.content, headers={"Vary": response["Vary"]})

        request = RequestFactory().get("/en/zones/", headers=headers)
        fetched = FetchFromCacheMiddleware(answer).process_request(request)
        if fetched is not None:
            return "kept", fetched.content
        return "made", UpdateCacheMiddleware(answer)(request).content

    second = {} if first else PART
    for headers, expected in [(first, "made"), (second, "made"), (first, "kept"), (second, "kept")]:
        state, content = through_cache(headers)
        assert state == expected
        assert (b"<!doctype html>" in content) == (headers == {})
    cache.clear()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", [{}, PART, BACK], ids=["page first", "part first", "step back first"])
def test_our_own_cache_never_gives_a_part_for_the_page(client, first):
    caches["pages"].clear()
    client.get("/en/zones/", headers=first)
    tags = {}
    for _ in ("made", "kept"):
        for name, headers in {"page": {}, "part": PART, "step back": BACK}.items():
            response = client.get("/en/zones/", headers=headers)
            is_page = response.content.lstrip().startswith(b"<!doctype html>")
            assert (is_page, "HX-Push-Url" in response) == (name != "part", name == "part"), name
            assert tags.setdefault(name, response["ETag"]) == response["ETag"]
    assert len(set(tags.values())) == 3
    caches["pages"].clear()


@pytest.mark.django_db(transaction=True)
def test_a_part_does_not_renew_the_page_nor_the_page_a_part(client):
    wanted = {"page": {}, "part": PART, "step back": BACK}
    tags = {name: client.get("/en/zones/", headers=headers)["ETag"] for name, headers in wanted.items()}
    for name, headers in wanted.items():
        for other, tag in tags.items():
            response = client.get("/en/zones/", headers=headers | {"If-None-Match": tag})
            assert response.status_code == (304 if name == other else 200), (name, other)
            varied = {header.strip() for header in response["Vary"].split(",")}
            assert varied == {"Accept-Encoding", "HX-Request", "HX-History-Restore-Request"}


def test_step_back_in_the_history_gets_the_whole_page(client):
    response = client.get("/en/zones/", headers=BACK)
    assert response.content.lstrip().startswith(b"<!doctype html>")
    assert "HX-Push-Url" not in response


def test_address_to_keep_is_without_the_empty_fields_of_the_form(client):
    filterset = client.get("/en/zones/").context["listing"].filterset
    fields = [name for name in filterset.filters if name not in filterset.facets]
    assert len(fields) > 2
    empty = "&".join(f"{name}=" for name in fields)
    response = client.get(f"/en/zones/?city=taiyuan&{empty}&page=2", headers=PART)
    assert response["HX-Push-Url"] == "/en/zones/?city=taiyuan&page=2"
    assert "HX-Push-Url" not in client.get("/en/zones/?city=taiyuan")


def test_misunderstood_filter_is_400_for_the_part_too(client):
    response = client.get("/en/zones/?colour=red", headers=PART)
    assert response.status_code == 400
    assert "colour" in response.content.decode()
    assert "HX-Push-Url" not in response


def test_part_past_the_end_redirects_to_the_last_page(client):
    response = client.get("/en/zones/?page=99", headers=PART)
    assert (response.status_code, response["Location"]) == (302, "/en/zones/?page=2")
    assert "HX-Request" in response["Vary"]


def test_part_costs_no_query_that_the_page_does_not(client, django_assert_num_queries):
    with CaptureQueriesContext(connection) as page:
        client.get("/en/zones/")
    with django_assert_num_queries(len(page)):
        client.get("/en/zones/", headers=PART)
