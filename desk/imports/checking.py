"""What importing a file would do, row by row, without doing it.

`Check` reads the rows in slices, each with a handful of queries. Every row gets an `Outcome`: new, changed,
unchanged or wrong, with what would change and what is wrong in words for the editor.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from desk.imports.cells import as_text
from desk.imports.columns import Column
from desk.imports.files import UNREADABLE, column_letter
from desk.imports.headings import matched
from desk.imports.permissions import Permissions
from desk.imports.problems import CellError, Problem
from desk.imports.results import Result
from desk.imports.validating import Validator
from records.models import State, Statement

SLICE = 500


@dataclass
class Outcome:
    """What becomes of one row. `instance` is filled but not saved, `many` is what its lists shall hold."""

    number: int
    result: str = Result.UNCHANGED
    name: str = ""
    changes: list = field(default_factory=list)  # [heading, before, after]
    problems: list = field(default_factory=list)
    is_pending: bool = False  # it would wait for approval
    is_public: bool = False  # the public sees what it changes
    instance: models.Model | None = None
    many: dict = field(default_factory=dict)
    record: models.Model | None = None
    target: int | None = None  # the key of what it is about, once that is there

    @property
    def says(self):
        """What was shown of it, to be compared with what would be done now."""
        return [self.result, self.is_pending, self.changes]


class Check:
    """The check of one table for one member of staff. `problems` are those of the table as a whole."""

    def __init__(self, sheet, table, user):
        self.sheet, self.table = sheet, table
        self.permissions = Permissions(sheet, user)
        self._validator = Validator(sheet.model)
        self.user = user
        self.matched, self.problems = matched(table, sheet.columns, sheet.needed)
        numbers = {number for number, _cells in table.rows}
        self.problems = [one for one in table.problems if one.row not in numbers] + self.problems
        self._of_cells = defaultdict(list)
        for problem in table.problems:
            self._of_cells[problem.row].append(problem)
        if not table.rows:
            self.problems.append(Problem(_("The file holds no rows under its headings.")))
        self._letters = {column.name: column_letter(number) for number, column in self.matched.items()}
        self._first = {}  # the row that says something of this first
        self._places = {}  # {statement: the place in which it stands adopted now}
        self._adopted = {}  # {place: {statement or row: its row, 0 for what the file does not change}}

    @property
    def can_be_read(self):
        """Whether one can tell what the rows are about."""
        return {column.name for column in self.matched.values()} >= set(self.sheet.needed)

    def outcomes(self):
        """The outcome of each row, in slices."""
        for start in range(0, len(self.table.rows), SLICE):
            numbered = self.table.rows[start : start + SLICE]
            rows = [self._by_name(cells) for _number, cells in numbered]
            self.sheet.learn(rows)
            self.permissions.learn(self.sheet.records())
            self._learn_adopted()
            yield [self._judged(number, row) for (number, _cells), row in zip(numbered, rows, strict=True)]

    def late_problems(self):
        """What is wrong of rows taken together, once all of them were read."""
        problems = []
        for claims in self._adopted.values():
            rows = sorted(number for number in claims.values() if number)
            if len(claims) > 1 and rows:
                text = _("Another statement on this aspect is adopted already.")
                problems += [self._problem(number, "adopted", text) for number in rows]
        return problems

    def _by_name(self, cells):
        """{column name: value} of a row, without the cells that cannot be read."""
        values = {column.name: cells.get(number) for number, column in self.matched.items()}
        return {name: value for name, value in values.items() if value is not UNREADABLE}

    def _judged(self, number, row):
        """The outcome of a row, with what is wrong with cells that cannot be read."""
        unread = self._of_cells.get(number, [])
        is_named = all(name in row for name in self.sheet.needed)
        outcome = self._outcome(number, row) if is_named else self._wrong(Outcome(number), row, {})
        if unread and outcome.result != Result.WRONG:
            outcome = self._wrong(outcome, row, {})
        outcome.problems = [*unread, *outcome.problems]
        return outcome

    def _problem(self, number, name, message):
        column = self.sheet.columns.get(name)
        heading = column.heading if column else self._label(name)
        return Problem(message, number, self._letters.get(name, ""), heading)

    def _label(self, name):
        try:
            return capfirst(str(self.sheet.model._meta.get_field(name).verbose_name))
        except FieldDoesNotExist:
            return ""

    # One row

    def _outcome(self, number, row):
        outcome = Outcome(number)
        try:
            outcome.instance = instance = self.sheet.instance_for(row)
        except CellError as error:
            return self._wrong(outcome, row, {**self._errors_of_cells(row), error.name: [str(error)]})
        is_new = instance.pk is None
        if objections := self.permissions.objections(instance, row):
            # Before anything is said of what it holds: that may be a draft of somebody else.
            return self._wrong(outcome, row, objections)
        before = {} if is_new else self._written(instance, row)
        errors = self._errors_before(instance, row, is_new) | self._repeated(number, row)
        moved = self.permissions.objections_to_move(instance, row)
        errors |= self._fill(outcome, {name: row[name] for name in row if name not in errors})
        changed = self._changed(outcome, row, before)
        if is_new or changed:
            errors = self._all_errors(outcome, row, changed, errors | moved)
        if errors:
            return self._wrong(outcome, row, errors)
        self._claim(outcome)
        return self._right(outcome, is_new)

    def _all_errors(self, outcome, row, changed, errors):
        """With those of the model beside those of the cells; where it would lie is asked of what is right."""
        self.sheet.fill_in(outcome.instance, changed, self.user)
        errors |= self.permissions.objections_to_names(outcome.instance, changed)
        found = self._validate(outcome.instance, errors) | errors
        return found or self.permissions.objections_to_filled(outcome.instance, outcome.many, row)

    def _right(self, outcome, is_new):
        outcome.name, outcome.target = str(outcome.instance), outcome.instance.pk
        if not is_new and not outcome.changes:
            outcome.instance = None
            return outcome
        outcome.result = Result.NEW if is_new else Result.CHANGED
        outcome.record = record = self.sheet.record_of(outcome.instance)
        outcome.is_public = record.state == State.PUBLISHED
        outcome.is_pending = outcome.is_public and not self.permissions.may_publish(record)
        return outcome

    def _wrong(self, outcome, row, errors):
        outcome.result, outcome.name = Result.WRONG, self._name_of(row)
        outcome.instance, outcome.many, outcome.changes = None, {}, []
        outcome.problems = [
            self._problem(outcome.number, name, str(message))
            for name, messages in errors.items()
            for message in messages
        ]
        return outcome

    def _name_of(self, row):
        names = (self.sheet.key_column, "id")
        return next((text for name in names if (text := as_text(row.get(name)))), "")

    def _repeated(self, number, row):
        """An error where an earlier row is about the same."""
        key = self.sheet.key_of(row)
        first = self._first.setdefault(key, number) if key else number
        if first == number:
            return {}
        return {self.sheet.key_column: [_("Row %(row)s is about the same.") % {"row": first}]}

    def _errors_before(self, instance, row, is_new):
        """What a row may not say: nothing where something is needed, something else where it is fixed."""
        errors = {}
        for name in row:
            column = self.sheet.columns[name]
            text = as_text(row[name])
            if column.required and not text:
                errors[name] = [_("This field is required.")]
            elif (column.fixed or column.readonly) and text:
                errors |= self._fixed(column, instance, row, is_new)
        return errors

    def _fixed(self, column, instance, row, is_new):
        try:
            value = column.widget.clean(row[column.name], row=row)
        except ValueError as error:
            return {column.name: [str(error)]}
        if is_new and column.name != "state":
            return {}
        has = column.get_value(instance)
        if column.widget.render(value) == column.widget.render(has):
            return {}
        if column.name == "state":
            return {
                "state": [
                    _("The state is not changed by an import. It is “%(state)s”.")
                    % {"state": instance.get_state_display()}
                ]
            }
        text = _("This cannot be changed by an import. It is “%(value)s”.")
        return {column.name: [text % {"value": column.widget.render(has)}]}

    def _errors_of_cells(self, row):
        """What cannot be read in a row that is about nothing known, so that all is said at once."""
        errors = {}
        for name, value in row.items():
            column = self.sheet.columns[name]
            try:
                column.widget.clean(value, row=row, percent=True)
            except ValueError as error:
                errors[name] = [str(error)]
        return errors

    def _fill(self, outcome, row):
        """Put the cells of a row into the instance and the lists; the errors by column."""
        errors = {}
        try:
            self.sheet.import_instance(outcome.instance, row, percent=self.sheet.takes_percent(row))
        except ValidationError as error:
            errors = error.message_dict
        for name in row:
            column = self.sheet.columns[name]
            if column.is_many:
                try:
                    outcome.many[name] = column.clean(row)
                except ValueError as error:
                    errors[name] = [str(error)]
        return errors

    def _written(self, instance, row):
        """The cells of a row as an export of the instance would have them."""
        return {name: self._shown(self.sheet.columns[name], instance) for name in row}

    @staticmethod
    def _shown(column: Column, instance):
        return as_text(column.written(instance))

    def _changed(self, outcome, row, before):
        """The names of the columns that would change; the outcome is told their headings and values."""
        names = []
        for name in row:
            column = self.sheet.columns[name]
            if column.readonly:
                continue
            rendered = (
                column.widget.render(outcome.many.get(name))
                if column.is_many
                else column.written(outcome.instance)
            )
            after = as_text(rendered)
            if after != before.get(name, ""):
                outcome.changes.append([column.heading, before.get(name, ""), after])
                names.append(name)
        return names

    def _validate(self, instance, errors):
        """What the model says against an instance; rows that it points to were looked up already."""
        links = [item for item in self.sheet.model._meta.fields if item.is_relation]
        found = {
            item.name: [_("This field is required.")]
            for item in links
            if item.editable and not item.null and getattr(instance, item.attname) is None
        }
        exclude = {*(item.name for item in links), "object_id", *errors}
        try:
            self._validator.full_clean(instance, exclude)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                found.setdefault("" if name == NON_FIELD_ERRORS else name, []).extend(messages)
        return found

    # Statements: only one may be adopted in a place, and those of the file are not in the database yet.

    def _learn_adopted(self):
        for statement in self.sheet.adopted():
            if statement.pk not in self._places:
                self._places[statement.pk] = place = _place(statement)
                self._adopted.setdefault(place, {})[statement.pk] = 0

    def _claim(self, outcome):
        """Remember what would be adopted where, and what no longer."""
        statement = outcome.instance
        if not isinstance(statement, Statement):
            return
        if statement.pk in self._places:
            self._adopted[self._places[statement.pk]].pop(statement.pk, None)
        if statement.adopted:
            key = statement.pk or f"row {outcome.number}"
            self._adopted.setdefault(_place(statement), {})[key] = outcome.number


def _place(statement):
    return (statement.content_type_id, statement.object_id, statement.aspect_id, statement.position)
