"""Changes of public records that wait for approval: made, looked at, decided."""

from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from projects.models import Milestone
from records import pending
from records.models import Note, PendingChange, State, Statement, Version
from records.snapshots import taken
from tests import factories
from tests.records.proposing import change_page, decide, editing_page, pend, shown
from tests.records.staff import form_data, make_user, page, said, save, statements_prefix

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone():
    return factories.make_zone(summary_en="As it was.", summary_zh="原样。", county_en="Lucheng")


def test_what_an_editor_saves_in_a_public_record_waits(client, zone):
    response = pend(client, zone, summary_en="Better.", why="The source was read again.")

    zone.refresh_from_db()
    assert zone.summary_en == "As it was."
    change = PendingChange.objects.get()
    assert response == change
    assert (change.state, change.why, change.author_name) == (
        "in-review",
        "The source was read again.",
        "author",
    )
    assert change.content["fields"]["summary_en"] == "Better."
    assert change.base["fields"]["summary_en"] == "As it was."


@pytest.mark.parametrize("state", [State.DRAFT, State.REVIEW, State.WITHDRAWN])
def test_what_is_not_public_is_saved_at_once(client, editor, state):
    zone = factories.make_zone(state=state)

    save(client, zone, summary_en="Better.")

    zone.refresh_from_db()
    assert zone.summary_en == "Better."
    assert not PendingChange.objects.exists()


def test_an_approved_change_is_public_in_the_name_of_its_author(client, zone):
    change = pend(client, zone, summary_en="Better.", why="Misprint.")

    html = decide(client, change, "note", note="Looks right.").content.decode()
    assert "As it was." in html
    assert "Better." in html
    data = {"decision": "approve", "note": "", "seen": shown(client, change)}
    response = client.post(change_page(change), data, follow=True)

    zone.refresh_from_db()
    change.refresh_from_db()
    assert said(response)[-1] == "The change is public now."
    assert (zone.summary_en, zone.state) == ("Better.", State.PUBLISHED)
    assert zone.changed_by.username == change.author.username == "author"
    assert (change.state, change.reviewer.username) == ("approved", "reviewer")
    version = Version.objects.of(zone).first()
    assert (version.route, version.by, version.why) == (
        "pending",
        change.author,
        "Misprint. Approved by reviewer.",
    )
    assert LogEntry.objects.latest("pk").user.username == "reviewer"
    assert [note.text for note in Note.objects.of(zone)] == ["Looks right."]


@pytest.mark.parametrize("group", ["publishers", None])
def test_nobody_decides_on_their_own_change_administrators_included(client, zone, group):
    author = make_user(group, username="author", is_superuser=group is None)
    change = pend(client, zone, author, summary_en="Better.", _pending="yes")

    for decision in ("approve", "refuse", "send_back"):
        html = decide(client, change, decision, author, note="Mine.").content.decode()

        assert "Nobody decides on their own change" in html
    zone.refresh_from_db()
    change.refresh_from_db()
    assert (zone.summary_en, change.state) == ("As it was.", "in-review")


def test_an_editor_decides_nothing(client, zone):
    change = pend(client, zone, summary_en="Better.")

    html = decide(client, change, "approve", make_user("editors")).content.decode()

    change.refresh_from_db()
    assert "You may not publish this record." in html
    assert change.state == "in-review"


@pytest.mark.parametrize("decision", ["send_back", "refuse"])
def test_sending_back_and_refusing_need_words(client, zone, decision):
    change = pend(client, zone, summary_en="Better.")

    html = decide(client, change, decision, note="  ").content.decode()

    change.refresh_from_db()
    assert "Write a note that tells the author why." in html
    assert change.state == "in-review"
    client.post(change_page(change), {"decision": decision, "note": "Which source?"})
    change.refresh_from_db()
    assert change.state == {"send_back": "sent-back", "refuse": "refused"}[decision]
    assert change.notes.get().text == "Which source?"


def test_a_change_that_was_sent_back_is_edited_further_and_submitted_again(client, zone):
    change = pend(client, zone, summary_en="Better.")
    decide(client, change, "send_back", note="And the Chinese?")

    client.force_login(change.author)
    opened = client.get(page(zone, "change"), follow=True)
    assert opened.redirect_chain[-1][0] == editing_page(change)
    assert opened.context["adminform"].form["summary_en"].value() == "Better."
    client.post(editing_page(change), form_data(opened) | {"summary_zh": "更好。"})

    change.refresh_from_db()
    assert change.state == "in-review"
    assert change.content["fields"]["summary_en"] == "Better."
    assert change.content["fields"]["summary_zh"] == "更好。"
    assert PendingChange.objects.count() == 1


def test_a_draft_of_a_change_is_not_reviewed_until_it_is_submitted(client, zone):
    change = pend(client, zone, summary_en="Better.", _continue="yes")
    assert change.state == "draft"
    assert "does not wait for review" in decide(client, change, "approve").content.decode()

    client.force_login(change.author)
    client.post(change_page(change), {"decision": "submit", "note": ""})
    change.refresh_from_db()
    assert change.state == "in-review"


