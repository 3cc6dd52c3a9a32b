"""Two people in two connections at the same moment: nobody waits for each other for good, nothing is lost."""

import threading

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client

from records import pending
from records.models import PendingChange, State
from records.snapshots import taken
from records.undone import undone
from tests import factories
from tests.records.staff import form_data, page
from zones.models import Territory, Zone

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
ROUNDS = 5
PATIENCE = 60


@pytest.fixture
def people():
    """Two publishers: groups do not outlive a test that commits."""
    group, _made = Group.objects.get_or_create(name="publishers")
    group.permissions.set(Permission.objects.filter(content_type__app_label__in=["zones", "records"]))
    made = [User.objects.create_user(name, is_staff=True) for name in ("wang", "zhao")]
    for user in made:
        user.groups.add(group)
        Territory.objects.create(user=user, province=True)
    return made


def at_once(*calls):
    """What each call gives, or raises, each in a thread and a connection of its own."""
    start, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number, call):
        try:
            start.wait(PATIENCE)
            results[number] = call()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    return results


def posting(user, address, data):
    def post():
        client = Client()
        client.force_login(user)
        return client.post(address, data)

    return post


def test_of_two_forms_sent_at_once_one_is_saved_and_the_other_comes_back(people):
    for _round in range(ROUNDS):
        zone = factories.make_zone(state=State.DRAFT, summary_en="As it was.")
        posts = []
        for user in people:
            client = Client()
            client.force_login(user)
            data = form_data(client.get(page(zone, "change")))
            posts.append(posting(user, page(zone, "change"), data | {"summary_en": user.username}))

        answers = at_once(*posts)

        assert sorted(answer.status_code for answer in answers) == [200, 302]
        second = next(answer for answer in answers if answer.status_code == 200)
        zone.refresh_from_db()
        loser = next(user.username for user in people if user.username != zone.summary_en)
        assert "Nothing is saved yet" in second.content.decode()
        assert loser in second.content.decode()


def test_approving_a_change_and_editing_its_record_at_once_end_both(people):
    approving, editing = people
    for _round in range(ROUNDS):
        zone = factories.make_zone(summary_en="As it was.")
        with undone():
            Zone.objects.filter(pk=zone.pk).update(summary_en="Proposed.")
            wanted = taken(Zone.objects.get(pk=zone.pk))
        change = pending.propose(zone, wanted, by=editing, why="New.")
        seen = pending.shown(change, taken(zone))
        client = Client()
        client.force_login(editing)
        data = form_data(client.get(f"{page(zone, 'change')}")) | {"county_en": "Edited", "_save": "1"}

        def approve(change=change, seen=seen):
            return pending.approve(PendingChange.objects.get(pk=change.pk), by=approving, seen=seen)

        approved, saved = at_once(approve, posting(editing, page(zone, "change"), data))

        zone.refresh_from_db()
        change.refresh_from_db()
        # Whoever came second was told that the record had moved; what was acknowledged is there.
        assert not isinstance(saved, Exception)
        assert (zone.county_en == "Edited") == (saved.status_code == 302)
        assert (zone.summary_en == "Proposed.") == (change.state == "approved")
        assert isinstance(approved, pending.Refused) == (change.state != "approved")
        assert change.state == "approved" or saved.status_code == 302
