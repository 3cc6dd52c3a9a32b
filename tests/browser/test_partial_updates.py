"""Lists that change in place, and suggestions, in a real browser; and all of it without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import make_aspect, make_city, make_industry, make_project, make_statement, make_zone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Whatever the policy of the site refuses is noted by the page itself.
WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => window.refused.push(event.violatedDirective));
"""


@pytest.fixture
def zones():
    """30 zones in one city and two in another: two pages of a list."""
    taiyuan = make_city(slug="taiyuan", name_en="Taiyuan", name_zh="太原市", order=1)
    datong = make_city(slug="datong", name_en="Datong", name_zh="大同市", order=2)
    coal = make_industry(slug="coal", name_en="Coal", name_zh="煤炭")
    for number in range(30):
        make_zone(
            slug=f"zone-{number:02}", name_en=f"Zone {number:02}", name_zh=f"开发区{number:02}", city=taiyuan
        )
    for number in range(2):
        make_zone(slug=f"datong-{number}", name_en=f"Datong {number}", city=datong, industries=[coal])
    make_project(name_en="Datong plant", name_zh="大同工厂", sector=coal)


@pytest.fixture
def site(page, live_server, zones):
    """A page that fails its test by any error or refusal; `site.open(path)` goes to an address."""
    errors = []
    page.add_init_script(WATCH)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.open = lambda path: page.goto(f"{live_server.url}{path}")
    page.open_list = lambda path: (page.open(path), touch(page))
    page.address = lambda: page.url.removeprefix(live_server.url)
    yield page
    assert page.evaluate("window.refused") == []
    assert errors == []


def touch(page):
    """Turn to the list as a reader does, and wait for the script that this fetches."""
    page.locator("#listing").hover()
    expect(page.locator("body")).to_have_attribute("data-htmx-ready", "")


def mark(page):
    """Leave a mark that only a new page wipes off."""
    page.evaluate("document.body.dataset.same = 'yes'")


def expect_same_page(page):
    expect(page.locator("body")).to_have_attribute("data-same", "yes")


def heading(page):
    return page.locator("#results-heading")


def test_ticked_box_changes_the_list_in_place(site):
    site.open("/en/zones/")
    expect(heading(site)).to_have_text("32 zones")
    expect(site.get_by_role("button", name="Show results")).to_be_hidden()
    mark(site)
    box = site.locator("#city-datong")
    box.check()
    expect(heading(site)).to_have_text("2 zones")
    assert site.address() == "/en/zones/?city=datong"
    expect(box).to_be_focused()
    expect(box).to_be_checked()
    expect(site.get_by_role("status")).to_have_text("2 zones")
    expect(site.locator("#listing")).not_to_have_attribute("aria-busy", "true")
    expect_same_page(site)


def test_script_is_fetched_by_the_first_turn_to_a_list_and_not_before(site):
    scripts = []
    site.on(
        "request", lambda request: scripts.append(request.url) if request.resource_type == "script" else None
    )
    site.open("/en/zones/")
    site.wait_for_load_state("networkidle")
    assert [url.rsplit("/", 1)[1] for url in scripts] == ["site.js"]
    touch(site)
    assert [url.rsplit("/", 1)[1] for url in scripts] == ["site.js", "htmx-2.min.js"]


def test_where_the_script_cannot_come_a_ticked_box_sends_the_form(page, live_server, zones):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.route("**/htmx*", lambda route: route.abort())
    page.goto(f"{live_server.url}/en/zones/")
    page.locator("#city-datong").check()
    expect(heading(page)).to_have_text("2 zones")
    assert "city=datong" in page.url


def test_page_sort_and_chip_change_the_list_in_place(site):
    site.open_list("/en/zones/?city=taiyuan")
    mark(site)
    site.get_by_role("navigation", name="Pages").get_by_role("link", name="Next").click()
    expect(site).to_have_title(re.compile("page 2"))
    expect(heading(site)).to_be_focused()
    assert site.address() == "/en/zones/?city=taiyuan&page=2"
    sort = site.get_by_role("navigation", name="Sort by").get_by_role("link").nth(1)
    sort.click()
    expect(site.get_by_role("navigation", name="Sort by").get_by_role("link").nth(1)).to_have_attribute(
        "aria-current", "true"
    )
    assert "sort=" in site.address()
    assert "page=" not in site.address()
    site.get_by_role("list", name="Active filters").get_by_role("link", name="Taiyuan").click()
    expect(heading(site)).to_have_text("32 zones")
    expect(site.get_by_role("status")).to_have_text("32 zones")
    expect_same_page(site)


def test_city_of_the_map_changes_the_list_in_place_and_keeps_focus(site):
    site.open_list("/en/zones/")
    mark(site)
    site.locator("#map-datong").focus()
    site.keyboard.press("Enter")
    expect(heading(site)).to_have_text("2 zones")
    expect(site.locator("#map-datong")).to_be_focused()
    assert site.address() == "/en/zones/?city=datong"
    expect_same_page(site)


