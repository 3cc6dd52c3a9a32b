"""Which parts of the province a member of staff keeps the records of."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zones.models.places import City
from zones.models.zone import Zone


class Territory(models.Model):
    """One zone, one city or the whole province in the care of one person, who may have several.

    What this lets somebody see and change is read by `records.territories`. Administrators need none.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="territories", verbose_name=_("user")
    )
    # Hidden from the other side: a territory is no part of the record of its zone. Only who gives territories
    # takes them away, so a place that somebody keeps is not deleted.
    zone = models.ForeignKey(
        Zone, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("zone")
    )
    city = models.ForeignKey(
        City, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("city")
    )
    province = models.BooleanField(_("the whole province"), default=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        constraints = [
            models.CheckConstraint(
                condition=Q(province=True, zone__isnull=True, city__isnull=True)
                | Q(province=False, zone__isnull=False, city__isnull=True)
                | Q(province=False, zone__isnull=True, city__isnull=False),
                name="territory_is_one_place",
                violation_error_message=_(
                    "Choose a zone or a city, or tick the whole province: one of them."
                ),
            ),
            *(
                models.UniqueConstraint(
                    fields=["user", place],
                    condition=condition,
                    name=f"territory_once_by_{place}",
                    violation_error_message=_("This person has this territory already."),
                )
                for place, condition in [
                    ("zone", Q(zone__isnull=False)),
                    ("city", Q(city__isnull=False)),
                    ("province", Q(province=True)),
                ]
            ),
        ]

    def __str__(self):
        return gettext("the whole province") if self.province else str(self.zone or self.city or "–")
