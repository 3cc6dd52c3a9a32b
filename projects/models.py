from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from listings.search import SearchQuerySet
from records.fields import PartialDateField
from records.languages import Localized
from records.models import NOWHERE, Record, RecordQuerySet
from zones.models import City, Industry, Zone


class ProjectQuerySet(SearchQuerySet, RecordQuerySet):
    def for_list(self):
        """What a card needs: city, zone, sector and figures, in two queries more however many rows."""
        return self.select_related("city", "zone", "sector").with_statements()

    def by_city(self):
        """Names and cities alone, in the order of the cities: what a list to choose from needs."""
        cities = models.F("city__order").asc(nulls_last=True)
        return self.select_related("city").order_by(cities, "slug")

    def latest_first(self):
        """By the date of their status, those without one last."""
        return self.order_by(models.F("status_on").desc(nulls_last=True), "slug")

    def countable(self):
        """Single undertakings: bundles and programmes would count the same money twice."""
        return self.exclude(kind__in=Project.UNCOUNTED)


class Project(Record):
    """An investment project as the sources report it, at the date they report it."""

    class Kind(models.TextChoices):
        PROJECT = "project", _("Project")
        PARK = "park", _("Industrial park")
        INFRASTRUCTURE = "infrastructure", _("Infrastructure")
        PROGRAMME = "programme", _("Programme")
        BUNDLE = "bundle", _("Bundle of projects")

    UNCOUNTED = (Kind.PROGRAMME, Kind.BUNDLE)

    class Status(models.TextChoices):
        ANNOUNCED = "announced", _("Announced")
        SIGNED = "signed", _("Signed")
        CONSTRUCTION = "under-construction", _("Under construction")
        OPERATIONAL = "operational", _("Operational")

    class Basis(models.TextChoices):
        """What the sum covers."""

        TOTAL = "total", pgettext_lazy("sum", "total")
        PHASE = "phase", _("one phase")
        SO_FAR = "so-far", _("spent so far")
        ONE_YEAR = "one-year", _("one year’s plan")
        PROGRAMME = "programme", _("whole programme")
        BUNDLE = "bundle", _("whole bundle")

    class Confidence(models.TextChoices):
        """How plain the reading is: not how good the page is."""

        HIGH = "high", _("Plain in the source")
        MEDIUM = "medium", _("One part is our reading")
        LOW = "low", _("Several parts are our reading")

    RESERVED_SLUGS = ("in-figures",)
    territory_fields = ("city", "zone")
    search_fields = (
        *Record.search_fields,
        *("company_en", "company_zh", "investors_en", "investors_zh"),
        *("county_en", "county_zh", "zone_stated_en", "zone_stated_zh"),
        *("city__name_en", "city__name_zh", "city__other_spellings", "sector__name_en", "sector__name_zh"),
    )
    place_fields = ("county_zh", "zone_stated_zh")

    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.PROJECT)
    company_en = models.CharField(_("company (English)"), max_length=200, blank=True)
    company_zh = models.CharField(_("company (Chinese)"), max_length=200, blank=True)
    investors_en = models.TextField(_("other investors (English)"), blank=True, help_text=_("One a line."))
    investors_zh = models.TextField(_("other investors (Chinese)"), blank=True, help_text=_("One a line."))
    origin_country_en = models.CharField(_("origin (English)"), max_length=60, blank=True)
    origin_country_zh = models.CharField(_("origin (Chinese)"), max_length=60, blank=True)
    origin_province_en = models.CharField(_("province of origin (English)"), max_length=60, blank=True)
    origin_province_zh = models.CharField(_("province of origin (Chinese)"), max_length=60, blank=True)

    city = models.ForeignKey(
        City, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("city")
    )
    city_guess = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("city as we read it"),
        help_text=_("Where no page names the city."),
    )
    other_cities = models.ManyToManyField(
        City, related_name="projects_reaching_in", blank=True, verbose_name=_("also in")
    )
    county_en = models.CharField(_("county or district (English)"), max_length=80, blank=True)
    county_zh = models.CharField(_("county or district (Chinese)"), max_length=80, blank=True)
    zone = models.ForeignKey(
        Zone,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("zone"),
        help_text=_("Only where certain."),
    )
    zone_stated_en = models.CharField(_("zone as stated (English)"), max_length=150, blank=True)
    zone_stated_zh = models.CharField(_("zone as stated (Chinese)"), max_length=150, blank=True)
    sector = models.ForeignKey(Industry, models.PROTECT, related_name="projects", verbose_name=_("sector"))

    investment_yuan = models.BigIntegerField(
        _("investment, yuan"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    investment_basis = models.CharField(
        _("what the sum covers"), max_length=10, choices=Basis, null=True, blank=True
    )
    status = models.CharField(_("status"), max_length=20, choices=Status)
    status_on = PartialDateField(_("status as of"))
    status_is_reading = models.BooleanField(_("the status is our reading"), default=False)
    confidence = models.CharField(
        _("confidence of the reading"), max_length=6, choices=Confidence, default=Confidence.HIGH
    )
    related = models.ManyToManyField("self", blank=True, verbose_name=_("related projects"))

    objects = ProjectQuerySet.as_manager()

    company = Localized("company")
    county = Localized("county")
    zone_stated = Localized("zone_stated")
    origin_country = Localized("origin_country")
    origin_province = Localized("origin_province")

    class Meta(Record.Meta):
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        # What is due, in its order, without going through all that is public.
        indexes = [models.Index(fields=["state", "check_due_on"], name="project_due")]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(investment_yuan__isnull=True) | Q(investment_yuan__gt=0),
                name="project_investment_above_zero",
                violation_error_message=_("An unknown sum is left empty, never zero."),
            ),
            models.CheckConstraint(
                condition=Q(investment_yuan__isnull=True) | Q(investment_basis__isnull=False),
                name="project_investment_has_basis",
                violation_error_message=_("Say what the sum covers."),
            ),
        ]

    @classmethod
    def lies_in(cls, territories):
        """A project lies in its zone, in the city of its zone, and in its city as far as that is stated."""
        if not territories.zones and not territories.cities:
            return NOWHERE
        condition = Q(zone__in=territories.zones) | Q(city__in=territories.cities)
        return condition | Q(zone__city__in=territories.cities) if territories.cities else condition

    @classmethod
    def takes_in(cls, place, territories):
        """Whoever keeps a zone says of its projects in which city they lie."""
        own_city = isinstance(place, City) and place.pk in territories.cities_of_zones
        return own_city or super().takes_in(place, territories)

    def get_absolute_url(self):
        return reverse("projects:detail", args=[self.slug])

    @property
    def public_zone(self):
        """The zone it lies in, unless that is a draft or withdrawn."""
        return self.zone if self.zone and self.zone.is_public else None

    # What pages show. Each reads the statements fetched with the project and costs no query.

    @property
    def investment(self):
        return (
            self.figure("investment") if self.investment_yuan is not None else self.figure("investment-usd")
        )

    @property
    def progress(self):
        return self.figure("status")

    @property
    def jobs(self):
        return self.figure("jobs")

    @property
    def investors(self):
        """The other investors, one name each, in the reader’s language where it has them."""
        return Localized("investors").__get__(self).splitlines()

    @property
    def origin(self):
        """Where the investor comes from, as far as stated: "Guangdong, China", 中国广东省."""
        if self.origin_province and self.origin_country:
            places = {"province": self.origin_province, "country": self.origin_country}
            return gettext("%(province)s, %(country)s") % places
        return self.origin_province or self.origin_country


class Milestone(models.Model):
    """Something that happened to a project, or was expected to, at a date known more or less exactly."""

    class Kind(models.TextChoices):
        ANNOUNCED = "announced", _("Announced")
        SIGNED = "signed", _("Signed")
        EXPECTED_START = "expected-construction-start", _("Start of construction expected")
        STARTED = "construction-started", _("Construction started")
        CONSTRUCTION = "under-construction", _("Under construction")
        EXPECTED_OPERATIONAL = "expected-operational", _("Operation expected")
        OPERATIONAL = "operational", _("Operational")

    project = models.ForeignKey(Project, models.CASCADE, related_name="milestones", verbose_name=_("project"))
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    date = PartialDateField(_("date"))
    phase_en = models.CharField(_("phase (English)"), max_length=60, blank=True)
    phase_zh = models.CharField(_("phase (Chinese)"), max_length=60, blank=True)
    text_en = models.CharField(_("what happened (English)"), max_length=300, blank=True)
    text_zh = models.CharField(_("what happened (Chinese)"), max_length=300, blank=True)

    phase = Localized("phase")
    text = Localized("text")

    class Meta:
        ordering = ["project", "pk"]
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")

    def __str__(self):
        return f"{self.get_kind_display()} {self.date or ''}".strip()
