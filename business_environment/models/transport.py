from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from listings.search import SearchQuerySet
from records.languages import Localized
from records.models import NOWHERE, Record, RecordQuerySet
from zones.models import City

# The map is a sketch: a tenth of a degree is as near as it shows.
OUTSIDE = _("For the map, where it is no city of Shanxi; to a tenth of a degree.")


class TransportLinkQuerySet(SearchQuerySet, RecordQuerySet):
    def for_list(self):
        """What a row needs: its ends, cities and figures, in two queries more however many rows."""
        return self.select_related("from_city", "to_city").prefetch_related("cities").with_statements()


class TransportLink(Record):
    """A line, hub or plan that moves people and goods; its minutes and kilometres are statements."""

    class Kind(models.TextChoices):
        RAIL = "rail", _("Rail")
        AIR = "air", _("Air")
        ROAD = "road", _("Road")
        HUB = "hub", _("Hub")

    territory_fields = ("from_city", "to_city")
    search_fields = (*Record.search_fields, "from_en", "from_zh", "to_en", "to_zh")
    place_fields = ("from_zh", "to_zh")

    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    is_goal = models.BooleanField(_("a goal, not a result"), default=False)
    from_en = models.CharField(_("from (English)"), max_length=80, blank=True)
    from_zh = models.CharField(_("from (Chinese)"), max_length=80, blank=True)
    to_en = models.CharField(_("to (English)"), max_length=80, blank=True)
    to_zh = models.CharField(_("to (Chinese)"), max_length=80, blank=True)
    from_city = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("from, as a city of Shanxi"),
    )
    from_latitude = models.DecimalField(
        _("from: latitude"), max_digits=8, decimal_places=5, null=True, blank=True, help_text=OUTSIDE
    )
    from_longitude = models.DecimalField(
        _("from: longitude"), max_digits=8, decimal_places=5, null=True, blank=True, help_text=OUTSIDE
    )
    to_city = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("to, as a city of Shanxi"),
    )
    to_latitude = models.DecimalField(
        _("to: latitude"), max_digits=8, decimal_places=5, null=True, blank=True, help_text=OUTSIDE
    )
    to_longitude = models.DecimalField(
        _("to: longitude"), max_digits=8, decimal_places=5, null=True, blank=True, help_text=OUTSIDE
    )
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

    def clean(self):
        """Refuse half a point, and a point beside a city, which has one of its own."""
        super().clean()
        for end in ("from", "to"):
            latitude, longitude = getattr(self, f"{end}_latitude"), getattr(self, f"{end}_longitude")
            if (latitude is None) != (longitude is None):
                missing = "latitude" if latitude is None else "longitude"
                raise ValidationError({f"{end}_{missing}": _("Give latitude and longitude, or neither.")})
            if latitude is not None and getattr(self, f"{end}_city_id"):
                raise ValidationError({f"{end}_latitude": _("A city of Shanxi has a point of its own.")})

    @classmethod
    def lies_in(cls, territories):
        """A link lies in the cities of its ends; whoever keeps one of them keeps the link."""
        if not territories.cities:
            return NOWHERE
        return Q(from_city__in=territories.cities) | Q(to_city__in=territories.cities)

    @classmethod
    def takes_in(cls, place, territories):
        """The other end is mostly somewhere else."""
        return True

    @classmethod
    def lets_go(cls, place, territories):
        return place.is_in(territories)

    def get_absolute_url(self):
        return reverse("business_environment:transport-link", args=[self.slug])

    @property
    def stated_groups(self):
        """Minutes, kilometres and counts as (heading, figures); no query once statements are fetched."""
        return self.figure_groups(leave_out=("remark",))

    # What pages show. Each reads what `for_list()` fetched and costs no query.

    @property
    def start(self):
        """Where it begins, in the words of the source, else the city; empty where it is no line."""
        return self.origin or (self.from_city.name if self.from_city else "")

    @property
    def finish(self):
        """Where it ends, in the same way."""
        return self.destination or (self.to_city.name if self.to_city else "")

    @property
    def ends(self):
        """Both ends for the map, each as (address of the city or "", name, point); nothing without two.

        A point is (longitude, latitude) in degrees, or None where none is known.
        """
        if not (self.start and self.finish):
            return ()
        return (
            _end(self.from_city, self.start, self.from_longitude, self.from_latitude),
            _end(self.to_city, self.finish, self.to_longitude, self.to_latitude),
        )

    @property
    def time_now(self):
        return self.figure("travel-time")

    @property
    def time_before(self):
        return self.figure("travel-time-before")

    @property
    def length(self):
        return self.figure("line-length")

    @property
    def is_measured(self):
        """Whether a time or the length of a way is known."""
        return any(one.is_known for one in (self.time_now, self.time_before, self.length))

    @property
    def has_way(self):
        """Whether it leads from one place to another; hubs, airports and plans do not."""
        return bool(self.ends) or self.is_measured

    @property
    def other_figures(self):
        """What is stated of it besides time, length and remarks."""
        groups = self.figure_groups(leave_out=("travel-time", "travel-time-before", "line-length", "remark"))
        return [figure for _label, figures in groups for figure in figures]


def _end(city, name, longitude, latitude):
    """One end for the map: the city's own point comes first."""
    if city and city.latitude is not None and city.longitude is not None:
        longitude, latitude = city.longitude, city.latitude
    known = longitude is not None and latitude is not None
    return city.slug if city else "", name, (longitude, latitude) if known else None
