"""Changes that wait while something else happens: to the record, to its sources, to the change."""

import pytest
from django.contrib.auth import get_user
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records import pending
from records.models import PendingChange, Source, State
from records.snapshots import taken
from tests import factories
from tests.records.proposing import change_page, decide, editing_page, pend, shown
from tests.records.staff import form_data, make_user, page, said, statements_prefix
from zones.models import Zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone():
    return factories.make_zone(summary_en="As it was.", summary_zh="原样。", county_en="Lucheng")


def test_what_was_changed_elsewhere_meanwhile_is_kept(client, zone):
    change = pend(client, zone, summary_en="Better.")
    Zone.objects.filter(pk=zone.pk).update(county_en="Luzhou")

    response = decide(client, change, "approve")

    zone.refresh_from_db()
    assert said(response)[-1] == "The change is public now."
    assert (zone.summary_en, zone.county_en) == ("Better.", "Luzhou")


@pytest.mark.parametrize(("side", "text"), [("mine", "Better."), ("theirs", "Elsewhere.")])
def test_where_both_changed_the_same_the_reviewer_says_which_holds(client, zone, side, text):
    change = pend(client, zone, summary_en="Better.")
    Zone.objects.filter(pk=zone.pk).update(summary_en="Elsewhere.")

    response = decide(client, change, "approve")
    html = response.content.decode()
    assert "Say for each of them which one holds." in html
    assert 'name="side:summary_en"' in html
    zone.refresh_from_db()
    assert zone.summary_en == "Elsewhere."

    decide(client, change, "approve", get_user(client), **{"side:summary_en": side})
    zone.refresh_from_db()
    change.refresh_from_db()
    assert (zone.summary_en, change.state) == (text, "approved")


@pytest.mark.parametrize("moved", ["change", "record", "nothing said"])
def test_nothing_is_approved_that_the_reviewer_was_not_shown(client, zone, moved):
    change = pend(client, zone, summary_en="Better.")
    client.force_login(make_user("publishers", username="reviewer"))
    data = {"decision": "approve", "note": "Read.", "seen": shown(client, change)}
    if moved == "change":
        pending.propose(zone, changed_in(change.content, summary_en="Unseen."), by=change.author)
    elif moved == "record":
        Zone.objects.update(county_en="Luzhou")
    else:
        del data["seen"]

    response = client.post(change_page(change), data)

    html = response.content.decode()
    assert "The change was changed after you opened this page. Look at it again." in html
    assert "Read.</textarea>" in html
    zone.refresh_from_db()
    change.refresh_from_db()
    assert (zone.summary_en, change.state) == ("As it was.", "in-review")
    client.post(change_page(change), data | {"seen": response.context["seen"]})
    zone.refresh_from_db()
    assert zone.summary_en == ("Unseen." if moved == "change" else "Better.")


def changed_in(content, **fields):
    return content | {"fields": content["fields"] | fields}


@pytest.mark.postgresql
def test_the_record_is_locked_before_its_change_as_by_whoever_edits_it(client, zone):
    change = pend(client, zone, summary_en="Better.")
    client.force_login(reviewer := make_user("publishers"))
    with CaptureQueriesContext(connection) as queries:
        pending.approve(change, by=reviewer, seen=pending.shown(change, taken(zone)))

    locked = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    assert ["zones_zone" in locked[0], "records_pendingchange" in locked[1]] == [True, True]


def test_a_change_of_a_record_that_was_withdrawn_is_kept_and_refused(client, zone):
    change = pend(client, zone, summary_en="Better.")
    zone.state, zone.withdrawn_on, zone.withdrawn_reason_en = State.WITHDRAWN, "2026-03-06", "Closed."
    zone.save()

    html = decide(client, change, "approve").content.decode()

    zone.refresh_from_db()
    change.refresh_from_db()
    assert "The record is no longer public" in html
    assert (zone.summary_en, change.state) == ("As it was.", "in-review")
    assert change.content["fields"]["summary_en"] == "Better."


def test_a_source_that_was_deleted_meanwhile_is_named(client, zone):
    statement = factories.make_statement(zone, adopted=False)
    gone = factories.make_source(title="Gone with the wind")
    client.force_login(make_user(is_superuser=True))
    prefix = statements_prefix(client.get(page(zone, "change")))
    change = pend(client, zone, **{f"{prefix}-0-source": gone.pk})
    Source.objects.filter(pk=gone.pk).delete()

    html = decide(client, change, "approve").content.decode()

    change.refresh_from_db()
    statement.refresh_from_db()
    assert "Gone with the wind” is not there any more." in html
    assert (change.state, statement.source == gone) == ("in-review", False)
    client.force_login(change.author)
    assert client.get(editing_page(change), follow=True).status_code == 200


def test_what_is_typed_into_a_change_that_is_decided_meanwhile_is_not_lost(client, zone):
    change = pend(client, zone, summary_en="Better.")
    typed = form_data(client.get(editing_page(change))) | {"county_en": "Luzhou"}
    decide(client, change, "approve")
    client.force_login(change.author)

    client.post(editing_page(change), typed)

    other = PendingChange.objects.open().get()
    assert other != change
    assert (other.base["fields"]["summary_en"], other.content["fields"]["county_en"]) == ("Better.", "Luzhou")
