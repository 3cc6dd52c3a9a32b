"""Signing in by password: what opens the door, what does not, and what is written down of it."""

import re
import statistics
import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk.models import SignIn
from tests.desk.signing import PASSWORD, entries, is_signed_in, make_user, outcomes, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted_from_zero():
    """allauth counts attempts in the cache, which outlives a test."""
    cache.clear()


def errors(response):
    return re.findall(r'class="errornote"[^>]*>([^<]+)<', response.content.decode())[:1]


REFUSED = ["This name and password do not belong together, or the account is closed."]
LIMITED = ["There were too many failed attempts. Wait for a quarter of an hour, then try again."]


def test_a_name_and_its_password_open_the_desk(client):
    make_user()
    response = sign_in(client)
    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert is_signed_in(client)
    assert entries("name", "outcome", "factor", "address") == [("mei", "signed-in", "", "127.0.0.1")]


@pytest.mark.parametrize(
    ("fields", "password", "outcome"),
    [
        ({}, "another word", "wrong-password"),
        ({"is_active": False}, PASSWORD, "closed"),
        ({"is_staff": False}, PASSWORD, "closed"),
    ],
)
def test_every_refusal_reads_the_same_and_is_written_down(client, fields, password, outcome):
    make_user(**fields)
    response = sign_in(client, password=password)
    assert (response.status_code, errors(response)) == (200, REFUSED)
    assert not is_signed_in(client)
    assert entries("name", "outcome") == [("mei", outcome)]


def test_a_name_that_is_nobodys_may_be_a_password_and_is_not_kept(client):
    response = sign_in(client, "hunter2 is my password")
    assert errors(response) == REFUSED
    entry = SignIn.objects.get()
    assert (entry.user, entry.name, entry.outcome) == (None, "", "unknown-name")
    assert "hunter2" not in str(list(SignIn.objects.values()))
    # Attempts under one name can still be told to belong together.
    sign_in(Client(), "HUNTER2 is my password ")
    sign_in(Client(), "another")
    keys = [key for (key,) in entries("name_key")]
    assert keys[0] == keys[1] != keys[2]


