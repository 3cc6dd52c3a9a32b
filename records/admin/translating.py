"""Marks texts that are behind, on the form: what was changed in the other language since then."""

from django.contrib.contenttypes.models import ContentType
from django.template.loader import render_to_string
from django.utils import timezone

from records.models import StaleTranslation
from records.snapshots import whole
from records.translations import differences_by_words


class MarksTranslations:
    """For an admin page: under each text that is behind stands what its other language says now."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        return _marked(super().get_form(request, obj, change=change, **kwargs), obj)


class InlineMarksTranslations:
    """The same for the rows of a record on its page."""

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = _marked(formset.form, obj)
        return formset


def _marked(form, obj):
    """A form class that shows the marks of a record; the same class where nothing of it is behind."""
    marks = _marks_of(obj) if obj is not None and obj.pk else {}
    if not marks:
        return form
    return type(form.__name__, (_ShowsMarks, form), {"marks": marks})


def _marks_of(obj):
    """{(key of the kind, key): marks} of the record that a row is part of: one query for a whole page."""
    if not hasattr(obj, "_translations_behind"):
        found = {}
        record = whole(obj)
        for mark in StaleTranslation.objects.of(record).select_related("by") if record else ():
            found.setdefault((mark.part_type_id, mark.part_id), []).append(mark)
        obj._translations_behind = found
    return obj._translations_behind


class _ShowsMarks:
    """A form that says of its texts which are behind."""

    marks = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kind = ContentType.objects.get_for_model(self._meta.model).pk
        for mark in self.marks.get((kind, self.instance.pk), []):
            if field := self.fields.get(mark.column):
                now = self.initial.get(mark.other_column) or ""
                context = {
                    "mark": mark,
                    "day": timezone.localdate(mark.since),
                    "pieces": differences_by_words(mark.was, now),
                }
                words = render_to_string("admin/translation_behind.html", context)
                field.help_text = f"{field.help_text} {words}" if field.help_text else words
