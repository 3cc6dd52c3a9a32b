"""What is wrong with a file, said by row and column."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a file from being imported, in the language of whoever imports it.

    `row` counts as the spreadsheet does; 0 is the file as a whole. `column` is its letter, "" where the
    problem is of the whole row or the file lacks the column; `heading` is what stands above it.
    """

    message: str
    row: int = 0
    column: str = ""
    heading: str = ""

    def as_json(self):
        return asdict(self)


class CellError(ValueError):
    """What keeps a row from being understood, and the name of the column that it stands in."""

    def __init__(self, name, message):
        super().__init__(message)
        self.name = name


class FileRefused(Exception):
    """The file cannot be read as a table at all; `message` says why."""

    def __init__(self, message):
        super().__init__(message)
        self.message = str(message)
