"""An import from upload to undo, as staff do it in the administration."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk.models import Import, ImportRow
from records.models import PendingChange, Statement, Version
from tests import factories
from tests.desk.spreadsheets import (
    act,
    cells_of,
    delimited,
    person,
    problems_of,
    rows_of,
    shown,
    upload,
    workbook,
)
from zones.models import Zone

pytestmark = pytest.mark.django_db
HEAD = ["Address", "Name (English)", "City", "Type", "Area, km²"]
TYPE = "economic"


@pytest.fixture
def city():
    return factories.make_city(slug="changzhi", name_en="Changzhi", name_zh="长治市")


@pytest.fixture
def publisher(client, city):
    user = person("publishers", cities=[city])
    client.force_login(user)
    return user


@pytest.fixture
def editor(client, city):
    user = person("editors", cities=[city])
    client.force_login(user)
    return user


def zone_of(slug):
    return Zone.objects.get(slug=slug)


def versions():
    return list(Version.objects.order_by("pk").values_list("object_id", "route", "by_name", "why", "batch"))


# From upload to confirmation


def test_nothing_is_written_before_it_is_confirmed_and_all_of_it_then(client, publisher, city):
    zone = factories.make_zone(slug="old", city=city, name_en="Old", area_km2=37)
    importing = upload(
        client,
        "zones",
        workbook(HEAD, ["old", "Old", "changzhi", TYPE, 239], ["new", "New", "长治市", TYPE, 5]),
    )
    assert (importing.state, importing.by_name, importing.file_name) == ("checked", "publishers", "rows.xlsx")
    assert (rows_of(importing), problems_of(importing)) == ([(2, "changed"), (3, "new")], [])
    assert (zone_of("old").area_km2, Zone.objects.count(), Version.objects.count()) == (37, 1, 0)

    page = shown(client, importing).content.decode()
    for part in ("<del>37</del>", "<ins>239</ins>", "1 row changes a published record"):
        assert part in page

    act(client, importing, "confirm", why="The report of 2026")
    assert importing.state == "done"
    made = zone_of("new")
    assert (zone_of("old").area_km2, zone_of("old").changed_by) == (239, publisher)
    assert (made.state, made.city, made.area_km2, made.created_by) == ("draft", city, 5, publisher)
    assert versions() == [
        (zone.pk, "found", "", "", None),
        *[(pk, "import", "publishers", "The report of 2026", importing.uuid) for pk in (zone.pk, made.pk)],
    ]
    assert list(importing.rows.values_list("target", flat=True)) == [zone.pk, made.pk]


def test_the_same_file_again_changes_nothing(client, publisher):
    content = workbook(HEAD, ["new", "New", "changzhi", TYPE, 5])
    act(client, upload(client, "zones", content), "confirm")
    again = upload(client, "zones", content)
    assert (again.state, rows_of(again)) == ("checked", [(2, "unchanged")])
    assert "there is nothing to write" in shown(client, again).content.decode()


def test_a_change_of_what_is_public_asks_why_and_keeps_what_was_typed(client, publisher, city):
    factories.make_zone(slug="a", city=city)
    importing = upload(client, "zones", workbook(["Address", "Website"], ["a", "https://a.example"]))
    response = client.post(f"/admin/desk/import/{importing.pk}/confirm/", {"why": " "})
    assert response.context["form"].errors == {"why": ["This field is required."]}
    importing.refresh_from_db()
    assert (importing.state, zone_of("a").website) == ("checked", "")


def test_a_file_with_errors_is_refused_whole(client, publisher, city):
    importing = upload(
        client,
        "zones",
        workbook(HEAD, ["good", "Good", "changzhi", TYPE, 5], ["bad", "", "nowhere", TYPE, "=1+1"]),
    )
    assert importing.state == "refused"
    assert problems_of(importing) == [
        (3, "E", "This is a formula (=1+1). Put its value in its place."),
        (3, "C", "There is no city “nowhere”."),
        (3, "", "Give a name in at least one language."),
    ]
    importing = upload(
        client,
        "zones",
        workbook(HEAD, ["good", "Good", "changzhi", TYPE, 5], ["bad", "", "nowhere", TYPE, 0]),
    )
    assert (importing.state, rows_of(importing)) == ("refused", [(2, "new"), (3, "wrong")])
    client.post(f"/admin/desk/import/{importing.pk}/confirm/", {"why": "x"})
    assert Zone.objects.count() == 0
    assert "There is no city “nowhere”." in shown(client, importing, "?result=wrong").content.decode()


def test_what_cannot_be_read_is_refused_at_the_form(client, publisher):
    response = upload(client, "zones", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "old.xls")
    assert response.context["form"].errors["file"][0].startswith("This is an old Excel file (.xls)")
    assert upload(client, "zones", b"").context["form"].errors == {"file": ["The file is empty."]}
    assert Import.objects.count() == 0


def test_a_damaged_file_is_refused_with_the_reason(client, publisher):
    importing = upload(client, "zones", workbook(HEAD)[:900])
    assert (importing.state, [text[:19] for *_place, text in problems_of(importing)]) == (
        "refused",
        ["The file is damaged"],
    )


def test_records_that_changed_since_are_shown_again(client, publisher, city):
    factories.make_zone(slug="a", city=city, website="https://old.example")
    importing = upload(client, "zones", workbook(["Address", "Website"], ["a", "https://a.example"]))
    Zone.objects.update(website="https://other.example")
    act(client, importing, "confirm", why="x")
    assert (importing.state, zone_of("a").website) == ("checked", "https://other.example")
    assert importing.notices == [
        "Records have changed since this was shown. Look at it again before you confirm it."
    ]
    assert importing.rows.get().changes == [["Website", "https://other.example", "https://a.example"]]
    act(client, importing, "confirm", why="x")
    assert (importing.state, zone_of("a").website) == ("done", "https://a.example")


def test_an_import_can_be_given_up(client, publisher):
    importing = act(client, upload(client, "zones", workbook(HEAD, ["a", "A", "changzhi", TYPE])), "cancel")
    assert importing.state == "cancelled"
    act(client, importing, "confirm")
    assert (importing.state, Zone.objects.count()) == ("cancelled", 0)


def test_statements_about_one_record_are_one_version(client, publisher, city):
    zone = factories.make_zone(slug="a", city=city, state="draft")
    aspect, source = factories.make_aspect(key="k"), factories.make_source(slug="s")
    old = factories.make_statement(zone, aspect=aspect, source=source, number=37)
    head = [
        "ID",
        "Kind of record",
        "Address of the record",
        "Aspect",
        "Source",
        "Number",
        "Adopted",
        "Holds for",
    ]
    content = delimited(
        head,
        ["", "zone", "a", "k", "s", "239", "yes", "2026"],
        [old.pk, "zone", "a", "k", "s", "37", "no", "2021-03"],
    )
    act(client, upload(client, "statements", content, "s.csv"), "confirm")
    assert list(Statement.objects.values_list("number", "adopted", "object_id")) == [
        (239, True, zone.pk),
        (37, False, zone.pk),
    ]
    assert [row[:2] for row in versions()] == [(zone.pk, "found"), (zone.pk, "import")]
    zone.refresh_from_db()
    assert zone.changed_by == publisher


def test_values_of_indicators_are_written(client):
    client.force_login(person("publishers", province=True))
    factories.make_indicator(slug="gdp", unit="percent", values=[{"slug": "v", "number": 5}])
    content = delimited(
        ["Key", "Indicator", "Period", "Number", "Unit"], ["w", "gdp", "2021", "6.1%", "percent"]
    )
    importing = act(client, upload(client, "values", content), "confirm", why="Yearbook")
    assert importing.state == "done"
    assert list(factories.IndicatorValue.objects.order_by("pk").values_list("slug", "number")) == [
        ("v", 5),
        ("w", factories.Decimal("6.1")),
    ]


# Approval


def test_an_editor_proposes_what_the_public_would_see(client, editor, city):
    zone = factories.make_zone(slug="a", city=city, website="")
    importing = upload(client, "zones", workbook(["Address", "Website"], ["a", "https://a.example"]))
    assert (importing.pending, importing.public) == (1, 0)
    act(client, importing, "confirm", why="They have a site now")
    change = PendingChange.objects.get()
    assert (zone_of("a").website, change.content["fields"]["website"]) == ("", "https://a.example")
    assert (change.object_id, change.author, change.why, change.state) == (
        zone.pk,
        editor,
        "They have a site now",
        "in-review",
    )
    assert importing.rows.get().pending == change
    again = upload(client, "zones", workbook(["Address", "Website"], ["a", "https://b.example"]))
    assert problems_of(again) == [
        (2, "A", f"You have an open change of {zone} already. Have it decided or give it up first.")
    ]

    act(client, importing, "undo")
    change.refresh_from_db()
    assert (change.state, importing.left_alone) == ("withdrawn", [])


def test_only_a_publisher_renames_what_is_withdrawn(client, editor, city):
    factories.make_zone(slug="a", city=city, state="withdrawn", name_en="Old")
    importing = upload(client, "zones", workbook(["Address", "Name (English)"], ["a", "New"]))
    text = "It is withdrawn, and the public still sees this name. Only a publisher changes it."
    assert problems_of(importing) == [(2, "B", text)]


# Undoing


def test_an_import_is_undone_in_one_go(client, publisher, city):
    zone = factories.make_zone(slug="old", city=city, area_km2=37)
    statement = factories.make_statement(zone)
    importing = upload(
        client,
        "zones",
        workbook(HEAD, ["old", zone.name_en, "changzhi", TYPE, 239], ["new", "New", "changzhi", TYPE, 5]),
    )
    act(client, act(client, importing, "confirm", why="x"), "undo")
    assert (importing.state, importing.undone_by_name, importing.left_alone) == ("undone", "publishers", [])
    assert list(Zone.objects.values_list("slug", "area_km2")) == [("old", 37)]
    assert Statement.objects.get().pk == statement.pk


def test_what_was_changed_since_is_left_alone_and_named(client, publisher, city):
    factories.make_zone(slug="a", city=city, name_en="A")
    rows = [
        ["a", "A", "changzhi", TYPE, 239],
        ["b", "B", "changzhi", TYPE, 5],
        ["c", "C", "changzhi", TYPE, 5],
    ]
    importing = act(client, upload(client, "zones", workbook(HEAD, *rows)), "confirm", why="x")
    Zone.objects.filter(slug="a").update(website="https://a.example")
    Zone.objects.filter(slug="b").update(state="in-review")
    act(client, importing, "undo")
    assert sorted(importing.left_alone) == [
        ["A", "It was changed or deleted after the import."],
        ["B", "It was changed or deleted after the import."],
    ]
    assert sorted(Zone.objects.values_list("slug", "area_km2")) == [("a", 239), ("b", 5)]
    page = shown(client, importing).content.decode()
    assert "A: It was changed or deleted after the import." in page


def test_a_new_record_that_others_point_to_is_left_alone(client, publisher, city):
    importing = upload(client, "zones", workbook(HEAD, ["upper", "Upper", "changzhi", TYPE, 5]))
    act(client, importing, "confirm")
    factories.make_zone(part_of=zone_of("upper"), name_en="Lower", city=city)
    act(client, importing, "undo")
    assert importing.left_alone == [["Upper", "Others point to it: Lower."]]
    assert Zone.objects.filter(slug="upper").exists()


# Who


def test_each_sees_their_own_imports_and_whoever_keeps_the_province_all(client, city):
    importing = Import.objects.create(
        kind="zones", file_name="x", language="en", by=person("editors", cities=[city]), by_name="editors"
    )
    other = person("publishers", cities=[city])
    everywhere = person(None, is_superuser=True)
    for user, status, listed in [(importing.by, 200, 1), (other, 302, 0), (everywhere, 200, 1)]:
        client.force_login(user)
        assert client.get(f"/admin/desk/import/{importing.pk}/change/").status_code in (status, 404)
        assert client.get("/admin/desk/import/").context["cl"].result_count == listed


def test_every_address_of_an_import_is_for_those_who_see_it(client, city):
    owner, other = person("editors", cities=[city]), person("publishers", cities=[city])
    importing = Import.objects.create(
        kind="zones", file_name="x", language="en", by=owner, by_name="editors", state="checked"
    )

    def answers(user):
        client.force_login(user)
        pages = [client.get(f"/admin/desk/import/{importing.pk}/{page}/") for page in ("change", "history")]
        pages.append(client.post(f"/admin/desk/import/{importing.pk}/delete/"))
        moves = [
            client.post(f"/admin/desk/import/{importing.pk}/{move}/")
            for move in ("restart", "undo", "confirm", "cancel")
        ]
        return [page.status_code for page in (*pages, *moves)]

    assert answers(other)[3:] == [404] * 4
    assert set(answers(other)[:3]) <= {302, 403, 404}
    # Nothing deletes an import; what its state does not allow is said on its page.
    assert answers(owner) == [200, 200, 403, 302, 302, 302, 302]
    assert Import.objects.count() == 1


def test_nobody_confirms_the_import_of_another(client, city):
    editor = person("editors", cities=[city])
    importing = Import.objects.create(
        kind="zones", file_name="x", language="en", by=editor, by_name="editors", state="checked"
    )
    client.force_login(person(None, is_superuser=True))
    assert client.post(f"/admin/desk/import/{importing.pk}/confirm/", {"why": "x"}).status_code == 403
    assert client.get(f"/admin/desk/import/{importing.pk}/confirm/").status_code == 405


def test_somebody_without_territory_or_right_imports_nothing(client):
    for user in (person("editors"), person(None)):
        client.force_login(user)
        for address in ("add/", "template/zones/"):
            assert client.get(f"/admin/desk/import/{address}").status_code == 403
    client.logout()
    assert client.get("/admin/desk/import/add/").status_code == 302


# What is kept


def test_old_files_are_cleared_and_the_imports_stay(client, publisher):
    importing = upload(client, "zones", workbook(HEAD, ["a", "A", "changzhi", TYPE]))
    act(client, importing, "confirm")
    assert Import.objects.clear_old_files() == 0
    Import.objects.update(uploaded_at=timezone.now() - datetime.timedelta(days=91))
    assert (Import.objects.clear_old_files(), Import.objects.clear_old_files()) == (1, 0)
    importing.refresh_from_db()
    assert (importing.content, importing.state, ImportRow.objects.count()) == (None, "done", 0)
    act(client, importing, "undo")
    assert Zone.objects.count() == 0


def test_the_template_has_the_headings_of_the_editor_and_explains_them(client, publisher):
    for language, heading in [("en", "Address"), ("zh-hans", "网址标识")]:
        response = client.get("/admin/desk/import/template/projects/", headers={"accept-language": language})
        content = response.getvalue()
        [row] = cells_of(content)
        assert row[0] == heading
        importing = upload(client, "projects", content)
        assert problems_of(importing)[0][2] == "The file holds no rows under its headings."
    assert client.get("/admin/desk/import/template/sources/").status_code == 404


def test_the_list_asks_as_many_questions_for_three_imports_as_for_one(client, publisher):
    counts = []
    for _n in range(3):
        Import.objects.create(kind="zones", file_name="x", language="en", by=publisher, state="done")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/admin/desk/import/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[2]
