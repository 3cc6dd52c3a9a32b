"""What tests of the desk share: whose desk it is, what lies on it, and giving an answer."""

import datetime

from django.utils import timezone

from desk.answers import name_of, seen
from desk.models import Finding
from records.checks import Severity
from tests.records.staff import make_user


def past(days=1):
    return timezone.localdate() - datetime.timedelta(days=days)


def editor_of(*places, group="editors", **values):
    return make_user(group, keeps=places, **values)


def desk(client, user):
    """{key of a section: titles of its rows} as somebody sees the first page."""
    client.force_login(user)
    found = client.get("/admin/").context["desk"]
    return {shown.section.key: [row.title for row in shown.rows] for shown in found["sections"]}


def answer(client, name, row, **values):
    data = {"row": name_of(row), "back": "/admin/"} | values
    return client.post(f"/admin/to-do/answer/{name}/", data, follow=True)


def shown(row):
    """The token of a row as the database has it, which is how a page shows it."""
    return seen(type(row).objects.get(pk=row.pk))


def make_finding(record, **values):
    now = timezone.now()
    values = {
        "check_name": "level-not-stated",
        "severity": Severity.NOTE,
        "what": {},
        "fingerprint": "a",
        "first_seen": now,
        "last_seen": now,
    } | values
    return Finding.objects.create(record=record, **values)
