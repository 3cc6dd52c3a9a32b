"""What stands around the pages: icons, cards for sharing, data for machines, contact for security."""

import datetime
import re
import struct
from decimal import Decimal
from urllib.parse import urlsplit

import html5lib
import pytest
from django.contrib.staticfiles import finders

from shanxi_portal.checks import check_security_contact
from tests.factories import make_city, make_project, make_region, make_zone

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def parsed(response):
    return html5lib.parse(response.content.decode(), namespaceHTMLElements=False)


def metas(response):
    """Content of the meta elements of the head, by name or property."""
    head = parsed(response).find("head")
    return {
        node.get("property") or node.get("name"): node.get("content")
        for node in head.iter("meta")
        if node.get("property") or node.get("name")
    }


def words(response):
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


# Icons and pictures


def test_icon_of_the_site_is_found_where_browsers_look_for_it(client):
    response = client.get("/favicon.ico", follow=True)
    assert response.status_code == 200
    assert response.redirect_chain == [("/static/img/favicon.ico", 301)]


@pytest.mark.parametrize(
    ("name", "size", "limit"), [("apple-touch-icon", (180, 180), 10_000), ("social", (1200, 630), 60_000)]
)
def test_pictures_have_the_size_that_is_asked_of_them(name, size, limit):
    with open(finders.find(f"img/{name}.png"), "rb") as file:
        content = file.read()
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">II", content[16:24]) == size
    assert len(content) < limit


@pytest.mark.parametrize("path", ["/en/", "/zh-hans/zones/", "/en/nowhere/"])
def test_pages_name_their_icons(client, path):
    icons = {
        node.get("rel"): node.get("href")
        for node in parsed(client.get(path)).iter("link")
        if "icon" in node.get("rel", "")
    }
    assert icons == {"icon": "/static/img/seal.svg", "apple-touch-icon": "/static/img/apple-touch-icon.png"}
    for address in icons.values():
        assert client.get(address).status_code == 200


# The card of a shared link


def test_card_says_what_the_head_says(client, settings):
    settings.SITE_URL = "https://invest.example"
    make_zone(
        slug="alpha", name_en="“Alpha” & Sons", name_zh="甲区", summary_en="A <zone>.", summary_zh="一个区。"
    )
    response = client.get("/en/zones/alpha/?x=1")
    found = metas(response)
    assert found["og:title"] == parsed(response).find(".//title").text.removesuffix(" – Invest Shanxi")
    assert found["og:title"] == "“Alpha” & Sons"
    assert found["og:description"] == found["description"] == "A <zone>."
    assert found["og:url"] == "https://invest.example/en/zones/alpha/"
    assert found["og:image"] == "https://invest.example/static/img/social.png"
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
    assert (found["og:locale"], found["og:locale:alternate"]) == ("en_GB", "zh_CN")
    assert found["twitter:card"] == "summary_large_image"
    chinese = metas(client.get("/zh-hans/zones/alpha/"))
    assert (chinese["og:title"], chinese["og:description"]) == ("甲区", "一个区。")
    assert (chinese["og:locale"], chinese["og:locale:alternate"]) == ("zh_CN", "en_GB")


@pytest.mark.parametrize(
    "path", ["/en/", "/en/zones/", "/zh-hans/projects/", "/en/search/", "/en/about/", "/en/sources/"]
)
def test_card_is_on_every_page(client, path):
    found = metas(client.get(path))
    assert found["og:title"]
    assert found["og:description"] == found["description"]
    assert found["og:image"] == "http://testserver/static/img/social.png"


# Data for machines


def items(response):
    """(type, {property: values}) of every top item of microdata in a page."""
    tree = parsed(response)
    parents = {child: parent for parent in tree.iter() for child in parent}

    def inside(node):
        while node in parents:
            node = parents[node]
            if node.get("itemscope") is not None:
                return node
        return None

    def value(node):
        if node.get("itemscope") is not None:
            return read(node)
        return node.get("content") or node.get("href") or "".join(node.itertext()).strip()

    def read(item):
        properties = {}
        for node in tree.iter():
            if node.get("itemprop") and inside(node) is item:
                properties.setdefault(node.get("itemprop"), []).append(value(node))
        return item.get("itemtype").removeprefix("https://schema.org/"), properties

    for node in tree.iter():
        assert not node.get("itemprop") or inside(node) is not None, "itemprop outside of an item"
    return [
        read(node) for node in tree.iter() if node.get("itemscope") is not None and not node.get("itemprop")
    ]


def test_breadcrumbs_are_a_numbered_list(client):
    make_zone(slug="alpha", name_en="Alpha", city=make_city(slug="taiyuan", name_en="Taiyuan"))
    (trail,) = (data for kind, data in items(client.get("/en/zones/alpha/")) if kind == "BreadcrumbList")
    assert trail["itemListElement"] == [
        ("ListItem", {"item": ["/en/zones/"], "name": ["Zones"], "position": ["1"]}),
        ("ListItem", {"item": ["/en/cities/taiyuan/"], "name": ["Taiyuan"], "position": ["2"]}),
        ("ListItem", {"name": ["Alpha"], "position": ["3"]}),
    ]


