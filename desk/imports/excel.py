"""Excel workbooks (.xlsx), read row by row, with nothing in them run or unpacked without bound."""

import io
import re
import zipfile

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import range_boundaries

from desk.imports.cells import from_excel
from desk.imports.files import MAX_COLUMNS, MAX_PARTS, MAX_UNPACKED_BYTES, UNREADABLE, Table
from desk.imports.problems import FileRefused

# The sheet of the template that explains the columns, in either language.
EXPLANATIONS = ("About the columns", "各列说明")
CHUNK = 1024 * 1024
DOCTYPE = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z0-9:$]+)"')


def read_workbook(content):
    """The table of the one visible sheet that says anything. Raises FileRefused where it cannot be read."""
    unpacked_size(content)
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheets = [sheet for sheet in workbook.worksheets if sheet.title not in EXPLANATIONS]
        shown = [sheet for sheet in sheets if sheet.sheet_state == "visible" and _says_anything(sheet)]
        if not shown:
            return Table()
        _refuse_several(shown)
        return _read_sheet(workbook, shown[0], [sheet for sheet in sheets if sheet.sheet_state != "visible"])
    except FileRefused:
        raise
    except Exception as error:
        # The parts of a damaged file fail in openpyxl, in its XML parser or in zlib, each in ways of its own.
        raise FileRefused(_damaged()) from error


def unpacked_size(content):
    """The bytes that a workbook unpacks to, counted by unpacking it: what it says of itself may be a lie.

    Raises FileRefused for what is damaged, no workbook, too large or holds a document type, which no
    spreadsheet writes and some attacks need.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise FileRefused(_("This is not an Excel workbook (.xlsx)."))
            return _counted(archive)
    except FileRefused:
        raise
    except Exception as error:
        # What is wrong with an archive shows in zipfile, in zlib or in a codec, each in ways of its own.
        raise FileRefused(_damaged()) from error


def _counted(archive):
    entries = archive.infolist()
    # What says itself that it is too much need not be unpacked to see it.
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise FileRefused(_("The file unpacks to more than can be read. Divide it into several."))
    total = 0
    for entry in entries:
        with archive.open(entry) as part:
            tail = b""
            while chunk := part.read(CHUNK):
                total += len(chunk)
                if total > MAX_UNPACKED_BYTES:
                    raise FileRefused(_("The file unpacks to more than can be read. Divide it into several."))
                if entry.filename.endswith((".xml", ".rels")) and DOCTYPE.search(tail + chunk):
                    raise FileRefused(_damaged())
                tail = chunk[-16:]
    return total


def _damaged():
    return _("The file is damaged and cannot be read. Open it in Excel and save it anew as .xlsx.")


def _says_anything(sheet):
    sheet.reset_dimensions()
    rows = sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS)
    return any(value not in (None, "") for row in rows for value in row)


def _refuse_several(sheets):
    if len(sheets) > 1:
        raise FileRefused(
            _(
                "The file has several sheets: %(sheets)s. "
                "Keep the one to be imported, and delete or hide the others."
            )
            % {"sheets": ", ".join(sheet.title for sheet in sheets)}
        )


def _read_sheet(workbook, sheet, hidden):
    table = Table()
    for cells in sheet.iter_rows(max_col=MAX_COLUMNS + 1):
        read, number = {}, 0
        formulas = []
        for cell in cells:
            if cell.value is None:
                continue
            number = cell.row
            if cell.column > MAX_COLUMNS:
                raise FileRefused(
                    _("Row %(row)s has more than %(limit)s columns.") % {"row": number, "limit": MAX_COLUMNS}
                )
            if cell.data_type in ("f", "e"):
                formulas.append(cell)
            read[cell.column] = UNREADABLE if cell in formulas else from_excel(cell.value, cell.number_format)
        if number:
            table.add(number, read)
        for cell in formulas:
            table.report(_unreadable(cell), number, cell.column)
    _report_merged(table, workbook, sheet)
    if hidden:
        names = ", ".join(one.title for one in hidden)
        table.notices.append(_("Hidden sheets are left aside: %(sheets)s.") % {"sheets": names})
    return table


def _unreadable(cell):
    if cell.data_type == "e":
        return _("This cell holds an error (%(error)s) in place of a value.") % {"error": cell.value}
    formula = getattr(cell.value, "text", None) or str(cell.value)
    return _("This is a formula (%(formula)s). Put its value in its place.") % {"formula": formula[:80]}


def _report_merged(table, workbook, sheet):
    """Name each range of merged cells: which of the rows its value is meant for, nobody can tell."""
    # openpyxl reads merged ranges only when it holds the whole sheet in memory.
    with workbook._archive.open(sheet._worksheet_path) as part:
        tail, found = b"", []
        while chunk := part.read(CHUNK):
            found += MERGED.findall(tail + chunk)
            tail = (tail + chunk)[-200:]
    for reference in dict.fromkeys(found):
        column, row, *_end = range_boundaries(reference.decode())
        table.report(
            _("The cells %(range)s are merged. Unmerge them, and write the value into each.")
            % {"range": reference.decode()},
            row,
            column,
        )
