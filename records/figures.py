"""Figures as pages show them: a value that cannot be printed without its passport.

A template gets a `Figure` and hands it to `components/figure.html`. It has no bare number to print:
the value arrives written out, with unit and hedge, beside the date it holds for and its source.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from records.dates import PartialDate
from records.languages import LocalizedText
from records.units import write_figure


@dataclass
class Figure:
    """One value and its passport. Unknown is a figure too: `is_known` is false and the page says so.

    `digits` is the bare number, for pictures that draw it large beside the whole `value`; `dated` is
    false where the value is a date itself and holds for no other.
    """

    label: str
    value: str = ""
    digits: str = ""
    period: PartialDate | None = None
    dated: bool = True
    words: str = ""
    as_of_note: str = ""
    sources: list = field(default_factory=list)
    locator: str = ""
    part: str = ""
    note: str = ""
    doubt: str = ""
    as_stated: LocalizedText | None = None
    alternatives: list = field(default_factory=list)
    statement: object = None

    @property
    def is_known(self):
        return bool(self.value)

    @property
    def has_more(self):
        """Whether there is more to say of it than value and passport."""
        return bool(self.words or self.note or self.doubt or self.alternatives)

    @property
    def as_of(self):
        """The date or period it holds for, in words; empty where none is stated."""
        return str(self.period or "")

    @cached_property
    def as_of_phrase(self):
        """The same as a phrase: "as of March 2021"."""
        return self.period.as_of if self.period else ""

    @property
    def as_of_code(self):
        """The same for programs: 2021-03; None where none is stated."""
        return self.period.text if self.period else None

    @property
    def first_source(self):
        """The source of the adopted statement; those that agree with it follow in `sources`."""
        return self.sources[0] if self.sources else None

    @property
    def agreeing(self):
        """How many further sources say the same."""
        return max(len(self.sources) - 1, 0)


class FiguresMixin:
    """Reads the statements of a record, fetched once (`with_statements()`), as figures."""

    @cached_property
    def _statements(self):
        """Statements by the key of their aspect, adopted ones first, in order."""
        ordered = sorted(
            self.statements.all(),
            key=lambda s: (s.aspect.order, s.aspect.key, not s.adopted, s.position, s.pk),
        )
        return {key: list(rows) for key, rows in groupby(ordered, key=lambda s: s.aspect.key)}

    def figure(self, key, label=""):
        """The adopted figure of an aspect: known or not, it is always a Figure. Costs no query."""
        adopted = self.figures(key)
        return adopted[0] if adopted else Figure(label=label)

    def figures(self, key):
        """All adopted figures of an aspect (a list of remarks, say), in order. Costs no query."""
        rows = self._statements.get(key, [])
        adopted = [row for row in rows if row.adopted and row.has_value]
        others = [row for row in rows if not row.adopted and row.has_value]
        figures = []
        for row in adopted:
            agreeing = [other for other in others if other.same_value(row)]
            figures.append(self._as_figure(row, extra_sources=agreeing))
        if figures:
            agreed = [row for row in others if any(row.same_value(one) for one in adopted)]
            figures[0].alternatives = [self._as_figure(row) for row in others if row not in agreed]
        return figures

    def aspects_stated(self):
        """Aspects of which some source states a value, in order. Costs no query."""
        return [rows[0].aspect for rows in self._statements.values() if any(row.has_value for row in rows)]

    def shown_figures(self, aspect):
        """The figures to show of an aspect, at least one: where none is adopted, one that is unknown.

        What sources state then stands among its alternatives. Costs no query.
        """
        rows = [row for row in self._statements.get(aspect.key, []) if row.has_value]
        unknown = Figure(label=str(aspect.label), alternatives=[self._as_figure(row) for row in rows])
        return self.figures(aspect.key) or [unknown]

    def figure_groups(self, leave_out=()):
        """All statements with values as (group label, figures), by the order of their aspects."""
        groups = {}
        for key, rows in self._statements.items():
            stated = [row for row in rows if row.has_value]
            if key in leave_out or not stated:
                continue
            # Where nothing is adopted the page says so, and all that is stated can be read.
            label, others = str(stated[0].aspect.label), [self._as_figure(row) for row in stated]
            shown = self.figures(key) or [Figure(label=label, alternatives=others)]
            groups.setdefault(stated[0].aspect.get_group_display(), []).extend(shown)
        return list(groups.items())

    def citations(self, *keys):
        """Sources that bear out the record, or the named aspects of it, without repeats."""
        rows = [row for key, group in self._statements.items() if not keys or key in keys for row in group]
        return list(dict.fromkeys(row.source for row in rows))

    def sources_with_aspects(self):
        """(source, labels of what it bears out), in order of first use."""
        found = {}
        for rows in self._statements.values():
            for row in rows:
                labels = found.setdefault(row.source, [])
                if row.aspect.label not in labels:
                    labels.append(row.aspect.label)
        return list(found.items())

    def unit_of(self, statement):
        """The unit of a statement's number; records with a unit of their own (a cost) override it."""
        return statement.aspect.unit

    def _as_figure(self, statement, extra_sources=()):
        value = self.write(statement)
        return Figure(
            label=str(statement.aspect.label),
            value=value,
            period=statement.as_of,
            dated=statement.date is None,
            words=statement.text if statement.number is not None and statement.text != value else "",
            as_of_note=statement.as_of_note,
            sources=list(dict.fromkeys([statement.source, *(row.source for row in extra_sources)])),
            locator=statement.locator,
            part=statement.part,
            note=statement.note,
            doubt=statement.doubt,
            as_stated=statement.stated if statement.as_stated else None,
            statement=statement,
        )

    def write(self, statement):
        """The value of a statement in words, with unit and hedge."""
        if statement.number is not None:
            return write_figure(
                statement.number,
                self.unit_of(statement),
                maximum=statement.number_max,
                approximation=statement.approximation,
            )
        if statement.date:
            return str(statement.date)
        if statement.choice:
            return self.choice_label(statement)
        return statement.text

    def choice_label(self, statement):
        """The words for a value from a list, read from the column that the aspect names."""
        field = self._meta.get_field(statement.aspect.column) if statement.aspect.column else None
        return (
            str(dict(field.flatchoices).get(statement.choice, statement.choice))
            if field
            else statement.choice
        )
