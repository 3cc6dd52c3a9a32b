"""A session that cannot be written does not take the page with it."""

import time

import pytest
from django.db import connection

from desk.accounts.sessions import BEGAN, SEEN
from tests.desk.spreadsheets import person


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_page_is_shown_while_nothing_can_be_written(client, caplog):
    client.force_login(person(None, is_superuser=True))
    session = client.session
    session[BEGAN] = session[SEEN] = int(time.time()) - 300
    session.save()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            response = client.get("/admin/zones/zone/")
        finally:
            cursor.execute("PRAGMA query_only = OFF")
    assert response.status_code == 200
    assert "A session is not written: attempt to write a readonly database" in caplog.text
    assert client.get("/admin/zones/zone/").status_code == 200
