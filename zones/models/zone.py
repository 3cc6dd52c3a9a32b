from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from listings.search import SearchQuerySet
from records.fields import PartialDateField
from records.languages import Localized, mark_language
from records.models import NOWHERE, Record, RecordQuerySet
from zones.models.industry import Industry
from zones.models.places import City


class ZoneQuerySet(SearchQuerySet, RecordQuerySet):
    def for_list(self):
        """What a card needs: city, industries and figures, in three queries more however many rows."""
        return self.select_related("city").prefetch_related("industries").with_statements()

    def for_comparison(self):
        """What a column of the comparison needs: a card, and the zone it is part of."""
        return self.for_list().select_related("city", "part_of")

    def by_city(self):
        """Names and cities alone, in the order of the cities: what a list to choose from needs."""
        return self.select_related("city").order_by("city__order", "slug")


class Zone(Record):
    """A development zone. Its level is what a source states; a guess of ours is never shown."""

    class Level(models.TextChoices):
        NATIONAL = "national", _("National level")
        PROVINCIAL = "provincial", _("Provincial level")

    class Type(models.TextChoices):
        """Read from the name; 经济开发区 and 经济技术开发区 are one type, as sources swap the two."""

        ECONOMIC = "economic", _("Economic and technological development zone")
        HIGH_TECH = "high-tech", _("High-tech industrial development zone")
        REFORM = "reform-demonstration", _("Comprehensive reform demonstration zone")
        BONDED = "bonded", _("Comprehensive bonded zone")
        AGRICULTURAL = "agricultural", _("Modern agriculture zone")
        TOURISM = "eco-tourism", _("Ecological and cultural tourism zone")
        OTHER = "other", _("Other industrial zone")

    class AreaKind(models.TextChoices):
        PLANNED = "planned", _("planned")
        APPROVED = "approved", _("approved")
        TOTAL = "total", pgettext_lazy("area", "total")
        DEVELOPED = "developed", _("developed")
        STATED = "stated", _("kind not stated")

    class Precision(models.TextChoices):
        """What the coordinates are of."""

        CITY = "city", _("centre of the city")
        COUNTY = "county", _("centre of the county or district")
        ZONE = "zone", _("the zone itself")

    RESERVED_SLUGS = ("compare",)
    territory_fields = ("city",)
    staff_fields = ("level_guess", "catalogue_code")
    search_fields = (
        *Record.search_fields,
        "other_names",
        "county_en",
        "county_zh",
        "city__name_en",
        "city__name_zh",
        "city__other_spellings",
        "gbt37028_code",
        "nbs_code",
    )
    place_fields = ("name_zh", "county_zh")

    level = models.CharField(
        _("level"),
        max_length=10,
        choices=Level,
        null=True,
        blank=True,
        help_text=_("Only what a source states."),
    )
    level_guess = models.CharField(
        _("level as we guess"),
        max_length=10,
        choices=Level,
        blank=True,
        help_text=_("For staff; never shown to the public."),
    )
    level_note_en = models.TextField(_("note on the level (English)"), blank=True)
    level_note_zh = models.TextField(_("note on the level (Chinese)"), blank=True)
    type = models.CharField(_("type"), max_length=20, choices=Type)
    standing_en = models.CharField(
        _("standing (English)"),
        max_length=150,
        blank=True,
        help_text=_("Such as “listed in 2018; later state not found”."),
    )
    standing_zh = models.CharField(_("standing (Chinese)"), max_length=150, blank=True)
    other_names = models.TextField(
        _("other names"), blank=True, help_text=_("One a line, in either language; search finds them.")
    )

    city = models.ForeignKey(City, models.PROTECT, related_name="zones", verbose_name=_("city"))
    other_cities = models.ManyToManyField(
        City, related_name="zones_reaching_in", blank=True, verbose_name=_("also in")
    )
    county_en = models.CharField(_("county or district (English)"), max_length=80, blank=True)
    county_zh = models.CharField(_("county or district (Chinese)"), max_length=80, blank=True)
    also_in_en = models.CharField(_("also in, in words (English)"), max_length=150, blank=True)
    also_in_zh = models.CharField(_("also in, in words (Chinese)"), max_length=150, blank=True)
    part_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )

    established = PartialDateField(_("established"))
    upgraded = PartialDateField(_("raised to national level"))
    area_km2 = models.DecimalField(
        _("area, km²"),
        max_digits=12,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    area_kind = models.CharField(_("kind of area"), max_length=10, choices=AreaKind, null=True, blank=True)
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    coordinates_of = models.CharField(
        _("coordinates of"), max_length=6, choices=Precision, null=True, blank=True
    )
    industries = models.ManyToManyField(
        Industry, related_name="zones", blank=True, verbose_name=_("leading industries")
    )

    gbt37028_code = models.CharField(_("GB/T 37028 code"), max_length=8, blank=True)
    gbt37028_name = models.CharField(_("name in GB/T 37028"), max_length=100, blank=True)
    nbs_code = models.CharField(_("statistical division code"), max_length=12, blank=True)
    catalogue_code = models.CharField(_("code in the development-zone catalogue"), max_length=20, blank=True)
    website = models.URLField(_("website"), blank=True)
    contact_name_en = models.CharField(_("contact desk (English)"), max_length=150, blank=True)
    contact_name_zh = models.CharField(_("contact desk (Chinese)"), max_length=150, blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=60, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)

    objects = ZoneQuerySet.as_manager()

    county = Localized("county")
    also_in = Localized("also_in")
    level_note = Localized("level_note")
    standing = Localized("standing")
    contact_name = Localized("contact_name")

    class Meta(Record.Meta):
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(area_km2__isnull=True) | Q(area_km2__gt=0),
                name="zone_area_above_zero",
                violation_error_message=_("An unknown area is left empty, never zero."),
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True, coordinates_of__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False, coordinates_of__isnull=False),
                name="zone_coordinates_whole",
                violation_error_message=_("Give latitude, longitude and what they are of, or none of them."),
            ),
        ]

    def clean(self):
        super().clean()
        upper, seen = self.part_of, {self.pk}
        while upper is not None:
            if upper.pk in seen:
                raise ValidationError({"part_of": _("A zone cannot be part of itself.")})
            seen.add(upper.pk)
            upper = upper.part_of

    @classmethod
    def lies_in(cls, territories):
        """A zone is a territory in itself, and lies in its city; “also in” gives it to nobody else."""
        if not territories.zones and not territories.cities:
            return NOWHERE
        return Q(pk__in=territories.zones) | Q(city__in=territories.cities)

    @classmethod
    def may_begin_in(cls, territories):
        """Whoever keeps one zone founds no other."""
        return bool(territories.cities)

    def would_lie_in(self, territories, places):
        return self.pk in territories.zones or super().would_lie_in(territories, places)

    def is_in(self, territories):
        """Whether these territories hold it, or the city it lies in."""
        return territories.everywhere or self.pk in territories.zones or self.city_id in territories.cities

    def get_absolute_url(self):
        return reverse("zones:detail", args=[self.slug])

    @property
    def level_label(self):
        return self.get_level_display() if self.level else _("Level not stated")

    @property
    def marked_other_names(self):
        """The other names, each with its language."""
        return [mark_language(name) for name in self.other_names.splitlines()]

    @property
    def own_point(self):
        """Latitude and longitude as machines read them; None where only its city or county has a point."""
        if self.coordinates_of != self.Precision.ZONE:
            return None
        return str(self.latitude), str(self.longitude)

    # What pages show. Each reads the statements fetched with the zone and costs no query.

    @property
    def area(self):
        return self.figure("area")

    @property
    def founding(self):
        return self.figure("established")

    @property
    def standing_level(self):
        return self.figure("level")

    @property
    def industries_stated(self):
        return self.figures("industries")

    @property
    def companies_stated(self):
        return self.figures("companies")

    @property
    def transport_stated(self):
        return self.figures("transport")


