"""Choosing zones and projects: side by side, and as a list to send; with JavaScript and without."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

HIGH_TECH = "Changzhi High-tech Industrial Development Zone"
AGRICULTURE = "Qinxian Modern Agriculture Industry Demonstration Zone"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def reader(new_context, request):
    return new_context(java_script_enabled=request.param).new_page()


def tick(page, name):
    page.locator(".card", has_text=name).get_by_role("checkbox").check()


def test_a_reader_ticks_zones_compares_them_and_keeps_them_in_the_other_language(site, reader):
    reader.goto(f"{site.url}/en/zones/?city=changzhi")
    tick(reader, HIGH_TECH)
    tick(reader, AGRICULTURE)
    reader.locator(".tray").get_by_role("button", name="Compare").click()

    expect(reader).to_have_url(f"{site.url}/en/zones/compare/?zone=changzhi-hidz&zone=qinxian-agri-zone")
    heads = reader.get_by_role("columnheader")
    expect(heads.filter(has_text=HIGH_TECH)).to_be_visible()
    expect(heads.filter(has_text=AGRICULTURE)).to_be_visible()
    area = reader.get_by_role("row").filter(has_text="7.53 km²")
    expect(area).to_contain_text("107 km²")

    reader.get_by_role("link", name="中文").click()
    expect(reader).to_have_url(f"{site.url}/zh-hans/zones/compare/?zone=changzhi-hidz&zone=qinxian-agri-zone")
    expect(reader.get_by_role("columnheader").filter(has_text="长治高新技术产业开发区")).to_be_visible()


def test_a_reader_ticks_zones_and_gets_a_list_to_send_print_and_take_along(site, reader):
    reader.goto(f"{site.url}/en/zones/?city=changzhi")
    tick(reader, HIGH_TECH)
    tick(reader, AGRICULTURE)
    reader.locator(".tray").get_by_role("button", name="Shortlist").click()

    address = f"{site.url}/en/shortlist/?zone=changzhi-hidz&zone=qinxian-agri-zone"
    expect(reader).to_have_url(address)
    names = reader.locator(".card__name")
    expect(names).to_have_text([HIGH_TECH, AGRICULTURE])
    expect(reader.locator("input[readonly]")).to_have_value(address)
    letter = reader.locator("a[href^='mailto:']").first.get_attribute("href")
    assert re.search(r"body=.*shortlist.*changzhi-hidz.*qinxian-agri-zone", letter)
    with reader.expect_download() as download:
        reader.get_by_role("link", name="CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert [line.split(",")[1] for line in text.splitlines()[1:3]] == ["changzhi-hidz", "qinxian-agri-zone"]
