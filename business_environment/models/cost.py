from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from business_environment.models.places import OfPlaces
from listings.search import SearchQuerySet
from records.languages import Localized
from records.models import Record, RecordQuerySet
from records.units import Unit
from zones.models import City


class CostQuerySet(SearchQuerySet, RecordQuerySet):
    pass


class Cost(OfPlaces):
    """What something costs in a place; the sum is its adopted statement on the aspect `price`."""

    class Item(models.TextChoices):
        ELECTRICITY = "electricity", _("Electricity")
        WATER = "water", _("Industrial water")
        GAS = "gas", _("Natural gas")
        LAND = "land", _("Land")
        LABOUR = "labour", _("Labour")

    search_fields = (*Record.search_fields, "place_en", "place_zh")
    place_fields = ("place_zh",)

    item = models.CharField(_("item"), max_length=12, choices=Item)
    unit = models.CharField(_("unit"), max_length=20, choices=Unit, blank=True)
    place_en = models.CharField(_("place (English)"), max_length=150)
    place_zh = models.CharField(_("place (Chinese)"), max_length=150)
    cities = models.ManyToManyField(City, blank=True, related_name="costs", verbose_name=_("cities"))
    is_in_shanxi = models.BooleanField(
        _("of Shanxi"), default=True, help_text=_("Untick for national figures.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = CostQuerySet.as_manager()

    place = Localized("place")

    class Meta(Record.Meta):
        ordering = ["order", "slug"]
        verbose_name = _("cost")
        verbose_name_plural = _("costs")

    def get_absolute_url(self):
        return reverse("business_environment:cost", args=[self.slug])

    def unit_of(self, statement):
        return statement.aspect.unit or self.unit

    @property
    def price(self):
        """The adopted price. Costs no query once the statements are fetched."""
        return self.figure("price")
