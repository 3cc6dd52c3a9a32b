import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


def run(capsys):
    call_command("make_first_administrator")
    return capsys.readouterr().out


def test_first_run_makes_an_administrator_with_the_password_it_shows(capsys):
    shown = re.search(r"password +(\S+)", run(capsys))
    admin = get_user_model().objects.get(username="admin")
    assert admin.is_superuser
    assert admin.is_staff
    assert admin.check_password(shown[1])
    assert len(shown[1]) >= 16


def test_second_run_changes_nothing_and_shows_no_password(capsys):
    run(capsys)
    before = get_user_model().objects.get().password
    assert run(capsys) == "There is an administrator already.\n"
    assert get_user_model().objects.get().password == before


def test_administrator_of_another_name_is_enough(capsys):
    get_user_model().objects.create_superuser("mei")
    run(capsys)
    assert not get_user_model().objects.filter(username="admin").exists()


def test_ordinary_user_named_admin_is_left_alone():
    get_user_model().objects.create_user("admin")
    with pytest.raises(CommandError, match="createsuperuser"):
        call_command("make_first_administrator")
    assert not get_user_model().objects.get().is_superuser
