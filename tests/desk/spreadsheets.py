"""What tests of spreadsheets share: files to upload, and people who may."""

import csv
import io

import openpyxl

from desk.models import Import
from tests.records.staff import make_territory, make_user


def workbook(*rows, sheets=None, change=None):
    """The bytes of a workbook with these rows; `sheets` adds more by name, `change` may alter it."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, more in (sheets or {}).items():
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    if change:
        change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def delimited(*rows, encoding="utf-8", delimiter=","):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode(encoding)


def cells_of(content):
    """The values of the first sheet of a workbook, row by row."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def upload(client, kind, content, name="rows.xlsx"):
    """Upload a file; the import that it became, or the page that refuses it."""
    file = io.BytesIO(content)
    file.name = name
    response = client.post("/admin/desk/import/add/", {"kind": kind, "file": file})
    return Import.objects.latest("pk") if response.status_code == 302 else response


def act(client, importing, action, **data):
    """Press a button of an import; the import afterwards."""
    response = client.post(f"/admin/desk/import/{importing.pk}/{action}/", data)
    assert response.status_code == 302, response
    importing.refresh_from_db()
    return importing


def shown(client, importing, query=""):
    return client.get(f"/admin/desk/import/{importing.pk}/change/{query}")


def rows_of(importing):
    """[(row, result)] of an import."""
    return list(importing.rows.values_list("number", "result"))


def problems_of(importing):
    """[(row, column, message)] of all that is wrong."""
    found = [*importing.problems, *(one for row in importing.rows.all() for one in row.problems)]
    return [(one["row"], one["column"], one["message"]) for one in found]


def person(group, *, province=False, cities=(), zones=(), **fields):
    """Somebody of a group, or of none, with a territory or none."""
    user = make_user(group, keeps=(), **fields)
    for place in (*(["province"] if province else []), *cities, *zones):
        make_territory(user, place)
    return user