def test_city_of_the_map_opens_in_a_new_tab_where_asked_to(site):
    site.open_list("/en/zones/")
    with site.context.expect_page() as opened:
        site.locator("#map-datong").dispatch_event("click", {"ctrlKey": True})
    expect(opened.value.locator("#results-heading")).to_have_text("2 zones")
    expect(heading(site)).to_have_text("32 zones")


def test_back_and_forward_show_each_list_again_whole(site):
    site.open_list("/en/zones/")
    site.locator("#city-datong").check()
    expect(heading(site)).to_have_text("2 zones")
    site.go_back()
    expect(heading(site)).to_have_text("32 zones")
    expect(site.locator("#city-datong")).not_to_be_checked()
    expect(site.locator("header.masthead")).to_have_count(1)
    site.go_forward()
    expect(heading(site)).to_have_text("2 zones")
    expect(site.locator("header.masthead")).to_have_count(1)
    site.reload()
    expect(site.locator("header.masthead")).to_have_count(1)


def test_language_link_follows_the_address(site):
    site.open_list("/en/zones/")
    site.locator("#city-datong").check()
    expect(heading(site)).to_have_text("2 zones")
    site.locator("a.language").click()
    expect(site.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert site.address() == "/zh-hans/zones/?city=datong"


def test_search_box_follows_a_removed_chip(site):
    site.open_list("/en/zones/?q=datong")
    expect(site.locator("#q")).to_have_value("datong")
    site.get_by_role("list", name="Active filters").get_by_role("link", name="datong").click()
    expect(heading(site)).to_have_text("32 zones")
    expect(site.locator("#q")).to_have_value("")


def test_refused_filter_loads_the_page_that_says_why(page, live_server, zones):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/en/zones/")
    touch(page)
    low, high = page.locator(".range").first.locator("input").all()
    low.fill("10")
    high.fill("5")
    high.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The upper limit lies below the lower one.")
    expect(page.locator("header.masthead")).to_have_count(1)


def test_sheet_of_a_phone_stays_open_until_the_results_are_asked_for(site):
    site.set_viewport_size({"width": 390, "height": 800})
    site.open_list("/en/zones/")
    mark(site)
    site.get_by_role("button", name="Filter").click()
    site.locator("#city-datong").check()
    expect(heading(site)).to_have_text("2 zones")
    expect(site.locator("#facets")).to_be_visible()
    site.get_by_role("button", name="Show results").click()
    expect(site.locator("#facets")).to_be_hidden()
    expect(heading(site)).to_be_focused()
    expect_same_page(site)


def test_ticks_for_the_comparison_outlive_a_change_of_the_list(site):
    site.open_list("/en/zones/")
    site.locator(".pick input[value=zone-00]").check()
    site.locator("#city-taiyuan").check()
    expect(heading(site)).to_have_text("30 zones")
    expect(site.locator(".pick input[value=zone-00]")).to_be_checked()
    expect(site.locator(".pick input[value=zone-01]")).not_to_be_checked()


def test_what_is_folded_is_open_on_paper_and_folded_again_after(site):
    zone, jobs = make_zone(slug="disputed"), make_aspect(unit="jobs")
    make_statement(zone, aspect=jobs, number=5)
    make_statement(zone, aspect=jobs, number=7, adopted=False)
    site.open("/en/zones/disputed/")
    others = site.locator("main details", has_text="Other sources say")
    expect(others).not_to_have_attribute("open")
    site.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(others).to_have_attribute("open", "")
    site.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(others).not_to_have_attribute("open")


@pytest.mark.parametrize(
    ("address", "box"), [("/en/", "#home-search"), ("/en/search/", "#q"), ("/en/about/", "#site-search")]
)
def test_search_boxes_suggest_names_as_one_types(site, address, box):
    site.open(address)
    field = site.locator(box)
    field.press_sequentially("dato", delay=60)
    options = site.locator(f"{box}-names option")
    expect(options).to_have_count(4)
    assert [option.get_attribute("value") for option in options.all()] == [
        "Datong",
        "Datong 0",
        "Datong 1",
        "Datong plant",
    ]
    expect(field).to_be_focused()
    expect(field).to_have_value("dato")
    field.press("Enter")
    expect(site).to_have_url(re.compile(r"/en/search/\?q=dato$"))
    expect(heading(site)).to_be_visible()


@pytest.fixture
def without_javascript(browser, live_server, zones):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{live_server.url}/en/zones/")
    yield page
    context.close()


def test_without_javascript_a_button_sends_the_filters(without_javascript):
    page = without_javascript
    page.locator("#city-datong").check()
    expect(heading(page)).to_have_text("32 zones")
    page.get_by_role("button", name="Show results").click()
    expect(heading(page)).to_have_text("2 zones")


def test_without_javascript_map_and_pages_are_links(without_javascript):
    page = without_javascript
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Next").click()
    expect(page).to_have_title(re.compile("page 2"))
    page.locator("#map-datong").dispatch_event("click")
    expect(heading(page)).to_have_text("2 zones")
