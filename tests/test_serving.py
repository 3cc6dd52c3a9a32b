"""What goes with the pages: headers, caching, refusals, files for machines; and gunicorn itself."""

import gzip
import re
from xml.etree import ElementTree

import brotli
import pytest
from django.test import Client
from django.urls import path

from tests import factories
from tests.serving import Server, group_is_alive

POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "object-src": ["'none'"],
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
REFUSED_ABILITIES = ("camera", "geolocation", "microphone", "payment", "usb")

# Every kind of answer.
KINDS = {
    "/en/": 200,
    "/zh-hans/zones/": 200,
    "/en/zones/open-zone/": 200,
    "/en/zones.csv": 200,
    "/static/css/base.css": 200,
    "/static/img/seal.svg": 200,
    "/robots.txt": 200,
    "/sitemap.xml": 200,
    "/healthz": 200,
    "/admin/login/": 200,
    "/": 302,
    "/admin/": 302,
    "/en/zones": 301,
    "/en/zones/?page=9": 302,
    "/en/zones/?colour=red": 400,
    "/en/zones.csv?colour=red": 400,
    "/en/nowhere/": 404,
    "/static/css/nowhere.css": 404,
    "/en/zones/withdrawn-zone/": 410,
    f"/en/zones/?q={'x' * 5000}": 414,
}
PAGES = ("/en/", "/zh-hans/", "/en/zones/", "/en/zones/?level=not-stated", "/zh-hans/zones/open-zone/")


@pytest.fixture
def rows(db):
    factories.make_zone(slug="open-zone")
    factories.make_zone(slug="withdrawn-zone", state="withdrawn")
    factories.make_zone(slug="draft-zone", state="draft")


def parsed(policy):
    directives = [part.split() for part in policy.split(";") if part.strip()]
    return {name: values for name, *values in directives}


def lang(response):
    return re.search(r'<html lang="([^"]+)"', response.content.decode())[1]


def title(response):
    return re.search(r"<title>(.+?)</title>", response.content.decode(), re.DOTALL)[1]


# Headers


@pytest.mark.parametrize("address", KINDS, ids=lambda address: address[:40])
def test_every_answer_carries_the_security_headers(client, rows, address):
    response = client.get(address)

    assert response.status_code == KINDS[address]
    assert {name: response.get(name) for name in HEADERS} == HEADERS
    assert parsed(response["Content-Security-Policy"]) == POLICY
    assert "Content-Security-Policy-Report-Only" not in response
    refused = dict(part.strip().split("=") for part in response["Permissions-Policy"].split(","))
    assert {name: refused.get(name) for name in REFUSED_ABILITIES} == dict.fromkeys(REFUSED_ABILITIES, "()")


def test_an_answer_to_an_unknown_host_carries_them_too(client, db):
    response = client.get("/en/", headers={"host": "elsewhere.example"})

    assert response.status_code == 400
    assert {name: response.get(name) for name in HEADERS} == HEADERS
    assert parsed(response["Content-Security-Policy"]) == POLICY
    assert b"elsewhere.example" not in response.content


