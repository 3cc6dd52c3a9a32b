"""How complete the records of a territory were, one row for each territory and day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zones.models import City, Zone


class Completeness(models.Model):
    """What share of what an investor would want was stated in one territory, on one day.

    Without a city and a zone it is the province. `share` is in hundredths, the mean of the public records
    there. `stated` counts by kind and by what is wanted: {"zones.zone": {"records": 75, "level": 20}}.
    `least` names the least complete records: [["zones.zone", 17], …].
    """

    day = models.DateField(_("day"))
    city = models.ForeignKey(
        City, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("city")
    )
    zone = models.ForeignKey(
        Zone, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("zone")
    )
    records = models.PositiveIntegerField(_("records"))
    share = models.DecimalField(_("share stated"), max_digits=4, decimal_places=1)
    stated = models.JSONField(default=dict)
    least = models.JSONField(default=list)

    class Meta:
        ordering = ["-day", "pk"]
        verbose_name = _("completeness")
        verbose_name_plural = _("completeness")
        constraints = [
            models.CheckConstraint(
                condition=Q(city__isnull=True) | Q(zone__isnull=True), name="completeness_of_one_place"
            ),
            models.UniqueConstraint(
                fields=["day", "city"], condition=Q(city__isnull=False), name="completeness_once_a_city"
            ),
            models.UniqueConstraint(
                fields=["day", "zone"], condition=Q(zone__isnull=False), name="completeness_once_a_zone"
            ),
            models.UniqueConstraint(
                fields=["day"],
                condition=Q(city__isnull=True, zone__isnull=True),
                name="completeness_once_a_province",
            ),
        ]

    def __str__(self):
        return f"{self.place} {self.day}"

    @property
    def place(self):
        """The territory in words."""
        return str(self.zone or self.city or gettext("the whole province"))
