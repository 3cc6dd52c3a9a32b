"""The second factor: who must have one, how one is set up, used, lost and reset."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from desk.models import SignIn
from tests.desk.signing import (
    PASSWORD,
    code_of,
    entries,
    give_codes,
    is_signed_in,
    make_user,
    outcomes,
    sign_in,
)

pytestmark = pytest.mark.django_db
SECOND = "/admin/login/second-factor/"


@pytest.fixture(autouse=True)
def counted_from_zero():
    cache.clear()


@pytest.fixture
def required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


def set_up_codes(client):
    """What somebody does with the page and a telephone; the answer, followed."""
    page = client.get("/admin/account/codes/").content.decode()
    secret = re.search(r'class="account-key">([A-Z2-7]+)<', page)[1]
    return client.post("/admin/account/codes/", {"code": code_of(secret)}, follow=True), secret


ROLES = {
    "editor": {"group": "editors"},
    "publisher": {"group": "publishers"},
    "administrator": {"is_superuser": True},
}


@pytest.mark.parametrize(("role", "must"), [("editor", False), ("publisher", True), ("administrator", True)])
def test_publishers_and_administrators_must_have_one(client, required, role, must):
    make_user(**ROLES[role])
    sign_in(client)
    for address in ("/admin/", "/admin/zones/zone/", "/admin/auth/user/", "/admin/desk/signin/"):
        response = client.get(address)
        assert (response.get("Location") == "/admin/account/") is must, address
    posted = client.post("/admin/zones/zone/add/", {"name_en": "A zone"})
    assert (posted.get("Location") == "/admin/account/") is must
    told = "Your account must have a second factor." in client.get("/admin/account/").content.decode()
    assert told is must


@pytest.mark.parametrize("role", ROLES)
def test_without_the_setting_nobody_must(client, role):
    make_user(**ROLES[role])
    sign_in(client)
    assert is_signed_in(client)


def test_setting_one_up_opens_the_rest_and_gives_recovery_codes(client, required):
    make_user(group="publishers")
    sign_in(client)
    response, _secret = set_up_codes(client)
    assert response.redirect_chain == [("/admin/account/recovery-codes/", 302)]
    shown = re.findall(r"<li><code>(\d{8})</code></li>", response.content.decode())
    assert len(set(shown)) == 10
    saved = client.get("/admin/account/recovery-codes/file/").content.decode().split()
    assert saved == shown
    assert is_signed_in(client)
    assert outcomes() == ["signed-in", "factor-added"]


def test_the_picture_stands_in_the_page_and_its_policy_needs_no_exception(client):
    make_user()
    sign_in(client)
    response = client.get("/admin/account/codes/")
    page = response.content.decode()
    assert re.search(r'<div class="account-qr" role="img"[^>]*><svg [^>]*>', page)
    assert "data:" not in page
    assert "img-src 'self';" in response["Content-Security-Policy"] + ";"
    assert not re.search(r"\sstyle=|<style|\son\w+=", page)


def test_a_wrong_code_sets_nothing_up(client):
    make_user()
    sign_in(client)
    client.get("/admin/account/codes/")
    page = client.post("/admin/account/codes/", {"code": "000000"}).content.decode()
    assert "This code or passkey is not valid" in page
    assert not Authenticator.objects.exists()


def test_the_password_alone_opens_nothing_then(client):
    give_codes(make_user())
    response = sign_in(client, next="/admin/zones/zone/")
    assert response["Location"] == SECOND
    assert not is_signed_in(client)
    assert client.get("/admin/account/codes/remove/").status_code == 302
    assert outcomes() == []


def test_the_code_of_the_telephone_opens_it_and_leads_on(client):
    secret, _codes = give_codes(make_user())
    sign_in(client, next="/admin/zones/zone/")
    response = client.post(SECOND, {"code": code_of(secret)})
    assert response["Location"] == "/admin/zones/zone/"
    assert is_signed_in(client)
    assert entries("outcome", "factor") == [("signed-in", "totp")]


@pytest.mark.parametrize(("ahead", "opens"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_wrong(client, ahead, opens):
    secret, _codes = give_codes(make_user())
    sign_in(client)
    client.post(SECOND, {"code": code_of(secret, ahead=ahead)})
    assert is_signed_in(client) is opens


@pytest.mark.parametrize("kind", ["one-time", "recovery"])
def test_a_code_opens_once(kind):
    secret, codes = give_codes(make_user())
    code = code_of(secret) if kind == "one-time" else codes[3]
    opened = []
    for _ in range(2):
        client = Client()
        sign_in(client)
        client.post(SECOND, {"code": code})
        opened.append(is_signed_in(client))
        # What allauth itself remembers of a code lasts half a minute, the code three times as long.
        for key in [key for key in cache._cache if "totp.used" in key]:
            cache.delete(key.split(":", 2)[2])
    assert opened == [True, False]
    factor = "totp" if kind == "one-time" else "recovery_codes"
    assert entries("outcome", "factor") == [("signed-in", factor), ("wrong-factor", "")]


def test_codes_are_not_guessed_without_end(client, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    settings.SIGN_IN_FAILURES_BY_NAME = 3
    secret, _codes = give_codes(make_user())
    sign_in(client)
    for _ in range(3):
        client.post(SECOND, {"code": "000000"})
    page = client.post(SECOND, {"code": code_of(secret)})
    assert "too many failed attempts" in page.content.decode()
    assert not is_signed_in(client)
    assert outcomes() == ["wrong-factor"] * 3 + ["limited"]


def test_a_second_factor_ends_the_other_sessions(client):
    make_user()
    other = Client()
    for one in (client, other):
        sign_in(one)
    set_up_codes(client)
    assert (is_signed_in(client), is_signed_in(other)) == (True, False)


def test_removing_it_is_written_down_and_takes_the_recovery_codes_along(client):
    user = make_user()
    sign_in(client)
    set_up_codes(client)
    assert Authenticator.objects.filter(user=user).count() == 2
    assert client.get("/admin/account/codes/remove/").status_code == 200
    client.post("/admin/account/codes/remove/")
    assert not Authenticator.objects.exists()
    assert outcomes() == ["signed-in", "factor-added", "factor-removed"]


def test_some_time_after_signing_in_one_shows_once_more_who_one_is(client):
    give_codes(user := make_user())
    client.force_login(user)
    response = client.get("/admin/account/codes/remove/", follow=True)
    assert response.redirect_chain == [
        ("/admin/account/again/?next=%2Fadmin%2Faccount%2Fcodes%2Fremove%2F", 302)
    ]
    again = "/admin/account/again/"
    wrong = client.post(again, {"password": "another word", "next": "/admin/account/codes/remove/"})
    assert "This is not your password." in wrong.content.decode()
    right = client.post(again, {"password": PASSWORD, "next": "/admin/account/codes/remove/"})
    assert right["Location"] == "/admin/account/codes/remove/"
    assert outcomes() == ["wrong-password"]


# Passkeys; a real one is used in tests/browser/test_signin.py

FORGED = [
    "",
    "nonsense",
    "null",
    "[]",
    "1",
    "{}",
    '{"id": 1}',
    '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "YQ", '
    '"authenticatorData": "YQ", "signature": "YQ", "userHandle": "MQ"}, "clientExtensionResults": {}}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30", '
    '"authenticatorData": "' + "A" * 60 + '", "signature": "YQ", "userHandle": "___"}}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30", '
    '"attestationObject": "oA"}}',
]


@pytest.mark.parametrize("credential", FORGED)
def test_a_forged_passkey_opens_nothing_and_breaks_nothing(credential):
    user = make_user()
    give_codes(user)
    alone = Client()
    alone.get("/admin/login/passkey/", headers={"accept": "application/json"})
    response = alone.post("/admin/login/passkey/", {"credential": credential})
    assert (response.status_code, response["Location"]) == (302, "/admin/login/")
    assert not is_signed_in(alone)

    after_password = Client()
    sign_in(after_password)
    after_password.get(SECOND)
    assert after_password.post(SECOND, {"credential": credential}).status_code == 200
    assert not is_signed_in(after_password)

    adding = Client()
    adding.force_login(user)
    adding.post("/admin/account/again/", {"password": PASSWORD})
    adding.get("/admin/account/passkeys/add/")
    data = {"name": "x", "credential": credential}
    assert adding.post("/admin/account/passkeys/add/", data).status_code == 200
    assert not Authenticator.objects.filter(type="webauthn").exists()


def test_only_pages_that_ask_for_a_passkey_may(client):
    make_user()
    assert "publickey-credentials-get=(self)" in client.get("/admin/login/")["Permissions-Policy"]
    sign_in(client)
    for address in ("/admin/zones/zone/", "/en/about/"):
        assert "publickey-credentials-get=()" in client.get(address)["Permissions-Policy"]


def test_the_options_for_a_passkey_are_fresh_and_name_nobody(client):
    give_codes(make_user())
    asked = [
        json.loads(client.get("/admin/login/passkey/", headers={"accept": "application/json"}).content)
        for _ in range(2)
    ]
    options = [one["request_options"]["publicKey"] for one in asked]
    assert options[0]["challenge"] != options[1]["challenge"]
    assert options[0]["userVerification"] == "required"
    assert not options[0].get("allowCredentials")


# A lost telephone


def test_a_command_resets_a_lost_factor(required, capsys):
    give_codes(make_user(is_superuser=True))
    client = Client()
    client.force_login(User.objects.get())
    call_command("reset_second_factor", "mei")
    assert "“mei” has lost 1 second factor(s)" in capsys.readouterr().out
    assert not is_signed_in(client)
    assert entries("name", "outcome", "by") == [("mei", "factors-reset", "manage.py")]
    # The next sign-in is by password, and leads to setting up a new one.
    assert sign_in(client)["Location"] == "/admin/"
    assert client.get("/admin/")["Location"] == "/admin/account/"


def test_whoever_waits_at_the_second_factor_begins_anew_after_a_reset(client):
    give_codes(make_user())
    sign_in(client)
    call_command("reset_second_factor", "mei")
    assert client.get(SECOND, follow=True).redirect_chain == [("/admin/login/", 302)]
    sign_in(client)
    assert is_signed_in(client)


def test_the_command_names_a_user_who_is_not_there():
    with pytest.raises(CommandError, match="no user “bob”"):
        call_command("reset_second_factor", "bob")


def act(client, action, *users):
    data = {"action": action, "_selected_action": [user.pk for user in users]}
    return client.post("/admin/auth/user/", data, follow=True).content.decode()


def test_an_administrator_resets_it_and_ends_sessions_from_the_list_of_users(client):
    root, mei, tao = make_user("root", is_superuser=True), make_user(), make_user("tao")
    give_codes(mei)
    client.force_login(root)
    theirs = {user: Client() for user in (mei, tao)}
    for user, one in theirs.items():
        one.force_login(user)
    assert "Mei has lost 1 second factor, and is signed out." in act(client, "reset_second_factors", mei)
    assert [is_signed_in(one) for one in theirs.values()] == [False, True]
    assert "1 session ended." in act(client, "end_sessions", tao, root)
    assert not is_signed_in(theirs[tao])
    assert is_signed_in(client)
    assert entries("name", "outcome", "by") == [
        ("mei", "factors-reset", "root"),
        ("root", "sessions-ended", "root"),
        ("tao", "sessions-ended", "root"),
    ]


def test_ones_own_is_not_reset_from_the_list(client):
    root = make_user("root", is_superuser=True)
    give_codes(root)
    client.force_login(root)
    assert "on the page of your account" in act(client, "reset_second_factors", root)
    assert Authenticator.objects.count() == 2
    assert not SignIn.objects.exists()


def test_the_page_of_a_user_says_how_they_sign_in_and_no_secret(client):
    secret, codes = give_codes(mei := make_user())
    sign_in(Client(REMOTE_ADDR="203.0.113.5"), password="another word")
    client.force_login(make_user("root", is_superuser=True))
    page = client.get(f"/admin/auth/user/{mei.pk}/change/").content.decode()
    assert "TOTP" in page
    assert "203.0.113.5" in page
    assert secret not in page
    assert not [code for code in codes if code in page]


def test_editors_have_no_such_actions(client):
    mei = make_user()
    give_codes(mei)
    client.force_login(make_user("editor", group="editors"))
    response = client.post(
        "/admin/auth/user/", {"action": "reset_second_factors", "_selected_action": [mei.pk]}
    )
    assert response.status_code == 403
    assert Authenticator.objects.count() == 2
