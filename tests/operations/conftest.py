"""A database that a test may lose."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from operations.backups import Refused
from operations.backups.postgresql import find
from tests.databases import connected_to


@pytest.fixture
def can_dump(django_db_setup, django_db_blocker):
    """The programs that back PostgreSQL up, of its server's version: they are the machine's to have."""
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock():
            server = connection.pg_version // 10000
        try:
            find("pg_dump", server)
        except Refused as refusal:
            pytest.skip(str(refusal))


@pytest.fixture
def own_database(request, can_dump, ground, django_db_setup, django_db_blocker, monkeypatch):
    """The shipped records and staff in a database of this test's own; its name among those of `ground`."""
    name = f"own_{request.node.nodeid.rpartition('::')[2]}"[:40]
    ground.databases.copy("ground", name)
    # Commands that are run by commands ask the environment.
    monkeypatch.setenv("DATABASE_URL", ground.databases.url(name))
    ContentType.objects.clear_cache()
    with django_db_blocker.unblock(), connected_to(ground.databases.name(name)):
        yield name
    ContentType.objects.clear_cache()
    ground.databases.drop(name)


@pytest.fixture
def directory(tmp_path, settings):
    """Where its backups go."""
    settings.BACKUP_DIRECTORY = tmp_path / "backups"
    settings.BACKUP_RECIPIENTS = []
    return settings.BACKUP_DIRECTORY
