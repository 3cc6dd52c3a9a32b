"""What one member of staff asks another about a record."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from records.models import Note


class QuestionQuerySet(models.QuerySet):
    def waiting_for(self, user):
        """What somebody has been asked and has not dealt with."""
        return self.filter(asked=user, done_at__isnull=True)


class Question(models.Model):
    """A note on a record that is meant for one person: it lies on their desk until they have dealt with it.

    The words, the record and who wrote them stand in the note, where everybody concerned reads them.
    """

    note = models.OneToOneField(Note, models.CASCADE, related_name="question", verbose_name=_("note"))
    asked = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="questions", verbose_name=_("asked")
    )
    done_at = models.DateTimeField(_("dealt with"), null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["note__at", "pk"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        indexes = [models.Index(fields=["asked", "done_at"], name="question_waiting")]

    def __str__(self):
        return str(self.note)
