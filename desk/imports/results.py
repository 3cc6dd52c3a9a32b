"""What importing does with a row."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Result(models.TextChoices):
    NEW = "new", pgettext_lazy("row", "New")
    CHANGED = "changed", pgettext_lazy("row", "Changed")
    UNCHANGED = "unchanged", pgettext_lazy("row", "Unchanged")
    WRONG = "wrong", pgettext_lazy("row", "Wrong")
