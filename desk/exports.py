"""Lists as Excel workbooks, and empty ones to fill: what `desk.imports` reads back.

Workbooks are written row by row into a temporary file. A text that a spreadsheet would run as a formula
stays text.
"""

import tempfile
from decimal import Decimal

from django.http import FileResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from desk.imports.excel import EXPLANATIONS
from desk.imports.files import MAX_ROWS
from desk.imports.languages import is_chinese
from desk.imports.widgets import NumberWidget

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A text that begins with one of these is run as a formula by a spreadsheet that reads it from CSV.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
EXACT_DIGITS = 15  # what a number in a spreadsheet keeps
TEXT_FORMAT = "@"


class TooManyRows(Exception):
    """More rows than one file takes; `count` is how many, `limit` how many it takes."""

    def __init__(self, count, limit):
        super().__init__(count)
        self.count, self.limit = count, limit


def export_workbook(sheet, rows):
    """A file with the rows of a list, at its beginning. Raises TooManyRows for more than it takes."""
    if (count := rows.count()) > MAX_ROWS:
        raise TooManyRows(count, MAX_ROWS)
    workbook, page = _begin(sheet)
    columns = [*sheet.columns.values()]
    for row in sheet.for_export(rows).iterator(chunk_size=500):
        page.append([_cell(page, column.written(row)) for column in columns])
    return _file(workbook)


def template_workbook(sheet):
    """A file, at its beginning, with headings alone, and a second sheet that explains each column."""
    workbook, _page = _begin(sheet)
    explanation = workbook.create_sheet(EXPLANATIONS[is_chinese()])
    _set_widths(explanation, [32, 14, 90])
    explanation.append(
        [_bold(explanation, text) for text in (_("Column"), _("Needed"), _("What its cells hold"))]
    )
    for column in sheet.columns.values():
        needed = _("yes") if column.required else ""
        cells = [_cell(explanation, text) for text in (column.heading, needed, column.explanation)]
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        explanation.append(cells)
    for text in notes():
        explanation.append([_cell(explanation, text)])
    return _file(workbook)


def notes():
    """What holds for every column, for the foot of the explanations."""
    return [
        "",
        _("An empty cell empties the field; a column that is not in the file is left as it is."),
        _("New records are drafts. Nothing is written before you have seen what would change."),
    ]


def as_download(file, name):
    """The response that hands a workbook to the browser."""
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _begin(sheet):
    workbook = Workbook(write_only=True)
    page = workbook.create_sheet(str(sheet.model._meta.verbose_name_plural)[:31])
    page.freeze_panes = "B2"
    columns = [*sheet.columns.values()]
    _set_widths(page, [max(12, min(40, 2 * len(column.heading))) for column in columns])
    for number, column in enumerate(columns, 1):
        if not isinstance(column.widget, NumberWidget):
            # So that a spreadsheet does not make dates of 2021-03, or numbers of codes, as they are typed.
            page.column_dimensions[get_column_letter(number)].number_format = TEXT_FORMAT
    page.append([_bold(page, column.heading) for column in columns])
    return workbook, page


def _set_widths(page, widths):
    for number, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(number)].width = width


def _bold(page, text):
    cell = WriteOnlyCell(page, value=text)
    cell.font = Font(bold=True)
    return cell


def _cell(page, value):
    """A cell with a value: numbers as numbers, as far as a spreadsheet keeps them, and all else as text."""
    if isinstance(value, int | Decimal) and len(Decimal(value).normalize().as_tuple().digits) <= EXACT_DIGITS:
        return WriteOnlyCell(page, value=value)
    text = ILLEGAL_CHARACTERS_RE.sub("", "" if value is None else str(value))
    cell = WriteOnlyCell(page, value=text or None)
    if text.startswith(FORMULA_SIGNS):
        cell.data_type = "s"
        # The spreadsheet keeps it as text too when it is edited, or saved as CSV and opened again.
        cell.quotePrefix = True
    return cell


def _file(workbook):
    file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    workbook.save(file)
    file.seek(0)
    return file
