"""The pages on which changes of public records are looked at, beside what is public, and decided."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records import pending
from records.admin.base import StaffAdmin
from records.admin.panels import clashes
from records.admin.preview import Preview, known_language, languages_of, preview_response, previewed
from records.merging import to_be_shown
from records.models import PendingChange, PendingState, State, record_models
from records.snapshots import differences, put_back
from records.undone import undone

# What a button of the page is called, and what it does.
DECISIONS = {
    "approve": pending.approve,
    "send_back": pending.send_back,
    "refuse": pending.refuse,
    "submit": pending.submit,
    "give_up": pending.give_up,
}
DONE = {
    "approve": gettext_lazy("The change is public now."),
    "send_back": gettext_lazy("The change was sent back to its author."),
    "refuse": gettext_lazy("The change was refused."),
    "submit": gettext_lazy("The change waits for review."),
    "give_up": gettext_lazy("The change was given up."),
}


@admin.register(PendingChange)
class PendingChangeAdmin(StaffAdmin):
    """Whoever may see the page of a record may see its pending changes; who decides is said in `pending`."""

    list_display = ("record_name", "content_type", "author_name", "state", "why", "changed_at")
    list_filter = ("state", ("content_type", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("content_type",)
    search_fields = ("author_name", "why")
    date_hierarchy = "changed_at"
    actions = None

    @admin.display(description=gettext_lazy("record"))
    def record_name(self, change):
        return str(change.record or change.object_id)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("base", "content").prefetch_related("record")

    # Who may look

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        pages = [self.admin_site.get_model_admin(model) for model in record_models()]
        if obj is None or obj.record is None:
            return any(page.has_view_or_change_permission(request) for page in pages)
        return self.page_of(obj.record).has_view_or_change_permission(request, obj.record)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return self.has_view_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def page_of(self, record):
        """The admin page of a record's kind."""
        return self.admin_site.get_model_admin(type(record))

    # The page of one change

    def get_urls(self):
        view = self.admin_site.admin_view(self.preview_view)
        name = "records_pendingchange_preview"
        return [path("<path:object_id>/preview/<str:language>/", view, name=name), *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if object_id is None:
            raise PermissionDenied
        change = self.get_object(request, unquote(object_id))
        if change is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, change):
            raise PermissionDenied
        return self._decide(request, change) if request.method == "POST" else self._show(request, change)

    def _decide(self, request, change):
        """POST: `decision`, `note`, `side:<path>` for each place where two changes collide, `seen`."""
        decision, note = request.POST.get("decision", ""), request.POST.get("note", "").strip()
        if len(note) > pending.LONGEST_NOTE:
            text = _("The note has more than %(number)d characters.") % {"number": pending.LONGEST_NOTE}
            return self._show(request, change, problem=text)
        if "\0" in note:
            return self._show(request, change, problem=_("Null characters are not allowed."))
        here = HttpResponseRedirect(request.path)
        if decision == "note" and note and change.record is not None:
            pending.add_note(change.record, note, by=request.user, pending=change)
            return here
        if decision not in DECISIONS:
            return self._show(
                request, change, problem=_("Choose what to do with the change, or write a note.")
            )
        options = {}
        if decision == "approve":
            options = {"choices": _choices(request), "seen": request.POST.get("seen", "")}
        try:
            DECISIONS[decision](change, by=request.user, note=note, **options)
        except pending.Refused as refusal:
            return self._show(request, change, problem=str(refusal))
        if change.record is not None:
            self.log_change(request, change.record, f"{DONE[decision]} ({change.author_name})")
        self.message_user(request, DONE[decision], messages.SUCCESS)
        return here

    def _show(self, request, change, problem=""):
        record = change.record
        context = self.admin_site.each_context(request) | {
            "title": _("Pending change"),
            "subtitle": str(record or ""),
            "opts": self.opts,
            "change": change,
            "record": record,
            "problem": problem,
            "note": request.POST.get("note", ""),
            "notes": change.notes.all(),
            **(self._comparison(request, change, record) if record is not None else {}),
            **self._buttons(request, change, record),
        }
        return TemplateResponse(request, "admin/pending_change.html", context)

    def _comparison(self, request, change, record):
        """The differences that an open change would make, or those that a decided one meant to make."""
        model = type(record)
        if not change.is_open:
            return {"rows": differences(model, change.base, change.content)}
        prospect = pending.prospect(change, record, _choices(request))
        rows = clashes(model, prospect.collisions, change.base, change.content, prospect.current)
        return {
            "rows": differences(model, prospect.current, prospect.content),
            "seen": pending.shown(change, prospect.current),
            "has_moved": prospect.has_moved,
            "meanwhile": differences(model, change.base, prospect.current) if prospect.has_moved else [],
            "collisions": list(zip(prospect.collisions, rows, strict=True)),
            "is_public": record.state == State.PUBLISHED,
        }

    def _buttons(self, request, change, record):
        """What the reader may do with the change, and why they may not decide on it."""
        if record is None:
            return {}
        is_author = change.is_by(request.user)
        back = f"admin:{record._meta.app_label}_{record._meta.model_name}_change"
        address = reverse(back, args=[record.pk])
        return {
            "record_url": address,
            "edit_url": f"{address}?pending={change.pk}" if is_author and change.is_open else "",
            "objection": pending.objection(change, request.user, record),
            "is_author": is_author,
            "can_submit": is_author and change.state in (PendingState.DRAFT, PendingState.SENT_BACK),
            "previews": languages_of("admin:records_pendingchange_preview", change.pk),
        }

    def preview_view(self, request, object_id, language):
        """GET: the record as the public would see it after the change."""
        language = known_language(language)
        change = self.get_object(request, unquote(object_id))
        if change is None or change.record is None:
            raise Http404
        if not self.has_view_permission(request, change):
            raise PermissionDenied
        back = reverse("admin:records_pendingchange_change", args=[change.pk])
        names = languages_of("admin:records_pendingchange_preview", change.pk)
        record = change.record
        content = pending.prospect(change, record).content if change.is_open else change.content
        try:
            with undone():
                put_back(record, to_be_shown(content))
                page = previewed(request, record, Preview(record, back, names), language)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(back)
        return preview_response(page)


def _choices(request):
    """{path: "mine" or "theirs"} as the form of the page has it."""
    prefix = "side:"
    return {
        name.removeprefix(prefix): value for name, value in request.POST.items() if name.startswith(prefix)
    }
