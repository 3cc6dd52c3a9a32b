"""Saving what others may be changing too, and what the public reads.

A form brings back what it was made from (`records.admin.begun`). If its record is another by now, nothing is
written: the form comes again with both sets of changes, and says so. What somebody without the right to
publish saves in a public record is not written either: the forms are saved as usual, in a transaction that is
undone, and the snapshot taken before its end becomes a pending change (`records.pending`).
"""

from django.contrib import admin
from django.contrib.auth import get_permission_codename

from records.admin.deleting import DeletingMixin
from records.admin.visits import Visit
from records.models import State, Statement
from records.owners import owner
from records.territories import may_publish_kind


class EditingMixin(DeletingMixin, admin.ModelAdmin):
    """For the pages of records and of their parts."""

    def goes_pending(self, request, record):
        """Whether what somebody saves in a record has to be approved first."""
        return record.state == State.PUBLISHED and not may_publish_kind(request.user, type(record))

    def has_change_permission(self, request, obj=None):
        """A statement about what is no record, a city, is public at once: for those who may change that."""
        if isinstance(obj, Statement) and obj.record is not None and owner(obj) is None:
            opts = obj.record._meta
            codename = get_permission_codename("change", opts)
            if not request.user.has_perm(f"{opts.app_label}.{codename}"):
                return False
        return super().has_change_permission(request, obj)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        visit = Visit(self, request, super().changeform_view, object_id, form_url, extra_context)
        return visit.receive() if request.method == "POST" else visit.open()

    def response_add(self, request, obj, post_url_continue=None):
        self._note_saved(request, owner(obj))
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        self._note_saved(request, owner(obj))
        return super().response_change(request, obj)

    def _note_saved(self, request, record):
        visit = getattr(request, "editing_visit", None)
        if visit and record is not None:
            visit.saved(record)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        objection = getattr(request, "objection", "")
        return _refusing(form, objection) if objection else form


def _refusing(form, text):
    """The class of a form that is never valid, and says why, whatever is typed into it."""

    class Refusing(form):
        def clean(self):
            values = super().clean()
            self.add_error(None, text)
            return values

    return Refusing
