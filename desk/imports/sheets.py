"""The kinds of spreadsheet: which columns each has, and how a row finds what it is about.

A `Sheet` is a Resource of django-import-export: it carries the columns, fills an instance from a row and
writes an instance as a row. What is done with rows is up to `checking`, `writing` and `desk.exports`.
"""

from import_export import resources

from business_environment.models import IndicatorValue
from desk.imports.cells import as_text
from desk.imports.columns import Column, columns_of
from desk.imports.widgets import ChoiceWidget, RowsWidget, RowWidget, names_in
from projects.models import Project
from records.models import Record, Source
from records.owners import owner
from records.units import Unit
from zones.models import Zone

CHECKS = ("checked_on", "check_due_on")
NAMES = ("name_en", "name_zh", "name_en_translated", "name_zh_translated")
SUMMARIES = ("summary_en", "summary_zh")


class Sheet(resources.Resource):
    """One kind of spreadsheet, for one member of staff. `kind` names it in addresses and in the database."""

    kind = ""
    model = None
    field_names = ()
    key_name = "slug"
    # The column that says what a row is about, at which is said what is wrong with that.
    key_column = "slug"
    needed = ("slug",)
    fixed = ()
    # Of whose columns an export is made, and of which a template.
    is_imported = True
    # Whether what is found is held for nobody else to change until the transaction ends.
    locks = False

    def __init__(self, user=None):
        super().__init__()
        self.user = user
        self.fields = self.make_columns()

    @property
    def columns(self):
        """{name: Column} in the order of the spreadsheet."""
        return self.fields

    def make_columns(self):
        return columns_of(self.model, self.field_names, self.user, required=self.needed, fixed=self.fixed)

    # From rows to instances

    def learn(self, rows):
        """Fetch all that these rows name, so that reading them one by one asks the database for nothing.

        `rows` are {column name: value}.
        """
        for column in self.columns.values():
            widget = column.widget
            texts = [as_text(row[column.name]) for row in rows if column.name in row]
            if isinstance(widget, RowsWidget):
                widget.known.learn({name for text in texts for name in names_in(text)})
            elif isinstance(widget, RowWidget):
                widget.known.learn(set(texts))
        self.found = {row.slug: row for row in self.find({self.key_of(row) for row in rows} - {""})}

    def forget(self):
        """Ask again for what was learnt: it may have changed since."""
        self.found = {}
        for column in self.columns.values():
            if isinstance(column.widget, RowWidget | RowsWidget):
                column.widget.known.forget()

    def find(self, keys):
        """The instances of these keys, with what their columns read."""
        single = [name for name, column in self.columns.items() if isinstance(column.widget, RowWidget)]
        many = [name for name, column in self.columns.items() if column.is_many]
        rows = self.held(self.model._default_manager.filter(**{f"{self.key_name}__in": keys}))
        return rows.select_related(*single).prefetch_related(*many)

    def held(self, rows):
        """The same rows, held where this sheet is written."""
        return rows.select_for_update(of=("self",)) if self.locks else rows

    def key_of(self, row):
        """What a row is about, as text; "" for one that says it nowhere. Equal for rows about the same."""
        return as_text(row.get(self.key_name))

    def instance_for(self, row):
        """The instance that a row is about, or a new one. Raises CellError where that cannot be told."""
        return self.found.get(self.key_of(row)) or self.model()

    def takes_percent(self, row):
        """Whether the numbers of a row are percentages, so that a cell may show one."""
        return False

    def record_of(self, instance):
        """The record whose state, history and territory count for an instance; None where it has none."""
        return owner(instance)

    def records(self):
        """The records that the rows learnt last are about, those that are there."""
        return [record for row in self.found.values() if (record := self.record_of(row)) is not None]

    def adopted(self):
        """Statements that stand adopted where the rows learnt last may adopt others."""
        return []

    def fill_in(self, instance, changed, user):
        """Set what saving a form sets besides; `changed` names the columns that change."""

    # From instances to rows

    def for_export(self, rows):
        """The rows of a list, with what the columns read in few queries."""
        single = [name for name, column in self.columns.items() if isinstance(column.widget, RowWidget)]
        many = [name for name, column in self.columns.items() if column.is_many]
        return rows.select_related(*single).prefetch_related(None).prefetch_related(*many)


class RecordSheet(Sheet):
    """Records, named by their address. Their state can be read, and is changed by actions alone."""

    def make_columns(self):
        columns = super().make_columns()
        state = Record._meta.get_field("state")
        columns["state"] = Column("state", state.verbose_name, ChoiceWidget(state), readonly=True)
        return columns


class ZoneSheet(RecordSheet):
    kind, model = "zones", Zone
    field_names = (
        *("slug", *NAMES, "level", "level_guess", "level_note_en", "level_note_zh", "type"),
        *("standing_en", "standing_zh", "other_names", "city", "other_cities", "county_en", "county_zh"),
        *("also_in_en", "also_in_zh", "part_of", "established", "upgraded", "area_km2", "area_kind"),
        *("latitude", "longitude", "coordinates_of", "industries", "gbt37028_code", "gbt37028_name"),
        *("nbs_code", "catalogue_code", "website", "contact_name_en", "contact_name_zh", "contact_phone"),
        *("contact_email", *SUMMARIES, *CHECKS),
    )


class ProjectSheet(RecordSheet):
    kind, model = "projects", Project
    field_names = (
        *("slug", *NAMES, "kind", "sector", "status", "status_on", "status_is_reading", "confidence"),
        *("company_en", "company_zh", "investors_en", "investors_zh", "origin_country_en"),
        *("origin_country_zh", "origin_province_en", "origin_province_zh", "city", "city_guess"),
        *("other_cities", "county_en", "county_zh", "zone", "zone_stated_en", "zone_stated_zh"),
        *("investment_yuan", "investment_basis", "related", *SUMMARIES, *CHECKS),
    )


class ValueSheet(Sheet):
    """Values of indicators, named by their key. A value stays with its indicator."""

    kind, model = "values", IndicatorValue
    fixed = ("indicator",)
    field_names = (
        *("slug", "indicator", "period", "approximation", "number", "unit", "comparison"),
        *("comparison_number", "comparison_unit", "comparison_words_en", "comparison_words_zh"),
        *("comparison_doubt_en", "comparison_doubt_zh", "note_en", "note_zh", "doubt_en", "doubt_zh"),
        "home_order",
    )

    def takes_percent(self, row):
        try:
            return self.columns["unit"].widget.clean(row.get("unit")) == Unit.PERCENT or self._is_in_percent(
                row
            )
        except ValueError:
            return False

    def _is_in_percent(self, row):
        value = self.found.get(self.key_of(row))
        return "unit" not in row and value is not None and value.unit == Unit.PERCENT

    def record_of(self, instance):
        return super().record_of(instance) if instance.indicator_id else None


class SourceSheet(Sheet):
    """Sources, to be read only: they are made and changed one by one, with care for their links."""

    kind, model, is_imported = "sources", Source, False
    field_names = (
        *("slug", "title", "title_lang", "publisher_en", "publisher_zh", "date", "kind", "reliability"),
        *("url", "link_ok", "note_en", "note_zh"),
    )
