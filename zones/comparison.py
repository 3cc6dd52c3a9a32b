"""Zones side by side: the same rows for all, which of them differ, and which value may be called best."""

from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from listings.finding import results_of
from records.dates import PartialDate
from records.models import Aspect
from records.units import Approximation
from zones.models import Zone

MOST = 5  # Zones that fit side by side.
LISTED = 4  # Texts in one cell; the page of the zone has them all.

Group = Aspect.Group
# Remarks are no values to compare. All other groups are headings of the table, in their order.
GROUPS = tuple(group for group in Group if group != Group.REMARKS)
# Aspects with a row even where none of the zones states them; others have one where some zone does.
ALWAYS = ("level", "established", "upgraded", "area", "industries", "companies", "transport")


@dataclass
class Cell:
    """What one zone has in one row: figures, or words with the address they lead to."""

    figures: list = field(default_factory=list)
    words: list = field(default_factory=list)
    kind: str = ""
    url: str = ""
    is_best: bool = False

    @property
    def first_figures(self):
        """As many as a cell takes; `more` says how many the page of the zone has beside them."""
        return self.figures[:LISTED]

    @property
    def more(self):
        return len(self.figures) - len(self.first_figures)

    @property
    def is_known(self):
        return bool(self.words or any(figure.is_known for figure in self.figures))

    @property
    def is_disputed(self):
        """Whether other sources say something else; the page of the zone shows what."""
        return any(figure.alternatives for figure in self.figures)

    @property
    def texts(self):
        """The cell in plain words, for files."""
        figures = [figure for figure in self.figures if figure.is_known]
        values = [
            f"{figure.value} ({', '.join(hedges)})" if (hedges := self._hedges(figure)) else figure.value
            for figure in figures
        ]
        return [*values, *map(str, self.words)]

    def _hedges(self, figure):
        return [str(text) for text in (self.kind, figure.part) if text]

    @property
    def content(self):
        """What a reader would call the value: its date and its source are not part of it."""
        figures = [(figure.value, str(figure.part), self.kind) for figure in self.figures if figure.is_known]
        return figures, [str(word) for word in self.words]


@dataclass
class Row:
    """One line of the table; `why_none` says why no value is marked best, where that is worth saying."""

    label: str
    cells: list
    is_text: bool = False
    why_none: str = ""

    @property
    def differs(self):
        return any(cell.content != self.cells[0].content for cell in self.cells)


@dataclass(frozen=True)
class Measure:
    """A figure as far as ranking it goes; what is not known of it is None or empty."""

    number: object
    unit: str = ""
    kind: str | None = ""
    part: str = ""
    year: int | None = None
    is_exact: bool = True
    is_doubtful: bool = False


def find_best(measures, better):
    """Positions of the best values, and why there are none: `({1}, "")`, `(set(), "different years")`.

    To call a value the best is a claim, so it is made only where all of this holds; the first rule
    that does not hold is the reason given:

    - every value is known (None is one that is not);
    - all have one unit, are of one kind (planned, approved …) and of the same part;
    - all are of one year, and each says of which;
    - none is a range, hedged or in doubt;
    - the aspect says which way is better, and the values are not all equal.

    Nothing is said of one value alone, or where none is known. Values that tie are all the best.
    """
    if len(measures) < 2 or not any(measures):
        return set(), ""
    if None in measures:
        return set(), _("not all are known")
    # Order: what a reader can check in the cells first, the rule of the aspect last.
    hurdles = (
        (_several(measures, "unit"), _("different units")),
        (_several(measures, "kind"), _("different kinds of area")),
        (any(one.kind is None for one in measures), _("the kind of area is not stated")),
        (_several(measures, "part"), _("different parts")),
        (any(one.year is None for one in measures), _("the year is not stated for all")),
        (_several(measures, "year"), _("different years")),
        (not all(one.is_exact for one in measures), _("not all are exact")),
        (any(one.is_doubtful for one in measures), _("not all are free of doubt")),
        (not better, _("neither more nor less is better in itself")),
        (not _several(measures, "number"), _("all are equal")),
    )
    for stops, reason in hurdles:
        if stops:
            return set(), reason
    choose = max if better == Aspect.Better.HIGHER else min
    best = choose(one.number for one in measures)
    return {position for position, one in enumerate(measures) if one.number == best}, ""


def _several(measures, name):
    return len({getattr(one, name) for one in measures}) > 1


def measure(zone, figure):
    """The figure of a zone as a Measure, None where it is not known."""
    if not figure.is_known or figure.statement is None or figure.statement.number is None:
        return None
    statement = figure.statement
    return Measure(
        number=statement.number,
        unit=zone.unit_of(statement),
        kind=_kind_of_area(zone, statement),
        part=statement.part_en or statement.part_zh,
        year=_single_year(statement.as_of),
        is_exact=statement.number_max is None and statement.approximation not in Approximation.values,
        is_doubtful=bool(statement.doubt_en or statement.doubt_zh),
    )


def _kind_of_area(zone, statement):
    """What kind of area the figure is of: None where no source says, nothing for another figure."""
    if statement.aspect.column != "area_km2":
        return ""
    return zone.area_kind if zone.area_kind not in (None, Zone.AreaKind.STATED) else None