def test_zone_is_a_place(client):
    make_zone(
        slug="alpha",
        name_en="Alpha",
        name_zh="甲区",
        summary_en="A zone.",
        city=make_city(slug="taiyuan", name_en="Taiyuan"),
        latitude=Decimal("37.870000"),
        longitude=Decimal("112.550000"),
        coordinates_of="zone",
    )
    (place,) = (data for kind, data in items(client.get("/en/zones/alpha/")) if kind == "Place")
    address = {"addressLocality": ["Taiyuan"], "addressRegion": ["Shanxi"], "addressCountry": ["CN"]}
    assert place == {
        "name": ["Alpha"],
        "alternateName": ["甲区"],
        "description": ["A zone."],
        "url": ["http://testserver/en/zones/alpha/"],
        "address": [("PostalAddress", address)],
        "geo": [("GeoCoordinates", {"latitude": ["37.870000"], "longitude": ["112.550000"]})],
    }


@pytest.mark.parametrize("precision", ["city", "county"])
def test_point_of_a_city_is_not_told_as_the_point_of_a_zone(client, precision):
    make_zone(slug="alpha", latitude=Decimal("37.87"), longitude=Decimal("112.55"), coordinates_of=precision)
    (place,) = (data for kind, data in items(client.get("/en/zones/alpha/")) if kind == "Place")
    assert place["name"]
    assert "geo" not in place


def test_site_has_a_search_that_works(client):
    make_zone(name_en="Lithium Zone")
    (site,) = (data for kind, data in items(client.get("/en/")) if kind == "WebSite")
    assert site["name"] == ["Invest Shanxi"]
    assert site["url"] == ["http://testserver/en/"]
    ((kind, action),) = site["potentialAction"]
    assert kind == "SearchAction"
    address = urlsplit(action["target"][0].replace("{search_term_string}", "lithium"))
    found = client.get(f"{address.path}?{address.query}").content.decode()
    assert "<mark>Lithium</mark> Zone" in found


# security.txt


@pytest.mark.parametrize("contact", ["mailto:security@invest.example", "https://invest.example/report"])
def test_security_contact_is_named_and_holds_for_a_year(client, settings, contact):
    settings.SECURITY_CONTACT = contact
    settings.SITE_URL = "https://invest.example"
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    expires = datetime.datetime.fromisoformat(fields.pop("Expires"))
    assert fields == {
        "Contact": contact,
        "Preferred-Languages": "zh, en",
        "Canonical": "https://invest.example/.well-known/security.txt",
    }
    assert expires.utcoffset() == datetime.timedelta(0)
    assert expires.time() == datetime.time(0)
    left = expires - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(days=363) < left <= datetime.timedelta(days=365)


def test_without_a_contact_there_is_no_file_and_a_warning(client, settings):
    settings.SECURITY_CONTACT = ""
    assert client.get("/.well-known/security.txt").status_code == 404
    assert [problem.id for problem in check_security_contact(None)] == ["shanxi_portal.W003"]
    settings.SECURITY_CONTACT = "mailto:security@invest.example"
    assert check_security_contact(None) == []


# Dates of a record


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("Checked on 6 March 2026", "Next check due 6 September 2026")),
        ("zh-hans", ("2026年3月6日", "2026年9月6日")),
    ],
)
@pytest.mark.parametrize(
    ("make", "section"), [(make_zone, "zones"), (make_project, "projects"), (make_region, "regions")]
)
def test_record_says_when_it_was_changed_and_checked(client, make, section, language, expected):
    row = make(checked_on=datetime.date(2026, 3, 6), check_due_on=datetime.date(2026, 9, 6))
    # 23:30 in London is the next day in Shanxi.
    moment = datetime.datetime(2026, 2, 1, 23, 30, tzinfo=datetime.UTC)
    type(row).objects.filter(pk=row.pk).update(changed_at=moment)
    said = words(client.get(f"/{language}/{section}/{row.slug}/"))
    changed = "Last changed 2 February 2026" if language == "en" else "2026年2月2日"
    for text in (changed, *expected):
        assert text in said


def test_record_that_was_never_checked_says_so(client):
    zone = make_zone(slug="alpha", checked_on=None, check_due_on=None)
    said = words(client.get(f"/en/zones/{zone.slug}/"))
    assert "Day of the last check not stated" in said
    assert "Next check due" not in said


# For search engines


def test_sitemap_has_both_languages_and_no_service_addresses(client):
    make_zone(slug="alpha")
    content = client.get("/sitemap.xml").content.decode()
    for language in ("en", "zh-hans"):
        assert f"<loc>http://testserver/{language}/zones/alpha/</loc>" in content
    for address in ("suggest", "patterns", "security", "favicon"):
        assert address not in content


def test_robots_may_read_pages_and_the_sitemap_but_not_filters(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /*?" in lines
    assert "Sitemap: http://testserver/sitemap.xml" in lines
