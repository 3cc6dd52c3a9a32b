"""An uploaded file as a table of cells, read with bounds, whatever its name says it is."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from desk.imports.problems import FileRefused, Problem

# The value of a cell that says nothing of its own: what is wrong with it is among the problems of its table.
UNREADABLE = object()

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
# The files within a workbook: Excel writes some ten, and one for each sheet, picture and comment.
MAX_PARTS = 1000
MAX_ROWS = 20_000
MAX_COLUMNS = 200

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass
class Table:
    """Headings and rows. A row is (its number in the spreadsheet, {column number from 1: value}).

    `problems` are of cells that cannot be read; `notices` tell what was left aside.
    """

    headings: dict = field(default_factory=dict)
    rows: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    notices: list = field(default_factory=list)

    def add(self, number, cells):
        """Take a row: the first that says anything has the headings, and empty ones are passed over."""
        cells = {column: value for column, value in cells.items() if value not in (None, "")}
        if not cells:
            return
        if not self.headings:
            self.headings = cells
        elif len(self.rows) == MAX_ROWS:
            raise FileRefused(
                _("The file has more than %(limit)s rows. Divide it into several.")
                % {"limit": f"{MAX_ROWS:,}"}
            )
        else:
            self.rows.append((number, cells))

    def report(self, message, row, column):
        """Name what is wrong with a cell."""
        heading = self.headings.get(column, "")
        heading = "" if heading is UNREADABLE else str(heading)
        self.problems.append(Problem(message, row, column_letter(column), heading))


def column_letter(number):
    """How a spreadsheet calls a column: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_old_excel(content):
    """Whether it is an .xls, or a workbook with a password: both lie in the same kind of container."""
    return content.startswith(OLD_EXCEL)


def is_zip(content):
    return content.startswith((ZIP, EMPTY_ZIP))