class Park(models.Model):
    """A park inside a zone; where it has a record of its own, `record` points to it."""

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="parks", verbose_name=_("zone"))
    name_en = models.CharField(_("name (English)"), max_length=150, blank=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=150, blank=True)
    nbs_code = models.CharField(_("statistical division code"), max_length=12, blank=True)
    note_en = models.CharField(_("note (English)"), max_length=250, blank=True)
    note_zh = models.CharField(_("note (Chinese)"), max_length=250, blank=True)
    record = models.ForeignKey(
        Zone, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("its own record")
    )

    name = Localized("name")
    note = Localized("note")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("park")
        verbose_name_plural = _("parks")

    def __str__(self):
        return str(self.name)


class ZoneRelation(models.Model):
    """Two records that may be one place under an old and a new name."""

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="relations", verbose_name=_("zone"))
    other = models.ForeignKey(
        Zone, models.PROTECT, related_name="relations_back", verbose_name=_("other zone")
    )
    words_en = models.CharField(_("relation (English)"), max_length=150)
    words_zh = models.CharField(_("relation (Chinese)"), max_length=150)
    confirmed = models.BooleanField(_("confirmed by a source"), default=False)

    words = Localized("words")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints = [
            models.CheckConstraint(condition=~Q(zone=models.F("other")), name="zonerelation_not_itself"),
        ]

    def __str__(self):
        return f"{self.zone} → {self.other}"
