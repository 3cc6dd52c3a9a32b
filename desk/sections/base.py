"""What the sections of the desk are made of: parts that are counted and paged, rows, and their answers.

A part is a queryset and how its rows are shown. The first page of the administration shows the first rows of
all parts of a section, its own page shows one part, page by page. However many rows there are, a part costs
the same number of queries.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.answers import ANSWERS, name_of, seen

# Rows of a section on the first page, and on its own.
FIRST_ROWS = 10
PAGE_ROWS = 50
# Counted no further: "more than 1,000" says enough, and counting a million would not.
COUNTED = 1000


@dataclass(frozen=True)
class Button:
    """An answer that a row offers: a form with one button, or a link to a page that asks for more."""

    answer: str
    label: str
    row: str
    seen: str = ""
    asks: tuple = ()

    @property
    def is_link(self):
        """Whether it needs more than fits beside a row: whom to ask."""
        return hasattr(ANSWERS[self.answer], "form")

    @property
    def is_open(self):
        """Whether its words are asked for but not needed: one click is enough."""
        return getattr(ANSWERS[self.answer], "may_be_empty", False)


@dataclass
class Row:
    """One thing that somebody has to do, in words of the reader’s language."""

    title: str
    link: str
    kind: str = ""
    lines: list = field(default_factory=list)
    # What changed in a text, as pieces (`records.translations.Piece`).
    pieces: list = field(default_factory=list)
    buttons: list = field(default_factory=list)
    # What rows of several parts are sorted by.
    order: object = None


@dataclass
class Part:
    """The rows of a section that are of one kind; `show` makes a list of rows of them into `Row`s.

    `known` is how many there are, where that was asked of all parts at once.
    """

    key: str
    label: str
    rows: QuerySet
    show: Callable
    known: int | None = None

    def first(self):
        """The first rows, and how many there are (`COUNTED` + 1 for more than can be told)."""
        found = list(self.rows[: FIRST_ROWS + 1])
        count = len(found) if len(found) <= FIRST_ROWS else self.count()
        return self.show(found[:FIRST_ROWS]), count

    def count(self):
        """How many rows there are, counted as far as `COUNTED` + 1."""
        if self.known is not None:
            return min(self.known, COUNTED + 1)
        return self.rows.order_by()[: COUNTED + 1].count()


class Section:
    """One heading of the desk. Subclasses say what its parts are for a person."""

    key = ""
    title = ""
    # What stands there when there is nothing to do.
    nothing = ""
    # Whether it is left out where there is nothing to do, for what few people ever have.
    is_rare = False

    def is_for(self, user):
        """Whether somebody has this section at all."""
        return True

    def parts(self, user):
        """The parts that the first page shows."""
        return []

    def choices(self, user):
        """The parts that one can choose from on the page of the section."""
        return self.parts(user)

    @property
    def url(self):
        """The page of the section."""
        return reverse("admin:desk_section", args=[self.key])


@dataclass
class Shown:
    """A section as the first page shows it."""

    section: Section
    rows: list
    count: int

    @property
    def more(self):
        """Whether its own page has more rows."""
        return self.count > len(self.rows)

    @property
    def count_in_words(self):
        return in_words(self.count)


def in_words(count):
    """A count that stops at `COUNTED`."""
    return _("more than %(count)s") % {"count": f"{COUNTED:,}"} if count > COUNTED else f"{count:,}"


def shown(section, user):
    """A section with the first rows of all its parts, in their order."""
    rows, count = [], 0
    for part in section.parts(user):
        some, number = part.first()
        rows += some
        count += number
    rows.sort(key=lambda row: (row.order is None, row.order))
    return Shown(section, rows[:FIRST_ROWS], count)


def change_url(row):
    """The page on which staff change a row."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def button(answer, row, label="", *, token=False):
    """An answer of a row; with `token` it is refused if the row has changed since."""
    one = ANSWERS[answer]
    asks = tuple(getattr(one, "asks", {}).items())
    return Button(answer, label or one.label, name_of(row), seen(row) if token else "", asks)
