from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listings.search import SearchQuerySet
from records.languages import Localized
from records.models import Record, RecordQuerySet
from zones.models import City


class TransportLinkQuerySet(SearchQuerySet, RecordQuerySet):
    pass


class TransportLink(Record):
    """A line, hub or plan that moves people and goods; its minutes and kilometres are statements."""

    class Kind(models.TextChoices):
        RAIL = "rail", _("Rail")
        AIR = "air", _("Air")
        ROAD = "road", _("Road")
        HUB = "hub", _("Hub")

    search_fields = (*Record.search_fields, "from_en", "from_zh", "to_en", "to_zh")

    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    is_goal = models.BooleanField(_("a goal, not a result"), default=False)
    from_en = models.CharField(_("from (English)"), max_length=80, blank=True)
    from_zh = models.CharField(_("from (Chinese)"), max_length=80, blank=True)
    to_en = models.CharField(_("to (English)"), max_length=80, blank=True)
    to_zh = models.CharField(_("to (Chinese)"), max_length=80, blank=True)
    cities = models.ManyToManyField(
        City, blank=True, related_name="transport_links", verbose_name=_("cities")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = TransportLinkQuerySet.as_manager()

    origin = Localized("from")
    destination = Localized("to")

    class Meta(Record.Meta):
        ordering = ["order", "slug"]
        verbose_name = _("transport link")
        verbose_name_plural = _("transport links")

    def get_absolute_url(self):
        return f"{reverse('business_environment:transport')}#{self.slug}"

    @property
    def stated_groups(self):
        """Minutes, kilometres and counts as (heading, figures); no query once statements are fetched."""
        return self.figure_groups(leave_out=("remark",))
