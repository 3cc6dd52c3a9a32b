from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from business_environment.models.places import OfPlaces
from listings.search import SearchQuerySet
from records.fields import PartialDateField, begins_after, ends_before
from records.languages import Localized
from records.models import Record, RecordQuerySet
from zones.models import City, Zone


class PolicyQuerySet(SearchQuerySet, RecordQuerySet):
    def for_list(self):
        """Fetch all that a list shows of a policy: its places, and what its sources say."""
        return self.prefetch_related("cities", "zones").with_statements()

    def in_force_on(self, day):
        """Policies that were, or may have been, in force on a day: what is not stated rules nothing out."""
        return self.filter(_not_ended(day), _begun(day))


def _begun(day):
    return Q(date=None) | ~begins_after("date", day)


def _not_ended(day):
    return Q(valid_until=None) | ~ends_before("valid_until", day)


class Policy(OfPlaces):
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

    class Standing(models.TextChoices):
        """Where a policy stands on a day. Each is in exactly one of these."""

        IN_FORCE = "in-force", _("In force")
        NO_END = "end-not-stated", _("End not stated")
        NOT_YET = "not-yet", _("Not yet in force")
        LAPSED = "lapsed", _("Lapsed")

    territory_fields = ("cities", "zones")
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
    zones = models.ManyToManyField(
        Zone,
        blank=True,
        related_name="policies",
        verbose_name=_("zones"),
        help_text=_("Only where it reaches certain zones and no others."),
    )

    objects = PolicyQuerySet.as_manager()

    validity = Localized("validity")
    facts = Localized("facts")

    class Meta(Record.Meta):
        ordering = [F("date").desc(nulls_last=True), "slug"]
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
        return reverse("business_environment:policy", args=[self.slug])

    @classmethod
    def standing_is(cls, standing, day):
        """Condition for the policies that stand so on a day: the same in SQL as `standing_on`."""
        return {
            cls.Standing.LAPSED: Q(valid_until__isnull=False) & ends_before("valid_until", day),
            cls.Standing.NOT_YET: _not_ended(day) & begins_after("date", day),
            cls.Standing.IN_FORCE: _not_ended(day) & _begun(day) & Q(valid_until__isnull=False),
            cls.Standing.NO_END: _begun(day) & Q(valid_until=None),
        }[standing]

    def standing_on(self, day):
        """Where it stands on a day. It lapses the day after the last that its end can mean: "2024" lasts
        to the end of 2024. It is not yet in force before the first day that its date can mean."""
        if self.valid_until and self.valid_until.last_day < day:
            return self.Standing.LAPSED
        if self.date and self.date.first_day and self.date.first_day > day:
            return self.Standing.NOT_YET
        return self.Standing.IN_FORCE if self.valid_until else self.Standing.NO_END

    @property
    def standing(self):
        """Where it stands today, in Shanxi."""
        return self.standing_on(timezone.localdate())

    @property
    def public_zones(self):
        """The zones it is for that the public may see. Costs no query once the zones are fetched."""
        return [zone for zone in self.zones.all() if zone.is_public]

    @property
    def is_of_province(self):
        """Whether it is for the whole province: it names no city and no zone, public or not."""
        return not self.cities.all() and not self.zones.all()