# The root leads to a language, and Django asks a cookie too which one. It is no page and nobody keeps it.
@pytest.mark.parametrize("address", [one for one in KINDS if one != "/" and not one.startswith("/admin/")])
def test_no_public_answer_sets_a_cookie_or_depends_on_one(client, rows, address):
    response = client.get(address)

    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_may_be_kept_by_anyone_and_renewed_by_its_tag(client, rows, address):
    response = client.get(address)

    assert response["Cache-Control"] == "public, max-age=300"
    again = client.get(address, headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert parsed(again["Content-Security-Policy"]) == POLICY
    other = client.get(address, headers={"if-none-match": 'W/"another"'})
    assert (other.status_code, other.content) == (200, response.content)


def test_a_page_has_another_tag_once_its_record_has_changed(client, rows):
    zone = factories.make_zone(slug="changing-zone", summary_en="Before.")
    before = client.get("/en/zones/changing-zone/")
    zone.summary_en = "After."
    zone.save()

    after = client.get("/en/zones/changing-zone/", headers={"if-none-match": before["ETag"]})

    assert after.status_code == 200
    assert b"After." in after.content


def test_a_reader_who_is_signed_in_gets_the_same_public_page(client, admin_client, rows):
    assert admin_client.get("/en/zones/").content == client.get("/en/zones/").content


STAFF_PAGES = ["/admin/", "/admin/zones/zone/", "/admin/zones/zone/add/", "/admin/password_change/"]


@pytest.mark.parametrize("address", STAFF_PAGES)
def test_pages_of_staff_are_private(admin_client, rows, address):
    response = admin_client.get(address)

    assert response.status_code == 200
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
    assert "public" not in response["Cache-Control"]


def test_cookies_of_staff_are_out_of_reach_of_scripts_and_other_sites(client, django_user_model):
    django_user_model.objects.create_superuser("root", password="a long word for tests only")
    client.get("/admin/login/")
    client.post("/admin/login/", {"username": "root", "password": "a long word for tests only"})

    assert client.cookies.keys() == {"csrftoken", "sessionid"}
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] in ("Lax", "Strict"), cookie.key


# For machines


