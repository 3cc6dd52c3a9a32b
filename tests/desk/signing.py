"""What tests of signing in share: users, codes, and what a browser posts."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import Group, User

from desk.models import SignIn

PASSWORD = "a long word for tests only"


def make_user(name="mei", *, group=None, **fields):
    user = User.objects.create_user(name, password=PASSWORD, **{"is_staff": True} | fields)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def sign_in(client, name="mei", password=PASSWORD, **data):
    return client.post("/admin/login/", {"username": name, "password": password, **data})


def give_codes(user):
    """One-time and recovery codes for a user; the secret of the first and a list of the others."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret, RecoveryCodes.activate(user).get_unused_codes()


def code_of(secret, *, ahead=0):
    """The code that an app shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def give_factor(user):
    give_codes(user)
    return Authenticator.objects.get(user=user, type="totp")


def entries(*fields, **which):
    return list(SignIn.objects.filter(**which).order_by("pk").values_list(*fields))


def outcomes(**which):
    return [outcome for (outcome,) in entries("outcome", **which)]


def is_signed_in(client):
    return client.get("/admin/").status_code == 200
