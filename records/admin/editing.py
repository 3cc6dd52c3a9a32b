"""Saving what others may be changing too, and what the public reads.

A form brings back what it was made from (`records.admin.begun`). If its record is another by now, nothing is
written: the form comes again with both sets of changes, and says so. What somebody without the right to
publish saves in a public record is not written either: the forms are saved as usual, in a transaction that is
undone, and the snapshot taken before its end becomes a pending change (`records.pending`).
"""

from copy import copy

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_permission_codename
from django.db import transaction
from django.http import QueryDict

from records.admin.proposing import Objected
from records.admin.visits import Captured, Visit
from records.models import Record, State, Statement
from records.owners import owner
from records.snapshots import taken
from records.territories import path_to_record


class EditingMixin(admin.ModelAdmin):
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

    def response_delete(self, request, obj_display, obj_id):
        self._note_saved(request, getattr(request, "deleted_from", None))
        return super().response_delete(request, obj_display, obj_id)

    def _note_saved(self, request, record):
        visit = getattr(request, "editing_visit", None)
        if visit and record is not None:
            visit.saved(record)

    def delete_view(self, request, object_id, extra_context=None):
        """A part of a public record goes as any other change of that record is made, and with a reason."""
        row = self.get_object(request, unquote(object_id))
        record = None if isinstance(row, Record) else owner(row)
        is_public = record is not None and record.state == State.PUBLISHED
        extra_context = (extra_context or {}) | {"takes_why": is_public}
        if request.method != "POST" or record is None:
            return super().delete_view(request, object_id, extra_context)
        visit, request.deleted_from = Visit(self, request), record
        visit.before = taken(record) if is_public else None
        try:
            try:
                with transaction.atomic():
                    return super().delete_view(request, object_id, extra_context)
            except Captured as captured:
                return visit.propose(captured.record, captured.wanted)
        except Objected as objection:
            asked = copy(request)
            asked.method, asked.POST = "GET", QueryDict()
            return super().delete_view(asked, object_id, extra_context | {"why_wanted": str(objection)})

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        objection = getattr(request, "objection", "")
        return _refusing(form, objection) if objection else form

    def get_actions(self, request):
        """Whoever may not publish deletes parts one by one: each is approved if its record is public."""
        actions = super().get_actions(request)
        model = self._kind_of_record()
        if model is not None and not may_publish_kind(request.user, model):
            actions.pop("delete_selected", None)
        return actions

    def _kind_of_record(self):
        """The kind of record that rows of this page are parts of; None for records, and for statements."""
        path = None if issubclass(self.model, Record) else path_to_record(self.model)
        return path[0] if path else None


def may_publish_kind(user, model):
    """Whether somebody may publish records of a kind, wherever they lie."""
    codename = get_permission_codename("publish", model._meta)
    return user.has_perm(f"{model._meta.app_label}.{codename}")


def _refusing(form, text):
    """The class of a form that is never valid, and says why, whatever is typed into it."""

    class Refusing(form):
        def clean(self):
            values = super().clean()
            self.add_error(None, text)
            return values

    return Refusing
