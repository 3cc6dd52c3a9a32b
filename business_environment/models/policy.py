from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listings.search import SearchQuerySet
from records.fields import PartialDateField
from records.languages import Localized
from records.models import Record, RecordQuerySet
from zones.models import City


class PolicyQuerySet(SearchQuerySet, RecordQuerySet):
    pass


class Policy(Record):
    """A measure of support: what it offers, where, from when and until when."""

    class Topic(models.TextChoices):
        FOREIGN = "foreign-investment", _("Foreign investment")
        PRIVATE = "private-investment", _("Private investment")
        INDUSTRY = "industry", _("Industry")
        TRADE = "trade", _("Trade")
        ZONES = "zones", _("Zones")
        COSTS = "land-and-costs", _("Land and costs")
        FUNDS = "funds", _("Funds")
        APPROVALS = "approvals", _("Approvals")
        ENVIRONMENT = "environment", _("Environment")

    search_fields = (*Record.search_fields, "facts_en", "facts_zh")

    topic = models.CharField(_("topic"), max_length=20, choices=Topic)
    date = PartialDateField(_("date"))
    valid_until = PartialDateField(_("valid until"), help_text=_("Empty where no source says."))
    validity_en = models.CharField(_("validity in words (English)"), max_length=150, blank=True)
    validity_zh = models.CharField(_("validity in words (Chinese)"), max_length=150, blank=True)
    facts_en = models.TextField(_("what it offers (English)"), blank=True, help_text=_("One point a line."))
    facts_zh = models.TextField(_("what it offers (Chinese)"), blank=True, help_text=_("One point a line."))
    cities = models.ManyToManyField(
        City,
        blank=True,
        related_name="policies",
        verbose_name=_("cities"),
        help_text=_("None for the whole province."),
    )

    objects = PolicyQuerySet.as_manager()

    validity = Localized("validity")
    facts = Localized("facts")

    class Meta(Record.Meta):
        ordering = ["-date", "slug"]
        verbose_name = _("policy")
        verbose_name_plural = _("policies")

    def clean(self):
        super().clean()
        if (
            self.date
            and self.valid_until
            and self.date.first_day
            and self.valid_until.last_day < self.date.first_day
        ):
            raise ValidationError({"valid_until": _("It ends before it begins.")})

    def get_absolute_url(self):
        return f"{reverse('business_environment:policies')}#{self.slug}"
