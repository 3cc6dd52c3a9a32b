"""The database, its pool and limits, and a replica for readers."""

import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environs import validate
from psycopg import ProgrammingError
from psycopg.conninfo import make_conninfo

from .reading import BASE_DIR, env, read, refuse_unless

SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"

# A command of manage.py may take long, and has the time: what guards the requests of readers is not for it.
IS_COMMAND = Path(sys.argv[0]).name in {"manage.py", "django-admin"}

# Connections that each gunicorn process keeps: at most one for each of its threads, and at least so many.
POOL_MAX = read(env.int, "DATABASE_POOL_MAX", 4, validate=validate.Range(min=1, max=1000))
POOL_MIN = read(env.int, "DATABASE_POOL_MIN", 1, validate=validate.Range(min=0))
refuse_unless(POOL_MIN <= POOL_MAX, "DATABASE_POOL_MIN must not be more than DATABASE_POOL_MAX.")
# Seconds. 0 is no limit; an hour is the most, since what is meant as milliseconds is soon more.
SECONDS = validate.Range(min=0, max=3600)
STATEMENT_TIMEOUT = read(env.float, "DATABASE_STATEMENT_TIMEOUT", 15, validate=SECONDS)
LOCK_TIMEOUT = read(env.float, "DATABASE_LOCK_TIMEOUT", 5, validate=SECONDS)
IDLE_TIMEOUT = read(env.float, "DATABASE_IDLE_TIMEOUT", 60, validate=SECONDS)


def database(name, config):
    """What a variable names, with what each engine needs to serve many at once."""
    refuse_unless(
        config["ENGINE"] in {SQLITE, POSTGRESQL} and config["NAME"],
        f"{name} must be sqlite:///<file> or postgres://<user>:<password>@<host>/<name>.",
    )
    options = config.setdefault("OPTIONS", {})
    if config["ENGINE"] == POSTGRESQL:
        config["ENGINE"] = "shanxi_portal.engines.postgresql"
        postgresql_options(name, options)
        config["CONN_HEALTH_CHECKS"] = True
    else:
        config["ENGINE"] = "shanxi_portal.engines.sqlite3"
        if config["NAME"] != ":memory:":
            config["NAME"] = BASE_DIR / config["NAME"]
        # Readers do not wait for a writer (WAL). A writer takes its lock at once (IMMEDIATE), so that it
        # waits up to 5 seconds for its turn instead of failing half-way.
        # Rows that INSERT OR REPLACE takes away count as deleted only with recursive triggers.
        # What is acknowledged is on the disk (FULL): with NORMAL a loss of power takes back the last saves.
        options["init_command"] = (
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA recursive_triggers = ON"
        )
        options["transaction_mode"] = "IMMEDIATE"
        options["timeout"] = 5
        # Opening the file reads the whole schema: done once by each thread, not for each request.
        config["CONN_MAX_AGE"] = None
        # Tests know this of Django's own engine, and must be told it of another.
        config["TEST"] = {"NAME": ":memory:"}
    return config


def postgresql_options(name, options):
    """Add a pool and limits to the options that an address carries, such as sslmode; they win."""
    try:
        make_conninfo(**options)
    except ProgrammingError as error:
        raise ImproperlyConfigured(
            f"{name} has an option that PostgreSQL does not know: {str(error).strip()}"
        ) from None
    # A migration that waits for a lock makes everybody else wait behind it: a command gives up as well.
    limits = {"lock_timeout": LOCK_TIMEOUT}
    if not IS_COMMAND:
        limits["statement_timeout"] = STATEMENT_TIMEOUT
        limits["idle_in_transaction_session_timeout"] = IDLE_TIMEOUT
        # Seconds that a reader waits for a connection, and that the pool tries by itself to make one: after
        # that each who asks has it tried anew, and not in ever longer steps.
        options["pool"] = {"min_size": POOL_MIN, "max_size": POOL_MAX, "timeout": 4, "reconnect_timeout": 4}
    ours = " ".join(f"-c {limit}={round(seconds * 1000)}" for limit, seconds in limits.items())
    options["options"] = f"{ours} {options.get('options', '')}".strip()
    options.setdefault("application_name", "invest-shanxi command" if IS_COMMAND else "invest-shanxi")
    options.setdefault("connect_timeout", 5)


DATABASES = {"default": database("DATABASE_URL", read(env.dj_db_url, "DATABASE_URL", "sqlite:///db.sqlite3"))}
DATABASE_ROUTERS = []
# Seconds for which a replica that did not answer is not asked again.
REPLICA_MEMORY = 15

if read(env.str, "DATABASE_REPLICA_URL", None) is not None:
    DATABASES["replica"] = database("DATABASE_REPLICA_URL", read(env.dj_db_url, "DATABASE_REPLICA_URL"))
    refuse_unless(
        {config["ENGINE"] for config in DATABASES.values()} == {"shanxi_portal.engines.postgresql"},
        "DATABASE_REPLICA_URL needs PostgreSQL in it and in DATABASE_URL: SQLite has no replicas.",
    )
    DATABASES["replica"]["TEST"] = {"MIRROR": "default"}
    # Readers are not kept waiting for it while the primary can answer, and nothing is ever written to it.
    options = DATABASES["replica"]["OPTIONS"]
    options["options"] += " -c default_transaction_read_only=on"
    options["connect_timeout"] = min(options["connect_timeout"], 2)
    if "pool" in options:
        options["pool"]["timeout"] = 2
    DATABASE_ROUTERS = ["shanxi_portal.routers.ReplicaRouter"]
