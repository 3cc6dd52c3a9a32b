"""The answers that one click on the desk gives."""

from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from desk.answers import name_of
from desk.models import Finding, Question
from records import history, pending, snapshots
from records.admin.checks import months_later
from records.models import Note, PendingChange, StaleTranslation, Statement, Version
from tests import factories as make
from tests.desk.at_the_desk import answer, desk, editor_of, make_finding, past, shown
from tests.records.staff import make_territory, make_user, said, save
from zones.models import Zone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_looks_through_changes(settings):
    """What the checks find when something is saved is shown elsewhere; here findings are made by hand."""
    settings.AFTER_CHANGES = ""


# Still true


def test_still_true_puts_today_and_a_name_to_a_statement_and_names_the_source(client):
    zone = make.make_zone()
    statement = make.make_statement(zone, check_due_on=past())
    user = editor_of(zone.city)
    client.force_login(user)
    page = answer(client, "still-true", statement, seen=shown(statement))
    words = f"Checked: still true, source: {statement.source}."
    assert said(page) == [
        f'{zone}: {words} <a href="/admin/zones/zone/{zone.pk}/history/">See or take back</a>'
    ]
    statement.refresh_from_db()
    today = timezone.localdate()
    assert (statement.checked_on, statement.checked_by) == (today, user)
    assert statement.check_due_on == months_later(today, 6)
    version = Version.objects.of(zone).order_by("-number")[0]
    assert (version.by, version.why, version.route) == (user, words, "action")
    assert LogEntry.objects.get().get_change_message() == words
    assert desk(client, user) == {}


def test_still_true_of_a_record_names_the_sources_it_rests_on(client):
    zone = make.make_zone(check_due_on=past())
    sources = [make.make_statement(zone).source for _number in range(2)]
    make.make_statement(zone, adopted=False)
    client.force_login(editor_of(zone.city))
    answer(client, "still-true", zone, seen=shown(zone))
    zone.refresh_from_db()
    assert zone.checked_on == timezone.localdate()
    why = Version.objects.of(zone).order_by("-number")[0].why
    assert why == f"Checked: still true, source: {sources[0]}; {sources[1]}."


def test_what_was_changed_meanwhile_is_not_called_true(client):
    zone = make.make_zone()
    statement = make.make_statement(zone, check_due_on=past())
    token = shown(statement)
    Statement.objects.update(number=Decimal("43"))
    client.force_login(editor_of(zone.city))
    page = answer(client, "still-true", statement, seen=token)
    assert [text.endswith("Look at it again first.") for text in said(page)] == [True]
    statement.refresh_from_db()
    assert statement.checked_on is None


def refused(client, user, name, row, **values):
    client.force_login(user)
    page = answer(client, name, row, **values)
    messages = [message for message in page.context["messages"] if message.level_tag == "error"]
    return [str(message) for message in messages]


def test_nobody_answers_outside_their_territory_or_without_permission(client):
    zone, other = make.make_zone(check_due_on=past()), make.make_zone()
    statement = make.make_statement(zone, check_due_on=past())
    rival = make.make_statement(zone, adopted=False, aspect=statement.aspect)
    finding = make_finding(zone)
    StaleTranslation.objects.create(
        record=zone,
        part_type=finding.content_type,
        part_id=zone.pk,
        field="summary",
        language="en",
        since=timezone.now(),
    )
    elsewhere = editor_of(other.city)
    gone = ["This is no longer there, or it is not yours to answer. Nothing was changed."]
    rows = [
        ("still-true", zone, {}),
        ("still-true", statement, {}),
        ("adopt", rival, {}),
        ("dismiss", finding, {"why": "So it is."}),
        ("ask", zone, {"asked": elsewhere.pk, "text": "Why?"}),
        ("translation-right", StaleTranslation.objects.get(), {}),
    ]
    for name, row, values in rows:
        assert refused(client, elsewhere, name, row, **values) == gone, name
    nobody = make_user(None, username="nobody")
    for name, row, values in rows:
        assert refused(client, nobody, name, row, **values) == gone, name
    zone.refresh_from_db()
    assert (zone.checked_on, Note.objects.count(), StaleTranslation.objects.count()) == (None, 0, 1)
    assert Finding.objects.get().is_open
    assert Version.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["", "zones.zone", "zones.zone:x", "auth.user:1", "zones.zone:99999999999999999999"]
)
def test_a_row_that_makes_no_sense_is_told(client, name):
    client.force_login(editor_of("province"))
    page = client.post("/admin/to-do/answer/still-true/", {"row": name}, follow=True)
    assert said(page) == ["This is no longer there, or it is not yours to answer. Nothing was changed."]


