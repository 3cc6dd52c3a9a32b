"""Imports of spreadsheets: what was uploaded, what it would do, what it did."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.imports.results import Result
from records.models import PendingChange
from records.territories import of

# Days for which an uploaded file is kept: as long as one may want to look at it again.
FILE_DAYS = 90


class ImportState(models.TextChoices):
    """Where an import stands. While something is being done its process may die: `running` tells."""

    CHECKING = "checking", pgettext_lazy("import", "Being checked")
    WRITING = "writing", pgettext_lazy("import", "Being written")
    REFUSED = "refused", pgettext_lazy("import", "Refused")
    CHECKED = "checked", pgettext_lazy("import", "Waiting to be confirmed")
    DONE = "done", pgettext_lazy("import", "Written")
    CANCELLED = "cancelled", pgettext_lazy("import", "Given up")
    UNDOING = "undoing", pgettext_lazy("import", "Being undone")
    UNDONE = "undone", pgettext_lazy("import", "Undone")


RUNNING = (ImportState.CHECKING, ImportState.WRITING, ImportState.UNDOING)


class ImportQuerySet(models.QuerySet):
    def light(self):
        """Without the uploaded files, which are large."""
        return self.defer("content")

    def seen_by(self, user):
        """Those that somebody may look at: their own, and all for who keeps the whole province."""
        return self if of(user).everywhere else self.filter(by=user)

    def clear_old_files(self):
        """Delete uploaded files, and what was found of their rows, after 90 days; how many imports that were.

        The imports themselves stay, and those written can still be undone. For the nightly run.
        """
        old = self.filter(uploaded_at__lt=timezone.now() - timedelta(days=FILE_DAYS), content__isnull=False)
        keys = list(old.values_list("pk", flat=True))
        # What waits for approval is needed to undo it.
        ImportRow.objects.filter(of__in=keys, pending=None).delete()
        return self.filter(pk__in=keys).update(content=None)


class Import(models.Model):
    """One uploaded spreadsheet on its way. Its `uuid` is the batch of the versions that it makes.

    `language` is that of whoever uploaded it: what is said of its rows is said in that. `content` is the
    file, null once it was cleared. `host` and `started_at` tell which machine works on it, and since when.
    """

    class Kind(models.TextChoices):
        """What can be imported; `desk.imports.kinds` has a sheet for each."""

        ZONES = "zones", _("Zones")
        PROJECTS = "projects", _("Projects")
        STATEMENTS = "statements", _("Statements")
        VALUES = "values", _("Values of indicators")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    file_name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(null=True)
    language = models.CharField(max_length=10)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("import", "who"),
    )
    by_name = models.CharField(pgettext_lazy("import", "who"), max_length=150)
    why = models.CharField(_("why"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.CHECKING)
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    host = models.CharField(max_length=255, blank=True)
    written_at = models.DateTimeField(_("written"), null=True)
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    undone_by_name = models.CharField(_("undone by"), max_length=150, blank=True)

    total = models.PositiveIntegerField(_("rows"), default=0)
    new = models.PositiveIntegerField(pgettext_lazy("rows", "new"), default=0)
    changed = models.PositiveIntegerField(pgettext_lazy("rows", "changed"), default=0)
    unchanged = models.PositiveIntegerField(pgettext_lazy("rows", "unchanged"), default=0)
    wrong = models.PositiveIntegerField(pgettext_lazy("rows", "wrong"), default=0)
    pending = models.PositiveIntegerField(pgettext_lazy("rows", "for approval"), default=0)
    public = models.PositiveIntegerField(pgettext_lazy("rows", "public at once"), default=0)
    # What is wrong with the file as a whole (`desk.imports.problems`), and what was left aside.
    problems = models.JSONField(default=list)
    notices = models.JSONField(default=list)
    # [record, reason] of what was left as it is when the import was undone.
    left_alone = models.JSONField(default=list)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("add", "view")
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self):
        return f"{self.get_kind_display()}: {self.file_name}"

    @property
    def is_running(self):
        return self.state in RUNNING


class ImportRow(models.Model):
    """What the check found of one row, and what became of it.

    `changes` are [heading, before, after], `problems` as in `desk.imports.problems`. `target` is the key of
    the row that it is about, null while that is not there. Where the change waits for approval `pending` is
    that.
    """

    of = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    result = models.CharField(max_length=10, choices=Result)
    name = models.CharField(max_length=300, blank=True)
    is_pending = models.BooleanField(default=False)
    changes = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    target = models.PositiveBigIntegerField(null=True)
    pending = models.ForeignKey(PendingChange, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="importrow_number_once")]
        indexes = [models.Index(fields=["of", "result", "number"], name="importrow_result")]

    def __str__(self):
        return f"{self.of_id}, {self.number}: {self.result}"
