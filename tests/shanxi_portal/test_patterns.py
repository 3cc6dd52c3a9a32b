"""The page of all components: for those who work on them, and for nobody else."""

import re

import html5lib
import pytest
from django.conf import settings
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

COMPONENTS = sorted(path.name for path in (settings.BASE_DIR / "templates/components").glob("[!_]*.html"))
# What only means something on a page or a sheet of its own: error pages, the head, the fact sheet.
ELSEWHERE = {
    "alternates.html",
    # On records whose translation is older, and on previews of staff: their tests look at them.
    "behind.html",
    "error_hero.html",
    "footer.html",
    "masthead.html",
    "passport.html",
    "place_data.html",
    "preview_banner.html",
    "site_data.html",
    "social.html",
    "stylesheets.html",
    "figure_print.html",
    "map_print.html",
}


@pytest.mark.parametrize("path", ["/en/patterns/", "/zh-hans/patterns/"])
def test_public_site_does_not_have_it(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_it_is_a_page_that_parses_strictly_and_needs_no_data(
    client, settings, language, django_assert_num_queries
):
    settings.DEBUG = True
    with django_assert_num_queries(0):
        response = client.get(f"/{language}/patterns/")
    assert response.status_code == 200
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(response.content.decode())
    assert b'<meta name="robots" content="noindex">' in response.content


def test_every_state_of_a_figure_is_shown_in_the_words_of_the_site(client, settings):
    settings.DEBUG = True
    content = " ".join(re.sub(r"<[^>]*>", " ", client.get("/en/patterns/").content.decode()).split())
    for words in (
        "as of September 2020",
        "date not stated",
        "source not stated",
        "and 2 more",
        "core area",
        "Doubt: Probably a gap, not an average.",
        "In doubt",
        "As stated: 六十平方公里",
        "Other sources say",
        "not stated",
        "Some filters were not understood",
        "Nothing matches all of these filters.",
        "26–50 of 145",
        "It was counted twice.",
    ):
        assert words in content, words


def test_every_component_is_shown(client, settings):
    settings.DEBUG = True
    used = {template.name for template in client.get("/en/patterns/").templates}
    missing = {name for name in COMPONENTS if f"components/{name}" not in used} - ELSEWHERE
    assert missing == set()


def test_neither_sitemap_nor_pages_lead_to_it(client, settings):
    settings.DEBUG = True
    for path in ("/sitemap.xml", "/en/", "/en/about/"):
        content = client.get(path).content.decode()
        assert reverse("about") in content
        assert "/patterns/" not in content
