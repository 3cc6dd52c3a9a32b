"""A reform, the accounts that sources give of it, its timeline, its legal texts and cases.

No two sources count the same things, so an account is never merged with another: each stands
with its own number, scope and source.
"""

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listings.search import SearchQuerySet
from records.fields import PartialDateField
from records.figures import Figure, FiguresMixin
from records.languages import Localized
from records.models import PublicQuerySet, Record, RecordQuerySet, State
from records.units import Unit, write_figure, write_number
from zones.models import City, Zone


class ReformQuerySet(SearchQuerySet, RecordQuerySet):
    def with_claim(self):
        """Fetch the two figures of the claim with their passports."""
        figures = [
            f"{name}__{path}"
            for name in ("claim_before", "claim_after")
            for path in ("statements__source", "statements__aspect")
        ]
        return self.select_related("claim_before__indicator", "claim_after__indicator").prefetch_related(
            *figures
        )

    def with_parts(self):
        """Fetch accounts, events, legal texts and cases with their sources, and the parts of accounts."""
        owned = ("accounts", "events", "legal_texts", "cases")
        paths = [f"{name}__statements__{path}" for name in owned for path in ("source", "aspect")]
        return self.with_statements().prefetch_related(*paths, "accounts__parts")


class Reform(Record):
    """A reform of how things are approved, with the claim made for it."""

    claim_before = models.ForeignKey(
        "business_environment.IndicatorValue",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("figure before"),
    )
    claim_after = models.ForeignKey(
        "business_environment.IndicatorValue",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("figure after"),
    )
    said_by_en = models.CharField(_("said by (English)"), max_length=200, blank=True)
    said_by_zh = models.CharField(_("said by (Chinese)"), max_length=200, blank=True)
    said_of_en = models.CharField(_("about (English)"), max_length=200, blank=True)
    said_of_zh = models.CharField(_("about (Chinese)"), max_length=200, blank=True)
    said_on = PartialDateField(_("said on"))
    also_en = models.TextField(_("also said (English)"), blank=True)
    also_zh = models.TextField(_("also said (Chinese)"), blank=True)
    not_documented_en = models.TextField(
        _("what is not documented (English)"), blank=True, help_text=_("One point a line.")
    )
    not_documented_zh = models.TextField(
        _("what is not documented (Chinese)"), blank=True, help_text=_("One point a line.")
    )
    coverage_en = models.TextField(_("note on the ledger (English)"), blank=True)
    coverage_zh = models.TextField(_("note on the ledger (Chinese)"), blank=True)

    objects = ReformQuerySet.as_manager()

    said_by = Localized("said_by")
    said_of = Localized("said_of")
    also = Localized("also")
    not_documented = Localized("not_documented")
    coverage = Localized("coverage")

    class Meta(Record.Meta):
        verbose_name = _("reform")
        verbose_name_plural = _("reforms")

    def get_absolute_url(self):
        return reverse("business_environment:approvals")

    @property
    def claim(self):
        """The figures before and after with their passports; None unless the public may see both."""
        values = (self.claim_before, self.claim_after)
        return (
            [value.passport for value in values]
            if all(value and value.indicator.is_public for value in values)
            else None
        )


class PartOfReformQuerySet(PublicQuerySet):
    public_when = Q(reform__state=State.PUBLISHED)


class PartOfReform(FiguresMixin, models.Model):
    """Abstract: something that belongs to a reform, is public with it and cites its own sources."""

    order = models.PositiveSmallIntegerField(_("order"), default=0)
    statements = GenericRelation("records.Statement")

    objects = PartOfReformQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "pk"]

    @property
    def owner(self):
        """The record that it is part of."""
        return self.reform


class ReformAccount(PartOfReform):
    """One source's own account of the reform: what it counts, and how many."""

    reform = models.ForeignKey(Reform, models.CASCADE, related_name="accounts", verbose_name=_("reform"))
    key = models.SlugField(_("key"), max_length=40, unique=True)
    label_en = models.CharField(_("label (English)"), max_length=150)
    label_zh = models.CharField(_("label (Chinese)"), max_length=150)
    text_en = models.TextField(_("what is documented (English)"))
    text_zh = models.TextField(_("what is documented (Chinese)"))
    count = models.PositiveSmallIntegerField(
        _("count"),
        null=True,
        blank=True,
        help_text=_("How many items it counts; empty where it gives no count."),
    )
    as_of = PartialDateField(_("holds for"), help_text=_("The date or period that its numbers are of."))
    days = models.PositiveSmallIntegerField(_("working days"), null=True, blank=True)
    days_words_en = models.CharField(_("days in words (English)"), max_length=250, blank=True)
    days_words_zh = models.CharField(_("days in words (Chinese)"), max_length=250, blank=True)

    label = Localized("label")
    text = Localized("text")
    days_words = Localized("days_words")

    class Meta(PartOfReform.Meta):
        verbose_name = _("account of a reform")
        verbose_name_plural = _("accounts of reforms")

    def __str__(self):
        return str(self.label)

    @property
    def counted(self):
        """How many items it counts, with its passport; unknown where it gives no count."""
        return self.figure_of(self.count, Unit.ITEMS)

    @property
    def time_stated(self):
        """Its working days, in its own words where it has any, with its passport; else unknown."""
        figure = self.figure_of(self.days, Unit.WORKING_DAYS)
        if not self.days_words:
            return figure
        return Figure(str(self.label), str(self.days_words), period=self.as_of, sources=self.citations())

    def figure_of(self, number, unit, label=""):
        """A number of this account as a figure: it shares the account's date and sources."""
        if number is None:
            return Figure(label=label)
        return Figure(
            label=label or str(self.label),
            value=write_figure(number, unit),
            digits=write_number(number),
            period=self.as_of,
            sources=self.citations(),
        )


