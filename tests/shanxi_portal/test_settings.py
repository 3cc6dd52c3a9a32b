"""Settings fail closed. Each case starts a process of its own, with no variables but those it names."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

GOOD_KEY = "a-key-for-this-test-and-for-no-server-0123456789-abcdef"
PRODUCTION = {"PRODUCTION": "true", "SECRET_KEY": GOOD_KEY, "ALLOWED_HOSTS": "invest.example"}


def python(*arguments, **variables):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )


def manage(*arguments, **variables):
    return python("manage.py", *arguments, **variables)


def show(expression, **variables):
    """What an expression of the settings is under these variables."""
    code = f"from django.conf import settings; print({expression})"
    done = manage("shell", "--no-imports", "--command", code, **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_no_variable_at_all_works():
    done = manage("check")
    assert done.returncode == 0, done.stderr


def test_no_variable_at_all_serves_this_machine_only():
    assert show("settings.ALLOWED_HOSTS, settings.DEBUG") == "['localhost', '127.0.0.1', '[::1]'] False"
    assert show("settings.DATABASES['default']['NAME']") == str(settings.BASE_DIR / "db.sqlite3")


def test_required_variables_are_enough_for_production():
    assert show("settings.SECURE_SSL_REDIRECT, settings.STATIC_MANIFEST", **PRODUCTION) == "True True"


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_requires(name):
    variables = {key: value for key, value in PRODUCTION.items() if key != name}
    assert_refused(manage("check", **variables), name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "true"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "django-insecure-for-one-machine-only-and-refused-in-production"),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", " , "),
        ("ALLOWED_HOSTS", "*"),
    ],
)
def test_production_refuses(name, value):
    assert_refused(manage("check", **{**PRODUCTION, name: value}), name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PRODUCTION", "perhaps"),
        ("PRODUCTION", ""),
        ("DEBUG", "2"),
        ("DATABASE_URL", "foo"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "mysql://user@host/name"),
        ("DATABASE_URL", "postgres://user@host"),
        ("CACHE_URL", "foo"),
        ("CACHE_URL", "memcached://host:11211"),
        ("SITE_URL", "invest.example"),
        ("SITE_URL", "https://invest.example/en/"),
        ("HSTS_SECONDS", "x"),
        ("HSTS_SECONDS", "-1"),
        ("PROXY_SSL_HEADER", "X-Forwarded-Proto"),
        ("STATIC_MANIFEST", "maybe"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_nonsense_is_refused_anywhere(name, value):
    assert_refused(manage("check", **{name: value}), name)


def test_redis_without_its_client_is_refused_by_name():
    hide_redis = "import sys; sys.modules['redis'] = None"
    run_check = "import manage; sys.argv[1:] = ['check']; manage.main()"
    done = python("-c", f"{hide_redis}; {run_check}", CACHE_URL="redis://host:6379/0")
    assert_refused(done, "CACHE_URL")


@pytest.mark.parametrize(("name", "value"), [("WEB_CONCURRENCY", "0"), ("PRODUCTION", "perhaps")])
def test_server_refuses_in_one_line_before_it_listens(name, value):
    done = python("-m", "gunicorn", "--log-level", "error", **{"BIND": "127.0.0.1:0", name: value})
    assert_refused(done, name)


def test_password_of_a_refused_database_is_not_shown():
    done = manage("check", DATABASE_URL="mysql://user:hunter2@host/name")
    assert_refused(done, "DATABASE_URL")
    assert "hunter2" not in done.stderr


def test_postgresql_gets_a_pool():
    url = "postgres://user:p%40ss@host:5432/name?sslmode=require"
    shown = show("(d := settings.DATABASES['default'])['PASSWORD'], d['OPTIONS']", DATABASE_URL=url)
    assert shown.startswith("p@ss {")
    assert "'sslmode': 'require'" in shown
    assert "'pool': {" in shown


def test_sqlite_path_is_counted_from_the_project():
    shown = show("settings.DATABASES['default']['NAME']", DATABASE_URL="sqlite:///data.sqlite3")
    assert shown == str(settings.BASE_DIR / "data.sqlite3")
    shown = show("settings.DATABASES['default']['NAME']", DATABASE_URL="sqlite:////srv/data.sqlite3")
    assert shown == "/srv/data.sqlite3"


def test_lists_allow_spaces():
    shown = show("settings.ALLOWED_HOSTS", ALLOWED_HOSTS="a.example, b.example,")
    assert shown == "['a.example', 'b.example']"


def assert_refused(done, name):
    """One line, naming the variable."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.startswith("Refused: ")
    assert len(done.stderr.splitlines()) == 1
    assert name in done.stderr
