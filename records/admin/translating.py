"""Marks texts that are behind, on the form: what was changed in the other language since then."""

from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.template.loader import render_to_string
from django.utils import timezone

from records.models import StaleTranslation
from records.snapshots import whole
from records.translations import differences_by_words, settle

FOUND = 302
# Digits of a key that a database can hold.
LONGEST_KEY = 18


class MarksTranslations:
    """For an admin page: under each text that is behind stands what its other language says now.

    There one can tick that it is still right as it is: the mark goes once the form is accepted.
    """

    def get_form(self, request, obj=None, change=False, **kwargs):
        return _marked(super().get_form(request, obj, change=change, **kwargs), obj, request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        response = super().change_view(request, object_id, form_url, extra_context)
        if request.method == "POST" and response.status_code == FOUND:
            self._settle_ticked(request, object_id)
        return response

    def _settle_ticked(self, request, object_id):
        keys = [key for key in _ticked(request) if key.isdecimal() and len(key) <= LONGEST_KEY]
        row = self.get_object(request, unquote(object_id)) if keys else None
        if row is not None and self.has_change_permission(request, row):
            for mark in StaleTranslation.objects.of(whole(row)).filter(pk__in=keys):
                settle(mark, by=request.user)


class InlineMarksTranslations:
    """The same for the rows of a record on its page."""

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = _marked(formset.form, obj, request)
        return formset


def _ticked(request):
    return request.POST.getlist("translation-right")


def _marked(form, obj, request):
    """A form class that shows the marks of a record; the same class where nothing of it is behind."""
    marks = _marks_of(obj) if obj is not None and obj.pk else {}
    if not marks:
        return form
    return type(form.__name__, (_ShowsMarks, form), {"marks": marks, "ticked": _ticked(request)})


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
    ticked = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kind = ContentType.objects.get_for_model(self._meta.model).pk
        for mark in self.marks.get((kind, self.instance.pk), []):
            if field := self.fields.get(mark.column):
                now = self.initial.get(mark.other_column) or ""
                context = {
                    "mark": mark,
                    "is_ticked": str(mark.pk) in self.ticked,
                    "day": timezone.localdate(mark.since),
                    "pieces": differences_by_words(mark.was, now),
                }
                words = render_to_string("admin/translation_behind.html", context)
                field.help_text = f"{field.help_text} {words}" if field.help_text else words
