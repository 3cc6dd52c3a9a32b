"""Each kind of page in a browser: accessible by axe, quiet under its policy, no wider than the screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.pages import KINDS, LANGUAGES, STATUS, address
from tests.serving import PASSWORD

pytestmark = pytest.mark.browser

WIDE, PHONE, NARROW = ({"width": width, "height": 900} for width in (1280, 390, 320))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What light and dark can differ in: the colours. All else is the same page.
COLOURS = ["color-contrast", "link-in-text-block"]
# What axe finds depends on the look and on the elements. A page has the same elements in both languages, and
# its colours are the same at each width: each language has one look, and together they have both of each.
# (`test_public_pages` asks for words and labels in both, on every page.)
LOOKS = {"en": (WIDE, "light", RULES), "zh-hans": (PHONE, "dark", RULES)}
# Of Django's own admin: boxes without a name around the field that has one, icons with a name and no role.
DJANGOS = (".select2-container", ".help-tooltip")
AXE = Axe()


def violations(page, rules=RULES, leave_out=()):
    """What axe finds on the page as it stands, in words short enough to read."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    # Django's links take a moment to change their colour with the scheme.
    page.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished))")
    found = page.evaluate(
        "async ([context, options]) => (await axe.run(context, options)).violations",
        [
            {"include": [["html"]], "exclude": [[one] for one in leave_out]},
            {"runOnly": rules, "resultTypes": ["violations"], "preload": False},
        ],
    )
    return [
        f"{rule['id']}: {rule['help']}: {node['target']} {node['html'][:120]}"
        for rule in found
        for node in rule["nodes"]
    ]


def in_both_schemes(page, leave_out=()):
    """What axe finds in the light, and in the dark besides."""
    found = []
    for scheme, rules in (("light", RULES), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)
        found += violations(page, rules, leave_out)
    return found


def overflow(page):
    """How many pixels the page can be moved sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_page_is_accessible_quiet_and_fits(site, page, watch, kind, language):
    watched = watch(page)
    page.set_viewport_size(WIDE)
    response = page.goto(site.url + address(kind, language))
    assert response.status == STATUS.get(kind, 200)
    page.evaluate("document.querySelector('main details')?.setAttribute('open', '')")

    size, scheme, rules = LOOKS[language]
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    assert violations(page, rules) == []
    for size in (WIDE, PHONE, NARROW):
        page.set_viewport_size(size)
        assert overflow(page) == 0, size["width"]
    assert watched.errors == []


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh-hans", "dark")])
def test_the_open_sheet_of_filters_is_accessible(site, page, watch, scheme, language):
    watched = watch(page)
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{site.url}/{language}/projects/?city=taiyuan")
    page.locator("button[popovertarget=facets]:not(.facets__close)").click()
    page.locator("#facets").wait_for(state="visible")

    assert violations(page) == []
    assert overflow(page) == 0
    assert watched.errors == []


def test_the_pages_of_staff_are_accessible_and_quiet(site, page, watch):
    watched = watch(page)
    page.set_viewport_size(WIDE)
    page.goto(f"{site.url}/admin/login/")
    assert violations(page) == []
    page.fill("#id_username", "root")
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")
    found = {}
    for path in ("/admin/", "/admin/zones/zone/", "/admin/zones/zone/1/change/"):
        page.goto(site.url + path)
        found[path] = in_both_schemes(page, leave_out=DJANGOS)
    assert found == dict.fromkeys(found, [])
    assert watched.errors == []
