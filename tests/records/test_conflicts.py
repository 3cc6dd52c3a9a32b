"""Two people edit the same record at once: nothing is lost, and the second one sees what happened."""

import pytest
from django.test import Client

from records.admin.begun import Begun
from records.merging import merge
from records.models import PendingChange, State
from tests import factories
from tests.records.staff import form_data, make_user, page, save, statements_prefix
from zones.models import Zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def first():
    return signed_in(make_user("publishers", username="first"))


@pytest.fixture
def second():
    return signed_in(make_user("publishers", username="second"))


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def zone():
    return factories.make_zone(state=State.DRAFT, summary_en="As it was.", county_en="Lucheng")


def now(row):
    return type(row).objects.get(pk=row.pk)


def test_the_second_to_save_overwrites_nothing_and_sees_what_happened(zone, first, second):
    opened = form_data(second.get(page(zone, "change")))
    save(first, zone, summary_en="By the first.")

    response = second.post(page(zone, "change"), opened | {"county_en": "Luzhou"})

    assert (now(zone).summary_en, now(zone).county_en) == ("By the first.", "Lucheng")
    html = response.content.decode()
    assert response.status_code == 200
    assert "Nothing is saved yet" in html
    assert "first saved the same record" in html
    assert "As it was." in html
    form = response.context["adminform"].form
    assert (form["summary_en"].value(), form["county_en"].value()) == ("By the first.", "Luzhou")

    second.post(page(zone, "change"), form_data(response))
    assert (now(zone).summary_en, now(zone).county_en) == ("By the first.", "Luzhou")
    assert now(zone).changed_by.username == "second"


def test_where_both_changed_a_field_both_values_are_shown_and_the_second_decides(zone, first, second):
    opened = form_data(second.get(page(zone, "change")))
    save(first, zone, summary_en="By the first.")

    response = second.post(page(zone, "change"), opened | {"summary_en": "By the second."})

    (clash,) = response.context["conflict"].clashes
    assert (clash.mine, clash.theirs) == ("By the second.", "By the first.")
    assert response.context["adminform"].form["summary_en"].value() == "By the second."
    assert now(zone).summary_en == "By the first."
    second.post(page(zone, "change"), form_data(response))
    assert now(zone).summary_en == "By the second."


def test_a_third_save_in_between_is_shown_as_well(zone, first, second):
    opened = form_data(second.get(page(zone, "change")))
    save(first, zone, summary_en="One.")
    again = form_data(second.post(page(zone, "change"), opened | {"county_en": "Luzhou"}))
    save(first, zone, summary_en="Two.")

    response = second.post(page(zone, "change"), again)

    assert "Nothing is saved yet" in response.content.decode()
    second.post(page(zone, "change"), form_data(response))
    assert (now(zone).summary_en, now(zone).county_en) == ("Two.", "Luzhou")


def test_rows_that_one_adds_and_the_other_removes_or_changes_come_together(zone, first, second):
    kept, removed = (factories.make_statement(zone, number=number) for number in (1, 2))
    aspect, source = factories.make_aspect(), factories.make_source()
    response = second.get(page(zone, "change"))
    prefix, opened = statements_prefix(response), form_data(response)
    order = [opened[f"{prefix}-{number}-id"] for number in (0, 1)]
    at = {row: order.index(row.pk) for row in (kept, removed)}
    save(first, zone, **{f"{prefix}-{at[kept]}-number": "10"})
    # Statements can be deleted by administrators alone.
    removed.delete()

    new = {"aspect": aspect.pk, "source": source.pk, "number": "3", "position": 0, "adopted": "on"}
    data = opened | {f"{prefix}-2-{name}": value for name, value in new.items()}
    response = second.post(page(zone, "change"), data | {f"{prefix}-TOTAL_FORMS": 3})
    assert "Nothing is saved yet" in response.content.decode()
    assert zone.statements.count() == 1

    second.post(page(zone, "change"), form_data(response))
    assert sorted(zone.statements.values_list("number", flat=True)) == [3, 10]
    assert set(zone.statements.values_list("pk", flat=True)) > {kept.pk}


def test_two_that_adopt_different_statements_are_both_told_and_nothing_typed_is_lost(zone, first, second):
    aspect = factories.make_aspect()
    one, other = (factories.make_statement(zone, aspect=aspect, adopted=False, number=n) for n in (1, 2))
    response = second.get(page(zone, "change"))
    prefix, opened = statements_prefix(response), form_data(response)
    order = [opened[f"{prefix}-{number}-id"] for number in (0, 1)]
    save(first, zone, **{f"{prefix}-{order.index(one.pk)}-adopted": "on"})

    data = opened | {f"{prefix}-{order.index(other.pk)}-adopted": "on", "county_en": "Typed"}
    response = second.post(page(zone, "change"), data)

    html = response.content.decode()
    assert "Another statement on this aspect is adopted already." in html
    assert "Nothing is saved yet" in html
    assert 'value="Typed"' in html
    assert [row.adopted for row in (now(one), now(other))] == [True, False]


