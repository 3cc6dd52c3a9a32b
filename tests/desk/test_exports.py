"""Lists as Excel workbooks: what the list shows, no more, and nothing that a spreadsheet would run."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk import exports
from desk.imports.checking import Check
from desk.imports.kinds import SHEETS
from desk.imports.reading import read_table
from records.dates import PartialDate
from tests import factories
from tests.desk.spreadsheets import cells_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(client):
    user = person(None, is_superuser=True)
    client.force_login(user)
    return user


def exported(client, kind, query="", language="en"):
    response = client.get(f"/admin/desk/import/export/{kind}/{query}", headers={"accept-language": language})
    assert response.status_code == 200, response
    return response.getvalue()


def first_column(content):
    return [row[0] for row in cells_of(content)]


def test_a_list_is_exported_with_its_filters_and_its_search(client, root):
    for slug, level in [("a", "national"), ("b", "provincial"), ("c", "national")]:
        factories.make_zone(slug=slug, level=level, state="draft" if slug == "c" else "published")
    assert first_column(exported(client, "zones")) == ["Address", "a", "b", "c"]
    assert first_column(exported(client, "zones", "?level__exact=national&state__exact=published")) == [
        "Address",
        "a",
    ]
    assert first_column(exported(client, "zones", "?q=b")) == ["Address", "b"]
    assert client.get("/admin/desk/import/export/zones/?nonsense=1").status_code == 302
    assert client.get("/admin/desk/import/export/users/").status_code == 404


def test_the_ticked_rows_are_exported_by_an_action(client, root):
    zones = [factories.make_zone() for _n in range(3)]
    data = {"action": "export_to_excel", "_selected_action": [zones[0].pk, zones[2].pk]}
    response = client.post("/admin/zones/zone/", data)
    assert response["Content-Disposition"] == 'attachment; filename="zones.xlsx"'
    assert sorted(first_column(response.getvalue())) == sorted(["Address", zones[0].slug, zones[2].slug])


def test_an_export_holds_what_lies_in_the_territory(client):
    inside, outside = factories.make_city(), factories.make_city()
    factories.make_zone(slug="mine", city=inside)
    theirs = factories.make_zone(slug="theirs", city=outside, state="draft")
    factories.make_statement(theirs, text_en="Secret")
    client.force_login(person("editors", cities=[inside]))
    assert first_column(exported(client, "zones")) == ["Address", "mine"]
    assert first_column(exported(client, "statements")) == ["ID"]
    client.force_login(person(None))
    assert client.get("/admin/desk/import/export/zones/").status_code == 403


def test_a_text_that_a_spreadsheet_would_run_stays_text(client, root):
    texts = ["=1+1", "+86 351", "-5", "@sum", "plain"]
    for number, text in enumerate(texts):
        factories.make_zone(slug=f"z{number}", standing_en=text)
    sheet = openpyxl.load_workbook(io.BytesIO(exported(client, "zones"))).active
    column = [cell.value for cell in sheet[1]].index("Standing (English)") + 1
    cells = [sheet.cell(row, column) for row in range(2, 7)]
    assert [(cell.value, cell.data_type, bool(cell.quotePrefix)) for cell in cells] == [
        (text, "s", text != "plain") for text in texts
    ]


def test_the_buttons_are_over_the_lists_that_have_them(client, root):
    page = client.get("/admin/zones/zone/?level__exact=national").content.decode()
    assert '<a href="/admin/desk/import/export/zones/?level__exact=national">Export to Excel</a>' in page
    assert '<a href="/admin/desk/import/add/?kind=zones">Import</a>' in page
    page = client.get("/admin/records/source/").content.decode()
    assert '<a href="/admin/desk/import/export/sources/">Export to Excel</a>' in page
    assert ">Import<" not in page
    assert "Export to Excel" not in client.get("/admin/zones/city/").content.decode()


def test_more_rows_than_a_file_takes_are_refused_by_number(client, root, monkeypatch):
    monkeypatch.setattr(exports, "MAX_ROWS", 2)
    for _n in range(3):
        factories.make_zone()
    response = client.get("/admin/desk/import/export/zones/", follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "These are 3 rows, and a file takes 2. Filter the list first."
    ]


def test_an_export_takes_as_many_queries_for_three_rows_as_for_one(client, root):
    counts = []
    # Kinds of records are asked for once in a process.
    exported(client, "zones")
    exported(client, "statements")
    for _n in range(3):
        zone = factories.make_zone(industries=[factories.make_industry()], part_of=factories.make_zone())
        factories.make_statement(zone)
        factories.make_statement(factories.make_indicator().values.get())
        with CaptureQueriesContext(connection) as asked:
            exported(client, "zones")
            exported(client, "statements")
        counts.append(len(asked))
    assert counts[0] == counts[2]


def test_every_kind_of_value_comes_back_as_it_was(root):
    zone = factories.make_zone(
        established=PartialDate("2020-01/2020-04"),
        other_names="甲\n=乙",
        contact_phone="+86 0351",
        gbt37028_code="00140100",
        area_km2=factories.Decimal("123456.654321"),
        industries=[factories.make_industry(), factories.make_industry()],
        summary_en="-5 @ home\ttab",
    )
    statement = factories.make_statement(zone, number=factories.Decimal("123456789012345678.654321"))
    for kind, row in [("zones", zone), ("statements", statement)]:
        content = exports.export_workbook(SHEETS[kind](root), type(row).objects.all()).read()
        [[found]] = Check(SHEETS[kind](root), read_table(content), root).outcomes()
        assert (found.result, found.problems, found.changes) == ("unchanged", [], [])
