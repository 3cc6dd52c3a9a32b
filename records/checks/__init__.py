"""Checks of what is recorded: each is a function that yields rows. They report; they change nothing."""

from records.checks import columns, sources, statements, translations
from records.checks.check import Check, Checks, Row, Severity

CHECKS = Checks.joined(columns.CHECKS, statements.CHECKS, sources.CHECKS, translations.CHECKS)

__all__ = ["CHECKS", "Check", "Checks", "Row", "Severity"]
