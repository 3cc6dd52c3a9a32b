"""What is slow is named in the log: the query without its values, the answer with what it asked."""

import pytest
from django.test import override_settings

from tests.factories import make_zone

pytestmark = pytest.mark.django_db


def named(caplog, beginning):
    return [record for record in caplog.records if record.getMessage().startswith(beginning)]


def test_a_slow_query_is_named_with_its_view_and_without_its_values(client, caplog):
    make_zone(slug="slow-zone")
    with override_settings(SLOW_QUERY_SECONDS=0):
        client.get("/en/zones/slow-zone/")
    found = [record.getMessage() for record in named(caplog, "Slow query: ")]
    assert any('FROM "zones_zone"' in sql and "%s" in sql for sql in found)
    assert not [sql for sql in found if "slow-zone" in sql]
    assert {record.fields["database"] for record in named(caplog, "Slow query: ")} == {"default"}


def test_a_slow_answer_is_named_with_what_it_asked(client, caplog):
    with override_settings(SLOW_REQUEST_SECONDS=0):
        client.get("/en/zones/")
    (record,) = named(caplog, "Slow request: ")
    assert record.fields["queries"] > 3
    assert record.fields["query_seconds"] < record.fields["seconds"]


def test_what_is_not_slow_is_not_named(client, caplog):
    client.get("/en/zones/")
    assert named(caplog, "Slow") == []