class AccountPart(models.Model):
    """A group of items within an account: 14 done by government, 8 promised, 8 kept."""

    account = models.ForeignKey(
        ReformAccount, models.CASCADE, related_name="parts", verbose_name=_("account")
    )
    label_en = models.CharField(_("label (English)"), max_length=150)
    label_zh = models.CharField(_("label (Chinese)"), max_length=150)
    count = models.PositiveSmallIntegerField(_("count"), null=True, blank=True)
    named_en = models.TextField(_("items named (English)"), blank=True, help_text=_("One a line."))
    named_zh = models.TextField(_("items named (Chinese)"), blank=True, help_text=_("One a line."))
    note_en = models.TextField(_("note (English)"), blank=True)
    note_zh = models.TextField(_("note (Chinese)"), blank=True)

    label = Localized("label")
    named = Localized("named")
    note = Localized("note")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("part of an account")
        verbose_name_plural = _("parts of accounts")

    def __str__(self):
        return str(self.label)

    @property
    def counted(self):
        """How many items it counts, with the passport of its account."""
        return self.account.figure_of(self.count, Unit.ITEMS, label=str(self.label))


class ReformEvent(PartOfReform):
    """One entry of the reform's timeline."""

    reform = models.ForeignKey(Reform, models.CASCADE, related_name="events", verbose_name=_("reform"))
    date = PartialDateField(_("date"), null=False, blank=False)
    text_en = models.CharField(_("what happened (English)"), max_length=300)
    text_zh = models.CharField(_("what happened (Chinese)"), max_length=300)

    text = Localized("text")

    class Meta(PartOfReform.Meta):
        ordering = ["date", "order", "pk"]
        verbose_name = _("event of a reform")
        verbose_name_plural = _("events of reforms")

    def __str__(self):
        return f"{self.date}: {self.text}"


class LegalText(PartOfReform):
    """A law, plan or notice on which the reform rests."""

    reform = models.ForeignKey(Reform, models.CASCADE, related_name="legal_texts", verbose_name=_("reform"))
    title_en = models.CharField(_("title (English)"), max_length=250)
    title_zh = models.CharField(_("title (Chinese)"), max_length=250)
    kind_en = models.CharField(_("kind (English)"), max_length=150, blank=True)
    kind_zh = models.CharField(_("kind (Chinese)"), max_length=150, blank=True)
    adopted = PartialDateField(_("adopted"))
    adopted_words_en = models.CharField(_("adopted, in words (English)"), max_length=80, blank=True)
    adopted_words_zh = models.CharField(_("adopted, in words (Chinese)"), max_length=80, blank=True)

    title = Localized("title")
    kind = Localized("kind")
    adopted_words = Localized("adopted_words")

    class Meta(PartOfReform.Meta):
        verbose_name = _("legal text")
        verbose_name_plural = _("legal texts")

    def __str__(self):
        return str(self.title)


class ReformCase(PartOfReform):
    """What one company, bureau or place reports of the reform; or how it looks elsewhere."""

    class Kind(models.TextChoices):
        CASE = "case", _("Case in Shanxi")
        CONTEXT = "context", _("Elsewhere, for comparison")

    reform = models.ForeignKey(Reform, models.CASCADE, related_name="cases", verbose_name=_("reform"))
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    who_en = models.CharField(_("who (English)"), max_length=150, blank=True)
    who_zh = models.CharField(_("who (Chinese)"), max_length=150, blank=True)
    text_en = models.TextField(_("what is reported (English)"))
    text_zh = models.TextField(_("what is reported (Chinese)"))
    cities = models.ManyToManyField(
        City, blank=True, related_name="reform_cases", verbose_name=_("cities it is about")
    )
    zones = models.ManyToManyField(
        Zone, blank=True, related_name="reform_cases", verbose_name=_("zones it is about")
    )

    who = Localized("who")
    text = Localized("text")

    class Meta(PartOfReform.Meta):
        verbose_name = _("case")
        verbose_name_plural = _("cases")

    def __str__(self):
        return str(self.who or self.text)[:80]
