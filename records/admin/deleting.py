"""Deleting parts of records: one on its own page, or several in a list.

A part of a public record goes as any other change of that record is made: with a reason where a published
figure goes with it, and as a pending change where somebody may not publish.
"""

from contextlib import suppress
from copy import copy

from django.contrib import admin
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.http import QueryDict

from records.admin.proposing import Objected
from records.admin.visits import Captured, Visit
from records.models import Record, State
from records.owners import owner
from records.snapshots import taken
from records.territories import may_publish_kind, path_to_record
from records.undone import undone


class DeletingMixin(admin.ModelAdmin):
    """For the pages of records and of their parts."""

    delete_selected_confirmation_template = "admin/delete_several.html"

    def delete_view(self, request, object_id, extra_context=None):
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

    def response_delete(self, request, obj_display, obj_id):
        visit, record = getattr(request, "editing_visit", None), getattr(request, "deleted_from", None)
        if visit and record is not None:
            visit.saved(record)
        return super().response_delete(request, obj_display, obj_id)

    def get_actions(self, request):
        """Whoever may not publish deletes parts one by one: each is approved if its record is public."""
        actions = super().get_actions(request)
        model = self._kind_of_record()
        if model is not None and not may_publish_kind(request.user, model):
            actions.pop("delete_selected", None)
        if "delete_selected" in actions:
            _django, name, description = actions["delete_selected"]
            actions["delete_selected"] = (delete_several, name, description)
        return actions

    def _kind_of_record(self):
        """The kind of record that rows of this page are parts of; None for records, and for statements."""
        path = None if issubclass(self.model, Record) else path_to_record(self.model)
        return path[0] if path else None


def delete_several(model_admin, request, rows):
    """Django's action: asks first, and then deletes all; none where a reason is wanted and not given."""
    records = {owner(row) for row in rows} - {None}
    public = [record for record in records if record.state == State.PUBLISHED]
    shown = {"takes_why": bool(public)}
    if request.POST.get("post"):
        try:
            _ask_why(Visit(model_admin, request), rows, public)
        except Objected as objection:
            shown["why_wanted"] = str(objection)
            request = copy(request)
            request.POST = request.POST.copy()
            del request.POST["post"]
    response = delete_selected(model_admin, request, rows)
    if response is not None:
        response.context_data |= shown
    return response


def _ask_why(visit, rows, public):
    """Raises Objected where a figure of these records would go without a reason."""
    if visit.why:
        return
    before = [(record, taken(record)) for record in public]
    # What is protected is not deleted: Django says so.
    with suppress(ProtectedError, RestrictedError), undone():
        rows.delete()
        for record, content in before:
            visit.ask_why(record, content, taken(record))
