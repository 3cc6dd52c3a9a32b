"""Projects counted and added up, for the page “Projects in figures”.

Counts are those of the project list, which each bar leads to. Sums of money leave out what would count the
same money twice, and what is not the whole of a stated sum; the page says how many that is.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Sum
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from listings.facets import NOT_STATED
from listings.listing import Listing
from projects.filters import ProjectFilter
from projects.models import Project
from records.charts import Bar, BarChart, BarGroup
from records.models import Statement
from records.units import Unit, write_amount

ADDED = (Project.Basis.TOTAL, Project.Basis.PHASE)
# Sums are added in two parts, as SQLite adds up to 2⁶³ and no further.
PART = 10**9


@dataclass(frozen=True)
class Group:
    """The projects of one sector and city, of one kind, whose sums cover the same; `sector` and `city` are
    keys, `stated` is how many state a sum, `yuan` what these add up to."""

    sector: int
    city: int | None
    kind: str
    basis: str | None
    count: int
    checked_on: object
    stated: int
    stated_checked_on: object
    yuan: int

    @property
    def is_countable(self):
        return self.kind not in Project.UNCOUNTED

    @property
    def is_added(self):
        return self.is_countable and self.basis in ADDED and self.stated > 0


def grouped(projects):
    """The groups of these projects, in one query."""
    stated = Q(investment_yuan__isnull=False)
    rows = (
        projects.order_by()
        .values_list("sector", "city", "kind", "investment_basis")
        .annotate(
            Count("pk"),
            Max("checked_on"),
            Count("investment_yuan"),
            stated_checked_on=Max("checked_on", filter=stated),
            parts=Sum(F("investment_yuan") / PART),
            rests=Sum(F("investment_yuan") % PART),
        )
    )
    return [Group(*row, int(parts or 0) * PART + int(rests or 0)) for *row, parts, rests in rows]


def last_check(days):
    """The last of these days on which records were checked, some of them unknown; None where none was."""
    return max(filter(None, days), default=None)


class ProjectFigures:
    """Everything that the page counts, from the public projects. The number of queries does not grow."""

    def __init__(self):
        self.projects = Project.objects.published()
        self.path = reverse("projects:list")

    @cached_property
    def groups(self):
        return grouped(self.projects)

    @property
    def count(self):
        return sum(group.count for group in self.groups)

    @property
    def checked_on(self):
        return last_check(group.checked_on for group in self.groups)

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
        return Sums(self.groups, self.projects, self.path)


@dataclass
class Sums:
    """Stated sums of investment in yuan, and how many projects are not in them, by why."""

    groups: list
    projects: object
    path: str

    @cached_property
    def _countable(self):
        return [group for group in self.groups if group.is_countable]

    @cached_property
    def _added(self):
        return [group for group in self.groups if group.is_added]

    @property
    def count(self):
        return sum(group.stated for group in self._added)

    @property
    def checked_on(self):
        return last_check(group.stated_checked_on for group in self._added)

    @property
    def countable(self):
        """How many projects are single undertakings."""
        return sum(group.count for group in self._countable)

    @property
    def uncounted(self):
        """Bundles and programmes: their projects have records of their own, or none."""
        return sum(group.count for group in self.groups) - self.countable

    @property
    def otherwise_based(self):
        """Sums spent so far, or planned for one year: not what the whole project costs."""
        return sum(group.count for group in self._countable if group.basis and group.basis not in ADDED)

    @property
    def without_sum(self):
        return self.countable - self.count - self.otherwise_based

    @property
    def phases(self):
        return sum(group.stated for group in self._added if group.basis == Project.Basis.PHASE)

    @cached_property
    def hedged(self):
        """How many of the sums their sources give as “about”, “at least” or the like."""
        adopted = Statement.objects.filter(
            Q(number__isnull=False) | Q(date__isnull=False) | ~Q(choice="") | ~Q(text_en="") | ~Q(text_zh=""),
            content_type=ContentType.objects.get_for_model(Project),
            aspect__key="investment",
            adopted=True,
        )
        before = adopted.filter(object_id=OuterRef("object_id"), position__lt=OuterRef("position"))
        added = self.projects.countable().filter(investment_yuan__isnull=False, investment_basis__in=ADDED)
        hedged = adopted.exclude(approximation="").filter(~Exists(before))
        return hedged.filter(Exists(added.filter(pk=OuterRef("object_id")))).count()

    @property
    def by_sector(self):
        return self._chart("sector", _("Sector"))

    @property
    def by_city(self):
        return self._chart("city", _("City"))

    def _chart(self, parameter, head):
        """Sums by sector or city, the largest first; each leads to the projects that it is of."""
        found = defaultdict(list)
        for group in self._countable:
            found[getattr(group, parameter)].append(group)
        places = Project._meta.get_field(parameter).related_model.objects.in_bulk(filter(None, found))
        bars = [self._bar(parameter, places.get(key), groups) for key, groups in found.items()]
        bars.sort(key=lambda bar: (-(bar.number or 0), bar.label))
        return BarChart([BarGroup(bars)], head, _("Investment stated, yuan"), wide=True)

    def _bar(self, parameter, place, groups):
        added = [group for group in groups if group.is_added]
        stated, total = sum(group.stated for group in added), sum(group.yuan for group in added)
        label = str(place.name) if place else _("Not stated")
        everything = sum(group.count for group in groups)
        note = _("%(stated)s of %(all)s projects") % {"stated": stated, "all": everything}
        value = write_amount(total, Unit.YUAN) if added else ""
        return Bar(label, value, total if added else None, self._url(parameter, place), note=note)

    def _url(self, parameter, place):
        kinds = [kind.value for kind in Project.Kind if kind not in Project.UNCOUNTED]
        value = place.slug if place else NOT_STATED
        query = {parameter: value, "kind": kinds, "sort": "investment-largest"}
        return f"{self.path}?{urlencode(query, doseq=True)}"
