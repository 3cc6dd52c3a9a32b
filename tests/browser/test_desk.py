"""The desk in a real browser: answered without JavaScript, accessible, quiet, no wider than the screen."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watched
from tests.browser.looking import look_at
from tests.browser.test_accessibility import WIDE

pytestmark = pytest.mark.browser

# The other sections are written by the template of the findings.
PAGES = ("/admin/", "/admin/to-do/findings/?part=ten-times", "/admin/to-do/completeness/")


def desk_of(staff, **options):
    page = staff.page_of("publisher", **options)
    page.goto(f"{staff.site.url}/admin/")
    expect(page.locator(".desk")).to_be_visible()
    return page


def section(page, title):
    return page.locator(".desk-section", has=page.get_by_role("heading", name=title))


def test_the_desk_is_accessible_quiet_and_fits(staff):
    page = desk_of(staff)
    watched = Watched(page, staff.site.url)
    change = page.locator(".desk-section a[href*='/admin/zones/zone/']").first.get_attribute("href")
    ask = page.locator("a.desk-button").first.get_attribute("href")
    found = {}
    for path in (*PAGES, change, ask):
        page.goto(staff.site.url + path)
        found[path] = look_at(page)
    assert found == dict.fromkeys(found, [])
    assert watched.errors == []


def test_both_languages_of_a_text_stand_side_by_side(staff):
    page = desk_of(staff)
    page.set_viewport_size(WIDE)
    change = section(page, "Translations behind").locator(".desk-row__title a").first.get_attribute("href")
    page.goto(staff.site.url + change)
    english, chinese = (page.locator(f"#id_summary_{code}").bounding_box() for code in ("en", "zh"))
    assert english["y"] == chinese["y"]
    assert english["x"] + english["width"] <= chinese["x"]
    assert min(english["width"], chinese["width"]) > 300
    behind = page.locator(".translation-behind").bounding_box()
    assert behind["x"] >= english["x"] + english["width"]


def test_the_desk_is_answered_without_javascript(staff):
    page = desk_of(staff, java_script_enabled=False)
    due = section(page, "To be checked again")
    expect(due.locator(".desk-row")).to_have_count(1)
    due.get_by_role("button", name="Still true").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Checked: still true, source:")
    expect(section(page, "To be checked again")).to_have_count(0)

    behind = section(page, "Translations behind")
    expect(behind.locator("ins").first).to_contain_text("It has changed.")
    number = behind.locator(".desk-row").count()
    behind.get_by_role("button", name="Translation still right").first.click()
    expect(behind.locator(".desk-row")).to_have_count(number - 1)

    finding = section(page, "Other findings").locator(".desk-row").first
    title = finding.locator(".desk-row__title").inner_text()
    finding.locator("summary").click()
    finding.get_by_label("Why it is right as it is").fill("No source says more.")
    finding.get_by_role("button", name="Dismiss").click()
    expect(page.locator(".messagelist .success")).to_contain_text("It comes back if the facts change")
    expect(section(page, "Other findings").locator(".desk-row__title").first).not_to_have_text(title)

    page.locator("a.desk-button", has_text="Ask").first.click()
    page.get_by_label("Whom to ask").select_option(label="editor (the whole province)")
    page.get_by_label("Question").fill("Is this still so?")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".messagelist .success")).to_contain_text("is asked about")