def test_an_answer_is_never_given_by_a_link_and_returns_to_the_administration_alone(client):
    zone = make.make_zone(check_due_on=past())
    client.force_login(editor_of("province"))
    assert client.get(f"/admin/to-do/answer/still-true/?row={name_of(zone)}").status_code == 405
    for back in ("https://evil.example/admin/", "//evil.example/", "/en/", "/admin/to-do/due/"):
        page = client.post("/admin/to-do/answer/still-true/", {"row": name_of(zone), "back": back})
        assert page.url == ("/admin/to-do/due/" if back.startswith("/admin/") else "/admin/")


# Adopt


def make_rivals(zone, **values):
    area = make.make_aspect(key="area", unit="km2", column="area_km2")
    old = make.make_statement(zone, aspect=area, number=Decimal("37"))
    return old, make.make_statement(zone, aspect=area, number=Decimal("239"), adopted=False)


def test_a_publisher_adopts_the_other_statement_and_the_column_goes_with_it(client):
    zone = make.make_zone(area_km2=Decimal("37"))
    old, new = make_rivals(zone)
    client.force_login(editor_of(zone.city, group="publishers"))
    answer(client, "adopt", new, seen=shown(new))
    for row in (zone, old, new):
        row.refresh_from_db()
    assert (zone.area_km2, old.adopted, new.adopted) == (239, False, True)
    assert (
        Version.objects.of(zone).order_by("-number")[0].why == f"Adopted: {new.aspect}, source: {new.source}."
    )


def test_of_a_public_record_an_editor_proposes_it(client):
    zone = make.make_zone(area_km2=Decimal("37"))
    old, new = make_rivals(zone)
    editor = editor_of(zone.city)
    client.force_login(editor)
    page = answer(client, "adopt", new)
    assert "It goes live when a publisher approves it." in said(page)[0]
    for row in (zone, old, new):
        row.refresh_from_db()
    assert (zone.area_km2, old.adopted, new.adopted) == (37, True, False)

    change = PendingChange.objects.get()
    assert (change.author, change.state) == (editor, "in-review")
    reviewer = editor_of(zone.city, group="publishers")
    pending.approve(change, by=reviewer, seen=pending.shown(change, snapshots.taken(zone)))
    for row in (zone, old, new):
        row.refresh_from_db()
    assert (zone.area_km2, old.adopted, new.adopted) == (239, False, True)


def test_a_statement_that_the_column_cannot_hold_is_refused_and_nothing_is_written(client):
    zone = make.make_zone(area_km2=Decimal("37"))
    _old, new = make_rivals(zone)
    Statement.objects.filter(pk=new.pk).update(number=Decimal(0))
    (reason,) = refused(client, editor_of(zone.city, group="publishers"), "adopt", new)
    assert "never zero" in reason
    zone.refresh_from_db()
    assert zone.area_km2 == 37
    assert Statement.objects.get(adopted=True).number == 37


# Findings, questions, translations


def test_a_finding_is_dismissed_with_a_reason_and_asked_for_one_without(client):
    finding = make_finding(make.make_zone())
    user = editor_of(finding.record.city)
    client.force_login(user)
    page = answer(client, "dismiss", finding)
    assert page.status_code == 400
    assert page.context["form"].errors == {"why": ["This field is required."]}
    assert Finding.objects.open().count() == 1

    answer(client, "dismiss", finding, why="No source states it.")
    finding.refresh_from_db()
    assert (finding.dismissed_by, finding.dismissed_why) == (user, "No source states it.")
    assert desk(client, user) == {}
    assert refused(client, user, "dismiss", finding, why="Again") == ["Somebody has dismissed this already."]


def test_a_question_lies_on_the_desk_of_whom_it_is_put_to_and_the_answer_on_that_of_who_asked(client):
    zone = make.make_zone()
    asker, asked = editor_of(zone.city), editor_of(zone.city, group="publishers")
    outsider = editor_of(make.make_city(), username="outsider")
    client.force_login(asker)
    form = client.get(f"/admin/to-do/answer/ask/?row={name_of(zone)}")
    assert form.status_code == 200

    (reason,) = refused(client, asker, "ask", zone, asked=outsider.pk, text="Which area?")
    assert "does not keep" in reason
    answer(client, "ask", zone, asked=asked.pk, text="Which area?")
    assert desk(client, asker) == {}
    assert desk(client, asked) == {"questions": [str(zone)]}
    answer(client, "reply", Question.objects.get(), text="The planned one.")
    assert desk(client, asked) == {}
    assert desk(client, asker) == {"questions": [str(zone)]}
    answer(client, "reply", Question.objects.latest("pk"))
    assert desk(client, asker) == {}
    assert [note.text for note in Note.objects.of(zone)] == ["The planned one.", "Which area?"]


