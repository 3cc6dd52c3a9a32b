"""Changes of public records that wait for approval: made, looked at, decided."""

from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.models import Milestone
from records import pending
from records.models import Note, PendingChange, Source, State, Statement, Version
from records.snapshots import taken
from tests import factories
from tests.records.staff import form_data, make_user, page, said, save, statements_prefix
from zones.models import Zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone():
    return factories.make_zone(summary_en="As it was.", summary_zh="原样。", county_en="Lucheng")


def change_page(change, role="change", *args):
    return reverse(f"admin:records_pendingchange_{role}", args=[change.pk, *args])


def editing_page(change):
    return f"{page(change.record, 'change')}?pending={change.pk}"


def pend(client, zone, author="editors", **fields):
    """Have somebody of a group, signed in from now on, propose a change of a public zone."""
    client.force_login(author if not isinstance(author, str) else make_user(author, username="author"))
    save(client, zone, **fields)
    return PendingChange.objects.latest("pk")


def decide(client, change, decision, user="publishers", **fields):
    """Have somebody of a group, signed in from now on, decide on a change; the page that follows."""
    client.force_login(make_user(user, username="reviewer") if isinstance(user, str) else user)
    data = {"decision": decision, "note": "", "seen": shown(client, change)} | fields
    return client.post(change_page(change), data, follow=True)


def shown(client, change):
    """What the page of a change says that it shows."""
    return client.get(change_page(change)).context.get("seen", "")


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


def test_a_published_figure_is_not_changed_without_saying_why(client, zone):
    statement = factories.make_statement(zone, number=37)
    client.force_login(make_user("editors", username="author"))
    response = client.get(page(zone, "change"))
    number = f"{statements_prefix(response)}-0-number"
    data = form_data(response) | {number: "239", "summary_en": "Typed."}

    refused = client.post(page(zone, "change"), data)

    html = refused.content.decode()
    assert refused.status_code == 200
    assert "Say why: a published figure changes" in html
    assert 'value="239"' in html
    assert "Typed." in html
    assert not PendingChange.objects.exists()
    client.post(page(zone, "change"), form_data(refused) | data | {"why": "New plan."})
    assert (
        PendingChange.objects.get().content["children"]["statements"][0]["fields"]["number"] == "239.000000"
    )
    statement.refresh_from_db()
    assert statement.number == 37


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
    prefix = statements_prefix_of(client, zone)
    change = pend(client, zone, **{f"{prefix}-0-source": gone.pk})
    Source.objects.filter(pk=gone.pk).delete()

    html = decide(client, change, "approve").content.decode()

    change.refresh_from_db()
    statement.refresh_from_db()
    assert "Gone with the wind” is not there any more." in html
    assert (change.state, statement.source == gone) == ("in-review", False)
    client.force_login(change.author)
    assert client.get(editing_page(change), follow=True).status_code == 200


def statements_prefix_of(client, zone):
    client.force_login(make_user(is_superuser=True))
    return statements_prefix(client.get(page(zone, "change")))


def test_parts_of_a_public_record_wait_as_well(client):
    project = factories.make_project()
    changed, deleted = factories.make_milestone(project), factories.make_milestone(project)
    client.force_login(make_user("editors", username="author"))

    save(client, changed, text_en="Roof closed.")
    client.post(page(deleted, "delete"), {"post": "yes"})
    added = form_data(client.get(page(Milestone, "add")))
    added |= {"project": project.pk, "kind": changed.kind, "date": "2026-05", "text_en": "Opened."}
    client.post(page(Milestone, "add"), added)

    changed.refresh_from_db()
    assert changed.text_en != "Roof closed."
    assert Milestone.objects.count() == 2
    change = PendingChange.objects.get()
    decide(client, change, "approve")
    texts = set(Milestone.objects.values_list("text_en", flat=True))
    assert texts == {"Roof closed.", "Opened."}
    assert not Milestone.objects.filter(pk=deleted.pk).exists()


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


def test_what_is_typed_into_a_change_that_is_decided_meanwhile_is_not_lost(client, zone):
    change = pend(client, zone, summary_en="Better.")
    typed = form_data(client.get(editing_page(change))) | {"county_en": "Luzhou"}
    decide(client, change, "approve")
    client.force_login(change.author)

    client.post(editing_page(change), typed)

    other = PendingChange.objects.open().get()
    assert other != change
    assert (other.base["fields"]["summary_en"], other.content["fields"]["county_en"]) == ("Better.", "Luzhou")


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
