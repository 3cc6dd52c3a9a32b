"""What the checks found, and what somebody answered to it."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.checks import CHECKS
from records.checks import Severity

# What a finding is about that nobody has answered and that was still so when last looked at.
OPEN = Q(gone_at__isnull=True, dismissed_at__isnull=True)


class FindingQuerySet(models.QuerySet):
    def open(self):
        """Those that wait for an answer, the gravest first and then the oldest."""
        return self.filter(OPEN).order_by("severity", "first_seen", "pk")

    def dismissed(self):
        """Those that still are so, and that somebody has said are right as they are."""
        return self.filter(gone_at__isnull=True, dismissed_at__isnull=False)

    def of(self, record):
        """Those about one record, a part of a record or a source."""
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)


class Finding(models.Model):
    """One thing that a check finds wrong, or at least odd, with a record, a part of one or a source.

    It is the same finding as long as check, record and `subject` are the same. `fingerprint` stands for its
    facts: while they stay as they are, so does a dismissal. The words are made when it is shown.
    """

    check_name = models.SlugField(pgettext_lazy("finding", "check"), max_length=60)
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("kind"))
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey()
    subject = models.CharField(
        _("what of it"),
        max_length=120,
        blank=True,
        help_text=_("Tells apart what one check finds of one record."),
    )
    statement = models.ForeignKey(
        "records.Statement",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("statement"),
    )
    other_statement = models.ForeignKey(
        "records.Statement",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("the statement that could be adopted instead"),
    )
    other_id = models.PositiveBigIntegerField(
        _("the other record"), null=True, blank=True, help_text=_("Of the same kind, where it is about two.")
    )
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity)
    what = models.JSONField(_("facts"))
    fingerprint = models.CharField(_("fingerprint of the facts"), max_length=64)

    first_seen = models.DateTimeField(_("first seen"))
    last_seen = models.DateTimeField(_("last seen"))
    gone_at = models.DateTimeField(_("no longer found since"), null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dismissed by"),
    )
    dismissed_at = models.DateTimeField(pgettext_lazy("finding", "dismissed"), null=True, blank=True)
    dismissed_why = models.CharField(_("why it was dismissed"), max_length=300, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["severity", "first_seen", "pk"]
        default_permissions = ("change", "view")
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        indexes = [
            models.Index(fields=["severity", "first_seen", "id"], name="finding_open", condition=OPEN),
            models.Index(fields=["content_type", "other_id"], name="finding_other"),
            models.Index(fields=["check_name", "content_type", "last_seen"], name="finding_last_seen"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "check_name", "subject"], name="finding_once"
            ),
        ]

    def __str__(self):
        return f"{self.title}: {self.record}"

    @property
    def is_open(self):
        return self.gone_at is None and self.dismissed_at is None

    @property
    def rule(self):
        """The check that found it; None where there is no such check any more."""
        return CHECKS.get(self.check_name)

    @property
    def title(self):
        """What kind of thing it is, in the reader's language: "Area available above total"."""
        return str(self.rule.title) if self.rule else self.check_name

    @property
    def message(self):
        """What is found, in plain words and in the reader's language. Costs no query."""
        return self.rule.message_for(self.what) if self.rule else ""

    @property
    def answers(self):
        """Names of the one-click answers it takes: "still_true", "adopt_other" and always "dismiss"."""
        found = list(self.rule.answers) if self.rule else []
        if self.other_statement_id:
            found.append("adopt_other")
        return [*found, "dismiss"]
