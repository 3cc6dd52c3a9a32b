"""How long a session lasts, and what ends it."""

import re
import time

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from desk.accounts import sessions
from tests.desk.signing import PASSWORD, is_signed_in, make_user, outcomes, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted_from_zero():
    """allauth counts attempts in the cache, which outlives a test."""
    cache.clear()


def errors(response):
    return re.findall(r'class="errornote"[^>]*>([^<]+)<', response.content.decode())[:1]


def aged(client, *, began=0, seen=0):
    """The session of a client, as if it had begun, and been seen last, so many seconds earlier."""
    session = client.session
    session[sessions.BEGAN] -= began
    session[sessions.SEEN] -= seen
    session.save()


@pytest.mark.parametrize(
    ("began", "seen", "goes_on"),
    [
        (0, 0, True),
        (8 * 3600 - 60, 60, True),
        (3600, 3600 - 60, True),
        (8 * 3600, 0, False),
        (3600, 3600, False),
    ],
)
def test_a_session_ends_after_eight_hours_and_after_an_idle_one(client, began, seen, goes_on):
    make_user()
    sign_in(client)
    aged(client, began=began, seen=seen)
    response = client.get("/admin/zones/zone/")
    assert (response.status_code != 302) is goes_on
    if not goes_on:
        assert response["Location"] == "/admin/login/?next=/admin/zones/zone/"
        assert "Your session has ended. Please sign in again." in client.get("/admin/login/").content.decode()


def test_being_there_keeps_a_session_alive_and_is_seldom_written(client):
    make_user(is_superuser=True)
    sign_in(client)
    aged(client, began=3000, seen=3000)
    client.get("/admin/account/")
    assert time.time() - client.session[sessions.SEEN] < 60
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/admin/password_change/").status_code == 200
    assert not [one["sql"] for one in asked if one["sql"].startswith(("UPDATE", "INSERT"))]


def test_the_cookie_ends_with_the_browser(client):
    make_user()
    sign_in(client)
    assert client.cookies["sessionid"]["max-age"] == ""
    assert client.cookies["sessionid"]["expires"] == ""


def test_whoever_is_no_staff_any_more_is_out_at_once(client):
    user = make_user()
    sign_in(client)
    User.objects.filter(pk=user.pk).update(is_staff=False)
    assert client.get("/admin/", follow=True).redirect_chain == [("/admin/login/?next=/admin/", 302)]


def test_public_pages_do_not_look_at_the_session(client):
    make_user()
    sign_in(client)
    aged(client, began=9 * 3600)
    response = client.get("/en/about/")
    assert not response.cookies
    assert "Cookie" not in response["Vary"]
    assert client.session[sessions.BEGAN]


def test_a_changed_password_ends_the_other_sessions(client):
    make_user()
    other = Client()
    for one in (client, other):
        sign_in(one)
    new = "another long word"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    response = client.post("/admin/password_change/", data, follow=True)
    assert "Your password is changed." in response.content.decode()
    assert (is_signed_in(client), is_signed_in(other)) == (True, False)
    assert outcomes() == ["signed-in", "signed-in", "password-changed"]
    assert sign_in(Client(), password=new).status_code == 302


def test_a_wrong_present_password_changes_nothing(client):
    make_user()
    sign_in(client)
    data = {"oldpassword": "wrong", "password1": "another long word", "password2": "another long word"}
    page = client.post("/admin/password_change/", data).content.decode()
    assert "This is not your present password." in page
    assert sign_in(Client()).status_code == 302


def test_signing_out_is_a_post_and_is_written_down(client):
    make_user()
    sign_in(client)
    assert client.get("/admin/logout/").status_code == 200
    assert is_signed_in(client)
    response = client.post("/admin/logout/", follow=True)
    assert response.redirect_chain == [("/admin/login/", 302)]
    assert "You are signed out." in response.content.decode()
    assert outcomes() == ["signed-in", "signed-out"]


def test_a_command_ends_the_sessions_of_one_user_or_of_everybody(capsys):
    make_user(), make_user("tao")
    clients = {name: Client() for name in ("mei", "tao")}
    for name, client in clients.items():
        sign_in(client, name)
    call_command("end_sessions", "mei")
    assert {name: is_signed_in(client) for name, client in clients.items()} == {"mei": False, "tao": True}
    call_command("end_sessions", everybody=True)
    assert not is_signed_in(clients["tao"])
    assert capsys.readouterr().out == "1 session(s) ended.\n1 session(s) ended.\n"
    with pytest.raises(CommandError, match="no user “bob”"):
        call_command("end_sessions", "bob")
