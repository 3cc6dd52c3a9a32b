"""The kinds of spreadsheet that there are."""

from desk.imports.sheets import ProjectSheet, SourceSheet, ValueSheet, ZoneSheet
from desk.imports.statements import StatementSheet

SHEETS = {sheet.kind: sheet for sheet in (ZoneSheet, ProjectSheet, StatementSheet, ValueSheet, SourceSheet)}


def sheet_of(model):
    """The kind of spreadsheet that rows of a model are written to; None where there is none."""
    return next((sheet for sheet in SHEETS.values() if sheet.model is model), None)
