"""What lies in the future, since the clock of the server was put back: sessions, and failed sign-ins."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from desk.accounts.sessions import BEGAN, SEEN
from desk.models import SignIn
from desk.models.signin import name_key
from tests.desk.spreadsheets import person

pytestmark = pytest.mark.django_db
AN_HOUR = 3600


def test_a_session_that_was_seen_tomorrow_has_ended(client):
    client.force_login(person(None, is_superuser=True))
    for ahead, status in ((30, 200), (AN_HOUR, 302)):
        session = client.session
        session[BEGAN] = session[SEEN] = int(time.time()) + ahead
        session.save()
        assert client.get("/admin/").status_code == status


def test_sign_ins_of_tomorrow_neither_lock_a_name_out_nor_let_it_try_for_ever():
    def attempt(outcome, ahead):
        at = timezone.now() + ahead
        SignIn.objects.create(name_key=name_key("root"), address="192.0.2.1", outcome=outcome, at=at)

    attempt(SignIn.Outcome.WRONG_PASSWORD, timedelta(hours=1))
    assert SignIn.objects.failed_lately(name="root") == 0
    assert SignIn.objects.failed_lately(address="192.0.2.1") == 0
    attempt(SignIn.Outcome.SIGNED_IN, timedelta(hours=1))
    attempt(SignIn.Outcome.WRONG_PASSWORD, -timedelta(minutes=1))
    assert SignIn.objects.failed_lately(name="root") == 1
