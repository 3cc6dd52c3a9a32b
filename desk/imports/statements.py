"""Statements as a spreadsheet: found by their number, or by what they say of whom."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from import_export import widgets

from desk.imports.cells import as_number, as_partial_date, as_text, folded
from desk.imports.columns import Column
from desk.imports.languages import in_each_language
from desk.imports.problems import CellError
from desk.imports.sheets import Sheet
from desk.imports.widgets import NumberWidget, TextWidget
from records.admin.statements import with_their_records
from records.models import Record, Statement, carrying_models
from records.owners import owner
from records.territories import path_to_record
from records.units import Unit


class KindWidget(widgets.Widget):
    """A kind of record: what it is called in either language, or its name in the data files."""

    def __init__(self):
        super().__init__()
        self.models = {}
        for model in carrying_models():
            for name in (*in_each_language(model._meta.verbose_name), model._meta.label_lower):
                self.models.setdefault(folded(name), model)

    def clean(self, value, row=None, **kwargs):
        text = as_text(value)
        if not text:
            raise ValueError(_("This field is required."))
        try:
            return self.models[folded(text)]
        except KeyError:
            raise ValueError(
                _("“%(value)s” is not among: %(allowed)s.")
                % {"value": text, "allowed": ", ".join(self.allowed())}
            ) from None

    def allowed(self):
        return [str(model._meta.verbose_name) for model in carrying_models() if can_be_imported(model)]

    def render(self, value, obj=None, **kwargs):
        return capfirst(str(value._meta.verbose_name)) if value else ""


def can_be_imported(model):
    """Whether statements about rows of a model can be imported: those that a slug names, in some record."""
    has_slug = any(one.name == "slug" and one.unique for one in model._meta.fields)
    return has_slug and (issubclass(model, Record) or path_to_record(model) is not None)


class AboutColumn(Column):
    """A column of what a statement is about, which is no single field of it."""

    def __init__(self, name, label, widget, read, **options):
        super().__init__(name, label, widget, readonly=True, fixed=True, **options)
        self.read = read

    def get_value(self, instance):
        return self.read(instance)


@dataclass
class _Learnt:
    """What a slice of rows is about."""

    records: dict = field(default_factory=dict)  # (model, slug): row
    by_id: dict = field(default_factory=dict)
    by_place: dict = field(default_factory=lambda: defaultdict(list))  # what is said of whom: statements


class StatementSheet(Sheet):
    """Statements. A row with an ID is that statement.

    One without is the only one that the same source makes of the same aspect, part, date and position of the
    same record, or else a new one.
    """

    kind, model, key_column = "statements", Statement, "about"
    needed = ("about_kind", "about", "aspect", "source")
    field_names = (
        *("aspect", "source", "locator", "adopted", "position", "approximation", "number", "number_max"),
        *("date", "choice", "text_en", "text_zh", "as_of", "as_of_note_en", "as_of_note_zh", "part_en"),
        *("part_zh", "as_stated", "as_stated_lang", "note_en", "note_zh", "doubt_en", "doubt_zh"),
        *("checked_on", "check_due_on"),
    )

    def make_columns(self):
        hint = gettext_lazy("As the export has it; empty for a new statement.")
        own = {
            "id": Column("id", gettext_lazy("ID"), NumberWidget(whole=True), hint=hint, readonly=True),
            "about_kind": AboutColumn(
                "about_kind", gettext_lazy("kind of record"), KindWidget(), _kind_of, required=True
            ),
            "about": AboutColumn(
                "about",
                pgettext_lazy("statement", "address of the record"),
                TextWidget(),
                lambda statement: address_of(statement.record) if statement.object_id else "",
                required=True,
            ),
        }
        return own | super().make_columns()

    # From rows to instances

    def learn(self, rows):
        learnt = self.learnt = _Learnt()
        super().learn(rows)
        ids = set(filter(None, (self._id(row) for row in rows)))
        found = Statement.objects.select_related("aspect", "source", "content_type").filter(pk__in=ids)
        learnt.by_id = {row.pk: row for row in with_their_records(found)}
        wanted = defaultdict(set)
        for row in rows:
            model = self._model(row)
            if model is not None and can_be_imported(model):
                wanted[model].add(as_text(row.get("about")))
        for model, slugs in wanted.items():
            self._learn_records(model, slugs)

    def _learn_records(self, model, slugs):
        path = path_to_record(model)
        rows = self.held(model._default_manager.filter(slug__in=slugs)).select_related(
            *([path[1]] if path else [])
        )
        records = {row.pk: row for row in rows}
        self.learnt.records |= {(model, row.slug): row for row in records.values()}
        statements = Statement.objects.select_related("aspect", "source").filter(
            content_type=ContentType.objects.get_for_model(model), object_id__in=records
        )
        for statement in statements:
            statement = self.learnt.by_id.setdefault(statement.pk, statement)
            statement.record = records[statement.object_id]
            self.learnt.by_place[_place(statement)].append(statement)

    def find(self, keys):
        return []

    def key_of(self, row):
        """Its ID, or what it says of whom as far as that can be read."""
        if number := self._id(row):
            return f"id {number}"
        try:
            return f"of {self._place_of(row)}" if self._record(row) is not None else ""
        except ValueError:
            return ""

    def instance_for(self, row):
        if as_text(row.get("id")):
            return self._by_id(row)
        record = self._record(row)
        if record is None:
            raise self._no_record(row)
        try:
            same = self.learnt.by_place.get(self._place_of(row), [])
        except ValueError:
            # Its cells are read again, and what is wrong in them is said there.
            same = []
        if len(same) > 1:
            text = _("Several statements say this of it: give the ID (%(ids)s), or another position.")
            raise CellError("about", text % {"ids": ", ".join(str(one.pk) for one in same)})
        return same[0] if same else Statement(record=record)

    def _by_id(self, row):
        statement = self.learnt.by_id.get(self._id(row))
        if statement is None or statement.record is None:
            raise CellError("id", _("There is no statement %(id)s.") % {"id": as_text(row["id"])})
        return statement

    def _id(self, row):
        try:
            number = as_number(row.get("id"))
        except ValueError:
            return None
        return int(number) if number is not None and number == number.to_integral_value() else None

    def _model(self, row):
        try:
            return self.columns["about_kind"].widget.clean(row.get("about_kind"))
        except ValueError:
            return None

    def _record(self, row):
        return self.learnt.records.get((self._model(row), as_text(row.get("about"))))

    def _no_record(self, row):
        """Why nothing is found that a row is about."""
        try:
            model = self.columns["about_kind"].widget.clean(row.get("about_kind"))
        except ValueError as error:
            return CellError("about_kind", str(error))
        if not can_be_imported(model):
            text = _("Statements about %(kind)s are kept on their pages, not by import.")
            return CellError("about_kind", text % {"kind": model._meta.verbose_name_plural})
        key = as_text(row.get("about"))
        if not key:
            return CellError("about", _("This field is required."))
        text = _("There is no %(kind)s “%(key)s”.")
        return CellError("about", text % {"kind": model._meta.verbose_name, "key": key})

    def _place_of(self, row):
        """The place of a row among the statements. Raises ValueError where a cell of it cannot be read."""
        record = self._record(row)
        as_of = as_partial_date(row.get("as_of"))
        return (
            ContentType.objects.get_for_model(record).pk,
            record.pk,
            self.columns["aspect"].widget.clean(row.get("aspect")),
            self.columns["source"].widget.clean(row.get("source")),
            as_of.text if as_of else "",
            as_text(row.get("part_en")),
            as_text(row.get("part_zh")),
            int(as_number(row.get("position")) or 0),
        )

    def takes_percent(self, row):
        try:
            aspect = self.columns["aspect"].widget.clean(row.get("aspect"))
            record = self._record(row)
        except ValueError:
            return False
        unit = getattr(record, "unit", "") or (aspect.unit if aspect else "")
        return unit in (Unit.PERCENT, Unit.PERCENT_OF_FEE)

    def record_of(self, instance):
        return owner(instance)

    def records(self):
        rows = [
            *self.learnt.records.values(),
            *(row.record for row in self.learnt.by_id.values() if row.record),
        ]
        return [record for record in {owner(row) for row in rows} if record is not None]

    def adopted(self):
        learnt = [
            *self.learnt.by_id.values(),
            *(row for rows in self.learnt.by_place.values() for row in rows),
        ]
        return [row for row in learnt if row.adopted]

    def fill_in(self, instance, changed, user):
        """Put the name of whoever says that a statement was checked to it."""
        if "checked_on" in changed:
            instance.checked_by = user if instance.checked_on else None

    # From instances to rows

    def for_export(self, rows):
        own = rows.prefetch_related(None).select_related("aspect", "source", "content_type")
        return with_their_records(own)


def address_of(row):
    """How a spreadsheet names what a statement is about: its address, or its number where it has none."""
    return getattr(row, "slug", "") or str(row.pk) if row is not None else ""


def _kind_of(statement):
    return statement.content_type.model_class() if statement.content_type_id else None


def _place(statement):
    """What a statement says of whom: where two agree, one has to be told from the other by its ID."""
    return (
        statement.content_type_id,
        statement.object_id,
        statement.aspect,
        statement.source,
        statement.as_of.text if statement.as_of else "",
        statement.part_en,
        statement.part_zh,
        statement.position,
    )
