"""What lists keep beside the records so as to be fast: all of it can be thrown away and built anew.

Two tables follow the records: `DataVersion` says that something has changed, `Change` says what. The database
itself writes both, by the triggers of `listings.triggers`, in the transaction of whoever changes a record.
The other tables are an index of a big table, written by the command `build_index`.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DataVersion(models.Model):
    """How often the records have changed: one row, with the id 1, or none before the first change.

    Whatever is derived from the records is true as long as both values are what they were.
    """

    epoch = models.TextField(
        _("epoch"), help_text=_("Random; another one where the changes before cannot be known.")
    )
    number = models.BigIntegerField(
        _("version"),
        help_text=_("Grows with each change, in the order in which they came to be seen."),
    )

    class Meta:
        verbose_name = _("version of the data")
        verbose_name_plural = _("versions of the data")

    def __str__(self):
        return f"{self.epoch}-{self.number}"


class Change(models.Model):
    """A record that was written, changed or deleted in a table that has an index."""

    number = models.BigIntegerField(_("version"))
    table = models.TextField(_("table"))
    row = models.BigIntegerField(_("record"), help_text=_("Its primary key."))

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [models.Index(fields=["table", "number"], name="change_table_number")]

    def __str__(self):
        return f"{self.table} {self.row}: {self.number}"


class Index(models.Model):
    """The index of one table. While there is one, each change of the table is logged."""

    table = models.TextField(_("table"), unique=True)
    logged_since = models.BigIntegerField(
        _("logged since"), help_text=_("The version after which no change is missing from the log.")
    )
    build = models.TextField(
        _("build"), blank=True, help_text=_("The name of the parts in use; empty until the first is built.")
    )
    epoch = models.TextField(_("epoch"), blank=True)
    number = models.BigIntegerField(_("version"), default=0, help_text=_("That it was built at."))
    fingerprint = models.TextField(_("fingerprint"), blank=True, help_text=_("Of the code that built it."))
    rows = models.BigIntegerField(_("records"), default=0)
    built_at = models.DateTimeField(_("built"), null=True, blank=True)
    seconds = models.FloatField(_("seconds it took"), null=True, blank=True)
    size = models.BigIntegerField(_("size in bytes"), default=0)

    class Meta:
        verbose_name = _("index")
        verbose_name_plural = _("indexes")

    def __str__(self):
        return self.table


class IndexPart(models.Model):
    """A column or an order of one build, as bytes."""

    build = models.TextField(_("build"))
    name = models.TextField(_("name"))
    blob = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("part of an index")
        verbose_name_plural = _("parts of an index")
        constraints = [models.UniqueConstraint(fields=["build", "name"], name="index_part_name")]

    def __str__(self):
        return f"{self.build}: {self.name}"


class Posting(models.Model):
    """The records of one build in which a term occurs, in one part of them: a bitmap of their positions."""

    build = models.TextField(_("build"))
    term = models.TextField(_("term"))
    part = models.SmallIntegerField(_("part"))
    # Before the bitmap, so that it is read without it.
    count = models.IntegerField(_("number of records"))
    bitmap = models.BinaryField(_("records"))

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [models.UniqueConstraint(fields=["build", "term", "part"], name="posting_term")]

    def __str__(self):
        return f"{self.term} ({self.part})"
