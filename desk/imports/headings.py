"""Which column each heading of a file means."""

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from desk.imports.cells import as_text, folded
from desk.imports.files import UNREADABLE, column_letter
from desk.imports.problems import Problem

NEAR = 60  # of 100: below it a suggestion is no help


def matched(table, columns, needed):
    """({column number: Column}, problems) of the headings of a table.

    A heading that means nothing is a problem, with the nearest that does; so are a column that stands there
    twice, in one language or in two, cells without a heading, and the lack of a column in `needed`.
    """
    by_heading = {folded(text): column for column in columns.values() for text in column.headings}
    found, problems, first = {}, [], {}
    for number, value in table.headings.items():
        if value is UNREADABLE:
            continue
        heading = as_text(value)
        column = by_heading.get(folded(heading).rstrip(" *"))
        letter = column_letter(number)
        if column is None:
            problems.append(Problem(_unknown(heading, columns), 0, letter, heading))
        elif column.name in first:
            text = _("This column stands in the file twice, as columns %(first)s and %(second)s.")
            problems.append(
                Problem(text % {"first": first[column.name], "second": letter}, 0, letter, heading)
            )
        else:
            found[number], first[column.name] = column, letter
    for name in needed:
        if name not in first:
            text = _("The column “%(heading)s” is missing.") % {"heading": columns[name].heading}
            problems.append(Problem(text, heading=columns[name].heading))
    return found, problems + _without_heading(table)


def _unknown(heading, columns):
    text = _("There is no column “%(heading)s”.") % {"heading": heading}
    # In the language in which it is most alike, so that a Chinese heading is answered in Chinese.
    headings = [name for column in columns.values() for name in column.headings[:-1]]
    near = process.extractOne(
        folded(heading), headings, scorer=fuzz.ratio, processor=folded, score_cutoff=NEAR
    )
    return f"{text} " + _("Do you mean “%(near)s”?") % {"near": near[0]} if near else text


def _without_heading(table):
    """Columns whose cells say something under no heading, each told once, with the first row that does."""
    first = {}
    for number, cells in table.rows:
        for column in cells.keys() - table.headings.keys() - first.keys():
            first[column] = number
    return [
        Problem(_("This column has no heading, and its cells are not empty."), row, column_letter(column))
        for column, row in sorted(first.items())
    ]
