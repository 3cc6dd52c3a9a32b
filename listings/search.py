"""Text search: which records match the words a person typed.

Words are separated by spaces and all must occur, each in any of the model's `search_fields`, in
either language. Chinese has no spaces, so a run of characters is one word and is found wherever it
stands: one character or many. This is plain substring matching, right for thousands of records.
"""

import unicodedata

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

MAX_LENGTH = 100
MAX_TERMS = 12


def fold(text):
    """The text as it is compared: full-width forms made narrow, control and format characters dropped."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(
        " " if char.isspace() else char
        for char in normal
        if not unicodedata.category(char).startswith("C") or char.isspace()
    )


def terms(text):
    """The words to find; raises ValidationError for a text that is too long to be a search."""
    if len(text) > MAX_LENGTH:
        raise ValidationError(
            _("The search text has %(length)s characters; at most %(limit)s are read.")
            % {"length": len(text), "limit": MAX_LENGTH}
        )
    words = list(dict.fromkeys(fold(text).split()))
    if len(words) > MAX_TERMS:
        raise ValidationError(
            _("The search text has %(length)s words; at most %(limit)s are read.")
            % {"length": len(words), "limit": MAX_TERMS}
        )
    return words


def search(queryset, text, fields):
    """Rows in which every word of the text occurs in one of the fields; all rows for a text without words.

    The fields must not multiply rows: columns of the row itself or of a row it points to.
    """
    for word in terms(text):
        queryset = queryset.filter(Q(*((f"{field}__icontains", word) for field in fields), _connector=Q.OR))
    return queryset


class SearchQuerySet(models.QuerySet):
    """Adds `search(text)` over the model's `search_fields`."""

    def search(self, text):
        """Rows in which every word of the text occurs, in either language."""
        return search(self, text, self.model.search_fields)
