"""The desk in a real browser: answered without JavaScript, accessible, quiet, no wider than the screen."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watched
from tests.browser.test_accessibility import (
    COLOURS,
    DJANGOS,
    NARROW,
    PHONE,
    RULES,
    WIDE,
    overflow,
    violations,
)
from tests.serving import PASSWORD

pytestmark = pytest.mark.browser

# Something under every heading, in the shipped data.
WORK = """
import datetime
from django.contrib.auth.models import User
from django.utils import timezone
from desk.completeness import record_completeness
from desk.findings import run
from desk.models import Completeness, Finding, Question
from records import history, pending
from records.models import Statement
from zones.models import Zone

today = timezone.localdate()
zone = Zone.objects.get(slug="changzhi-hidz")
editor, publisher = (User.objects.get(username=name) for name in ("editor", "publisher"))
Zone.objects.exclude(pk=zone.pk).update(check_due_on=None)
Statement.objects.update(check_due_on=None)
Zone.objects.filter(pk=zone.pk).update(check_due_on=today - datetime.timedelta(days=3))
zone.refresh_from_db()
with history.keeping(zone, by=editor, route="action"):
    zone.summary_en += " It has changed."
    zone.save()
Question.objects.create(note=pending.add_note(zone, "Which area is it?", by=editor), asked=publisher)
draft = Zone.objects.get(slug="draft-zone")
draft.state, draft.created_by, draft.changed_by = "in-review", editor, editor
draft.save()
run()
for days in (90, 45, 0):
    record_completeness(today - datetime.timedelta(days=days))
    Completeness.objects.filter(day__lt=today).update(share=20)
"""
PAGES = (
    "/admin/",
    "/admin/to-do/due/",
    "/admin/to-do/findings/",
    "/admin/to-do/translations/",
    "/admin/to-do/completeness/",
)


@pytest.fixture
def busy_site(own_site):
    """A site on which a publisher finds work in the morning."""
    own_site.ground.manage("shell", "--verbosity=0", "--command", WORK, database=own_site.name)
    return own_site


def signed_in(context, site):
    page = context.new_page()
    page.goto(f"{site.url}/admin/login/?next=/admin/")
    page.fill("[name=login], [name=username]", "publisher")
    page.fill("[name=password]", PASSWORD)
    page.locator("#login-form [type=submit]").click()
    expect(page.locator(".desk")).to_be_visible()
    return page


def section(page, title):
    return page.locator(".desk-section", has=page.get_by_role("heading", name=title))


def test_the_desk_is_answered_without_javascript(busy_site, new_context):
    page = signed_in(new_context(java_script_enabled=False), busy_site)
    due = section(page, "To be checked again")
    expect(due.locator(".desk-row")).to_have_count(1)
    due.get_by_role("button", name="Still true").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Checked: still true, source:")
    expect(section(page, "To be checked again")).to_have_count(0)

    behind = section(page, "Translations behind")
    expect(behind.locator("ins")).to_contain_text("It has changed.")
    behind.get_by_role("button", name="Translation still right").click()
    expect(section(page, "Translations behind")).to_have_count(0)

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


def test_the_desk_is_accessible_quiet_and_fits(busy_site, new_context):
    page = signed_in(new_context(), busy_site)
    watched = Watched(page, busy_site.url)
    change = page.locator(".desk-section a[href*='/admin/zones/zone/']").first.get_attribute("href")
    ask = page.locator("a.desk-button").first.get_attribute("href")
    for path in (*PAGES, change, ask):
        for size, scheme, rules in ((WIDE, "light", RULES), (PHONE, "dark", COLOURS)):
            # Before the page is opened: Django's links take a moment to change their colour.
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            page.goto(busy_site.url + path)
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            assert violations(page, rules, leave_out=DJANGOS) == [], f"{path} {size['width']} {scheme}"
        if path in PAGES:
            for size in (WIDE, PHONE, NARROW):
                page.set_viewport_size(size)
                assert overflow(page) == 0, f"{path} {size['width']}"
    assert watched.errors == []


def test_both_languages_of_a_text_stand_side_by_side(busy_site, new_context):
    page = signed_in(new_context(), busy_site)
    page.set_viewport_size(WIDE)
    change = section(page, "Translations behind").locator(".desk-row__title a").get_attribute("href")
    page.goto(busy_site.url + change)
    english, chinese = (page.locator(f"#id_summary_{code}").bounding_box() for code in ("en", "zh"))
    assert english["y"] == chinese["y"]
    assert english["x"] + english["width"] <= chinese["x"]
    assert min(english["width"], chinese["width"]) > 300
    behind = page.locator(".translation-behind").bounding_box()
    assert behind["x"] >= english["x"] + english["width"]
