"""The desk: what waits for one person, in sections. Each of `SECTIONS` is a heading of the first page."""

from desk.sections.base import PAGE_ROWS, in_words, shown
from desk.sections.findings import Contradictions, DeadLinks, Others
from desk.sections.people import Imports, Questions
from desk.sections.records import Drafts, Due, Review, SentBack
from desk.sections.translations import Translations

SECTIONS = (
    Questions(),
    Review(),
    SentBack(),
    Drafts(),
    Due(),
    Contradictions(),
    Others(),
    Translations(),
    DeadLinks(),
    Imports(),
)

__all__ = ["PAGE_ROWS", "SECTIONS", "in_words", "shown"]