def test_a_change_that_is_given_up_changes_nothing_and_makes_room_for_another(client, zone):
    change = pend(client, zone, summary_en="Better.")
    client.post(change_page(change), {"decision": "give_up", "note": ""})

    change.refresh_from_db()
    assert change.state == "withdrawn"
    assert client.get(editing_page(change), follow=True).redirect_chain[0][0] == change_page(change)
    save(client, zone, summary_en="Other.")
    assert sorted(PendingChange.objects.values_list("state", flat=True)) == ["in-review", "withdrawn"]


def test_a_statement_can_be_added_edited_and_approved(client, zone):
    author, aspect, source = make_user("editors", username="author"), factories.make_aspect(), None
    source = factories.make_source()
    client.force_login(author)
    response = client.get(page(zone, "change"))
    prefix, data = statements_prefix(response), form_data(response)
    row = {"aspect": aspect.pk, "source": source.pk, "number": "239", "position": 0, "adopted": "on"}
    data |= {f"{prefix}-0-{name}": value for name, value in row.items()} | {f"{prefix}-TOTAL_FORMS": 1}
    client.post(page(zone, "change"), data | {"why": "New plan."})
    change = PendingChange.objects.get()
    assert not Statement.objects.exists()

    # Another row takes the key that it had before it was undone.
    other = factories.make_statement(factories.make_zone(), aspect=aspect, source=source)
    opened = client.get(editing_page(change))
    client.post(editing_page(change), form_data(opened) | {f"{prefix}-0-number": "240"})
    decide(client, change, "approve")

    change.refresh_from_db()
    statement = zone.statements.get()
    assert change.state == "approved"
    assert (statement.number, statement.adopted, statement.source) == (Decimal(240), True, source)
    assert 0 < statement.pk < 2**40
    assert Statement.objects.exclude(pk=statement.pk).get() == other


def test_others_see_that_a_change_is_open_and_keep_their_own(client, zone):
    change = pend(client, zone, summary_en="Better.")

    client.force_login(make_user("editors"))
    html = client.get(page(zone, "change")).content.decode()
    assert f'href="{change_page(change)}"' in html
    assert client.get(editing_page(change)).status_code == 302

    save(client, zone, county_en="Luzhou")
    assert PendingChange.objects.open().of(zone).count() == 2


def test_a_change_outside_the_territory_is_not_there(client, zone):
    change = pend(client, zone, summary_en="Better.")
    client.force_login(make_user("publishers", keeps=[factories.make_city()]))

    assert (
        change_page(change)
        not in client.get(reverse("admin:records_pendingchange_changelist")).content.decode()
    )
    for address in (change_page(change), change_page(change, "preview", "en")):
        assert client.get(address).status_code in (302, 404)
    data = {"decision": "approve", "note": "", "seen": pending.shown(change, taken(change.record))}
    client.post(change_page(change), data)
    change.refresh_from_db()
    assert change.state == "in-review"


def test_saving_without_a_change_makes_none(client, zone, editor):
    response = client.post(page(zone, "change"), form_data(client.get(page(zone, "change"))), follow=True)

    assert said(response) == ["Nothing was changed."]
    assert not PendingChange.objects.exists()


def test_a_decided_change_stays_decided(client, zone):
    change = pend(client, zone, summary_en="Better.")
    decide(client, change, "refuse", note="No.")

    html = client.post(change_page(change), {"decision": "approve", "note": ""}).content.decode()

    zone.refresh_from_db()
    assert "This change does not wait for review: its state is “Refused”." in html
    assert zone.summary_en == "As it was."


@pytest.mark.parametrize("fields", [{}, {"decision": "explode"}, {"decision": "note", "note": " "}])
def test_an_unknown_decision_is_named(client, zone, fields):
    change = pend(client, zone, summary_en="Better.")

    response = client.post(change_page(change), fields)

    assert response.status_code == 200
    assert "Choose what to do with the change, or write a note." in response.content.decode()


def test_a_change_of_one_record_takes_no_part_of_another(client, zone):
    change = pend(client, zone, summary_en="Better.")
    milestone = factories.make_milestone(factories.make_project())
    address = f"{page(milestone, 'change')}?pending={change.pk}"
    added = {"project": milestone.project.pk, "kind": milestone.kind, "text_en": "Moved."}

    typed = form_data(client.get(page(milestone, "change"))) | {"text_en": "Moved."}
    add = f"{page(Milestone, 'add')}?pending={change.pk}"
    blank = form_data(client.get(page(Milestone, "add")))
    answers = [client.post(address, typed), client.post(add, blank | added), client.get(address)]

    lists = reverse("admin:records_pendingchange_changelist")
    assert [answer.url for answer in answers] == [lists] * 3
    before = change.content
    change.refresh_from_db()
    assert change.content == before
    assert PendingChange.objects.count() == 1


def test_a_note_that_no_database_keeps_is_refused_and_shown_again(client, zone):
    change = pend(client, zone, summary_en="Better.")

    response = decide(client, change, "send_back", note="Look\0again")

    assert "Null characters are not allowed." in response.content.decode()
    assert (Note.objects.count(), PendingChange.objects.get().state) == (0, "in-review")
