"""The moves between states, by role, and what can be deleted."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from records import history
from records.admin.checks import months_later
from records.admin.moves import is_only_hand
from records.models import Note, Record, State, Statement, Version, record_models
from tests import factories
from tests.records.staff import (
    OUR_MODELS,
    act,
    by_name,
    make_row,
    make_user,
    offered,
    page,
    said,
    save,
)
from zones.models import Zone

pytestmark = pytest.mark.django_db


def test_editors_are_not_offered_what_publishers_are(client):
    client.force_login(make_user("editors"))
    assert offered(client, make_row(Zone)) == {"submit_for_review", "still_true", "export_to_excel"}

    client.force_login(make_user("publishers"))
    assert offered(client, make_row(Zone)) == {
        "submit_for_review",
        "publish",
        "withdraw",
        "send_back_to_draft",
        "still_true",
        "export_to_excel",
    }


@pytest.mark.parametrize("model", record_models(), ids=by_name)
def test_an_editor_submits_and_a_publisher_publishes(client, model):
    name = "transport_link" if by_name(model) == "transportlink" else by_name(model)
    record = getattr(factories, f"make_{name}")(state=State.DRAFT)

    client.force_login(make_user("editors"))
    act(client, "publish", record)
    record.refresh_from_db()
    assert record.state == State.DRAFT
    act(client, "submit_for_review", record)
    record.refresh_from_db()
    assert record.state == State.REVIEW
    act(client, "publish", record)
    record.refresh_from_db()
    assert record.state == State.REVIEW

    publisher = make_user("publishers")
    client.force_login(publisher)
    act(client, "publish", record)
    record.refresh_from_db()
    assert (record.state, record.changed_by) == (State.PUBLISHED, publisher)
    assert LogEntry.objects.latest("pk").change_message == "Published."


@pytest.mark.parametrize("action", ["withdraw", "send_back_to_draft"])
def test_an_editor_moves_nothing_that_a_publisher_moves(client, editor, action):
    records = [factories.make_zone(), factories.make_zone(state=State.REVIEW)]

    act(client, action, *records, confirmed="yes", reason_en="No.", reason_zh="否", day="2026-03-06")

    assert [Zone.objects.get(pk=record.pk).state for record in records] == [State.PUBLISHED, State.REVIEW]


ALLOWED = {
    "submit_for_review": {State.DRAFT: State.REVIEW},
    "publish": dict.fromkeys((State.DRAFT, State.REVIEW, State.WITHDRAWN), State.PUBLISHED),
    "withdraw": {State.PUBLISHED: State.WITHDRAWN},
    "send_back_to_draft": {State.REVIEW: State.DRAFT},
}


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("action", ALLOWED)
def test_each_action_moves_from_its_own_states_only(client, publisher, action, state):
    zone = factories.make_zone(state=state)

    response = act(
        client, action, zone, confirmed="yes", reason_en="Closed.", reason_zh="已关闭。", day="2026-03-06"
    )

    zone.refresh_from_db()
    assert zone.state == ALLOWED[action].get(state, state)
    if state not in ALLOWED[action]:
        label = State(state).label
        assert said(response) == [f"{zone} was left as it is: its state is “{label}”."]


def test_what_is_not_valid_is_named_and_left(client, publisher):
    wrong, right = (
        factories.make_zone(state=State.REVIEW, area_km2=1),
        factories.make_zone(state=State.REVIEW),
    )
    Zone.objects.filter(pk=wrong.pk).update(website="nowhere")

    response = act(client, "publish", wrong, right)

    wrong.refresh_from_db()
    right.refresh_from_db()
    assert (wrong.state, right.state) == (State.REVIEW, State.PUBLISHED)
    assert said(response) == [
        f"{wrong} was left as it is: website: Enter a valid URL.",
        "1 record is published.",
    ]


def test_withdrawing_asks_first(client, publisher):
    zone, draft = factories.make_zone(), factories.make_zone(state=State.DRAFT)

    response = act(client, "withdraw", zone, draft)

    zone.refresh_from_db()
    assert zone.state == State.PUBLISHED
    assert response.templates[0].name == "admin/withdraw.html"
    assert response.context["records"] == [zone]
    assert response.context["left_alone"] == [draft]


@pytest.mark.parametrize(
    ("field", "value"),
    [("reason_en", ""), ("reason_zh", " "), ("day", ""), ("day", "soon"), ("day", "2999-01-01")],
)
def test_withdrawing_takes_both_reasons_and_a_day_that_has_come(client, publisher, field, value):
    zone = factories.make_zone()
    fields = {"reason_en": "Closed.", "reason_zh": "已关闭。", "day": "2026-03-06"} | {field: value}

    response = act(client, "withdraw", zone, confirmed="yes", **fields)

    zone.refresh_from_db()
    assert zone.state == State.PUBLISHED
    assert list(response.context["form"].errors) == [field]
    assert "errorlist" in response.content.decode()


def test_a_withdrawn_record_has_day_and_reasons_until_it_is_published_again(client, publisher):
    zone = factories.make_zone()

    act(
        client, "withdraw", zone, confirmed="yes", reason_en="Closed.", reason_zh="已关闭。", day="2026-03-06"
    )
    zone.refresh_from_db()
    assert zone.withdrawn_on == datetime.date(2026, 3, 6)
    assert (zone.withdrawn_reason_en, zone.withdrawn_reason_zh) == ("Closed.", "已关闭。")
    assert LogEntry.objects.latest("pk").change_message == "Withdrawn: Closed."

    act(client, "publish", zone)
    zone.refresh_from_db()
    assert (zone.withdrawn_on, zone.withdrawn_reason_en, zone.withdrawn_reason_zh) == (None, "", "")


def test_still_true_sets_the_next_check_half_a_year_on(client, editor):
    zone = factories.make_zone(checked_on=datetime.date(2020, 1, 1))

    act(client, "still_true", zone)

    zone.refresh_from_db()
    today = timezone.localdate()
    assert (zone.checked_on, zone.check_due_on) == (today, months_later(today, 6))
    assert zone.changed_by == editor


@pytest.mark.parametrize(
    ("day", "later"),
    [
        ("2026-03-06", "2026-09-06"),
        ("2026-08-31", "2027-02-28"),
        ("2026-12-15", "2027-06-15"),
        ("2027-08-30", "2028-02-29"),
    ],
)
def test_half_a_year_later_is_a_day_that_exists(day, later):
    assert months_later(datetime.date.fromisoformat(day), 6) == datetime.date.fromisoformat(later)


# Deleting


@pytest.mark.parametrize("model", record_models(), ids=by_name)
@pytest.mark.parametrize("state", [State.PUBLISHED, State.WITHDRAWN])
def test_nobody_deletes_what_was_public(client, root, model, state):
    name = "transport_link" if by_name(model) == "transportlink" else by_name(model)
    record = getattr(factories, f"make_{name}")(state=state)

    assert client.post(page(record, "delete"), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in offered(client, model)
    act(client, "delete_selected", record, post="yes")

    assert model.objects.filter(pk=record.pk).exists()


def test_a_part_that_is_public_cannot_be_deleted_either(client, root):
    value = factories.make_indicator().values.get()

    assert client.post(page(value, "delete"), {"post": "yes"}).status_code == 403
    act(client, "delete_selected", value, post="yes")

    assert type(value).objects.filter(pk=value.pk).exists()


def test_an_editor_deletes_a_draft_with_its_statements(client, editor):
    indicator = factories.make_indicator(state=State.DRAFT)
    factories.make_statement(indicator)
    factories.make_statement(indicator.values.get())

    client.post(page(indicator, "delete"), {"post": "yes"})

    assert not type(indicator).objects.exists()
    assert not Statement.objects.exists()


def test_every_factory_makes_valid_records(root):
    for model in OUR_MODELS:
        row = make_row(model)
        row.full_clean()
        if isinstance(row, Record):
            assert row.is_public


def test_null_characters_are_refused_in_words(client):
    zone = factories.make_zone()
    client.force_login(make_user("publishers"))
    move = client.post(f"{page(zone, 'change')[: -len('change/')]}move/", {"note": "a\0b"}, follow=True)
    assert said(move) == ["Null characters are not allowed."]
    form = save(client, zone, name_en="New", why="a\0b")
    assert "Null characters are not allowed." in form.text
    assert client.post(page(zone, "add"), {"why": "a\0b"}).status_code == 400
    zone.refresh_from_db()
    assert (Note.objects.count(), zone.name_en != "New") == (0, True)


def test_still_true_is_no_second_hand(client):
    zone = factories.make_zone(state=State.DRAFT)
    author, other = make_user("publishers"), make_user("editors")
    with history.keeping(zone, by=author, route="admin"):
        zone.name_en = "Mine alone"
        zone.save()
    client.force_login(other)
    act(client, "still_true", zone)
    assert Version.objects.of(zone).filter(by=other).exists()
    assert is_only_hand(Zone.objects.get(pk=zone.pk), author)
