"""The columns of a spreadsheet, read from the fields of a model."""

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from import_export.fields import Field

from desk.imports.known import KnownRows
from desk.imports.languages import in_each_language
from desk.imports.widgets import (
    ChoiceWidget,
    DayWidget,
    NumberWidget,
    PartialDateWidget,
    RowsWidget,
    RowWidget,
    TextWidget,
    YesNoWidget,
    yes_and_no,
)
from records.fields import PartialDateField
from records.models import Record
from records.territories import of, within


class Column(Field):
    """One column: its headings, what its cells may hold, and the field that they are of.

    `fixed` columns can be given for a new row only; of one that is there they have to repeat what it has.
    """

    def __init__(self, name, label, widget, *, hint="", required=False, fixed=False, **options):
        super().__init__(attribute=name, column_name=name, widget=widget, **options)
        self.name, self.label, self.hint = name, label, hint
        self.required, self.fixed = required, fixed

    @property
    def heading(self):
        """What stands above it, in the language of the moment."""
        return capfirst(str(self.label))

    @property
    def headings(self):
        """All that it may be called in a file: its heading in each language, and the name of its field."""
        return [*map(capfirst, in_each_language(self.label)), self.name]

    @property
    def explanation(self):
        """What its cells may hold, in the language of the moment."""
        return " ".join(filter(None, [str(self.hint), _explain(self.widget)]))

    @property
    def is_many(self):
        return isinstance(self.widget, RowsWidget)

    def written(self, instance):
        """The value of a row as the cell of an export has it."""
        return self.export(instance)


def _explain(widget):
    match widget:
        case ChoiceWidget():
            return _("One of: %(allowed)s.") % {"allowed": ", ".join(widget.allowed())}
        case YesNoWidget():
            return _("One of: %(allowed)s.") % {"allowed": ", ".join(yes_and_no())}
        case NumberWidget():
            return _("A number, in full.")
        case PartialDateWidget():
            return _("2021, 2021-03, 2021-03-06, 2022-Q3, 2022-H2, 2020-01/2020-04, ../2006 or 2018~.")
        case DayWidget():
            return _("A day: 2021-03-06.")
        case RowsWidget():
            return _("Addresses of %(kind)s, with semicolons between them.") % {
                "kind": widget.known.model._meta.verbose_name_plural
            }
        case RowWidget():
            return _("Address of one of the %(kind)s.") % {
                "kind": widget.known.model._meta.verbose_name_plural
            }
    return ""


def columns_of(model, names, user, *, required=(), fixed=()):
    """Columns of the named fields of a model, by name, for the spreadsheets of one member of staff."""
    found = {}
    for name in names:
        field = model._meta.get_field(name)
        needed = name in required or not (field.blank or field.null or field.has_default())
        found[name] = Column(
            name,
            field.verbose_name,
            _widget(field, user),
            hint=field.help_text,
            required=needed and not field.many_to_many,
            fixed=name in fixed,
            **({"default": field.get_default()} if field.has_default() else {}),
        )
    return found


def _widget(field, user):
    if field.many_to_many:
        return RowsWidget(KnownRows(field.related_model, _nameable(field.related_model, user)))
    if field.is_relation:
        return RowWidget(KnownRows(field.related_model, _nameable(field.related_model, user)))
    if field.choices:
        return ChoiceWidget(field)
    match field:
        case PartialDateField():
            return PartialDateWidget()
        case models.DateField():
            return DayWidget()
        case models.BooleanField():
            return YesNoWidget()
        case models.IntegerField():
            return NumberWidget(whole=True)
        case models.DecimalField():
            return NumberWidget()
    return TextWidget()


def _nameable(model, user):
    """Rows that a file of this user may name: all reference data, and of records what is public or theirs."""
    rows = model._default_manager.all()
    if user is None or not issubclass(model, Record) or of(user).everywhere:
        return rows
    return rows.published() | within(rows, user)
