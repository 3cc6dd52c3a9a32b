from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from business_environment.models import Cost, Indicator, Policy, Procedure, TransportLink
from projects.models import Project
from records.models import Source
from zones.models import City, Region, Zone


class _Bilingual(Sitemap):
    """Each address once per language, with its twin named."""

    i18n = True
    alternates = True


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


class RecordSitemap(_Bilingual):
    """Public records of one kind."""

    def __init__(self, model):
        self.model = model

    def items(self):
        return self.model.objects.published().order_by("pk")

    def lastmod(self, item):
        return getattr(item, "changed_at", None)


RECORDS = (Zone, Project, City, Region, Procedure, Indicator, Policy, Cost, TransportLink, Source)

SITEMAPS = {
    "pages": PageSitemap,
    **{model._meta.model_name: RecordSitemap(model) for model in RECORDS},
}
