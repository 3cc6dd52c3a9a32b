"""Settings fail closed. Each case starts a process of its own, with no variables but those it names."""

import ast
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


def show_served(expression, **variables):
    """The same in a process that is no command."""
    code = f"from django.conf import settings; print({expression})"
    done = python("-c", code, DJANGO_SETTINGS_MODULE="shanxi_portal.settings", **variables)
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
        ("DATABASE_URL", "postgres://user@host/name?sslmodes=require"),
        ("DATABASE_REPLICA_URL", ""),
        ("DATABASE_REPLICA_URL", "foo"),
        ("DATABASE_REPLICA_URL", "sqlite:///other.sqlite3"),
        ("DATABASE_REPLICA_URL", "postgres://user@host/name"),
        ("DATABASE_POOL_MAX", "0"),
        ("DATABASE_POOL_MAX", "many"),
        ("DATABASE_POOL_MIN", "-1"),
        ("DATABASE_POOL_MIN", "5"),
        ("DATABASE_STATEMENT_TIMEOUT", "15000"),
        ("DATABASE_STATEMENT_TIMEOUT", "nan"),
        ("DATABASE_LOCK_TIMEOUT", "-1"),
        ("DATABASE_IDLE_TIMEOUT", "1min"),
        ("BACKUP_DIRECTORY", ""),
        ("BACKUP_RECIPIENTS", "age1nobody"),
        ("BACKUP_KEEP_DAYS", "-1"),
        ("CACHE_URL", "foo"),
        ("CACHE_URL", "memcached://host:11211"),
        ("SITE_URL", "invest.example"),
        ("SITE_URL", "https://invest.example/en/"),
        ("HSTS_SECONDS", "x"),
        ("HSTS_SECONDS", "-1"),
        ("PROXY_SSL_HEADER", "X-Forwarded-Proto"),
        ("STATIC_MANIFEST", "maybe"),
        ("ADMIN_PATH", "/admin/"),
        ("ADMIN_PATH", ""),
        ("ADMIN_PATH", "en/staff/"),
        ("ADMIN_ALLOWED", "192.0.2.1/24"),
        ("LIMIT_SEARCH", "many"),
        ("LIMIT_SEARCH", "0/minute"),
        ("LIMIT_EXPORT", "1/second;9/minute"),
        ("LIMIT_FACT_SHEETS", "9/month"),
        ("LIMIT_SUGGESTIONS", ""),
        ("LIMIT_SIGN_IN", "30"),
        ("COSTLY_AT_ONCE", "0"),
        ("REQUEST_TIMEOUT", "-1"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
        ("METRICS_BIND", "9100"),
        ("METRICS_BIND", "127.0.0.1:99999"),
        ("METRICS_BIND", "127.0.0.1:0"),
        ("DISK_FREE_MB", "much"),
        ("SLOW_QUERY_SECONDS", "-1"),
        ("SLOW_REQUEST_SECONDS", "nan"),
        ("ERROR_MAIL_TO", "operators"),
        ("ERROR_MAIL_FROM", ""),
        ("ERROR_WEBHOOK_URL", "chat.example/hook"),
        ("EMAIL_URL", "imap://mail.example"),
    ],
)
def test_nonsense_is_refused_anywhere(name, value):
    assert_refused(manage("check", **{name: value}), name)


def test_limits_are_read_as_they_are_written():
    shown = show(
        "sorted(settings.RATE_LIMITS.items()), settings.ADMIN_ROOT, settings.ADMIN_ALLOWED",
        LIMIT_SEARCH="500 per Hour",
        LIMIT_EXPORT="none",
        ADMIN_PATH="staff/door/",
        ADMIN_ALLOWED="192.0.2.7, 2001:db8::/32",
    )
    rates = {
        **{"fact_sheets": "30/minute", "search": "500 per hour", "sign_in": "30/minute"},
        "suggestions": "240/minute",
    }
    networks = "[IPv4Network('192.0.2.7/32'), IPv6Network('2001:db8::/32')]"
    assert shown == f"{sorted(rates.items())} /staff/door/ {networks}"


def test_redis_without_its_client_is_refused_by_name():
    hide_redis = "import sys; sys.modules['redis'] = None"
    run_check = "import manage; sys.argv[1:] = ['check']; manage.main()"
    done = python("-c", f"{hide_redis}; {run_check}", CACHE_URL="redis://host:6379/0")
    assert_refused(done, "CACHE_URL")


