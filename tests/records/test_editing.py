"""The page of a record: its moves, notes, four eyes; and a session that ends while somebody is typing."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from records.models import Note, State
from tests import factories
from tests.records.staff import act, form_data, make_user, page, said, save
from zones.models import Zone

pytestmark = pytest.mark.django_db

BUTTON = re.compile(r'<button type="submit" name="move" value="(\w*)"')


def move_url(record):
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_move", args=[record.pk])


def move(client, record, name, **fields):
    return client.post(move_url(record), {"move": name, "note": ""} | fields, follow=True)


def buttons(client, record):
    return BUTTON.findall(client.get(page(record, "change")).content.decode())


@pytest.mark.parametrize(
    ("group", "state", "names"),
    [
        ("editors", State.DRAFT, ["submit_for_review", "still_true", ""]),
        ("editors", State.REVIEW, ["still_true", ""]),
        ("editors", State.PUBLISHED, ["still_true", ""]),
        ("editors", State.WITHDRAWN, [""]),
        ("publishers", State.DRAFT, ["submit_for_review", "publish", "still_true", ""]),
        ("publishers", State.REVIEW, ["publish", "send_back_to_draft", "still_true", ""]),
        ("publishers", State.PUBLISHED, ["withdraw", "still_true", ""]),
        ("publishers", State.WITHDRAWN, ["publish", ""]),
    ],
)
def test_a_page_offers_the_moves_of_its_state_and_role(client, group, state, names):
    client.force_login(make_user(group))

    assert buttons(client, factories.make_zone(state=state)) == names


def test_a_record_goes_its_way_by_the_buttons_of_its_page_with_notes(client):
    zone = factories.make_zone(state=State.DRAFT)
    client.force_login(make_user("editors"))
    move(client, zone, "submit_for_review", note="All sources read.")
    publisher = make_user("publishers")
    client.force_login(publisher)

    move(client, zone, "send_back_to_draft")
    assert Zone.objects.get().state == State.REVIEW
    move(client, zone, "send_back_to_draft", note="Which year is the area of?")
    assert Zone.objects.get().state == State.DRAFT
    response = move(client, zone, "publish", note="Settled by telephone.")

    assert Zone.objects.get().state == State.PUBLISHED
    html = response.content.decode()
    texts = ["Settled by telephone.", "Which year is the area of?", "All sources read."]
    places = [html.index(text) for text in texts]
    assert places == sorted(places)
    assert [note.author_name for note in Note.objects.all()] == ["publishers", "publishers", "editors"]


def test_a_withdrawal_by_the_button_asks_why(client, publisher):
    zone = factories.make_zone()

    asked = move(client, zone, "withdraw", note="It was closed.")
    assert asked.templates[0].name == "admin/withdraw.html"
    assert Zone.objects.get().state == State.PUBLISHED
    data = {
        "action": "withdraw",
        "confirmed": "yes",
        "day": "2026-03-06",
        "reason_en": "No.",
        "reason_zh": "否",
    }
    client.post(move_url(zone), data)

    assert Zone.objects.get().state == State.WITHDRAWN
    assert Note.objects.get().text == "It was closed."


def test_what_was_changed_since_the_page_was_opened_is_not_published(client, publisher):
    zone = factories.make_zone(state=State.REVIEW)
    seen = client.get(page(zone, "change")).context["editing"].fingerprint
    Zone.objects.update(summary_en="Slipped in.")

    response = move(client, zone, "publish", seen=seen, note="Fine.")

    assert Zone.objects.get().state == State.REVIEW
    assert f"“{zone}” was changed after you opened its page. Look at it again first." in said(response)
    assert Note.objects.get().text == "Fine."


@pytest.mark.parametrize("name", ["publish", "explode", "delete_selected", "_moved"])
def test_no_move_is_made_that_is_not_offered(client, editor, name):
    zone = factories.make_zone(state=State.REVIEW)

    response = move(client, zone, name)

    assert Zone.objects.get().state == State.REVIEW
    assert said(response) == [f"“{zone}” cannot be moved like that: its state is “In review”."]


@pytest.mark.parametrize("group", ["publishers", None])
def test_nobody_publishes_what_they_alone_have_written(client, group):
    zone = factories.make_zone(state=State.DRAFT)
    client.force_login(make_user(group, username="alone", is_superuser=group is None))
    save(client, zone, summary_en="By me.")
    move(client, zone, "submit_for_review")

    by_button, by_action = move(client, zone, "publish"), act(client, "publish", zone)

    for response in (by_button, by_action):
        assert "Nobody publishes what they alone have written." in said(response)[-1]
    assert Zone.objects.get().state == State.REVIEW
    client.force_login(make_user("publishers", username="other"))
    move(client, zone, "publish")
    assert Zone.objects.get().state == State.PUBLISHED


def test_finding_something_still_true_is_no_second_hand(client):
    zone = factories.make_zone(state=State.DRAFT)
    alone = make_user("publishers", username="alone")
    client.force_login(alone)
    save(client, zone, summary_en="By me.")
    client.force_login(make_user("editors"))
    act(client, "still_true", zone)
    assert Zone.objects.get().changed_by.username == "editors"

    client.force_login(alone)
    response = act(client, "publish", zone)

    assert "Nobody publishes what they alone have written." in said(response)[-1]
    client.force_login(make_user("editors", username="second"))
    save(client, zone, summary_en="By both.")
    client.force_login(alone)
    act(client, "publish", zone)
    assert Zone.objects.get().state == State.PUBLISHED


def test_what_was_withdrawn_by_mistake_can_be_published_again_as_it_was(client, publisher):
    zone = factories.make_zone(state=State.REVIEW)
    move(client, zone, "publish")
    reason = {"confirmed": "yes", "day": "2026-03-06", "reason_en": "No.", "reason_zh": "否"}
    move(client, zone, "withdraw", **reason)
    assert Zone.objects.get().state == State.WITHDRAWN

    move(client, zone, "publish")
    assert Zone.objects.get().state == State.PUBLISHED


def test_a_publisher_says_why_a_published_figure_changes(client, publisher):
    zone = factories.make_zone(area_km2=37)

    refused = save(client, zone, area_km2="239", summary_en="Typed.")
    assert "Say why: a published figure changes (area" in refused.content.decode()
    assert Zone.objects.get().area_km2 == 37
    assert refused.context["adminform"].form["area_km2"].value() == "239"
    client.post(page(zone, "change"), form_data(refused) | {"why": "New plan."})

    assert (Zone.objects.get().area_km2, Zone.objects.get().summary_en) == (239, "Typed.")


def test_a_text_changes_without_a_reason_and_a_long_reason_is_named(client, publisher):
    zone = factories.make_zone()

    save(client, zone, summary_en="Read again.")
    assert Zone.objects.get().summary_en == "Read again."
    html = save(client, zone, summary_en="Once more.", why="x" * 501).content.decode()
    assert "The reason has more than 500 characters." in html
    assert Zone.objects.get().summary_en == "Read again."


def test_statements_about_a_city_are_changed_by_those_who_may_change_the_city(client):
    statement = factories.make_statement(factories.make_city(), number=1)
    client.force_login(make_user("editors"))
    assert client.post(page(statement, "change"), {"number": "2"}).status_code == 403

    client.force_login(make_user("publishers"))
    save(client, statement, number="2")
    statement.refresh_from_db()
    assert statement.number == 2


# A session that ends


HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


def kept_fields(response):
    html = response.content.decode()
    return {
        name: unescape(value) for name, value in HIDDEN.findall(html[html.index('class="interrupted"') :])
    }


@pytest.fixture
def checking():
    """A browser whose forms need their tokens."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user("publishers"))
    return browser