def test_health_is_told_without_a_look_at_the_database(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


def test_robots_are_kept_from_filters_and_shown_the_sitemap(client):
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /*?",
        "Allow: /",
        "Sitemap: http://testserver/sitemap.xml",
    ]


def test_the_sitemap_names_each_public_page_in_both_languages(client, rows):
    response = client.get("/sitemap.xml")

    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    entries = ElementTree.fromstring(response.content).findall("s:url", spaces)  # noqa: S314  our own
    twins = {
        entry.findtext("s:loc", namespaces=spaces): {
            link.get("hreflang"): link.get("href") for link in entry.findall("x:link", spaces)
        }
        for entry in entries
    }
    assert len(twins) == len(entries)
    for page in ("/", "/zones/", "/zones/open-zone/", "/business-environment/costs/", "/sources/"):
        english, chinese = f"http://testserver/en{page}", f"http://testserver/zh-hans{page}"
        for address in (english, chinese):
            assert twins[address] == {"en": english, "zh-hans": chinese}
    assert not [address for address in twins if "withdrawn-zone" in address or "draft-zone" in address]


# Refusals, in the language of the reader

REFUSALS = {
    "/nowhere/": 404,
    "/zones/draft-zone/": 404,
    "/zones/withdrawn-zone/": 410,
    "/zones/?colour=red": 400,
    "/search/?colour=red": 400,
    f"/zones/?q={'x' * 5000}": 414,
}


@pytest.mark.parametrize("address", REFUSALS, ids=lambda address: address[:30])
def test_a_refusal_is_in_the_language_of_the_address(client, rows, address):
    english, chinese = client.get(f"/en{address}"), client.get(f"/zh-hans{address}")

    assert (english.status_code, chinese.status_code) == (REFUSALS[address], REFUSALS[address])
    assert (lang(english), lang(chinese)) == ("en", "zh-Hans")
    assert title(english) != title(chinese)
    assert title(english).endswith("– Invest Shanxi")
    assert title(chinese).endswith("– 投资山西")
    assert b'href="/zh-hans/zones/"' in chinese.content
    assert b'href="/en/zones/"' in english.content


@pytest.mark.parametrize(("wanted", "spoken"), [("en", "en"), ("zh-CN,zh;q=0.9", "zh-Hans"), ("fr", "en")])
def test_an_address_without_a_known_language_is_answered_in_that_of_the_browser(client, db, wanted, spoken):
    for address in ("/fr/zones/", "/nowhere"):
        response = client.get(address, headers={"accept-language": wanted})

        assert response.status_code == 404
        assert lang(response) == spoken


@pytest.mark.parametrize(
    ("wanted", "home"), [("en", "/en/"), ("zh-CN", "/zh-hans/"), ("zh-Hans-CN", "/zh-hans/"), ("fr", "/en/")]
)
def test_the_root_leads_to_the_language_of_the_browser(client, db, wanted, home):
    response = client.get("/", headers={"accept-language": wanted})

    assert (response.status_code, response["Location"]) == (302, home)
    assert "Accept-Language" in response["Vary"]


READ_ONLY = (
    "/en/",
    "/zh-hans/zones/",
    "/en/zones/open-zone/",
    "/en/zones.csv",
    "/en/search/",
    "/en/sources/",
    "/en/cities/open-city/",
    "/en/business-environment/costs/",
    "/en/about/",
    "/healthz",
    "/robots.txt",
)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", READ_ONLY)
def test_pages_are_read_and_not_written_to(client, rows, address, method):
    factories.make_city(slug="open-city")
    response = getattr(client, method)(address)

    assert response.status_code == 405
    assert "GET" in response["Allow"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_form_without_its_token_is_refused_with_a_page_of_ours(db, language):
    client = Client(enforce_csrf_checks=True)

    response = client.post("/admin/login/", {"username": "root"}, headers={"accept-language": language})

    assert response.status_code == 403
    assert lang(response) == {"en": "en", "zh-hans": "zh-Hans"}[language]
    assert b"<style" not in response.content
    assert title(response).endswith({"en": "– Invest Shanxi", "zh-hans": "– 投资山西"}[language])


def test_a_fault_of_ours_is_told_in_both_languages_without_a_detail(db, settings):
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)

    response = client.get("/broken/")

    assert response.status_code == 500
    assert parsed(response["Content-Security-Policy"]) == POLICY
    assert "Something went wrong" in response.content.decode()
    assert "页面暂时无法显示" in response.content.decode()
    assert "secret detail" not in response.content.decode()


def broken(request):
    raise ValueError("secret detail")


urlpatterns = [path("broken/", broken)]


# A real server


@pytest.fixture(scope="module")
def server(ground):
    with Server(ground, "serving") as running:
        yield running


def stylesheets(page):
    return re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)


def test_gunicorn_serves_a_page_with_files_named_by_their_content(server):
    status, headers, body = server.get("/en/zones/")

    assert status == 200
    assert "70 zones" in body.decode()
    assert parsed(headers["Content-Security-Policy"]) == POLICY
    assert headers["Cache-Control"] == "public, max-age=300"
    addresses = stylesheets(body.decode())
    assert len(addresses) > 5
    for address in addresses:
        assert re.fullmatch(r"/static/css/[a-z-]+\.[0-9a-f]{12}\.css", address)
        status, headers, _body = server.get(address)
        assert (status, headers["Cache-Control"]) == (200, "max-age=315360000, public, immutable")
        assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("coding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_gunicorn_serves_files_compressed_beforehand(server, coding, unpack):
    _status, _headers, page = server.get("/en/")
    address = next(name for name in stylesheets(page.decode()) if "base" in name)
    _status, _headers, plain = server.get(address)

    _status, headers, packed = server.get(address, Accept_Encoding=coding)

    assert headers["Content-Encoding"] == coding
    assert "Accept-Encoding" in headers["Vary"]
    assert len(packed) < len(plain) / 2
    assert unpack(packed) == plain


def test_gunicorn_serves_pages_compressed(server):
    _status, _headers, plain = server.get("/zh-hans/zones/")

    _status, headers, packed = server.get("/zh-hans/zones/", Accept_Encoding="gzip")

    assert headers["Content-Encoding"] == "gzip"
    assert len(packed) < len(plain) / 4
    assert gzip.decompress(packed) == plain


def test_gunicorn_answers_a_query_longer_than_any_of_ours(server):
    assert server.get(f"/en/zones/?q={'x' * 5000}")[0] == 414


def test_gunicorn_ends_cleanly_when_asked(ground):
    with Server(ground, "ending") as server:
        assert server.get("/en/")[0] == 200

        assert server.stop() == 0

        assert not group_is_alive(server.process)
        assert "Traceback" not in server.log.read_text()
