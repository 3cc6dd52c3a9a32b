"""Where things are: the eleven cities, and regions made of them."""

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listings.search import SearchQuerySet
from records.figures import FiguresMixin
from records.languages import Localized, Other
from records.models import PublicQuerySet, Record, RecordQuerySet


class CityQuerySet(SearchQuerySet, PublicQuerySet):
    pass


class City(FiguresMixin, models.Model):
    """One of the province's eleven prefecture-level cities: reference data, always public."""

    search_fields = ("name_en", "name_zh", "other_spellings")
    place_fields = ("name_zh",)

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=60)
    name_zh = models.CharField(_("name (Chinese)"), max_length=60)
    other_spellings = models.CharField(
        _("other spellings"),
        max_length=200,
        blank=True,
        help_text=_("Separated by commas; search finds them."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    latitude = models.DecimalField(
        _("latitude of the city"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude of the city"), max_digits=8, decimal_places=5, null=True, blank=True
    )

    statements = GenericRelation("records.Statement")

    objects = CityQuerySet.as_manager()

    name = Localized("name")
    other_name = Other("name")

    class Meta:
        ordering = ["order", "slug"]
        verbose_name = _("city")
        verbose_name_plural = _("cities")

    def __str__(self):
        return str(self.name)

    def get_absolute_url(self):
        return reverse("city", args=[self.slug])

    def is_in(self, territories):
        """Whether these territories hold it whole."""
        return territories.everywhere or self.pk in territories.cities


class RegionQuerySet(SearchQuerySet, RecordQuerySet):
    pass


class Region(Record):
    """Several cities that present themselves together; what it claims for itself are statements."""

    place_fields = ("name_zh",)

    cities = models.ManyToManyField(City, related_name="regions", verbose_name=_("cities"))

    objects = RegionQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def get_absolute_url(self):
        return reverse("region", args=[self.slug])
