from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from records.fields import PartialDateField
from records.languages import Localized, LocalizedText
from records.models.aspect import Aspect
from records.models.kinds import carrying_models
from records.models.source import Source
from records.units import Approximation, write_number


class StatementQuerySet(models.QuerySet):
    def published(self):
        """Statements about what the public may see."""
        visible = Q(pk__in=[])
        for model in carrying_models():
            # Asked of each row that is looked at: a list of all that is public may be a million keys long.
            public = Exists(model._default_manager.published().filter(pk=OuterRef("object_id")))
            visible |= Q(public, content_type=ContentType.objects.get_for_model(model))
        return self.filter(visible)


class Statement(models.Model):
    """What one source says about one aspect of one record.

    Two sources that disagree are two statements: one is adopted, which the page shows, and both
    can be read. A statement without a value says only that the source bears out what the record says.
    """

    content_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of record")
    )
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey()
    aspect = models.ForeignKey(Aspect, models.PROTECT, related_name="statements", verbose_name=_("aspect"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="statements", verbose_name=_("source"))
    locator = models.CharField(_("place in the source"), max_length=200, blank=True)

    number = models.DecimalField(_("number"), max_digits=24, decimal_places=6, null=True, blank=True)
    number_max = models.DecimalField(
        _("up to"),
        max_digits=24,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("The upper end, where the source gives a range."),
    )
    approximation = models.CharField(_("approximation"), max_length=10, choices=Approximation, blank=True)
    date = PartialDateField(_("date stated"))
    choice = models.CharField(_("value from the list"), max_length=40, blank=True)
    text_en = models.TextField(_("text (English)"), blank=True)
    text_zh = models.TextField(_("text (Chinese)"), blank=True)
    as_stated = models.CharField(_("words as stated"), max_length=300, blank=True)
    as_stated_lang = models.CharField(
        _("language of these words"),
        max_length=10,
        blank=True,
        choices=[("en", "English"), ("zh-Hans", "中文")],
    )
    part_en = models.CharField(_("of which part (English)"), max_length=150, blank=True)
    part_zh = models.CharField(_("of which part (Chinese)"), max_length=150, blank=True)

    as_of = PartialDateField(_("holds for"), help_text=_("The date or period that the value is of."))
    as_of_note_en = models.CharField(_("note on the date (English)"), max_length=150, blank=True)
    as_of_note_zh = models.CharField(_("note on the date (Chinese)"), max_length=150, blank=True)
    note_en = models.TextField(_("note (English)"), blank=True)
    note_zh = models.TextField(_("note (Chinese)"), blank=True)
    doubt_en = models.TextField(_("doubt (English)"), blank=True)
    doubt_zh = models.TextField(_("doubt (Chinese)"), blank=True)

    adopted = models.BooleanField(
        pgettext_lazy("statement", "adopted"),
        default=False,
        help_text=_("This is the one that the page shows."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Order among several adopted texts of one aspect.")
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("checked by"),
    )
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    check_due_on = models.DateField(_("check due on"), null=True, blank=True)

    objects = StatementQuerySet.as_manager()

    text = Localized("text")
    part = Localized("part")
    note = Localized("note")
    doubt = Localized("doubt")
    as_of_note = Localized("as_of_note")

    class Meta:
        ordering = ["aspect__order", "position", "-adopted", "pk"]
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="statement_record"),
            models.Index(fields=["check_due_on"], name="statement_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "aspect", "position"],
                condition=Q(adopted=True),
                name="statement_one_adopted",
                violation_error_message=_("Another statement on this aspect is adopted already."),
            ),
            models.CheckConstraint(
                condition=Q(number_max__isnull=True) | Q(number_max__gte=models.F("number")),
                name="statement_range_in_order",
                violation_error_message=_("The upper end lies below the lower one."),
            ),
        ]

    def __str__(self):
        return f"{self.record} · {self.aspect}"

    def clean(self):
        """Refuse a value of the wrong kind, with the error on its field."""
        if not self.aspect_id:
            return
        kind = self.aspect.kind
        if self.number is not None and kind != Aspect.Kind.NUMBER:
            raise ValidationError({"number": _("This aspect takes no number.")})
        if self.date and kind != Aspect.Kind.DATE:
            raise ValidationError({"date": _("This aspect takes no date.")})
        if self.number_max is not None and self.number is None:
            raise ValidationError({"number": _("Give the lower end of the range.")})
        smallest = self.aspect.minimum
        if self.number is not None and smallest is not None and self.number < smallest:
            raise ValidationError(
                {"number": _("It cannot be less than %(number)s.") % {"number": write_number(smallest)}}
            )

    @property
    def has_value(self):
        return self.number is not None or bool(self.date or self.choice or self.text_en or self.text_zh)

    @property
    def stated(self):
        """The words of the source, marked with their language."""
        return LocalizedText(self.as_stated, self.as_stated_lang)

    def same_value(self, other):
        """Whether both say the same of the same part."""
        return self._value() == other._value()

    def _value(self):
        return (
            self.number,
            self.number_max,
            self.date,
            self.choice,
            self.text_en,
            self.text_zh,
            self.part_en,
        )
