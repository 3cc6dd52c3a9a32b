"""Somebody of each role, signed in."""

import pytest

from tests.records.staff import make_user


@pytest.fixture
def root(client):
    user = make_user(is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def editor(client):
    user = make_user("editors")
    client.force_login(user)
    return user


@pytest.fixture
def publisher(client):
    user = make_user("publishers")
    client.force_login(user)
    return user
