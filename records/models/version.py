"""What a record was, each time that it was changed."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Route(models.TextChoices):
    """By which way a change came."""

    ADMIN = "admin", pgettext_lazy("route", "Form")
    ACTION = "action", pgettext_lazy("route", "Action")
    IMPORT = "import", pgettext_lazy("route", "Import of a spreadsheet")
    LOAD = "load", pgettext_lazy("route", "Data files")
    PENDING = "pending", pgettext_lazy("route", "Approved change")
    BROUGHT_BACK = "brought-back", pgettext_lazy("route", "Brought back")
    FOUND = "found", pgettext_lazy("route", "Changed past all routes")


class VersionQuerySet(models.QuerySet):
    def of(self, record):
        """Those of one record, the latest first."""
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)

    def light(self):
        """Without the snapshots, which may be long."""
        return self.defer("content")


class Version(models.Model):
    """A record as it was after one change, with who made it, when, by which way and why.

    `content` is the snapshot (`records.snapshots`), empty where the record was deleted. `state` repeats its
    state, and `digest` its fingerprint. `told` is what the public is told of the change, in both languages:
    null for nothing. `why` and `by_name` are for staff.
    """

    content_type = models.ForeignKey(
        ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of record")
    )
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey()
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    digest = models.CharField(max_length=64, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=10, blank=True)
    at = models.DateTimeField(pgettext_lazy("version", "when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("version", "who"),
    )
    by_name = models.CharField(pgettext_lazy("version", "who"), max_length=150, blank=True)
    why = models.CharField(_("why"), max_length=500, blank=True)
    route = models.CharField(pgettext_lazy("version", "how"), max_length=12, choices=Route)
    batch = models.UUIDField(
        _("batch"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("What was changed together, by an import."),
    )
    told = models.JSONField(null=True, blank=True, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["content_type", "object_id", "-number"]
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "number"], name="version_number_once"
            )
        ]

    def __str__(self):
        return f"{self.content_type.model} {self.object_id} · {self.number}"
