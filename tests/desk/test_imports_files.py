"""Files as they come: every trap of spreadsheets, named by row and column, in the editor's language."""

import datetime
import io
import zipfile
from decimal import Decimal

import pytest
from django.utils import translation
from openpyxl.cell.cell import Cell

from desk.imports import excel, files
from desk.imports.cells import Percent, as_day, as_number, as_partial_date, as_yes_or_no
from desk.imports.problems import FileRefused
from desk.imports.reading import read_table
from records.dates import PartialDate
from tests.desk.spreadsheets import delimited, workbook

HEAD = ["Address", "Name"]
DAY = datetime.datetime(2021, 3, 1)  # noqa: DTZ001  a spreadsheet knows no time zones


def refusal(content):
    with pytest.raises(FileRefused) as caught:
        read_table(content)
    return caught.value.message


def rewritten(content, change):
    """The same zip file with its parts changed."""
    before, after = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in before.namelist():
            archive.writestr(name, change(name, before.read(name)))
    return after.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty."),
        (b" \r\n", "The file is empty."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
            "This is an old Excel file (.xls), or one with a password. Save it as .xlsx, without a password.",
        ),
        (
            workbook(HEAD)[:600],
            "The file is damaged and cannot be read. Open it in Excel and save it anew as .xlsx.",
        ),
        (b"PK\x05\x06" + bytes(18), "This is not an Excel workbook (.xlsx)."),
        (b"\xef\xbb\xbfslug\na\x00", "This is neither an Excel file (.xlsx) nor a text file (.csv)."),
        (b"%PDF-1.7\n\x00\x01", "This is neither an Excel file (.xlsx) nor a text file (.csv)."),
        (
            b'slug,name\n"a",b\n"c"x,d\n',
            "The file is damaged near line 3: ',' expected after '\"'.",
        ),
        (b"a" * (files.MAX_BYTES + 1), "The file is larger than 10 MB. Divide it into several."),
        (b"\xff\xfea\xd8", "The characters of this file cannot be read. Save it as CSV UTF-8."),
        (
            workbook(HEAD, ["a", "A"], sheets={"More": [["b", "B"]]}),
            "The file has several sheets: Sheet, More. "
            "Keep the one to be imported, and delete or hide the others.",
        ),
        (
            delimited(HEAD, *[[f"a{n}", "x"] for n in range(20_001)]),
            "The file has more than 20,000 rows. Divide it into several.",
        ),
        (delimited(HEAD, ["x"] * 201), "Row 2 has more than 200 columns."),
        (workbook(HEAD, ["x"] * 201), "Row 2 has more than 200 columns."),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value[:40],
)
def test_what_is_no_table_is_refused_with_the_reason(content, message):
    assert refusal(content) == message


def test_a_refusal_is_in_the_language_of_the_editor():
    with translation.override("zh-hans"):
        assert refusal(b"") == "文件是空的。"


def test_a_damaged_part_of_a_workbook_is_named_as_damage():
    broken = rewritten(workbook(HEAD), lambda name, part: part[:-40] if "sheet1" in name else part)
    assert refusal(broken).startswith("The file is damaged")


def test_a_document_type_is_refused_before_it_is_read():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    armed = rewritten(workbook(HEAD), lambda name, part: bomb + part if "sheet1" in name else part)
    assert refusal(armed).startswith("The file is damaged")


def test_a_file_that_unpacks_to_too_much_is_refused_while_it_unpacks(monkeypatch):
    monkeypatch.setattr(excel, "MAX_UNPACKED_BYTES", 3 * 1024 * 1024)
    bomb = rewritten(workbook(HEAD), lambda name, part: bytes(4 * 1024 * 1024) if "styles" in name else part)
    assert len(bomb) < 20_000
    assert refusal(bomb) == "The file unpacks to more than can be read. Divide it into several."


def test_a_file_that_says_itself_that_it_is_too_much_is_not_unpacked(monkeypatch):
    def unpack(*_arguments, **_options):
        pytest.fail("It was unpacked.")

    monkeypatch.setattr(excel, "MAX_UNPACKED_BYTES", 3 * 1024 * 1024)
    bomb = rewritten(workbook(HEAD), lambda name, part: bytes(4 * 1024 * 1024) if "styles" in name else part)
    monkeypatch.setattr(zipfile.ZipFile, "open", unpack)
    assert refusal(bomb) == "The file unpacks to more than can be read. Divide it into several."


def test_a_file_that_says_less_of_itself_than_it_unpacks_to_is_damaged(monkeypatch):
    monkeypatch.setattr(excel, "MAX_UNPACKED_BYTES", 3 * 1024 * 1024)
    size = 4 * 1024 * 1024
    bomb = rewritten(workbook(HEAD), lambda name, part: bytes(size) if "styles" in name else part)
    liar = bomb.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert liar != bomb
    assert refusal(liar).startswith("The file is damaged")


def test_a_file_of_very_many_parts_is_refused():
    content = io.BytesIO(workbook(HEAD))
    with zipfile.ZipFile(content, "a") as archive:
        for number in range(files.MAX_PARTS):
            archive.writestr(f"xl/media/{number}", b"")
    assert refusal(content.getvalue()) == "The file unpacks to more than can be read. Divide it into several."


