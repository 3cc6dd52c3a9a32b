"""The answer to a text whose other language was changed: the translation is still right."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.answers.base import Done, record_of, refuse_unless_may_change
from records.models import StaleTranslation
from records.pending import Refused
from records.translations import label_of


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
        values = {
            "text": label_of(row.part_type.model_class(), row.field),
            "language": row.get_language_display(),
        }
        words = _("Translation still right: %(text)s, %(language)s.") % values
        row.delete()
        LogEntry.objects.log_actions(user.pk, [record], CHANGE, change_message=words, single_object=True)
        return Done(f"{record}: {words}")
