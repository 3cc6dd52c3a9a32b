from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from business_environment.models.places import OfPlaces
from listings.search import SearchQuerySet
from records.charts import Point, series_chart
from records.fields import PartialDateField
from records.figures import Figure, FiguresMixin
from records.languages import Localized
from records.models import PublicQuerySet, Record, RecordQuerySet, State
from records.units import Approximation, Unit, write_figure, write_number
from zones.models import City


class IndicatorQuerySet(SearchQuerySet, RecordQuerySet):
    def with_values(self):
        """Fetch the values and what their passports show, in three queries more."""
        return self.prefetch_related(Prefetch("values", IndicatorValue.objects.with_statements()))


class Indicator(OfPlaces):
    """Something that is measured: its unit, its place; the measurements are its values."""

    class Topic(models.TextChoices):
        STARTS = "project-starts", _("Project starts")
        DRIVES = "project-drives", _("“Three Batches” project drives")
        INVESTMENT = "investment", pgettext_lazy("topic", "Investment")
        ZONES = "zones", _("Zones")
        APPROVALS = "approvals", _("Approvals")
        ECONOMY = "economy", _("Economy")
        INCOME = "income", _("Income")
        TRADE = "trade-and-foreign-capital", _("Trade and foreign capital")
        ENERGY = "energy", _("Energy")
        INDUSTRY = "industry", _("Industry")
        COMPANIES = "companies", _("Companies")

    search_fields = (*Record.search_fields, "place_en", "place_zh")
    place_fields = ("place_zh",)

    topic = models.CharField(_("topic"), max_length=30, choices=Topic)
    unit = models.CharField(_("unit"), max_length=20, choices=Unit)
    place_en = models.CharField(_("place (English)"), max_length=80)
    place_zh = models.CharField(_("place (Chinese)"), max_length=80)
    cities = models.ManyToManyField(
        City,
        blank=True,
        related_name="indicators",
        verbose_name=_("cities"),
        help_text=_("None for the province or the nation."),
    )
    is_in_shanxi = models.BooleanField(
        _("of Shanxi"), default=True, help_text=_("Untick for national figures.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = IndicatorQuerySet.as_manager()

    place = Localized("place")

    class Meta(Record.Meta):
        ordering = ["order", "slug"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")

    def clean(self):
        """Refuse another unit than that of the values there are: their numbers would change their meaning."""
        super().clean()
        other = self.values.exclude(unit=self.unit).first() if self.pk else None
        if other:
            raise ValidationError(
                {
                    "unit": _("Its value of %(period)s is in %(unit)s.")
                    % {"period": other.period, "unit": other.get_unit_display()}
                }
            )

    def get_absolute_url(self):
        return reverse("business_environment:indicator", args=[self.slug])

    @property
    def sources_with_periods(self):
        """(source, what it bears out), in order of first use: periods of values, aspects of the record.

        Costs no query once values and statements are fetched.
        """
        found = {}
        for value in self.values.all():
            for source in value.citations():
                found.setdefault(source, []).append(value.period)
        for source, labels in self.sources_with_aspects():
            found.setdefault(source, []).extend(labels)
        return [(source, list(dict.fromkeys(labels))) for source, labels in found.items()]

    @property
    def chart(self):
        """Its values as columns; None where they make no series. Costs no query once they are fetched."""
        return series_chart(
            [
                Point(
                    value.period,
                    write_figure(value.number, self.unit, approximation=value.approximation),
                    value.number,
                    bool(value.doubt),
                )
                for value in self.values.all()
            ]
        )


class IndicatorValueQuerySet(PublicQuerySet):
    public_when = Q(indicator__state=State.PUBLISHED)

    def with_passports(self):
        """Fetch what a passport shows: indicator and sources, in one query more."""
        return self.select_related("indicator").with_statements()

    def for_home(self):
        """The values that staff have chosen for the home page, in their order."""
        return self.published().filter(home_order__isnull=False).with_passports().order_by("home_order", "pk")


class IndicatorValue(FiguresMixin, models.Model):
    """One measurement: number, period, hedge, comparison and doubt, each as its source has it."""

    class Comparison(models.TextChoices):
        NATIONAL = "national-average", _("National average")
        PREVIOUS = "previous-year", _("Year before")
        GROWTH = "year-on-year", _("Change on the year before")
        CONVERSION = "conversion", _("As converted by the source")
        SUM = "sum", _("Sum")
        RANK = "rank", _("Rank")
        SHARE = "share-of-china", _("Share of China")

    # Compared with the same thing elsewhere or earlier, and so in the same unit.
    ALIKE = (Comparison.NATIONAL, Comparison.PREVIOUS)

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="values", verbose_name=_("indicator")
    )
    slug = models.SlugField(_("key"), max_length=80, unique=True)
    number = models.DecimalField(_("number"), max_digits=24, decimal_places=6)
    unit = models.CharField(
        _("unit"),
        max_length=20,
        choices=Unit,
        help_text=_("The unit in which you give the number: that of the indicator."),
    )
    approximation = models.CharField(_("approximation"), max_length=10, choices=Approximation, blank=True)
    period = PartialDateField(_("period"), null=False, blank=False)
    comparison = models.CharField(_("compared with"), max_length=20, choices=Comparison, blank=True)
    comparison_number = models.DecimalField(
        _("number compared with"), max_digits=24, decimal_places=6, null=True, blank=True
    )
    comparison_unit = models.CharField(_("its unit"), max_length=20, choices=Unit, blank=True)
    comparison_words_en = models.TextField(_("comparison in words (English)"), blank=True)
    comparison_words_zh = models.TextField(_("comparison in words (Chinese)"), blank=True)
    comparison_doubt_en = models.TextField(_("doubt about the comparison (English)"), blank=True)
    comparison_doubt_zh = models.TextField(_("doubt about the comparison (Chinese)"), blank=True)
    home_order = models.PositiveSmallIntegerField(
        _("place on the home page"),
        null=True,
        blank=True,
        help_text=_("Empty for values that are not shown there."),
    )
    note_en = models.TextField(_("note (English)"), blank=True)
    note_zh = models.TextField(_("note (Chinese)"), blank=True)
    doubt_en = models.TextField(_("doubt (English)"), blank=True)
    doubt_zh = models.TextField(_("doubt (Chinese)"), blank=True)

    statements = GenericRelation("records.Statement")

    objects = IndicatorValueQuerySet.as_manager()

    comparison_words = Localized("comparison_words")
    comparison_doubt = Localized("comparison_doubt")
    note = Localized("note")
    doubt = Localized("doubt")

    class Meta:
        ordering = ["indicator__order", "indicator", "period", "slug"]
        verbose_name = _("value")
        verbose_name_plural = _("values")
        constraints = [
            models.CheckConstraint(
                condition=Q(comparison_number__isnull=True) | (~Q(comparison="") & ~Q(comparison_unit="")),
                name="indicatorvalue_comparison_whole",
                violation_error_message=_("Say what the number is compared with and in which unit."),
            )
        ]

    def __str__(self):
        return f"{self.indicator} {self.period}"

    def get_absolute_url(self):
        return f"{self.indicator.get_absolute_url()}#value-{self.slug}"

    def clean(self):
        """Refuse numbers that cannot be set beside each other: in another unit than the indicator's."""
        super().clean()
        # An indicator that is made together with its values has no id yet, but it may have its unit.
        unit = self.indicator.unit if hasattr(self, "indicator") else ""
        if not unit:
            return
        problems = {}
        if self.unit and self.unit != unit:
            problems["unit"] = _("The indicator is in %(unit)s.")
        if self.comparison in self.ALIKE and self.comparison_unit and self.comparison_unit != unit:
            problems["comparison_unit"] = _("The indicator is in %(unit)s, and this is a number of the same.")
        if problems:
            words = {"unit": Unit(unit).label}
            raise ValidationError({name: message % words for name, message in problems.items()})

    @property
    def passport(self):
        """The value with its passport, for `components/figure.html`. Reads `indicator` and `statements`."""
        return Figure(
            label=str(self.indicator.name),
            value=write_figure(self.number, self.indicator.unit, approximation=self.approximation),
            digits=write_number(self.number),
            period=self.period,
            sources=self.citations(),
            note=self.note,
            doubt=self.doubt,
        )

    @property
    def compared(self):
        """The number it is compared with, with the same passport; unknown where there is none."""
        label = self.get_comparison_display() if self.comparison else ""
        if self.comparison_number is None:
            return Figure(label=label)
        return Figure(
            label=label,
            value=write_figure(self.comparison_number, self.comparison_unit),
            period=self.period,
            sources=self.citations(),
            note=self.comparison_words,
            doubt=self.comparison_doubt,
        )