def test_an_unknown_name_takes_as_long_as_a_wrong_password(settings):
    """Somebody may ask which names there are by the time that an answer takes."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = False
    make_user()

    def seconds(name):
        started = time.process_time()
        assert errors(sign_in(Client(), name, "another word")) == REFUSED
        return time.process_time() - started

    known, unknown = ([seconds(name) for _ in range(3)] for name in ("mei", "nobody"))
    assert 0.5 < statistics.median(known) / statistics.median(unknown) < 2


def test_what_was_typed_comes_back_but_for_the_password(client):
    page = sign_in(client, "<mei>", "secret word").content.decode()
    assert 'value="&lt;mei&gt;"' in page
    assert "secret word" not in page


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/admin/zones/zone/?q=a", "/admin/zones/zone/?q=a"),
        ("http://testserver/admin/zones/", "http://testserver/admin/zones/"),
        ("https://evil.example/", "/admin/"),
        ("//evil.example/admin/", "/admin/"),
        ("javascript:alert(1)", "/admin/"),
        ("http://localhost/admin/", "/admin/"),
    ],
)
def test_one_is_sent_on_within_our_own_host_only(client, settings, target, leads_to):
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    make_user()
    page = client.get("/admin/login/", {"next": target})
    assert page.status_code == 200
    assert sign_in(client, next=target)["Location"] == leads_to


def test_a_page_of_the_admin_asks_to_sign_in_and_comes_back(client):
    response = client.get("/admin/zones/zone/?q=a")
    assert response["Location"] == "/admin/login/?next=/admin/zones/zone/%3Fq%3Da"


@pytest.mark.parametrize("address", ["/admin/signup/", "/admin/account/email/", "/accounts/login/"])
def test_nobody_signs_up_and_nothing_else_of_allauth_is_there(client, address):
    make_user()
    client.force_login(User.objects.get())
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [("en", "Log in", REFUSED[0]), ("zh-hans", "登录", "用户名或密码不正确，或者账号已停用。")],
)
def test_it_speaks_the_language_of_the_browser(client, language, title, text):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    page = sign_in(client, "nobody").content.decode()
    assert f"<h1>{title}</h1>" in re.sub(r"\s+(?=<)|(?<=>)\s+", "", page)
    assert text in page


# Limits


def test_after_ten_failures_a_name_is_not_tried_any_more(client, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    make_user()
    for _ in range(10):
        assert errors(sign_in(Client(), password="another word")) == REFUSED
    cache.clear()
    assert errors(sign_in(client)) == LIMITED
    assert not is_signed_in(client)
    assert outcomes() == ["wrong-password"] * 10 + ["limited"]
    # Later it is.
    SignIn.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert sign_in(client).status_code == 302


def test_a_name_that_is_nobodys_is_limited_in_the_same_words(settings):
    settings.SIGN_IN_FAILURES_BY_NAME = 2
    answers = [errors(sign_in(Client(), "nobody")) for _ in range(3)]
    assert answers == [REFUSED, REFUSED, LIMITED]


def test_whoever_knows_the_password_starts_anew(settings):
    settings.SIGN_IN_FAILURES_BY_NAME = 2
    make_user()
    sign_in(Client(), password="another word")
    assert sign_in(Client()).status_code == 302
    assert errors(sign_in(Client(), password="another word")) == REFUSED
    assert sign_in(Client()).status_code == 302


def test_an_address_is_limited_whatever_names_it_tries(settings):
    settings.SIGN_IN_FAILURES_BY_ADDRESS = 3
    make_user()
    for number in range(3):
        sign_in(Client(REMOTE_ADDR="192.0.2.7"), f"nobody-{number}")
    assert errors(sign_in(Client(REMOTE_ADDR="192.0.2.7"))) == LIMITED
    assert sign_in(Client(REMOTE_ADDR="192.0.2.8")).status_code == 302


@pytest.mark.parametrize(("language", "title"), [("en", "Too many attempts"), ("zh-hans", "尝试次数过多")])
def test_a_flood_of_posts_gets_a_page_of_ours(settings, language, title):
    settings.RATE_LIMITS = {"sign_in": "2/minute"}
    client = Client(headers={"accept-language": language}, REMOTE_ADDR=f"192.0.2.{len(language)}")
    codes = [sign_in(client, "nobody").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    page = sign_in(client, "nobody")
    assert f"<h1>{title}</h1>" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "nonsense", "192.0.2.1"),
        (1, "2001:db8::7", "2001:db8::7"),
    ],
)
def test_the_address_is_what_trusted_proxies_say(client, settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    make_user()
    client.defaults |= {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": forwarded}
    sign_in(client)
    assert entries("address") == [(address,)]


def test_a_connection_without_an_address_is_served(client):
    make_user()
    client.defaults["REMOTE_ADDR"] = ""
    assert sign_in(client).status_code == 302
    assert entries("address") == [(None,)]


# What can be read of it


def test_one_sees_what_happened_under_ones_own_name_alone(client):
    make_user(), make_user("tao")
    sign_in(Client(REMOTE_ADDR="203.0.113.5"), password="another word")
    sign_in(Client(REMOTE_ADDR="203.0.113.6"), "tao", "another word")
    sign_in(client)
    page = client.get("/admin/account/").content.decode()
    assert "203.0.113.5" in page
    assert "203.0.113.6" not in page


def test_one_hears_of_failed_attempts_when_signing_in(client):
    make_user()
    sign_in(Client())
    for _ in range(2):
        sign_in(Client(), password="another word")
    page = sign_in(client), client.get("/admin/account/").content.decode()
    assert re.search(r"2 attempts under your name have failed", page[1])
    sign_in(other := Client())
    assert "have failed" not in other.get("/admin/account/").content.decode()


def test_administrators_read_all_entries_and_change_none(client):
    make_user(is_superuser=True)
    sign_in(Client(), "nobody")
    sign_in(client)
    page = client.get("/admin/desk/signin/").content.decode()
    assert re.search(r"unknown name [0-9a-f]{6}", page)
    assert client.get("/admin/desk/signin/add/").status_code == 403
    pk = SignIn.objects.first().pk
    assert client.post(f"/admin/desk/signin/{pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("group", ["editors", "publishers"])
def test_nobody_else_reads_them(client, group):
    client.force_login(make_user(group=group))
    assert client.get("/admin/desk/signin/").status_code == 403
    assert "/admin/desk/signin/" not in client.get("/admin/").content.decode()


def test_secrets_of_others_are_not_in_the_admin(client):
    client.force_login(make_user(is_superuser=True))
    for address in ("/admin/mfa/authenticator/", "/admin/account/emailaddress/"):
        assert client.get(address).status_code == 404


def test_the_list_of_entries_asks_as_much_for_many_as_for_one(client):
    client.force_login(make_user(is_superuser=True))
    counts = []
    for _ in range(2):
        sign_in(Client(), password="another word")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/admin/desk/signin/").status_code == 200
        counts.append(len(asked))
        sign_in(Client(), "nobody")
        sign_in(Client(), password="another word")
    assert counts[0] == counts[1]


def test_entries_are_cleared_after_a_year(client):
    make_user()
    for days in (400, 366, 364, 0):
        sign_in(Client())
        SignIn.objects.filter(pk=SignIn.objects.order_by("-pk")[0].pk).update(
            at=timezone.now() - timedelta(days=days)
        )
    assert SignIn.objects.clear_old() == 2
    assert SignIn.objects.count() == 2


def test_an_entry_outlives_its_user(client):
    user = make_user()
    sign_in(client)
    user.delete()
    assert entries("user", "name", "outcome") == [(None, "mei", "signed-in")]
