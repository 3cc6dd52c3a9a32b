"""`manage.py show_configuration`: every variable, no secret, and a word on whether the site may serve."""

import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from operations.configuration import Verdict, findings, misspelt, shown, variables

SECRETS = {
    "SECRET_KEY": "a-key-that-nobody-may-read-over-a-shoulder",
    "DATABASE_URL": "postgres://site:hidden@database.example:5432/portal?sslpassword=hidden",
    "CACHE_URL": "redis://:hidden@cache.example:6379/0",
    "EMAIL_URL": "smtp://site:hidden@mail.example:25",
    "ERROR_WEBHOOK_URL": "https://hooks.example/services/hidden",
}


def test_every_variable_of_the_document_is_shown_and_no_other():
    text = (settings.BASE_DIR / "docs/deployment.md").read_text(encoding="utf-8")
    table = text[text.index("## Variables") :]
    named = re.findall(r"^\| `([A-Z_]+)` \|", table[: table.index("\n## ", 5)], re.M)

    assert [variable.name for variable in variables({})] == sorted(named)
    assert not [variable.name for variable in variables({}) if variable.is_set]


def test_what_is_set_counts_and_secrets_are_left_out():
    told = {variable.name: variable for variable in variables(SECRETS | {"WEB_CONCURRENCY": "5"})}

    assert (told["WEB_CONCURRENCY"].value, told["WEB_CONCURRENCY"].is_set) == ("5", True)
    assert (told["STATIC_MANIFEST"].value, told["STATIC_MANIFEST"].is_set) == ("false", False)
    assert told["DATABASE_URL"].value == "postgres://site:…@database.example:5432/portal?…"
    assert told["CACHE_URL"].value == "redis://:…@cache.example:6379/0"
    assert told["SECRET_KEY"].value == "secret, 42 characters"
    assert not [
        variable for variable in told.values() if "hidden" in variable.value or "nobody" in variable.value
    ]
    assert shown("DATABASE_URL", "sqlite:////var/lib/db.sqlite3") == "sqlite:////var/lib/db.sqlite3"


def test_a_slip_of_the_pen_is_noticed():
    environment = {"ALLOWED_HOST": "a.example", "PATH": "/bin", "SECRET_KEY": "x", "DATABSE_URL": "x"}

    assert misspelt(environment) == {"ALLOWED_HOST": "ALLOWED_HOSTS", "DATABSE_URL": "DATABASE_URL"}


def verdicts(name, environment=None):
    return [finding.verdict for finding in findings(environment or {}) if finding.name == name]


@pytest.mark.django_db
def test_a_site_in_order_may_serve():
    out = StringIO()
    call_command("show_configuration", stdout=out)

    assert "ok       database\nok       migrations" in out.getvalue()
    assert "FAILED" not in out.getvalue()


@pytest.mark.django_db
def test_files_that_were_not_collected_are_named_and_the_command_fails(tmp_path, settings):
    settings.STATIC_MANIFEST = True
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    out = StringIO()

    with pytest.raises(CommandError, match="must not serve"):
        call_command("show_configuration", stdout=out)
    assert re.search(
        r"FAILED   static files: \d+ are missing, such as .+ Run manage.py collectstatic", out.getvalue()
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proxies", "trusts", "bind", "verdict"),
    [
        (0, False, "127.0.0.1:8000", Verdict.WARNING),
        (1, False, "127.0.0.1:8000", Verdict.OK),
        (1, False, "unix:/run/site.sock", Verdict.OK),
        (1, False, "0.0.0.0:8000", Verdict.FAILED),
        (1, True, "0.0.0.0:8000", Verdict.OK),
    ],
)
def test_what_is_believed_of_a_proxy_fits_where_it_stands(settings, proxies, trusts, bind, verdict):
    settings.PRODUCTION = True
    settings.TRUSTED_PROXIES = proxies
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if trusts else None

    assert verdicts("proxy", {"BIND": bind}) == [verdict]


@pytest.mark.django_db
def test_production_asks_what_check_deploy_asks(settings):
    settings.PRODUCTION, settings.SITE_URL = True, "http://elsewhere.example"

    reasons = [finding.reason for finding in findings({}) if finding.name == "checks"]

    assert any(reason.startswith("shanxi_portal.E001:") for reason in reasons)