def with_token(client, response, data):
    return data | {"csrfmiddlewaretoken": str(response.context["csrf_token"])}


def test_a_session_that_ends_in_the_middle_of_an_edit_loses_nothing(checking):
    zone = factories.make_zone(summary_en="As it was.")
    opened = checking.get(page(zone, "change"))
    typed = with_token(checking, opened, form_data(opened) | {"summary_en": 'Typed "<b>" & more\nlines.'})
    del checking.cookies["sessionid"]

    ended = checking.post(page(zone, "change"), typed)

    assert ended.status_code == 403
    assert "Your session has ended." in ended.content.decode()
    assert 'Typed "' not in ended.content.decode()
    assert Zone.objects.get().summary_en == "As it was."
    kept = kept_fields(ended)
    # A browser sends nothing for a list in which nothing is chosen.
    sent = {name: str(value) for name, value in typed.items() if value != []}
    del sent["csrfmiddlewaretoken"]
    assert {name: kept.get(name) for name in sent} == sent
    assert ended["Cache-Control"] == "no-store, private"

    # Signing in makes the token of that page worthless, and what it holds comes again with a new one.
    checking.force_login(zone_keeper())
    del checking.cookies["csrftoken"]
    checking.get(page(zone, "change"))
    stale = checking.post(page(zone, "change"), kept, headers={"origin": "http://testserver"})
    assert stale.status_code == 403
    assert "You are signed in again as publishers" in stale.content.decode()
    checking.post(page(zone, "change"), kept_fields(stale))
    assert Zone.objects.get().summary_en.startswith('Typed "<b>" & more')


def zone_keeper():
    from django.contrib.auth.models import User

    return User.objects.get(username="publishers")


def test_a_form_from_elsewhere_is_not_answered_with_what_it_sent(checking):
    zone = factories.make_zone()
    for headers in ({"origin": "https://evil.example"}, {"referer": "https://evil.example/"}, {}):
        response = checking.post(page(zone, "change"), {"summary_en": "zq-sent"}, headers=headers)

        assert response.status_code == 403
        assert "zq-sent" not in response.content.decode()


def test_passwords_are_never_sent_back(root):
    browser = Client(enforce_csrf_checks=True)
    address = reverse("admin:auth_user_add")

    response = browser.post(address, {"password1": "zq-secret"}, headers={"origin": "http://testserver"})

    assert "zq-secret" not in response.content.decode()