def _single_year(date):
    """The year that a date lies in, None where it spans several, is open or only about."""
    if date is None or date.is_approximate or date.first_day is None:
        return None
    return date.year if date.first_day.year == date.year else None


class Comparison:
    """The table of the zones given: `groups` of rows, with or without those that are the same for all.

    Reads what `Zone.objects.for_comparison()` fetched, the vocabulary, and how many projects there are, in as
    many queries however many zones.
    """

    def __init__(self, zones, *, only_differences=False):
        self.zones = zones
        # One zone differs from nothing.
        self.only_differences = only_differences and len(zones) > 1

    @cached_property
    def _all_groups(self):
        rows = {group: [] for group in GROUPS}
        rows[Group.IDENTITY] = self._identity()
        for aspect in self._aspects():
            rows[aspect.group].append(self._row_of_aspect(aspect))
        rows[Group.STANDING].append(self._row(gettext_lazy("State"), lambda zone: _words(zone.standing)))
        rows[Group.INDUSTRY].insert(
            0,
            self._row(
                gettext_lazy("On our list of industries"),
                lambda zone: Cell(words=[industry.name for industry in zone.industries.all()]),
            ),
        )
        groups = [(group.label, rows[group]) for group in GROUPS]
        return [
            (label, found) for label, found in [*groups, (_("On this site"), self._on_this_site())] if found
        ]

    @property
    def groups(self):
        """(heading, rows) as the page shows them."""
        if not self.only_differences:
            return self._all_groups
        kept = [(label, [row for row in rows if row.differs]) for label, rows in self._all_groups]
        return [(label, rows) for label, rows in kept if rows]

    @property
    def same_count(self):
        """How many rows are the same for all."""
        return sum(not row.differs for _label, rows in self._all_groups for row in rows)

    # Rows ------------------------------------------------------------------------------------------

    def _row(self, label, cell):
        return Row(str(label), [cell(zone) for zone in self.zones])

    def _aspects(self):
        """Aspects with a row, in the order of every page."""
        aspects = {aspect.key: aspect for aspect in Aspect.objects.filter(key__in=ALWAYS)}
        for zone in self.zones:
            aspects |= {aspect.key: aspect for aspect in zone.aspects_stated() if aspect.group in GROUPS}
        return sorted(aspects.values(), key=lambda aspect: (aspect.order, aspect.key))

    def _row_of_aspect(self, aspect):
        found = [zone.shown_figures(aspect) for zone in self.zones]
        cells = [self._cell(zone, figures) for zone, figures in zip(self.zones, found, strict=True)]
        row = Row(str(aspect.label), cells, is_text=aspect.kind == Aspect.Kind.TEXT)
        if aspect.kind != Aspect.Kind.NUMBER or len(cells) < 2:
            return row
        measures = [measure(zone, figures[0]) for zone, figures in zip(self.zones, found, strict=True)]
        if all(measures) and any(len(figures) > 1 for figures in found):
            row.why_none = _("a zone has several figures")
            return row
        best, row.why_none = find_best(measures, aspect.better)
        for position in best:
            cells[position].is_best = True
        return row

    def _cell(self, zone, figures):
        cell = Cell(figures=figures, url=zone.get_absolute_url())
        statement = figures[0].statement
        if statement is not None and statement.aspect.column == "area_km2":
            cell.kind = str(Zone.AreaKind(zone.area_kind or Zone.AreaKind.STATED).label)
        return cell

    def _identity(self):
        return [
            self._row(gettext_lazy("Type"), lambda zone: _words(zone.get_type_display())),
            self._row(gettext_lazy("County or district"), lambda zone: _words(zone.county)),
            self._row(gettext_lazy("Part of"), _upper_zone),
            self._row(gettext_lazy("GB/T 37028 code"), lambda zone: _words(zone.gbt37028_code)),
            self._row(gettext_lazy("Statistical division code"), lambda zone: _words(zone.nbs_code)),
        ]

    def _on_this_site(self):
        return [
            self._row(gettext_lazy("Projects"), self._projects),
            self._row(gettext_lazy("Last checked"), _checked),
        ]

    @cached_property
    def _project_counts(self):
        """address of a zone -> number of its public projects."""
        projects = Zone._meta.get_field("projects").related_model
        return results_of(projects.objects.published()).counts("zone")

    def _projects(self, zone):
        count = self._project_counts.get(zone.slug, 0)
        if not count:
            return Cell(words=[_("none")])
        words = ngettext("%(number)s project", "%(number)s projects", count) % {"number": count}
        return Cell(words=[words], url=f"{reverse('projects:list')}?zone={zone.slug}")


def _words(text):
    return Cell(words=[text] if text else [])


def _upper_zone(zone):
    upper = zone.part_of
    if upper is None or not upper.is_public:
        return Cell()
    return Cell(words=[upper.name], url=upper.get_absolute_url())


def _checked(zone):
    return _words(str(PartialDate(zone.checked_on.isoformat())) if zone.checked_on else "")
