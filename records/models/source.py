from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from records.fields import PartialDateField
from records.languages import Localized, LocalizedText


class SourceQuerySet(models.QuerySet):
    def published(self):
        """Sources that bear out something the public may see: the others could give away a draft."""
        statements = apps.get_model("records.Statement").objects.published()
        return self.filter(Exists(statements.filter(source=OuterRef("pk"))))


class Source(models.Model):
    """A page, document or data set that says something, and how far it can be trusted."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("Official")
        MEDIA = "media", _("Newspaper or agency")
        COMPANY = "company", _("Company")
        RESEARCH = "research", _("Research")
        BOOK = "book", _("Book")
        DATASET = "dataset", _("Open data")
        ENCYCLOPEDIA = "encyclopedia", _("Encyclopaedia")
        AGGREGATOR = "aggregator", _("Collecting site")
        MIRROR = "mirror", _("Copy on another site")

    class Reliability(models.TextChoices):
        """The researchers' grades; many sources are not graded."""

        A = "A", _("A: authority or named outlet at its own address")
        B = "B", _("B: reputable text on a copy, or an open copy of an official list")
        C = "C", _("C: commercial listing, machine translation or doubtful copy")

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    publisher_en = models.CharField(_("publisher (English)"), max_length=250)
    publisher_zh = models.CharField(_("publisher (Chinese)"), max_length=250, blank=True)
    title = models.CharField(_("title"), max_length=300, help_text=_("In the language of the source."))
    title_lang = models.CharField(
        _("language of the title"), max_length=10, choices=[("en", "English"), ("zh-Hans", "中文")]
    )
    url = models.URLField(_("web address"), max_length=500, blank=True)
    link_ok = models.BooleanField(
        _("may be linked"),
        default=False,
        help_text=_("Never tick this for copies on unrelated sites: some are hijacked."),
    )
    date = PartialDateField(_("date"))
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    reliability = models.CharField(_("reliability"), max_length=1, choices=Reliability, blank=True)

    note_en = models.TextField(_("note (English)"), blank=True)
    note_zh = models.TextField(_("note (Chinese)"), blank=True)

    objects = SourceQuerySet.as_manager()

    publisher = Localized("publisher")
    note = Localized("note")

    class Meta:
        ordering = [models.F("date").desc(nulls_last=True), "slug"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(link_ok=False) | ~models.Q(url=""),
                name="source_link_needs_url",
                violation_error_message=_("Only a source with a web address can be linked."),
            )
        ]

    def __str__(self):
        return f"{self.publisher}: {self.title}"

    def get_absolute_url(self):
        return reverse("source", args=[self.slug])

    @property
    def marked_title(self):
        return LocalizedText(self.title, self.title_lang)

    @property
    def link(self):
        """The web address where it may be linked, else nothing."""
        return self.url if self.link_ok else ""
