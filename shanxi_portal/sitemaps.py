"""The sitemap: one file while the site is small, else a list of files that are each made in a moment."""

from functools import cached_property

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import index, sitemap
from django.core.paginator import Paginator
from django.urls import reverse
from django.views.decorators.http import require_safe

from business_environment.models import Cost, Indicator, Policy, Procedure, TransportLink
from projects.models import Project
from records.models import Source
from zones.models import City, Region, Zone

# Addresses in a file. The protocol allows 50,000, which take many seconds to make.
ADDRESSES = 2_000


class _Bilingual(Sitemap):
    """Each address once per language, with its twin named."""

    i18n = True
    alternates = True
    limit = ADDRESSES

    @cached_property
    def paginator(self):
        """Django’s, which counts once."""
        return Paginator(self._items(), self.limit)


class PageSitemap(_Bilingual):
    """Pages that are not of one record."""

    names = (
        "home",
        "zones:list",
        "projects:list",
        "projects:figures",
        "business_environment:overview",
        "business_environment:approvals",
        "business_environment:ledger",
        "business_environment:permit-path",
        "business_environment:indicators",
        "business_environment:policies",
        "business_environment:costs",
        "business_environment:transport",
        "cities",
        "regions",
        "sources",
        "about",
        "accessibility",
    )

    def items(self):
        return self.names

    def location(self, item):
        return reverse(item)


class _InEachLanguage:
    """(row, language) of a query, each row once per language, of which only slices are fetched."""

    def __init__(self, rows, languages):
        self.rows, self.languages = rows, languages

    def count(self):
        return self.rows.count() * len(self.languages)

    def __getitem__(self, some):
        number = len(self.languages)
        first, past = some.start // number, -(-some.stop // number)
        pairs = [(row, language) for row in self.rows[first:past] for language in self.languages]
        return pairs[some.start - first * number :][: some.stop - some.start]


class RecordSitemap(_Bilingual):
    """Public records of one kind."""

    def __init__(self, model):
        self.model = model

    def items(self):
        columns = {field.name for field in self.model._meta.concrete_fields} & {"slug", "changed_at"}
        return self.model.objects.published().order_by("pk").only(*columns)

    def _items(self):
        return _InEachLanguage(self.items(), self._languages())

    def lastmod(self, item):
        return getattr(item, "changed_at", None)

    def get_latest_lastmod(self):
        """Not said of a file: that would take reading all its records."""
        return None


RECORDS = (Zone, Project, City, Region, Procedure, Indicator, Policy, Cost, TransportLink, Source)


def _sections():
    """name -> the addresses of one kind, as they are now."""
    return {"pages": PageSitemap()} | {model._meta.model_name: RecordSitemap(model) for model in RECORDS}


@require_safe
def whole(request):
    """All addresses, or where they are too many for one file, the list of the files."""
    sections = _sections()
    if sum(section.paginator.count for section in sections.values()) <= ADDRESSES:
        return sitemap(request, sections)
    return index(request, sections, sitemap_url_name="sitemap-section")


@require_safe
def section(request, section):
    """The addresses of one kind; `p` is the number of the file."""
    return sitemap(request, _sections(), section=section)
