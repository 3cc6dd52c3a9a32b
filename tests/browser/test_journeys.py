"""What people come to do, done in a browser as they would: most of it without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.serving import PASSWORD

pytestmark = pytest.mark.browser

# More presses of Tab than any of our pages needs before its first result.
PRESSES = 40


@pytest.fixture
def plain(new_context):
    """A page in a browser that runs no JavaScript."""
    return new_context(java_script_enabled=False).new_page()


@pytest.fixture
def phone(new_context):
    return new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}).new_page()


def facet(page, name):
    return page.locator("#facets").get_by_role("group", name=name)


# Readers


def test_a_reader_ticks_filters_to_find_a_zone_and_reads_the_source_of_its_area(site, plain):
    plain.goto(f"{site.url}/en/")
    plain.get_by_role("navigation", name="Main").get_by_role("link", name="Zones").click()
    facet(plain, "City").get_by_label("Changzhi").check()
    facet(plain, "Level").get_by_label("National").check()
    plain.get_by_role("button", name="Show results").click()

    # The fields that were left empty follow.
    expect(plain).to_have_url(re.compile(r"/en/zones/\?city=changzhi&level=national&"))
    expect(plain.get_by_role("heading", level=2, name="1 zone")).to_be_visible()
    chips = plain.get_by_role("list", name="Active filters")
    expect(chips.get_by_role("link")).to_contain_text(
        ["City: Changzhi", "Level: National level", "Clear all"]
    )
    expect(facet(plain, "City").get_by_label("Changzhi")).to_be_checked()

    name = "Changzhi High-tech Industrial Development Zone"
    plain.get_by_role("link", name=name, exact=True).click()
    expect(plain.get_by_role("heading", level=1)).to_have_text(name)

    plain.locator(".figures .passport a").first.click()
    expect(plain).to_have_url(re.compile(rf"{site.url}/en/sources/[a-z0-9-]+/$"))
    expect(plain.get_by_role("heading", name="What it bears out")).to_be_visible()
    expect(plain.get_by_role("main").get_by_role("link", name=name).first).to_be_visible()


@pytest.mark.parametrize(
    ("home", "button", "word", "found"),
    [
        ("/en/", "Search", "晋城", "Jincheng"),
        ("/zh-hans/", "搜索", "晋城", "晋城市"),
        ("/zh-hans/", "搜索", "Jincheng", "晋城市"),
    ],
)
def test_two_characters_typed_at_home_lead_to_a_result(site, plain, home, button, word, found):
    plain.goto(site.url + home)
    search = plain.get_by_role("main").get_by_role("search")
    search.get_by_role("combobox").fill(word)
    search.get_by_role("button", name=button).click()

    result = plain.locator("#results").get_by_role("link", name=found, exact=True)
    result.click()

    expect(plain).to_have_url(f"{site.url}{home}cities/jincheng/")
    expect(plain.get_by_role("heading", level=1)).to_have_text(found)


def test_the_other_language_is_the_same_page_with_the_same_filters(site, plain):
    plain.goto(f"{site.url}/en/zones/changzhi-hidz/")
    plain.get_by_role("link", name="中文").click()
    expect(plain).to_have_url(f"{site.url}/zh-hans/zones/changzhi-hidz/")
    plain.get_by_role("link", name="English").click()
    expect(plain).to_have_url(f"{site.url}/en/zones/changzhi-hidz/")

    plain.goto(f"{site.url}/en/projects/?city=taiyuan&sort=earliest")
    count = plain.locator("#results-heading").inner_text().split()[0]
    plain.get_by_role("link", name="中文").click()
    expect(plain).to_have_url(f"{site.url}/zh-hans/projects/?city=taiyuan&sort=earliest")
    expect(plain.locator("#results-heading")).to_contain_text(count)


def test_a_chip_takes_its_filter_off_and_a_sort_keeps_the_others(site, plain):
    plain.goto(f"{site.url}/en/zones/?city=changzhi&level=national")
    plain.get_by_role("link", name="Largest area").click()
    plain.get_by_role("link", name="Remove filter Level: National level").click()

    expect(plain).to_have_url(f"{site.url}/en/zones/?city=changzhi&sort=area-largest")
    expect(plain.get_by_role("heading", level=2, name="15 zones")).to_be_visible()


def test_an_empty_list_says_which_filter_to_drop(site, plain):
    plain.goto(f"{site.url}/en/zones/?city=shuozhou&level=national")

    plain.get_by_role("link", name="Without “Level: National level”").click()

    expect(plain).to_have_url(f"{site.url}/en/zones/?city=shuozhou")
    expect(plain.locator(".card").first).to_be_visible()


def test_a_mistyped_filter_is_named_and_can_be_cleared(site, plain):
    plain.goto(f"{site.url}/en/zones/?colour=red")

    alert = plain.get_by_role("alert")
    expect(alert).to_contain_text("colour There is no such filter.")
    alert.get_by_role("link", name="Clear all filters").click()

    expect(plain.get_by_role("heading", level=2, name="70 zones")).to_be_visible()


def test_on_a_phone_the_filters_are_a_sheet_that_a_button_opens(site, phone):
    phone.goto(f"{site.url}/en/zones/")
    sheet = phone.locator("#facets")
    expect(sheet).to_be_hidden()

    phone.get_by_role("button", name="Filter").click()
    expect(sheet).to_be_visible()
    sheet.get_by_role("button", name="Close").click()
    expect(sheet).to_be_hidden()

    phone.get_by_role("button", name="Filter").click()
    facet(phone, "City").get_by_label("Changzhi").check()
    sheet.get_by_role("button", name="Show results").click()

    expect(phone.get_by_role("heading", level=2, name="15 zones")).to_be_visible()
    expect(sheet).to_be_hidden()
    expect(phone.get_by_role("button", name="Filter (1)")).to_be_visible()


def test_the_keyboard_alone_reaches_a_result(site, plain):
    plain.goto(f"{site.url}/en/zones/")
    focused = plain.locator(":focus")

    plain.keyboard.press("Tab")
    expect(focused).to_have_text("Skip to content")
    expect(focused).to_be_in_viewport()
    plain.keyboard.press("Tab")
    expect(focused).to_have_text("Skip to results")
    plain.keyboard.press("Enter")
    expect(plain).to_have_url(f"{site.url}/en/zones/#results")
    card = plain.locator(".card__name a:focus")
    for _press in range(PRESSES):
        plain.keyboard.press("Tab")
        if card.count():
            break
    name = card.inner_text()
    plain.keyboard.press("Enter")

    expect(plain.get_by_role("heading", level=1)).to_have_text(name)


def test_the_skip_link_moves_the_focus_past_the_head_of_the_page(site, plain):
    plain.goto(f"{site.url}/en/zones/changzhi-hidz/")
    plain.keyboard.press("Tab")
    plain.keyboard.press("Enter")
    plain.keyboard.press("Tab")

    expect(plain.get_by_role("main").locator(":focus")).to_have_count(1)


# Staff


def sign_in(page, site, name):
    page.goto(f"{site.url}/admin/login/?next=/admin/zones/zone/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Log in").click()


def act(page, row, action):
    """Choose an action for one row of a list, and carry it out."""
    page.get_by_role("row").filter(has_text=row).get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option(label=action)
    page.get_by_role("button", name="Run").or_(page.get_by_role("button", name="Go")).first.click()


def test_an_editor_writes_a_publisher_publishes_and_the_public_reads(own_site, new_context):
    public = f"{own_site.url}/en/zones/draft-zone/"
    assert own_site.get("/en/zones/draft-zone/")[0] == 404

    editor = new_context().new_page()
    sign_in(editor, own_site, "editor")
    editor.goto(f"{own_site.url}/admin/zones/zone/?q=draft-zone")
    editor.get_by_role("link", name="Draft zone").click()
    editor.get_by_label("Summary (English):").fill("What an editor wrote.")
    editor.get_by_role("button", name="Save", exact=True).first.click()
    expect(editor.locator(".messagelist .success")).to_contain_text("was changed successfully")
    editor.goto(f"{own_site.url}/admin/zones/zone/?q=draft-zone")
    expect(editor.get_by_label("Action:").locator("option", has_text="Publish")).to_have_count(0)
    act(editor, "Draft zone", "Submit for review")
    expect(editor.locator(".messagelist")).to_contain_text("1 record is in review.")
    assert own_site.get("/en/zones/draft-zone/")[0] == 404

    publisher = new_context().new_page()
    sign_in(publisher, own_site, "publisher")
    publisher.goto(f"{own_site.url}/admin/zones/zone/?state__exact=in-review")
    act(publisher, "Draft zone", "Publish")
    expect(publisher.locator(".messagelist")).to_contain_text("1 record is published.")

    reader = new_context().new_page()
    reader.goto(public)
    expect(reader.get_by_role("heading", level=1)).to_have_text("Draft zone")
    expect(reader.get_by_role("main")).to_contain_text("What an editor wrote.")
    reader.get_by_role("link", name="中文").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("草稿开发区")
    reader.goto(f"{own_site.url}/en/search/?q=draft+zone")
    expect(reader.locator("#results").get_by_role("link", name="Draft zone")).to_be_visible()
