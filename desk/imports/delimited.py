"""CSV files: in UTF-8, UTF-16 or GB 18030, with commas, semicolons or tabs."""

import codecs
import csv
import io

from django.utils.translation import gettext as _

from desk.imports.cells import as_text
from desk.imports.files import MAX_COLUMNS, UNREADABLE, Table
from desk.imports.problems import FileRefused

# Where two are as frequent the earlier counts: a comma may stand in a heading.
DELIMITERS = "\t；;,"
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_delimited(content):
    """The table of a CSV file. Raises FileRefused where it is no text, or not well formed."""
    text = _decoded(content)
    table = Table()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for number, row in enumerate(reader, 1):
            if len(row) > MAX_COLUMNS:
                raise FileRefused(
                    _("Row %(row)s has more than %(limit)s columns.") % {"row": number, "limit": MAX_COLUMNS}
                )
            table.add(number, {column: _value(cell) for column, cell in enumerate(row, 1)})
            _report_formulas(table, number, row)
    except csv.Error as error:
        raise FileRefused(
            _("The file is damaged near line %(line)s: %(reason)s.")
            % {"line": reader.line_num, "reason": error}
        ) from None
    return table


def _decoded(content):
    text = _text(content)
    if "\0" in text:
        raise _no_table()
    return text


def _text(content):
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding)
    if b"\0" in content:
        raise _no_table()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        # What Excel writes on a Chinese Windows.
        return _strictly(content, "gb18030")


def _no_table():
    return FileRefused(_("This is neither an Excel file (.xlsx) nor a text file (.csv)."))


def _strictly(content, encoding):
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise FileRefused(_("The characters of this file cannot be read. Save it as CSV UTF-8.")) from None


def _delimiter(text):
    """The one that the line of headings has most of, outside of quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    outside = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _value(cell):
    return UNREADABLE if cell.startswith("=") else as_text(cell)


def _report_formulas(table, number, row):
    for column, cell in enumerate(row, 1):
        if cell.startswith("="):
            table.report(_formula(cell), number, column)


def _formula(text):
    return _("This is a formula (%(formula)s). Put its value in its place.") % {"formula": text[:80]}