def test_saving_a_statement_on_its_own_page_is_a_change_of_its_record(zone, first, second):
    statement = factories.make_statement(zone, number=1)
    opened = form_data(second.get(page(zone, "change")))
    save(first, statement, number="2")

    response = second.post(page(zone, "change"), opened | {"county_en": "Luzhou"})

    assert "Nothing is saved yet" in response.content.decode()
    assert (now(statement).number, now(zone).county_en) == (2, "Lucheng")


def test_what_somebody_else_typed_is_shown_and_not_saved(zone, first, second):
    typed = form_data(first.get(page(zone, "change"))) | {"county_en": "Luzhou"}

    response = second.post(page(zone, "change"), typed)

    assert "Somebody else typed what this form holds" in response.content.decode()
    assert response.context["adminform"].form["county_en"].value() == "Luzhou"
    assert now(zone).county_en == "Lucheng"
    second.post(page(zone, "change"), form_data(response))
    assert now(zone).county_en == "Luzhou"


@pytest.mark.parametrize("begun", ["", "x" * 30, "of another record"])
def test_a_form_that_does_not_say_what_it_was_made_from_is_shown_again(zone, first, begun):
    other = factories.make_zone()
    if begun == "of another record":
        begun = form_data(first.get(page(other, "change")))["begun"]
    typed = form_data(first.get(page(zone, "change"))) | {"county_en": "Luzhou", "begun": begun}

    response = first.post(page(zone, "change"), typed)

    assert "It cannot be told what this form was made from." in response.content.decode()
    assert response.context["adminform"].form["county_en"].value() == "Luzhou"
    assert now(zone).county_en == "Lucheng"


def test_an_editor_with_two_windows_loses_nothing_of_a_pending_change(first):
    zone = factories.make_zone(summary_en="As it was.", county_en="Lucheng")
    editor = signed_in(make_user("editors"))
    one, two = (form_data(editor.get(page(zone, "change"))) for _window in range(2))
    editor.post(page(zone, "change"), one | {"summary_en": "Better."})

    response = editor.post(page(zone, "change"), two | {"county_en": "Luzhou"})

    assert "Nothing is saved yet" in response.content.decode()
    change = PendingChange.objects.get()
    assert change.content["fields"]["county_en"] == "Lucheng"
    editor.post(f"{page(zone, 'change')}?pending={change.pk}", form_data(response))
    change.refresh_from_db()
    fields = change.content["fields"]
    assert (fields["summary_en"], fields["county_en"]) == ("Better.", "Luzhou")


def test_lists_of_keys_are_put_together(zone):
    base = snapshot(fields={}, many={"industries": [1, 2]})
    mine = snapshot(fields={}, many={"industries": [1, 2, 3]})
    theirs = snapshot(fields={}, many={"industries": [2, 4]})

    merged, collisions = merge(base, mine, theirs)

    assert merged["many"] == {"industries": [2, 3, 4]}
    assert collisions == []


def snapshot(fields, many=None, rows=()):
    children = {
        "statements": [{"pk": key, "fields": {"number": n}, "many": {}, "children": {}} for key, n in rows]
    }
    return {
        "model": "zones.zone",
        "pk": 1,
        "fields": fields,
        "many": many or {},
        "children": children,
        "names": {},
    }


def test_a_row_that_one_removes_and_the_other_changes_is_a_collision():
    base, mine, theirs = (snapshot({}, rows=rows) for rows in ([(7, 1)], [], [(7, 2)]))

    merged, (collision,) = merge(base, mine, theirs)

    assert collision.path == "statements/7"
    assert merged["children"]["statements"] == []
    kept, _collisions = merge(base, mine, theirs, {"statements/7": "theirs"})
    assert kept["children"]["statements"] == theirs["children"]["statements"]


MERGED = ("base", "mine", "theirs")


@pytest.mark.parametrize("older", MERGED)
def test_what_the_model_did_not_have_then_is_not_removed(older):
    sides = {side: snapshot({"slug": "a", "area": "1"}, {"kinds": [2]}, [(7, 1)]) for side in MERGED}
    sides[older] |= {"fields": {"slug": "a"}, "many": {}, "children": {}}

    merged, collisions = merge(**sides)

    whole = snapshot({"slug": "a", "area": "1"}, {"kinds": [2]}, [(7, 1)])
    assert (merged, collisions) == (whole, [])


def test_what_a_form_was_made_from_is_signed(zone):
    begun = Begun(snapshot({}) | {"pk": zone.pk}, snapshot({}) | {"pk": zone.pk}, 1)

    assert Begun.unsealed(begun.sealed(), zone) == begun


def test_the_page_asks_as_often_for_three_notes_and_changes_as_for_one(
    zone, first, django_assert_num_queries
):
    zone = Zone.objects.get(pk=factories.make_zone().pk)
    save(signed_in(make_user("editors", username="author-0")), zone, county_en="1")
    first.post(f"{page(zone, 'change')[:-7]}move/", {"note": "A note."})

    def queries():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            first.get(page(zone, "change"))
        return len(captured)

    queries()
    one = queries()
    for number in (1, 2):
        save(signed_in(make_user("editors", username=f"author-{number}")), zone, county_en="2")
        first.post(f"{page(zone, 'change')[:-7]}move/", {"note": "Another note."})
    # The first page after them shows what was said of the notes, and takes it out of the session.
    queries()
    assert queries() == one
