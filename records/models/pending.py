"""Changes of public records that wait for approval, and what editors and reviewers tell each other."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PendingState(models.TextChoices):
    """Where a change stands. The first three are open: the record may still become what they want."""

    DRAFT = "draft", pgettext_lazy("pending change", "Draft")
    REVIEW = "in-review", pgettext_lazy("pending change", "Waiting for review")
    SENT_BACK = "sent-back", pgettext_lazy("pending change", "Sent back")
    APPROVED = "approved", pgettext_lazy("pending change", "Approved")
    REFUSED = "refused", pgettext_lazy("pending change", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("pending change", "Given up by its author")


OPEN = (PendingState.DRAFT, PendingState.REVIEW, PendingState.SENT_BACK)


class PendingChangeQuerySet(models.QuerySet):
    def open(self):
        """Those that may still go live."""
        return self.filter(state__in=OPEN)

    def of(self, record):
        """Those of one record."""
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)


class PendingChange(models.Model):
    """A public record as somebody wants it to be. The public sees nothing of it until it is approved.

    `base` is the snapshot of the record that its author began from, `content` the one that is wanted. Rows of
    `content` that the record does not have yet have keys below zero.
    """

    content_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of record")
    )
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey()
    base = models.JSONField(editable=False)
    content = models.JSONField(editable=False)
    state = models.CharField(_("state"), max_length=10, choices=PendingState, default=PendingState.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="pending_changes",
        verbose_name=_("author"),
    )
    author_name = models.CharField(_("author"), max_length=150, editable=False)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("reviewer"),
    )
    why = models.CharField(_("why"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)

    objects = PendingChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("pending change")
        verbose_name_plural = _("pending changes")
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="pendingchange_record"),
            models.Index(fields=["state", "changed_at"], name="pendingchange_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "author"],
                condition=Q(state__in=OPEN),
                name="pendingchange_one_open",
                violation_error_message=_("You have an open change of this record already."),
            ),
        ]

    def __str__(self):
        return f"{self.record or self.object_id} · {self.author_name}"

    @property
    def is_open(self):
        return self.state in OPEN

    def is_by(self, user):
        """Whether a user is its author."""
        return self.author_id is not None and self.author_id == user.pk


class NoteQuerySet(models.QuerySet):
    def of(self, record):
        """Those on one record, and on its pending changes."""
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)


class Note(models.Model):
    """What an editor or a reviewer says of a record, or of a pending change of it, to the others."""

    content_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of record")
    )
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey()
    pending = models.ForeignKey(
        PendingChange,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notes",
        verbose_name=_("pending change"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("author"),
    )
    author_name = models.CharField(_("author"), max_length=150, editable=False)
    text = models.TextField(_("note"), max_length=2000)
    at = models.DateTimeField(_("written"), auto_now_add=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes = [models.Index(fields=["content_type", "object_id"], name="note_record")]

    def __str__(self):
        return f"{self.author_name}: {self.text}"