@pytest.mark.parametrize(
    ("name", "value"),
    [("WEB_CONCURRENCY", "0"), ("PRODUCTION", "perhaps"), ("METRICS_BIND", "127.0.0.2:9")],
)
def test_server_refuses_in_one_line_before_it_listens(name, value):
    done = python("-m", "gunicorn", "--log-level", "error", **{"BIND": "127.0.0.1:9", name: value})
    assert_refused(done, name)


def test_password_of_a_refused_database_is_not_shown():
    done = manage("check", DATABASE_URL="mysql://user:hunter2@host/name")
    assert_refused(done, "DATABASE_URL")
    assert "hunter2" not in done.stderr


POSTGRESQL = "postgres://user:p%40ss@host:5432/name?sslmode=require"
DEFAULT = "settings.DATABASES['default']"


def test_postgresql_gets_a_pool_and_limits():
    shown = show_served(f"{DEFAULT}['PASSWORD'], {DEFAULT}['CONN_MAX_AGE']", DATABASE_URL=POSTGRESQL)
    assert shown == "p@ss 0"
    options = ast.literal_eval(show_served(f"{DEFAULT}['OPTIONS']", DATABASE_URL=POSTGRESQL))
    assert options == {
        "sslmode": "require",
        "pool": {"min_size": 1, "max_size": 4, "timeout": 4, "reconnect_timeout": 4},
        "options": (
            "-c lock_timeout=5000 -c statement_timeout=15000 -c idle_in_transaction_session_timeout=60000"
        ),
        "application_name": "invest-shanxi",
        "connect_timeout": 5,
    }


def test_variables_size_the_pool_and_set_the_limits():
    shown = show_served(
        f"{DEFAULT}['OPTIONS']['pool'], {DEFAULT}['OPTIONS']['options']",
        DATABASE_URL=POSTGRESQL,
        DATABASE_POOL_MIN="2",
        DATABASE_POOL_MAX="20",
        DATABASE_STATEMENT_TIMEOUT="0",
        DATABASE_LOCK_TIMEOUT="0.5",
        DATABASE_IDLE_TIMEOUT="3600",
    )
    assert shown == (
        "{'min_size': 2, 'max_size': 20, 'timeout': 4, 'reconnect_timeout': 4} "
        "-c lock_timeout=500 -c statement_timeout=0 -c idle_in_transaction_session_timeout=3600000"
    )


def test_a_command_waits_for_a_lock_no_longer_than_a_request_and_may_work_longer():
    options = ast.literal_eval(show(f"{DEFAULT}['OPTIONS']", DATABASE_URL=POSTGRESQL))
    assert options["options"] == "-c lock_timeout=5000"
    assert options["application_name"] == "invest-shanxi command"
    assert "pool" not in options


def test_what_the_address_says_wins():
    url = "postgres://user@host/name?application_name=other&connect_timeout=9&options=-c%20lock_timeout%3D1"
    options = ast.literal_eval(show_served(f"{DEFAULT}['OPTIONS']", DATABASE_URL=url))
    assert (options["application_name"], options["connect_timeout"]) == ("other", 9)
    assert options["options"].endswith("-c lock_timeout=1")


def test_a_replica_is_read_only_and_waited_for_less():
    variables = {"DATABASE_URL": POSTGRESQL, "DATABASE_REPLICA_URL": "postgres://user@second/name"}
    replica = "settings.DATABASES['replica']"
    options = ast.literal_eval(show_served(f"{replica}['OPTIONS']", **variables))
    assert options["options"].endswith("-c default_transaction_read_only=on")
    assert (options["pool"]["timeout"], options["connect_timeout"]) == (2, 2)
    assert show(f"{replica}['HOST'], settings.DATABASE_ROUTERS", **variables) == (
        "second ['shanxi_portal.routers.ReplicaRouter']"
    )
    assert show("list(settings.DATABASES), settings.DATABASE_ROUTERS") == "['default'] []"


def test_starting_opens_no_connection_that_a_fork_would_share():
    code = "import shanxi_portal.wsgi; from django.db import connection as c; "
    code += "print(c.connection, c._connection_pools)"
    done = python("-c", code, DATABASE_URL="postgres://nobody@127.0.0.1:1/name")
    assert done.stdout.strip() == "None {}", done.stderr


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