def test_a_translation_that_is_still_right_is_unmarked_by_one_click(client):
    zone = make.make_zone(summary_en="By the river.", summary_zh="河边。")
    user = editor_of(zone.city)
    with history.keeping(zone, by=user, route="action"):
        zone.summary_en = "By the lake."
        zone.save()
    client.force_login(user)
    page = client.get("/admin/").content.decode()
    assert "By the <del>river.</del><ins>lake.</ins>" in page
    answer(client, "translation-right", StaleTranslation.objects.get())
    assert StaleTranslation.objects.count() == 0
    assert desk(client, user) == {}


def test_a_translation_of_a_record_that_is_gone_is_told(client):
    zone = make.make_zone(state="draft", summary_en="By the river.", summary_zh="河边。")
    user = editor_of("province")
    with history.keeping(zone, by=user, route="action"):
        zone.summary_en = "By the lake."
        zone.save()
    mark = StaleTranslation.objects.get()
    Zone.objects.filter(pk=zone.pk).delete()
    assert refused(client, user, "translation-right", mark) == [
        "This is no longer there. Nothing was changed."
    ]


def test_a_translation_is_said_to_be_right_on_the_form_that_shows_it(client):
    zone = make.make_zone(summary_en="By the river.", summary_zh="河边。")
    publisher = editor_of("province", group="publishers")
    with history.keeping(zone, by=publisher, route="action"):
        zone.summary_en = "By the lake."
        zone.save()
    client.force_login(publisher)
    mark = StaleTranslation.objects.get()
    wrong = save(client, zone, **{"translation-right": mark.pk, "type": "nonsense"})
    assert f'value="{mark.pk}" checked' in wrong.content.decode()
    assert StaleTranslation.objects.count() == 1
    assert save(client, zone, **{"translation-right": mark.pk}).status_code == 302
    assert StaleTranslation.objects.count() == 0
    assert LogEntry.objects.filter(change_message__startswith="Translation still right").count() == 1


def test_two_statements_of_one_publisher_are_told_apart_on_the_button(client):
    zone = make.make_zone()
    held, other = (
        make.make_statement(
            zone,
            adopted=adopted,
            source=make.make_source(publisher_en="Bureau", title=title),
        )
        for adopted, title in ((True, "Report of 2020"), (False, "Report of 2026"))
    )
    make_finding(zone, statement=held, other_statement=other)
    client.force_login(editor_of("province"))
    assert "Adopt Bureau: Report of 2026" in client.get("/admin/").content.decode()


def test_a_statement_about_a_city_is_answered_by_those_who_may_change_the_city(client):
    city = make.make_city()
    statement = make.make_statement(city)
    editor = editor_of("province")
    assert refused(client, editor, "still-true", statement) == [f"You may not change “{city}”."]
    statement.refresh_from_db()
    assert statement.checked_on is None


def test_nobody_is_asked_about_what_is_gone(client):
    zone = make.make_zone()
    finding = make_finding(zone)
    publisher, asked = editor_of("province", group="publishers"), editor_of("province")
    Finding.objects.filter(pk=finding.pk).update(object_id=zone.pk + 1000)
    publisher.is_superuser = True
    publisher.save()
    assert refused(client, publisher, "ask", finding, asked=asked.pk, text="Why?") == [
        "This is no longer there. Nothing was changed."
    ]


def test_a_question_does_not_name_what_has_left_the_territory(client):
    zone = make.make_zone(state="draft", name_en="Secret Valley")
    asker, asked = editor_of("province", group="publishers"), editor_of(zone.city)
    client.force_login(asker)
    answer(client, "ask", zone, asked=asked.pk, text="Which area?")
    asked.territories.all().delete()
    make_territory(asked, make.make_city())
    client.force_login(asked)
    page = client.get("/admin/")
    assert ("Which area?" in page.text, "Secret Valley" in page.text) == (True, False)
    answer(client, "reply", Question.objects.get(), text="I do not know.")
    assert (Question.objects.filter(done_at=None).count(), Note.objects.count()) == (0, 1)
