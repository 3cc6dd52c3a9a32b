"""What a real PostgreSQL is told by the site: names, limits, and how many connections there are."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection
from django.db.transaction import atomic, set_rollback

from tests.serving import Server

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]

LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "application_name")


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def test_a_database_in_another_encoding_is_refused_before_it_is_filled(ground):
    ground.databases.make("latin", "ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    try:
        with pytest.raises(AssertionError, match=r"shanxi_portal\.E002.* is in LATIN1, and lacks the"):
            ground.manage("migrate", database="latin")
    finally:
        ground.databases.drop("latin")


def test_requests_have_limits():
    assert [ask(f"SHOW {name}") for name in LIMITS] == ["15s", "5s", "1min", "invest-shanxi"]


def test_commands_have_one_limit(ground):
    code = "from django.db import connection as c; k = c.cursor(); "
    for name in LIMITS:
        code += f"k.execute('SHOW {name}'); print(k.fetchone()[0]); "
    said = ground.manage("shell", "--no-imports", "--command", code)
    assert said.split("\n")[:4] == ["0", "5s", "0", "invest-shanxi command"]


def test_a_statement_beyond_its_limit_is_ended():
    with atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
        with pytest.raises(OperationalError, match="statement timeout"):
            cursor.execute("SELECT count(*) FROM generate_series(1, 100000000)")
        set_rollback(True)


def test_processes_share_no_connection_and_keep_few(ground):
    with Server(ground, "pool") as server, ThreadPoolExecutor(16) as readers:
        pages = list(readers.map(server.get, ["/en/zones/", "/zh-hans/zones/?city=taiyuan"] * 20))
        database = ground.databases.name("pool")
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND application_name = %s"
        open_connections = ask(query, database, "invest-shanxi")
        assert {status for status, _headers, _body in pages} == {200}
        assert len({body for _status, _headers, body in pages}) == 2
        assert 2 <= open_connections <= 2 * 4
        assert "Traceback" not in server.log.read_text()
