"""The desk: what waits for whom."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk.models import Question
from desk.sections import SECTIONS
from records import history, pending, snapshots
from records.checks import Severity
from records.undone import undone
from tests import factories as make
from tests.desk.at_the_desk import desk, editor_of, make_finding, past
from tests.records.staff import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_looks_through_changes(settings):
    """What the checks find when something is saved is shown elsewhere; here findings are made by hand."""
    settings.AFTER_CHANGES = ""


# What lies on whose desk


def test_somebody_without_a_territory_is_told_whom_to_ask(client):
    make.make_zone(check_due_on=past())
    client.force_login(make_user("editors", keeps=()))
    page = client.get("/admin/")
    assert page.context["desk"] == {"is_empty": True}
    assert "Ask an administrator" in page.content.decode()


def test_what_is_due_lies_on_the_desks_of_its_territory_alone(client):
    mine, others = make.make_zone(check_due_on=past()), make.make_zone(check_due_on=past())
    make.make_zone(city=mine.city, check_due_on=past(-1))
    make.make_zone(city=mine.city, check_due_on=past(), state="draft")
    stated = make.make_statement(mine, check_due_on=past(3))
    make.make_statement(others, check_due_on=past(3))

    expected = {"due": [f"{mine}: {stated.aspect} 42", str(mine)]}
    assert desk(client, editor_of(mine.city)) == expected
    page = client.get("/admin/").content.decode()
    assert str(others) not in page
    assert f"Source: {stated.source}" in page
    assert "3 days overdue" in page


def test_the_section_of_each_kind_is_on_the_page_with_what_it_has(client):
    publisher, editor = editor_of("province", group="publishers"), editor_of("province")
    review = make.make_zone(state="in-review", created_by=editor, changed_by=editor)
    back = make.make_zone(state="draft", created_by=publisher, changed_by=editor)
    draft = make.make_project(state="draft", created_by=publisher, changed_by=publisher)
    finding = make_finding(make.make_zone())
    dead = make_finding(make.make_source(), check_name="link-fails")
    behind = make.make_zone(summary_en="By the river.", summary_zh="河边。")
    with history.keeping(behind, by=editor, route="action"):
        behind.summary_en = "By the lake."
        behind.save()
    question = Question.objects.create(
        note=pending.add_note(behind, "Which lake?", by=editor), asked=publisher
    )
    severe = make_finding(make.make_zone(), severity=Severity.ERROR)

    found = desk(client, publisher)
    assert found == {
        "questions": [str(question.note.record)],
        "review": [str(review)],
        "sent-back": [str(back)],
        "drafts": [str(draft)],
        "contradictions": [str(severe.record)],
        "findings": [str(finding.record)],
        "translations": [str(behind)],
        "links": [str(dead.record)],
    }
    # Editors review nothing, and have their own drafts.
    assert desk(client, editor).keys() == {"drafts", "contradictions", "findings", "translations", "links"}


def test_nobody_is_asked_to_review_what_they_alone_have_done(client):
    publisher = editor_of("province", group="publishers")
    make.make_zone(state="in-review", created_by=publisher, changed_by=publisher)
    assert "review" not in desk(client, publisher)


def make_change(record, by, **values):
    """A change of a public record that waits for approval."""
    with undone():
        for name, value in values.items():
            setattr(record, name, value)
        record.save()
        wanted = snapshots.taken(record)
    record.refresh_from_db()
    return pending.propose(record, wanted, by=by, why="It grew.")


def test_a_change_of_a_public_record_waits_for_reviewers_of_its_territory(client):
    zone = make.make_zone()
    editor = editor_of(zone.city)
    publisher = editor_of(zone.city, group="publishers")
    elsewhere = editor_of(make.make_city(), group="publishers", username="elsewhere")
    change = make_change(zone, editor, area_km2=Decimal("7"))
    assert desk(client, publisher) == {"review": [str(zone)]}
    assert desk(client, elsewhere) == {}
    pending.send_back(change, by=publisher, note="Which source?")
    assert desk(client, editor) == {"sent-back": [str(zone)]}


@pytest.mark.parametrize("section", SECTIONS, ids=lambda one: one.key)
def test_every_section_has_a_page_in_both_languages(client, section):
    client.force_login(editor_of("province", group="publishers"))
    for language in ("en", "zh-hans"):
        page = client.get(section.url, headers={"accept-language": language})
        assert page.status_code == 200
    assert client.get(f"{section.url}?part=nothing-like-it").status_code == 404


def test_a_section_is_paged_and_one_kind_is_chosen(client):
    city = make.make_city()
    for number in range(52):
        make.make_zone(city=city, check_due_on=past(60 - number))
    make.make_project(city=city, check_due_on=past(2))
    client.force_login(editor_of(city))
    page = client.get("/admin/")
    (shown,) = page.context["desk"]["sections"]
    assert (len(shown.rows), shown.count) == (10, 53)
    assert "To be checked again: all 53" in page.content.decode()
    assert len(client.get("/admin/to-do/due/").context["rows"]) == 50
    assert len(client.get("/admin/to-do/due/?part=zone&page=2").context["rows"]) == 2
    assert len(client.get("/admin/to-do/due/?part=project").context["rows"]) == 1


def test_a_section_that_is_not_there_or_not_for_somebody_is_404(client):
    client.force_login(editor_of("province"))
    assert client.get("/admin/to-do/nothing/").status_code == 404
    assert client.get("/admin/to-do/review/").status_code == 404
    assert client.get("/admin/to-do/answer/nothing/").status_code == 404
    client.logout()
    assert client.get("/admin/to-do/due/").status_code == 302


def fill(city, user):
    """One more row in every section."""
    zone = make.make_zone(city=city, check_due_on=past())
    make.make_statement(zone, check_due_on=past())
    make.make_zone(city=city, state="in-review")
    make.make_zone(city=city, state="draft", created_by=user, changed_by=user)
    make_finding(zone)
    make_finding(zone, severity=Severity.ERROR, check_name="another", statement=zone.statements.get())
    make_finding(make.make_statement(zone).source, check_name="link-fails")
    note = pending.add_note(zone, "Why?", by=user)
    Question.objects.create(note=note, asked=user)
    with history.keeping(zone, by=user, route="action"):
        zone.summary_en, zone.summary_zh = "By the river.", "河边。"
        zone.save()
    with history.keeping(zone, by=user, route="action"):
        zone.summary_en = "By the lake."
        zone.save()
    make_change(zone, make_user(username=f"author-{zone.pk}", is_superuser=True), county_en="Tunliu")


def queries(client):
    client.get("/admin/")
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/admin/").status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def test_the_desk_costs_as_many_queries_for_three_rows_as_for_one(client):
    city = make.make_city()
    user = editor_of(city, group="publishers")
    client.force_login(user)
    fill(city, user)
    one = queries(client)
    fill(city, user)
    fill(city, user)
    three = queries(client)
    assert len(three) == len(one), "\n".join(sorted(three))
    assert len(one) < 80


def test_the_territories_that_nobody_keeps_are_told_to_publishers_of_the_province(client):
    zone, kept = make.make_zone(), make.make_zone()
    editor_of(kept.city)
    publisher = editor_of("province", group="publishers")
    client.force_login(publisher)
    assert [one.city for one in client.get("/admin/").context["desk"]["unattended"]] == [zone.city]
    client.force_login(editor_of(zone.city, username="keeper"))
    assert client.get("/admin/").context["desk"]["unattended"] == []


def test_a_province_that_nobody_keeps_is_told_to_administrators(client):
    root = make_user(is_superuser=True)
    client.force_login(root)
    assert "administrators alone keep it" in client.get("/admin/").content.decode()
    editor_of("province")
    assert "administrators alone keep it" not in client.get("/admin/").content.decode()


def test_days_are_written_as_on_the_public_pages(client):
    make_finding(make.make_zone(), first_seen=datetime.datetime(2026, 11, 23, 4, tzinfo=datetime.UTC))
    client.force_login(editor_of("province"))
    assert "Found on 23 November 2026" in client.get("/admin/").content.decode()
