"""Lists as CSV, for spreadsheets and programs."""

from collections.abc import Callable
from dataclasses import dataclass

from defusedcsv import csv
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from listings.results import Rows

BYTE_ORDER_MARK = "\ufeff"  # Without it Excel reads UTF-8 as the local code page.


@dataclass(frozen=True)
class Column:
    """A heading and how to get its value from a row; None is written as an empty cell."""

    heading: str
    value: Callable


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, value):
        return value


def csv_response(columns, rows, filename):
    """The rows of a query set, or of a list, as a download.

    UTF-8 with byte order mark; cells that a spreadsheet would run as formulas are made harmless.
    """
    writer = csv.writer(_Echo())

    def lines():
        yield BYTE_ORDER_MARK
        yield writer.writerow([str(column.heading) for column in columns])
        for row in rows.iterator(chunk_size=1000) if isinstance(rows, QuerySet | Rows) else rows:
            values = (column.value(row) for column in columns)
            yield writer.writerow(["" if value is None else str(value) for value in values])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def refusal(problems, heading=""):
    """The answer in place of a file to an address that was not understood: (parameter, message) a line."""
    lines = [heading or _("Some filters were not understood.")]
    lines += [f"{name}: {message}" for name, message in problems]
    return HttpResponse("\n".join(lines) + "\n", status=400, content_type="text/plain; charset=utf-8")
