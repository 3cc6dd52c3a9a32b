"""One listing, ready for its template: rows, counts, chips and the addresses of every next step."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.utils.translation import gettext as _


@dataclass
class Option:
    """One value of a facet; `count` is None while the list shows nothing because of an error."""

    value: str
    label: str
    count: int | None
    selected: bool
    id: str
    url: str


@dataclass
class FacetView:
    """A facet with its counted options; `left_out` others have rows, and are too many to show."""

    name: str
    label: str
    options: list
    left_out: int = 0

    @property
    def selected_count(self):
        return sum(option.selected for option in self.options)


@dataclass
class Chip:
    """One applied filter value; `url` is the list without it."""

    name: str
    value: object
    filter_label: str
    value_label: str
    url: str


@dataclass
class Removal:
    """What an empty list would hold without one chip."""

    chip: Chip
    count: int
    url: str


@dataclass
class Problem:
    parameter: str
    message: str


@dataclass
class Link:
    """A numbered page or a way to sort; `number` is None for a gap between pages."""

    label: str
    url: str
    current: bool = False
    number: int | None = None

    @property
    def selected(self):
        return self.current


@dataclass
class RangeView:
    label: str
    unit: str
    minimum: object
    maximum: object


# A facet with more values than `MOST_VALUES` shows as many as `SHOWN_VALUES`.
MOST_VALUES, SHOWN_VALUES = 60, 24


def _most(options, counts, selected):
    """(options to show, number of others that have rows) of the (value, label) of a facet.

    All in their order, or, of more than anyone reads, the chosen ones and those with the most rows.
    """
    if len(options) <= MOST_VALUES:
        return options, 0
    chosen = [option for option in options if option[0] in selected]
    others = [option for option in options if option[0] not in selected and counts.get(option[0])]
    others.sort(key=lambda option: -counts[option[0]])
    return chosen + others[:SHOWN_VALUES], len(others[SHOWN_VALUES:])


@lru_cache(maxsize=10_000)
def _encoded(name, value):
    """One pair of a query string. A page has a hundred addresses, made of few pairs."""
    return urlencode([(name, value)])


class Listing:
    """Reads the query string through a filter set; costs queries only for what a template uses."""

    page_size = 25

    def __init__(self, filterset, path, query, *, page_size=None):
        """`query` is the request's QueryDict; `page` in it is ours, all else the filter set's."""
        self.filterset = filterset
        self.path = path
        self.page_size = page_size or self.page_size
        self._page_texts = query.getlist("page")
        self._page_text = query.get("page", "")

    @cached_property
    def errors(self):
        """Everything in the address that was not understood; with any, the list shows no rows."""
        problems = [Problem(name, message) for name, message in self.filterset.problems()]
        if self._page_text and not (
            self._page_text.isascii() and self._page_text.isdigit() and int(self._page_text[:12]) > 0
        ):
            problems.append(
                Problem("page", _("“%(value)s” is not a page number.") % {"value": self._page_text[:40]})
            )
        if len(self._page_texts) > 1:
            problems.append(Problem("page", _("This filter takes one value, not several.")))
        return problems

    @property
    def status(self):
        """The HTTP status of the page."""
        return 400 if self.errors else 200

    @cached_property
    def results(self):
        """What the filters find."""
        return self.filterset.results

    # Rows -------------------------------------------------------------------------------------

    @cached_property
    def paginator(self):
        rows = self.filterset.queryset.none() if self.errors else self.results.rows
        return Paginator(rows, self.page_size)

    @property
    def total(self):
        return self.paginator.count

    @property
    def page_number(self):
        """The page asked for, which may lie past the end."""
        return int(self._page_text[:12]) if self._page_text and not self.errors else 1

    @property
    def last_page_url(self):
        """Address of the last page if the one asked for lies past it, else nothing."""
        last = self.paginator.num_pages
        return self.url(page=last) if self.page_number > last else ""

    @cached_property
    def page(self):
        return self.paginator.page(min(self.page_number, self.paginator.num_pages))

    # Addresses ---------------------------------------------------------------------------------

    @cached_property
    def _chosen(self):
        self.filterset.form.is_valid()
        return self.filterset.chosen()

    def url(self, *, chosen=None, sort=None, page=1):
        """Address of this list with other filters, sort or page; what is default is left out."""
        sort = sort or self.filterset.sort.key
        pairs = []
        for name, value in (self._chosen if chosen is None else chosen).items():
            pairs += [(name, one) for one in value] if isinstance(value, list) else [(name, value)]
        if sort != self.filterset.sorts[0].key:
            pairs.append(("sort", sort))
        if page > 1:
            pairs.append(("page", page))
        return f"{self.path}?{'&'.join(_encoded(*pair) for pair in pairs)}" if pairs else self.path

    @property
    def clear_url(self):
        return self.path

    @property
    def understood_url(self):
        """The list by what was understood of the address, for a reader whose other filters were not."""
        return self.url()

    @property
    def export_url(self):
        """The same rows as CSV."""
        query = self.url().partition("?")[2]
        path = f"{self.path.rstrip('/')}.csv"
        return f"{path}?{query}" if query else path

    @property
    def hidden(self):
        """(name, value) that the facet form must carry along: text and sort."""
        pairs = [("q", self._chosen["q"])] if "q" in self._chosen else []
        if self.filterset.sort != self.filterset.sorts[0]:
            pairs.append(("sort", self.filterset.sort.key))
        return pairs

    @property
    def query(self):
        return self._chosen.get("q", "")

    @property
    def text_query(self):
        """The words searched for, as templates mark them in the rows."""
        return self.filterset.query

    @property
    def is_filtered(self):
        return bool(self._chosen)

    # Facets and chips ----------------------------------------------------------------------------

    def _without(self, name, value=None):
        """The chosen filters without one, or without one value of it."""
        chosen = dict(self._chosen)
        if isinstance(chosen.get(name), list):
            chosen[name] = [one for one in chosen[name] if one != value]
        if not isinstance(chosen.get(name), list) or not chosen[name]:
            chosen.pop(name, None)
        return chosen

    @cached_property
    def facets(self):
        """Every facet, each counted with its own choice left out.

        A list that shows no rows because of an error gives no counts either. Of a facet with more values than
        anyone reads, those with the most rows are shown, and the chosen ones.
        """
        views = []
        for name, facet in self.filterset.facets.items():
            counts = None if self.errors else self.results.counts(name)
            selected = self._chosen.get(name, [])
            shown, left_out = _most(facet.options, counts or {}, selected)
            options = []
            for value, label in shown:
                on = value in selected
                others = self._without(name, value) if on else self._chosen | {name: [*selected, value]}
                number = None if counts is None else counts.get(value, 0)
                options.append(Option(value, label, number, on, f"{name}-{value}", self.url(chosen=others)))
            views.append(FacetView(name, facet.label, options, left_out))
        return views

    @property
    def ranges(self):
        form = self.filterset.form
        return [
            RangeView(item.label, item.unit, form[item.minimum], form[item.maximum] if item.maximum else None)
            for item in self.filterset.ranges
        ]

    @cached_property
    def chips(self):
        """One chip for each applied value: "City: Taiyuan"."""
        chips = []
        for name, value in self._chosen.items():
            label = self.filterset.filters[name].label
            if name in self.filterset.facets:
                words = dict(self.filterset.filters[name].options)
                chips += [
                    Chip(name, one, label, words[one], self.url(chosen=self._without(name, one)))
                    for one in value
                ]
            else:
                chips.append(Chip(name, None, label, str(value), self.url(chosen=self._without(name))))
        return chips

    @cached_property
    def removals(self):
        """For an empty list: how many rows each removal would give, the most first."""
        found = [Removal(chip, self.results.total(chip.name, chip.value), chip.url) for chip in self.chips]
        return sorted(found, key=lambda removal: -removal.count)

    # Sort and pages ------------------------------------------------------------------------------

    @property
    def sorts(self):
        current = self.filterset.sort
        return [Link(sort.label, self.url(sort=sort.key), sort == current) for sort in self.filterset.sorts]

    @property
    def page_links(self):
        """First, last, current and neighbours, with gaps."""
        links = []
        for number in self.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1):
            if number == Paginator.ELLIPSIS:
                links.append(Link(str(number), ""))
            else:
                links.append(Link(str(number), self.url(page=number), number == self.page.number, number))
        return links

    @property
    def previous_url(self):
        return self.url(page=self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def next_url(self):
        return self.url(page=self.page.next_page_number()) if self.page.has_next() else ""
