"""Projects counted and added up, for the page “Projects in figures”.

Counts are those of the project list, which each bar leads to. Sums of money leave out what would count the
same money twice, and what is not the whole of a stated sum; the page says how many that is.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from listings.facets import NOT_STATED
from listings.listing import Listing
from projects.filters import ProjectFilter
from projects.models import Project
from records.charts import Bar, BarChart, BarGroup
from records.units import Unit, write_amount

ADDED = (Project.Basis.TOTAL, Project.Basis.PHASE)


def last_check(rows):
    """The day on which the last of these records was checked; None where none was."""
    return max((row.checked_on for row in rows if row.checked_on), default=None)


class ProjectFigures:
    """Everything that the page counts, from the public projects. The number of queries does not grow."""

    def __init__(self):
        self.projects = Project.objects.published()
        self.path = reverse("projects:list")

    @cached_property
    def rows(self):
        """Every public project with its statements, which say how exact its sum is."""
        return list(self.projects.for_list())

    @property
    def count(self):
        return len(self.rows)

    @property
    def checked_on(self):
        return last_check(self.rows)

    # Counts ---------------------------------------------------------------------------------------

    @cached_property
    def _facets(self):
        """The facets of the unfiltered list, by name: counted once, for the list and for this page."""
        filterset = ProjectFilter(data=QueryDict(), queryset=self.projects)
        return {facet.name: facet for facet in Listing(filterset, self.path, QueryDict()).facets}

    def _counted(self, name, *, largest_first=False):
        facet = self._facets[name]
        options = [option for option in facet.options if option.count]
        if largest_first:
            options.sort(key=lambda option: -option.count)
        bars = [Bar(str(option.label), str(option.count), option.count, option.url) for option in options]
        return BarChart([BarGroup(bars)], str(facet.label), _("Projects"))

    @property
    def by_sector(self):
        return self._counted("sector", largest_first=True)

    @property
    def by_status(self):
        return self._counted("status")

    @property
    def by_year(self):
        return self._counted("year")

    @property
    def by_city(self):
        return self._counted("city")

    # Sums -----------------------------------------------------------------------------------------

    @cached_property
    def sums(self):
        return Sums(self.rows, self.path)


@dataclass
class Sums:
    """Stated sums of investment in yuan, and how many projects are not in them, by why."""

    rows: list
    path: str

    @cached_property
    def countable(self):
        return [row for row in self.rows if row.kind not in Project.UNCOUNTED]

    @cached_property
    def added(self):
        return [row for row in self.countable if row.investment_yuan and row.investment_basis in ADDED]

    @property
    def count(self):
        return len(self.added)

    @property
    def checked_on(self):
        return last_check(self.added)

    @property
    def uncounted(self):
        """Bundles and programmes: their projects have records of their own, or none."""
        return len(self.rows) - len(self.countable)

    @property
    def otherwise_based(self):
        """Sums spent so far, or planned for one year: not what the whole project costs."""
        return sum(bool(row.investment_basis) and row.investment_basis not in ADDED for row in self.countable)

    @property
    def without_sum(self):
        return len(self.countable) - len(self.added) - self.otherwise_based

    @property
    def phases(self):
        return sum(row.investment_basis == Project.Basis.PHASE for row in self.added)

    @property
    def hedged(self):
        """How many of the sums their sources give as “about”, “at least” or the like."""
        figures = [row.figure("investment") for row in self.added]
        return sum(bool(figure.statement and figure.statement.approximation) for figure in figures)

    @property
    def by_sector(self):
        return self._chart("sector", _("Sector"), lambda row: row.sector)

    @property
    def by_city(self):
        return self._chart("city", _("City"), lambda row: row.city)

    def _chart(self, parameter, head, place_of):
        """Sums by sector or city, the largest first; each leads to the projects that it is of."""
        groups = defaultdict(list)
        for row in self.countable:
            groups[place_of(row)].append(row)
        bars = [self._bar(parameter, place, rows) for place, rows in groups.items()]
        bars.sort(key=lambda bar: (-(bar.number or 0), bar.label))
        return BarChart([BarGroup(bars)], head, _("Investment stated, yuan"), wide=True)

    def _bar(self, parameter, place, rows):
        stated = [row.investment_yuan for row in rows if row in self._added_set]
        label = str(place.name) if place else _("Not stated")
        note = _("%(stated)s of %(all)s projects") % {"stated": len(stated), "all": len(rows)}
        total = sum(stated) if stated else None
        value = write_amount(total, Unit.YUAN) if stated else ""
        return Bar(label, value, total, self._url(parameter, place), note=note)

    @cached_property
    def _added_set(self):
        return set(self.added)

    def _url(self, parameter, place):
        kinds = [kind.value for kind in Project.Kind if kind not in Project.UNCOUNTED]
        value = place.slug if place else NOT_STATED
        query = {parameter: value, "kind": kinds, "sort": "investment-largest"}
        return f"{self.path}?{urlencode(query, doseq=True)}"
