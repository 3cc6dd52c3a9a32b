"""Signing in as people do it: with an app for codes, with a passkey, and without JavaScript."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from tests.browser.conftest import Watched
from tests.browser.test_accessibility import in_both_schemes
from tests.serving import PASSWORD

pytestmark = pytest.mark.browser


def local(site):
    """The site under the one name without HTTPS for which browsers have passkeys."""
    return site.url.replace("127.0.0.1", "localhost")


def sign_in(page, origin, name="editor"):
    page.goto(f"{origin}/admin/login/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Log in").click()


def code_now(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_codes_are_set_up_and_used_without_javascript(own_site, new_context):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, own_site.url)
    page.get_by_role("link", name="How you sign in").click()
    page.get_by_role("link", name="Set up one-time codes").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    secret = page.locator(".account-key").inner_text()
    page.get_by_label("Code that the app shows").fill(code_now(secret))
    page.get_by_role("button", name="Switch one-time codes on").click()
    expect(page.locator(".account-codes code")).to_have_count(10)
    recovery = page.locator(".account-codes code").first.inner_text()
    page.get_by_role("button", name="Log out").click()

    sign_in(page, own_site.url)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Log in").click()
    expect(page.locator(".errorlist")).to_contain_text("not valid")
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(f"{own_site.url}/admin/")


def test_a_passkey_is_added_and_opens_the_desk_by_itself(own_site, new_context):
    page = new_context().new_page()
    watched = Watched(page, local(own_site))
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    sign_in(page, local(own_site))
    page.goto(f"{local(own_site)}/admin/account/passkeys/add/")
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page).to_have_url(re.compile("recovery-codes"))
    page.goto(f"{local(own_site)}/admin/account/passkeys/")
    expect(page.get_by_role("rowheader", name="Laptop")).to_be_visible()
    page.get_by_role("button", name="Log out").click()

    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{local(own_site)}/admin/")
    page.get_by_role("link", name="How you sign in").click()
    expect(page.get_by_role("cell", name="passkey alone")).to_be_visible()
    page.get_by_role("button", name="Log out").click()

    # After the password it serves as the second factor.
    sign_in(page, local(own_site))
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{local(own_site)}/admin/")
    assert watched.errors == []


def test_a_browser_without_a_passkey_is_told_so(own_site, new_context):
    page = new_context().new_page()
    page.goto(f"{own_site.url}/admin/login/")
    failed = page.locator("[data-passkey-failed]")
    expect(failed).to_be_hidden()
    # Browsers have no passkeys for an address in numbers.
    page.get_by_role("button", name="Use a passkey").click()
    expect(failed).to_be_visible()


def test_the_pages_of_an_account_are_accessible_and_quiet(own_site, new_context):
    page = new_context().new_page()
    watched = Watched(page, own_site.url)
    sign_in(page, own_site.url)
    addresses = ("", "codes/", "passkeys/add/", "passkeys/", "again/")
    found = {}
    for address in (*(f"account/{one}" for one in addresses), "password_change/", "logout/"):
        page.goto(f"{own_site.url}/admin/{address}")
        found[address] = in_both_schemes(page)
    page.goto(f"{own_site.url}/admin/account/codes/")
    secret = page.locator(".account-key").inner_text()
    page.get_by_label("Code that the app shows").fill(code_now(secret))
    page.get_by_role("button", name="Switch one-time codes on").click()
    for address in ("account/", "account/recovery-codes/", "account/codes/remove/"):
        page.goto(f"{own_site.url}/admin/{address}")
        found[f"then {address}"] = in_both_schemes(page)
    page.get_by_role("button", name="Log out").click()
    sign_in(page, own_site.url)
    found["second factor"] = in_both_schemes(page)
    assert found == dict.fromkeys(found, [])
    assert watched.errors == []


def test_a_link_on_another_site_leads_to_the_page_that_it_names(site_at_work, new_context):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, site_at_work.url, "publisher")
    expect(page).to_have_url(f"{site_at_work.url}/admin/")
    wanted = f"{site_at_work.url}/admin/zones/zone/?state=draft"
    link = f'<meta charset="utf-8"><a href="{wanted}">a link in a mail</a>'
    page.route("http://mail.example/", lambda route: route.fulfill(body=link, content_type="text/html"))
    page.goto("http://mail.example/")
    page.get_by_role("link").click()
    expect(page).to_have_url(wanted)
    expect(page.get_by_role("heading", level=1)).to_contain_text("zone")
