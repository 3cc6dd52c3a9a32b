"""An uploaded file as a `Table`, told apart by its content."""

from django.utils.translation import gettext as _

from desk.imports.delimited import read_delimited
from desk.imports.excel import read_workbook, unpacked_size
from desk.imports.files import MAX_BYTES, is_old_excel, is_zip
from desk.imports.problems import FileRefused

# Bytes of cells that are read and checked while the browser waits; more is done by a process of its own.
SMALL = 150 * 1024


def read_table(content):
    """The `Table` of a file. Raises FileRefused with the reason where it is none."""
    refuse_early(content)
    return read_workbook(content) if is_zip(content) else read_delimited(content)


def refuse_early(content):
    """Refuse what can be told without reading it."""
    if not content.strip():
        raise FileRefused(_("The file is empty."))
    if len(content) > MAX_BYTES:
        raise FileRefused(
            _("The file is larger than %(limit)s MB. Divide it into several.")
            % {"limit": MAX_BYTES // 1024**2}
        )
    if is_old_excel(content):
        raise FileRefused(
            _(
                "This is an old Excel file (.xls), or one with a password. "
                "Save it as .xlsx, without a password."
            )
        )


def is_small(content):
    """Whether a file is read in no time. Raises FileRefused for one that cannot be read at all."""
    return (unpacked_size(content) if is_zip(content) else len(content)) <= SMALL
