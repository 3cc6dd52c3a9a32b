"""Texts whose other language was changed after them: translations that are behind."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from records.languages import CHINESE, ENGLISH


class StaleTranslationQuerySet(models.QuerySet):
    def of(self, record):
        """The marks on one record, its parts and its statements."""
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)


class StaleTranslation(models.Model):
    """One text of a record, in one language, of which only the other language was changed.

    `content_type` and `object_id` name the record (or the source, the city …), `part_type` and `part_id` the
    row of it that holds the text: the record itself, one of its parts, or a statement. `was` is the other
    language's text as it was when both were last in step, so that a translator sees what has changed.
    """

    class Language(models.TextChoices):
        """The language that is behind."""

        ENGLISH = ENGLISH, _("English")
        CHINESE = CHINESE, _("Chinese")

    content_type = models.ForeignKey(
        ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of record")
    )
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey()
    part_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    part_id = models.PositiveBigIntegerField()
    field = models.CharField(
        _("text"), max_length=60, help_text=_("The name of both columns, without the language.")
    )
    language = models.CharField(_("language that is behind"), max_length=10, choices=Language)
    was = models.TextField(_("the other language as it was"), blank=True)
    since = models.DateTimeField(_("since"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("changed by"),
    )

    objects = StaleTranslationQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        verbose_name = _("translation that is behind")
        verbose_name_plural = _("translations that are behind")
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="staletranslation_record"),
            models.Index(fields=["since"], name="staletranslation_since"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["part_type", "part_id", "field"], name="staletranslation_once"),
        ]

    def __str__(self):
        return f"{self.record or self.object_id} · {self.column}"

    @property
    def column(self):
        """The column that is behind: `summary_zh`."""
        return f"{self.field}_{'en' if self.language == ENGLISH else 'zh'}"

    @property
    def other_column(self):
        """The column that was changed: `summary_en`."""
        return f"{self.field}_{'zh' if self.language == ENGLISH else 'en'}"
