"""Spreadsheets as a way to write records: read, checked row by row, shown, and only then written.

A file becomes a `Table` (`files`), its headings become columns (`headings`, `columns`), its rows become
outcomes (`checking`): new, changed, unchanged or wrong. `writing` makes the outcomes true in one
transaction, `undoing` takes them back, and `running` does both in a process of its own.
"""
