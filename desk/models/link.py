from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from records.models import Source


class LinkCheck(models.Model):
    """How the web address of a source answered when it was last asked.

    A link is flagged, and goes on being shown, when it has failed three times running (`desk.checks`).
    """

    class Result(models.TextChoices):
        FINE = "fine", _("It answers")
        NOT_LET_IN = "not-let-in", _("It answers, and does not let machines in")
        STATUS = "status", _("It answers with an error")
        NO_ADDRESS = "no-address", _("There is no computer of this name")
        NO_ANSWER = "no-answer", _("Nothing answers there")
        NOT_SECURE = "not-secure", _("Its certificate is not valid")
        TOO_SLOW = "too-slow", _("It did not answer in time")
        REDIRECTS = "redirects", _("It leads on and on, or to nowhere")
        NOT_PUBLIC = "not-public", _("It leads to an address that is not on the public web")
        NOT_UNDERSTOOD = "not-understood", _("What it answers cannot be understood")

    source = models.OneToOneField(Source, models.CASCADE, related_name="link_check", verbose_name=_("source"))
    url = models.URLField(_("web address"), max_length=500)
    checked_at = models.DateTimeField(pgettext_lazy("link", "asked"), db_index=True)
    result = models.CharField(pgettext_lazy("link", "result"), max_length=15, choices=Result)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures running, on different days"), default=0)
    failed_on = models.DateField(_("last failed on"), null=True, blank=True)

    class Meta:
        ordering = ["checked_at", "pk"]
        default_permissions = ("view",)
        verbose_name = _("check of a link")
        verbose_name_plural = _("checks of links")

    def __str__(self):
        return f"{self.source}: {self.get_result_display()}"
