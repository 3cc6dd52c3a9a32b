"""Imports in the administration: upload, look at what would change, confirm, undo."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from desk.admin.exports import export_urls
from desk.exports import as_download, template_workbook
from desk.imports import running
from desk.imports.files import MAX_BYTES, MAX_ROWS
from desk.imports.kinds import SHEETS
from desk.imports.problems import FileRefused
from desk.imports.reading import refuse_early
from desk.imports.results import Result
from desk.models import Import, ImportState
from records.territories import of

ROWS_A_PAGE = 50
SECONDS_BETWEEN_LOOKS = 2


class UploadForm(forms.Form):
    """Which kind of rows, and the file that has them."""

    kind = forms.ChoiceField(label=_("What the rows are"), choices=Import.Kind)
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Put together here: the language of the reader is not known when the class is made.
        text = gettext(
            "An Excel workbook (.xlsx) or a text file (.csv) of at most %(mb)s MB and %(rows)s rows."
        )
        self.fields["file"].help_text = text % {"mb": MAX_BYTES // 1024**2, "rows": f"{MAX_ROWS:,}"}

    def clean_file(self):
        """Refuse what can be told without reading the rows."""
        file = self.cleaned_data["file"]
        self.content = file.read(MAX_BYTES + 1)
        try:
            refuse_early(self.content)
        except FileRefused as error:
            raise forms.ValidationError(error.message) from None
        return file


class ConfirmForm(forms.Form):
    """Why the records change; asked for where the public sees it."""

    why = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text=_("For colleagues: it stands in the history of each record."),
    )

    def __init__(self, importing, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["why"].required = bool(importing.public or importing.pending)


@admin.register(Import)
class ImportAdmin(admin.ModelAdmin):
    list_display = (
        "uploaded_at",
        "by_name",
        "kind",
        "file_name",
        "total",
        "standing",
        "written_at",
        "undone_at",
    )
    list_display_links = ("uploaded_at", "file_name")
    list_filter = ("kind", "state")
    search_fields = ("file_name", "by_name", "why")
    date_hierarchy = "uploaded_at"
    list_per_page = 50

    # Who may do what

    def get_queryset(self, request):
        return super().get_queryset(request).light().seen_by(request.user)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not of(request.user).is_empty

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def may_act(self, request, importing):
        """Whether somebody may confirm or give up an import: what it may write is what its uploader may."""
        return self.has_add_permission(request) and importing.by_id == request.user.pk

    def may_undo(self, request, importing):
        """Its uploader may, and whoever keeps the whole province."""
        return self.may_act(request, importing) or (
            self.has_add_permission(request) and of(request.user).everywhere
        )

    @admin.display(description=_("state"), ordering="state")
    def standing(self, importing):
        return gettext("Interrupted") if running.is_interrupted(importing) else importing.get_state_display()

    # Pages

    def get_urls(self):
        actions = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"desk_import_{name}",
            )
            for name, view in [
                ("confirm", self.confirm_view),
                ("restart", self.restart_view),
                ("cancel", self.cancel_view),
                ("undo", self.undo_view),
            ]
        ]
        template = self.admin_site.admin_view(self.template_view)
        return [
            path("template/<slug:kind>/", template, name="desk_import_template"),
            *export_urls(self.admin_site.admin_view),
            *actions,
            *super().get_urls(),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        """Upload a file. Nothing is written: it is checked first."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        form = UploadForm(*posted, initial={"kind": request.GET.get("kind", Import.Kind.ZONES)})
        if posted and form.is_valid():
            importing = self._upload(request, form)
            return HttpResponseRedirect(self._page(importing))
        context = self._context(request, gettext("Import a spreadsheet")) | {
            "form": form,
            "templates": [
                (label, reverse("admin:desk_import_template", args=[kind]))
                for kind, label in Import.Kind.choices
            ],
        }
        return TemplateResponse(request, "admin/import_upload.html", context)

    def _upload(self, request, form):
        importing = Import.objects.create(
            kind=form.cleaned_data["kind"],
            file_name=form.cleaned_data["file"].name[:200],
            content=form.content,
            language=get_language(),
            by=request.user,
            by_name=request.user.get_username(),
        )
        running.start(importing, ImportState.CHECKING)
        return importing

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """What a file would do, or did, row by row."""
        importing = self._found(request, object_id)
        return self._show(request, importing, ConfirmForm(importing, initial={"why": importing.why}))

    def _show(self, request, importing, form, status=200):
        interrupted = running.is_interrupted(importing)
        rows = importing.rows.all()
        wanted = request.GET.get("result", "")
        if wanted in Result.values:
            rows = rows.filter(result=wanted)
        page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("p"))
        done, total = running.how_far(importing) if importing.is_running else (0, 0)
        context = self._context(request, str(importing)) | {
            "importing": importing,
            "interrupted": interrupted,
            "is_running": importing.is_running and not interrupted,
            "done": done,
            "in_all": total,
            "results": self._results(importing),
            "wanted": wanted,
            "page": page,
            "pages": page.paginator.get_elided_page_range(page.number),
            "form": form,
            "may_act": self.may_act(request, importing),
            "may_undo": self.may_undo(request, importing),
            "states": ImportState,
        }
        response = TemplateResponse(request, "admin/import_page.html", context, status=status)
        if context["is_running"]:
            response["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
        return response

    def _results(self, importing):
        """(value, label, rows) of each result, for the links above the rows."""
        return [(value, label, getattr(importing, value)) for value, label in Result.choices]

    def template_view(self, request, kind):
        """An empty workbook to fill, with headings in the language of the reader."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if kind not in Import.Kind.values:
            raise Http404
        return as_download(template_workbook(SHEETS[kind](request.user)), f"{kind}.xlsx")

    # What is done with one

    def confirm_view(self, request, pk):
        """Write what was shown."""
        importing = self._found(request, pk)
        if not self.may_act(request, importing):
            raise PermissionDenied
        if importing.state != ImportState.CHECKED:
            return self._back(
                request, importing, gettext("This import does not wait to be confirmed any more.")
            )
        form = ConfirmForm(importing, request.POST)
        if not form.is_valid():
            return self._show(request, importing, form)
        importing.why = form.cleaned_data["why"]
        return self._start(request, importing, ImportState.WRITING)

    def restart_view(self, request, pk):
        """Begin again what was interrupted."""
        importing = self._found(request, pk)
        if not self.may_undo(request, importing):
            raise PermissionDenied
        if not importing.is_running:
            return self._back(request, importing, gettext("Nothing is to be started again."))
        return self._start(request, importing, importing.state)

    def cancel_view(self, request, pk):
        """Give up an import that is not written."""
        importing = self._found(request, pk)
        if not self.may_act(request, importing):
            raise PermissionDenied
        if importing.state in (ImportState.CHECKED, ImportState.REFUSED) or running.is_interrupted(importing):
            try:
                running.cancel(importing)
            except running.AlreadyRunning:
                return self._back(request, importing, gettext("A process is at work on this import already."))
            return self._back(
                request, importing, gettext("The import is given up. Nothing was written."), messages.SUCCESS
            )
        return self._back(request, importing, gettext("This import cannot be given up any more."))

    def undo_view(self, request, pk):
        """Take back what was written."""
        importing = self._found(request, pk)
        if not self.may_undo(request, importing):
            raise PermissionDenied
        if importing.state not in (ImportState.DONE, ImportState.UNDONE):
            return self._back(request, importing, gettext("Only what was written can be undone."))
        importing.undone_by, importing.undone_by_name = request.user, request.user.get_username()
        return self._start(request, importing, ImportState.UNDOING)

    def _start(self, request, importing, state):
        try:
            running.start(importing, state)
        except running.AlreadyRunning:
            return self._back(request, importing, gettext("A process is at work on this import already."))
        return HttpResponseRedirect(self._page(importing))

    def _back(self, request, importing, message, level=messages.WARNING):
        self.message_user(request, message, level)
        return HttpResponseRedirect(self._page(importing))

    def _page(self, importing):
        return reverse("admin:desk_import_change", args=[importing.pk])

    def _found(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not str(pk).isdecimal():
            raise Http404
        return get_object_or_404(self.get_queryset(request).select_related("by", "undone_by"), pk=pk)

    def _context(self, request, title):
        return self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            "has_view_permission": self.has_view_permission(request),
        }
