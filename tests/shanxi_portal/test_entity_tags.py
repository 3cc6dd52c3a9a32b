"""What a page is known by before it is made: each thing that it depends on, and nothing else."""

import re

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from shanxi_portal.entity_tags import SHOWN, edition, made_from
from tests.factories import make_city, make_zone

# Only what is committed has a version, and how rows are found does not matter.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]

LIST, DETAIL = "/en/zones/", "/en/zones/open-zone/"


@pytest.fixture(autouse=True)
def _zone():
    make_zone(slug="open-zone", city=make_city(slug="datong"))


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ("{tag}", 304),
        ('"other", {tag}, W/"third"', 304),
        ("{strong}", 304),
        ("*", 304),
        ('W/"other"', 200),
        ("{tag}x", 200),
        ("nonsense", 200),
        ("", 200),
    ],
)
def test_tags_are_compared_as_the_standard_says(client, wanted, status):
    tag = client.get(DETAIL)["ETag"]
    wanted = wanted.format(tag=tag, strong=tag.removeprefix("W/"))
    assert client.get(DETAIL, headers={"if-none-match": wanted}).status_code == status


def test_other_preconditions_are_heeded(client):
    tag = client.get(DETAIL)["ETag"]
    both = {"if-none-match": tag, "if-match": '"other"'}
    assert client.get(DETAIL, headers=both).status_code == 412


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/en/zones/?page=1"},
        {"path": "/zh-hans/zones/"},
        {"path": "/en/zones/%3Fcity=datong"},
        {"headers": {"host": "127.0.0.1"}},
        {"secure": True},
        {"headers": {"hx-request": "true"}},
        {"headers": {"hx-request": "true", "hx-history-restore-request": "true"}},
    ],
    ids=str,
)
def test_another_question_is_another_page(client, other):
    tag = client.get("/en/zones/?city=datong")["ETag"]
    question = {"path": "/en/zones/?city=datong"} | other
    question["headers"] = question.get("headers", {}) | {"if-none-match": tag}
    with override_settings(ALLOWED_HOSTS=["testserver", "127.0.0.1"]):
        assert client.get(**question).status_code != 304


@pytest.mark.parametrize("query", ["q=%C3%83%C2%A9", "q=%E9"])
def test_a_query_is_told_from_one_that_only_looks_the_same(client, query):
    tag = client.get(LIST, QUERY_STRING=b"q=\xc3\xa9".decode("latin-1"))["ETag"]
    assert client.get(LIST, QUERY_STRING=query).get("ETag") != tag


def test_a_page_is_of_its_day(client):
    with timezone.override("Etc/GMT+12"):
        tag = client.get(DETAIL)["ETag"]
        assert client.get(DETAIL, headers={"if-none-match": tag}).status_code == 304
    with timezone.override("Pacific/Kiritimati"):  # Never the same day.
        assert client.get(DETAIL, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("name", SHOWN)
def test_a_page_is_of_the_settings_that_it_shows(client, name):
    client.get(LIST)
    with override_settings(**{name: "https://shown.example"}):
        assert b"https://shown.example" in client.get(LIST).content


def test_every_variable_is_shown_on_pages_or_known_not_to_be():
    """A new variable that pages show must be entered in SHOWN, or two sites would share a page."""
    variables = set(re.findall(r"^#?([A-Z_]+)=", (settings.BASE_DIR / ".env.example").read_text(), re.M))
    not_shown = {
        *("PRODUCTION", "SECRET_KEY", "ALLOWED_HOSTS", "CACHE_URL", "PROXY_SSL_HEADER", "HSTS_SECONDS"),
        *("CSRF_TRUSTED_ORIGINS", "BIND", "WEB_CONCURRENCY", "LOG_LEVEL"),
        # Pages of staff alone, which are not kept.
        *("REQUIRE_SECOND_FACTOR", "SESSION_HOURS", "SESSION_IDLE_MINUTES", "TRUSTED_PROXIES"),
        # Where staff enter, and who is refused: refusals are not kept.
        *("ADMIN_PATH", "ADMIN_ALLOWED", "LIMIT_SEARCH", "LIMIT_SUGGESTIONS", "LIMIT_EXPORT"),
        *("LIMIT_FACT_SHEETS", "LIMIT_SIGN_IN", "COSTLY_AT_ONCE", "REQUEST_TIMEOUT"),
        # What operators see, and how they are told.
        *("LOG_FORMAT", "METRICS_BIND", "DISK_FREE_MB", "SLOW_QUERY_SECONDS", "SLOW_REQUEST_SECONDS"),
        *("ERROR_MAIL_TO", "ERROR_MAIL_FROM", "ERROR_WEBHOOK_URL", "EMAIL_URL"),
        # What becomes of the database when nobody looks.
        *("BACKUP_DIRECTORY", "BACKUP_RECIPIENTS", "BACKUP_KEEP_HOURS", "BACKUP_KEEP_DAYS"),
        *("BACKUP_KEEP_WEEKS", "BACKUP_KEEP_MONTHS"),
        # Nothing is kept with it.
        "DEBUG",
        # Printed in security.txt, which belongs to no language and is not kept.
        "SECURITY_CONTACT",
        # Told by the digest of the manifest.
        "STATIC_MANIFEST",
    }
    assert {name for name in variables if not name.startswith("DATABASE_")} == not_shown | set(SHOWN)


def test_an_edition_is_of_the_files_that_pages_are_made_from():
    """Each is read anew: `edition` remembers what a process began with."""
    began_with = edition.__wrapped__()
    assert edition.__wrapped__() == began_with
    names = ["templates/base.html", "zones/models/zone.py", "listings/versions.py", "requirements.txt"]
    names.append("locale/zh_Hans/LC_MESSAGES/django.mo")
    read = {str(path.relative_to(settings.BASE_DIR)) for path in made_from()}
    assert set(names) <= read
    assert not {name for name in read if name.startswith(("tests/", "data/", "staticfiles/", ".venv/"))}