def test_all_that_cannot_be_read_in_a_workbook_is_named_at_once():
    def traps(book):
        sheet = book.active
        sheet["B2"] = '=A2&"x"'
        sheet["B3"] = "#N/A"
        sheet.merge_cells("A4:A5")

    table = read_table(workbook(HEAD, ["a", ""], ["b", ""], ["c", "C"], ["", "D"], change=traps))
    assert [(one.row, one.column, one.heading, one.message) for one in table.problems] == [
        (2, "B", "Name", 'This is a formula (=A2&"x"). Put its value in its place.'),
        (3, "B", "Name", "This cell holds an error (#N/A) in place of a value."),
        (4, "A", "Address", "The cells A4:A5 are merged. Unmerge them, and write the value into each."),
    ]


def test_a_formula_in_a_csv_file_is_named():
    table = read_table(delimited(HEAD, ["a", "=1+1"]))
    assert [(one.row, one.column) for one in table.problems] == [(2, "B")]


def test_empty_rows_are_passed_over_and_rows_count_as_the_spreadsheet_counts():
    table = read_table(workbook([], HEAD, [], ["a", " A "], ["", None], ["b", "B"]))
    assert (table.headings, table.rows) == (
        {1: "Address", 2: "Name"},
        [(4, {1: "a", 2: "A"}), (6, {1: "b", 2: "B"})],
    )


def test_hidden_sheets_and_explanations_are_left_aside_and_the_first_are_named():
    def hide(book):
        book["Lists"].sheet_state = "hidden"

    sheets = {"Lists": [["x"]], "About the columns": [["y"]], "Empty": []}
    table = read_table(workbook(HEAD, ["a", "A"], sheets=sheets, change=hide))
    assert table.rows == [(2, {1: "a", 2: "A"})]
    assert table.notices == ["Hidden sheets are left aside: Lists."]


@pytest.mark.parametrize(
    "options",
    [
        {"encoding": "utf-8"},
        {"encoding": "utf-8-sig"},
        {"encoding": "gb18030"},
        {"encoding": "utf-16"},
        {"delimiter": ";"},
        {"delimiter": "\t"},
    ],
    ids=str,
)
def test_csv_is_read_in_every_form_that_excel_writes(options):
    table = read_table(delimited(["地址", "名称, 中文"], ["a", "长治; 高新区\n二期"], **options))
    assert table.headings == {1: "地址", 2: "名称, 中文"}
    assert table.rows == [(2, {1: "a", 2: "长治; 高新区\n二期"})]


def read_cell(value, number_format="General"):
    def set_format(book):
        cell = book.active["A2"]
        assert isinstance(cell, Cell)
        cell.value, cell.number_format = value, number_format

    return read_table(workbook(["x"], [0], change=set_format)).rows[0][1][1]


@pytest.mark.parametrize(
    ("value", "number_format", "read"),
    [
        (0.1 + 0.2, "General", Decimal("0.3")),
        (1200000000, "#,##0", Decimal("1200000000")),
        (0.05, "0.0%", Percent(Decimal("5.00"))),
        (5, '0" %"', Decimal("5")),
        (DAY.replace(day=6, hour=12), "yyyy-mm-dd", PartialDate("2021-03-06")),
        (DAY, "mmm-yy", PartialDate("2021-03")),
        (DAY, 'yyyy"年"m"月"', PartialDate("2021-03")),
        (DAY, "yyyy", PartialDate("2021")),
        (True, "General", True),
        ("  text \r\n", "General", "text"),
    ],
)
def test_a_cell_says_what_it_shows(value, number_format, read):
    assert read_cell(value, number_format) == read


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234,567.50", Decimal("1234567.50")),
        ("１２３．５", Decimal("123.5")),
        ("−5", Decimal(-5)),
        ("1 200", Decimal(1200)),
        ("", None),
        (Decimal("37"), Decimal(37)),
    ],
)
def test_numbers_are_read_as_people_write_them(text, number):
    assert as_number(text) == number


@pytest.mark.parametrize(
    "text", ["12亿", "1.234,5", "12,34", "about 5", ".", "1e5", "--5", PartialDate("2021")]
)
def test_what_could_mean_several_numbers_is_none(text):
    with pytest.raises(ValueError, match="is no number. Write it in full"):
        as_number(text)


def test_a_percentage_is_a_number_only_where_one_is_meant():
    assert as_number("5%", percent=True) == as_number(Percent(Decimal(5)), percent=True) == 5
    with pytest.raises(ValueError, match="“5%” is a percentage; a plain number belongs here."):
        as_number("5%")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2021", "2021"),
        (Decimal(2021), "2021"),
        (Decimal(44261), "2021-03-06"),
        ("2021/3/6", "2021-03-06"),
        ("2021.3", "2021-03"),
        ("2021年3月6日", "2021-03-06"),
        ("２０２１年３月", "2021-03"),
        ("2021年", "2021"),
        ("2022-Q3", "2022-Q3"),
        ("2020-01/2020-04", "2020-01/2020-04"),
        ("2020/2021", "2020/2021"),
        ("../2006", "../2006"),
        ("2018~", "2018~"),
    ],
)
def test_dates_are_read_to_their_precision(value, text):
    assert as_partial_date(value) == PartialDate(text)


def test_a_day_is_a_day():
    assert as_day("2021/3/6") == datetime.date(2021, 3, 6)
    for other in ("2021-03", "2021-03-06~", "2020/2021"):
        with pytest.raises(ValueError, match="is no single day"):
            as_day(other)


def test_yes_and_no_in_either_language():
    assert [as_yes_or_no(text) for text in ("Yes", "是", True, "1", "x", "否", "no", False, None)] == [
        *[True] * 5,
        *[False] * 4,
    ]
    with pytest.raises(ValueError, match="“perhaps” is neither yes nor no."):
        as_yes_or_no("perhaps")
