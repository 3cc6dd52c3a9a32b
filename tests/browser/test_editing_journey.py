"""Editing in a real browser: a figure on its way to the public, and two people at one record."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def choose_source(page, prefix, words):
    """Type into the field that searches for sources, and take what it finds."""
    page.locator(f".field-source:has([name='{prefix}-source']) .select2-selection").click()
    page.locator(".select2-dropdown .select2-search__field").fill(words)
    page.locator(".select2-results__option", has_text=words).first.click()


def test_an_editor_corrects_a_figure_a_publisher_approves_and_the_public_sees_both(staff, new_context):
    site, slug, name = staff.site, "changzhi-hidz", "Changzhi High-tech Industrial Development Zone"
    public = f"/en/zones/{slug}/"
    assert "239" not in figures_of(site, public)

    editor = staff.page_of("changzhi")
    staff.open_record(editor, slug)
    expect(editor.locator(".editing-panel")).to_contain_text("is reviewed before readers see it")
    number = editor.locator("[name$='-number'][value^='7.53']").first
    prefix = number.get_attribute("name").removesuffix("-number")
    editor.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    number.fill("239")
    editor.fill("[name=area_km2]", "239")
    choose_source(editor, prefix, "Changzhi")
    source = editor.locator(f"[name='{prefix}-source'] option:checked").inner_text()
    editor.get_by_role("button", name="Submit for review").last.click()
    expect(editor.locator(".errornote").first).to_be_visible()
    expect(editor.locator(".errorlist.nonfield")).to_contain_text("Say why: a published figure changes")
    editor.get_by_label("Why it changes:").fill("The plan of 2020 is wider.")
    editor.get_by_role("button", name="Submit for review").last.click()
    expect(editor.locator(".messagelist .success")).to_contain_text("waits for review")
    assert "239" not in figures_of(site, public)

    publisher = staff.page_of("publisher", java_script_enabled=False)
    publisher.goto(f"{site.url}/admin/records/pendingchange/?state__exact=in-review")
    publisher.get_by_role("link", name=name).click()
    table = publisher.get_by_role("table").first
    expect(table).to_contain_text("7.53")
    expect(table).to_contain_text("239")
    expect(publisher.get_by_role("definition").last).to_have_text("The plan of 2020 is wider.")
    publisher.get_by_role("link", name="Preview: English").click()
    expect(publisher.locator(".preview-banner")).to_contain_text("Preview, not public.")
    expect(publisher.get_by_role("main")).to_contain_text("239 km²")
    publisher.get_by_role("link", name="Back to the form").click()
    publisher.get_by_role("button", name="Approve and publish").click()
    expect(publisher.locator(".messagelist .success")).to_contain_text("The change is public now.")

    reader = new_context(java_script_enabled=False).new_page()
    wait_until(lambda: "239" in figures_of(site, public))
    reader.goto(site.url + public)
    expect(reader.get_by_role("main")).to_contain_text("239 km²")
    # A source is called “publisher: title” in the admin.
    expect(reader.get_by_role("main")).to_contain_text(source.rpartition(": ")[2])
    expect(reader.get_by_role("main")).to_contain_text("Area changed from 7.53 km²")


def figures_of(site, path):
    status, _headers, body = site.get(path)
    assert status == 200
    return body if isinstance(body, str) else body.decode()


def wait_until(holds):
    """Readers may be told the version of a second before: ask until they are told of the new one."""
    assert any(holds() for _attempt in range(200))


def test_two_people_at_one_record_lose_nothing(staff):
    pages = {name: staff.page_of(name, java_script_enabled=False) for name in ("editor", "publisher")}
    for page in pages.values():
        staff.open_record(page, "draft-zone")
    pages["editor"].get_by_label("Summary (English):").fill("What the editor wrote.")
    pages["publisher"].get_by_label("Summary (Chinese):").fill("发布人员所写。")
    pages["publisher"].get_by_label("Summary (English):").fill("What the publisher wrote.")

    pages["editor"].get_by_role("button", name="Save", exact=True).first.click()
    expect(pages["editor"].locator(".messagelist .success")).to_be_visible()
    second = pages["publisher"]
    second.get_by_role("button", name="Save", exact=True).first.click()

    alert = second.get_by_role("alert")
    expect(alert).to_contain_text("Nothing is saved yet")
    expect(alert).to_contain_text("editor saved the same record")
    expect(alert.get_by_role("row").filter(has_text="What the publisher wrote.")).to_contain_text(
        "What the editor wrote."
    )
    expect(second.get_by_label("Summary (English):")).to_have_value("What the publisher wrote.")
    expect(second.get_by_label("Summary (Chinese):")).to_have_value("发布人员所写。")
    second.get_by_label("Summary (English):").fill("What the editor and the publisher wrote.")
    second.get_by_role("button", name="Save", exact=True).first.click()
    expect(second.locator(".messagelist .success")).to_be_visible()
    staff.open_record(pages["editor"], "draft-zone")
    expect(pages["editor"].get_by_label("Summary (English):")).to_have_value(
        "What the editor and the publisher wrote."
    )
