"""The answer to a text whose other language was changed: the translation is still right."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.answers.base import Done, record_of, refuse_unless_may_change
from records.models import StaleTranslation
from records.pending import Refused
from records.translations import settle


class TranslationRight:
    """Both texts say the same after all: the mark goes."""

    name = "translation-right"
    label = gettext_lazy("Translation still right")
    takes = (StaleTranslation,)

    def give(self, user, row, values):
        """Take the mark away; raises Refused where somebody may not change the record."""
        record = record_of(row)
        if record is None:
            raise Refused(_("This is no longer there. Nothing was changed."))
        refuse_unless_may_change(user, record)
        return Done(f"{record}: {settle(row, by=user)}")
