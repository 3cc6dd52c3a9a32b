"""The pages on which staff move, compare and import records, in a real browser, scripts on and off."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watched
from tests.browser.looking import look_at

pytestmark = pytest.mark.browser

# A row that changes a draft, one that is new, and one that is wrong where `{type}` is.
FILE = """\
Address,Name (English),City,Type
reviewed-zone,Reviewed zone,datong,{type}
new-zone,New zone,datong,economic
"""


def upload(page, site, kind="economic"):
    page.goto(f"{site.url}/admin/desk/import/add/?kind=zones")
    content = FILE.format(type=kind).encode()
    page.set_input_files("[name=file]", {"name": "zones.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator("#result_list")).to_be_visible()


def address_of(staff, page, slug):
    staff.open_record(page, slug)
    return page.url.split("change/")[0]


def test_pages_of_records_and_changes_are_accessible_and_quiet(staff):
    page, site = staff.page_of("publisher"), staff.site
    watched, found = Watched(page, site.url), {}
    record = address_of(staff, page, "jincheng-etdz")
    public = ("/en/zones/jincheng-etdz/", "/zh-hans/zones/jincheng-etdz/")
    for path in (f"{record}history/", f"{record}history/1/", *(site.url + one for one in public)):
        page.goto(path)
        found[path] = look_at(page)
    expect(page.locator(".record-changes")).to_be_visible()
    page.goto(f"{site.url}/admin/records/pendingchange/?q=")
    page.get_by_role("link", name="Waiting zone").first.click()
    found["pending"] = look_at(page)
    page.get_by_role("link", name="Preview: English").click()
    expect(page.locator(".preview-banner")).to_be_visible()
    found["preview"] = look_at(page)
    assert found == dict.fromkeys(found, [])
    assert watched.errors == []


def test_a_conflict_is_accessible_and_quiet(staff):
    page, site = staff.page_of("editor"), staff.site
    watched = Watched(page, site.url)
    other = staff.page_of("publisher", java_script_enabled=False)
    for one, words in ((page, "What the editor wrote."), (other, "What the publisher wrote.")):
        staff.open_record(one, "reviewed-zone")
        one.locator("[name=summary_en]").fill(words)
    for one in (other, page):
        one.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is saved yet")
    assert look_at(page) == []
    assert watched.errors == []


def test_imports_are_accessible_and_quiet(staff):
    page, site = staff.page_of("publisher"), staff.site
    watched, found = Watched(page, site.url), {}
    page.goto(f"{site.url}/admin/desk/import/add/?kind=zones")
    found["upload"] = look_at(page)
    upload(page, site, kind="nonsense")
    expect(page.locator(".import-wrong")).to_have_count(1)
    found["refused"] = look_at(page)
    upload(page, site)
    found["preview"] = look_at(page)
    page.get_by_role("button", name="Give up this import").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Nothing was written")
    found["given up"] = look_at(page)
    assert found == dict.fromkeys(found, [])
    assert watched.errors == []


def test_users_and_sign_ins_are_accessible_and_quiet(staff):
    page, site = staff.page_of("root"), staff.site
    watched, found = Watched(page, site.url), {}
    for path in ("auth/user/", "auth/user/?q=changzhi", "desk/signin/"):
        page.goto(f"{site.url}/admin/{path}")
        if "?q" in path:
            page.locator("#result_list tbody th a").click()
        found[path] = look_at(page)
    assert found == dict.fromkeys(found, [])
    assert watched.errors == []


# Without JavaScript


def press(page, move, note=""):
    """Press a button above the form of a record."""
    panel = page.locator(".editing-panel__moves")
    panel.get_by_label("Note to editors and reviewers").fill(note)
    panel.get_by_role("button", name=move, exact=True).click()


def told(page, kind="success"):
    return page.locator(f".messagelist .{kind}").last


def test_a_record_is_moved_by_the_buttons_above_its_form(staff):
    editor, publisher = (staff.page_of(name, java_script_enabled=False) for name in ("editor", "publisher"))
    public = "/en/zones/moving-zone/"
    staff.open_record(editor, "moving-zone")
    press(editor, "Submit for review", "Please look.")
    expect(told(editor)).to_contain_text("is in review")

    staff.open_record(publisher, "moving-zone")
    expect(publisher.locator(".notes")).to_contain_text("Please look.")
    press(publisher, "Send back to draft")
    expect(told(publisher, "error")).to_contain_text("Write a note")
    press(publisher, "Send back to draft", "The level is missing.")
    expect(told(publisher)).to_contain_text("is a draft again")
    press(publisher, "Still true today")
    expect(told(publisher)).to_contain_text("was checked today")

    staff.open_record(editor, "moving-zone")
    press(editor, "Submit for review")
    assert staff.site.get(public)[0] == 404
    staff.open_record(publisher, "moving-zone")
    press(publisher, "Publish")
    expect(told(publisher)).to_contain_text("is published")
    assert staff.site.get(public)[0] == 200

    press(publisher, "Withdraw")
    publisher.get_by_label("Reason (English)").fill("Merged.")
    publisher.get_by_label("Reason (Chinese)").fill("已合并。")
    publisher.get_by_role("button", name="Withdraw").click()
    expect(told(publisher)).to_contain_text("is withdrawn")
    publisher.goto(staff.site.url + public)
    expect(publisher.get_by_role("main")).to_contain_text("Merged.")


def test_an_import_is_written_and_undone(staff):
    page = staff.page_of("publisher", java_script_enabled=False)
    upload(page, staff.site)
    page.get_by_role("button", name="Write these rows").click()
    expect(page.get_by_role("status")).to_contain_text("Written")
    staff.open_record(page, "new-zone")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("New zone")
    page.goto(f"{staff.site.url}/admin/desk/import/")
    page.locator("#result_list tbody th a").first.click()
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_role("status")).to_contain_text("Undone")


def test_an_old_version_is_brought_back(staff):
    page = staff.page_of("publisher", java_script_enabled=False)
    page.goto(f"{address_of(staff, page, 'jincheng-etdz')}history/")
    page.get_by_role("link", name="Bring back version 1").click()
    page.get_by_label("Why").fill("The report was withdrawn.")
    page.locator("#content form [type=submit]").click()
    expect(told(page)).to_be_visible()
    page.goto(f"{address_of(staff, page, 'jincheng-etdz')}history/")
    expect(page.locator(".history__entry").first).to_contain_text("The report was withdrawn.")
