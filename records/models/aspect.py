from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from records.languages import Localized
from records.units import Unit


class Aspect(models.Model):
    """One thing that can be said of a record: its area, its status, the price of power there."""

    class Kind(models.TextChoices):
        NUMBER = "number", _("Number")
        TEXT = "text", _("Text")
        DATE = "date", _("Date")
        CHOICE = "choice", _("Value from a list")
        CITATION = "citation", _("What the record says, as a whole")

    class Group(models.TextChoices):
        """Headings under which a page shows statements, in this order."""

        IDENTITY = "identity", _("Identity")
        STANDING = "standing", _("Standing")
        LAND = "land", _("Land")
        INVESTMENT = "investment", _("Investment")
        OUTPUT = "output", _("Output and jobs")
        INDUSTRY = "industry", _("Industries and companies")
        TRANSPORT = "transport", _("Transport")
        PROCEDURE = "procedure", _("Time and cost")
        REMARKS = "remarks", _("Remarks")

    class Better(models.TextChoices):
        HIGHER = "higher", _("Higher is better")
        LOWER = "lower", _("Lower is better")

    key = models.SlugField(_("key"), max_length=50, unique=True)
    label_en = models.CharField(_("label (English)"), max_length=100)
    label_zh = models.CharField(_("label (Chinese)"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    unit = models.CharField(_("unit"), max_length=20, choices=Unit, blank=True)
    group = models.CharField(_("group"), max_length=12, choices=Group)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    better = models.CharField(_("which way is better"), max_length=6, choices=Better, blank=True)
    minimum = models.DecimalField(
        _("smallest number possible"),
        max_digits=24,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("A statement with a smaller number is refused; empty where any number can be true."),
    )
    column = models.CharField(
        _("column"),
        max_length=40,
        blank=True,
        help_text=_("The column of the record that repeats the adopted statement."),
    )
    applies_to = models.ManyToManyField(
        ContentType, verbose_name=_("applies to"), blank=True, related_name="+"
    )

    label = Localized("label")

    class Meta:
        ordering = ["order", "key"]
        verbose_name = _("aspect")
        verbose_name_plural = _("aspects")

    def __str__(self):
        return str(self.label)
