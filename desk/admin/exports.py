"""The lists of the administration as Excel workbooks: by a button over each, or an action on rows."""

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from desk.exports import TooManyRows, as_download, export_workbook
from desk.imports.kinds import SHEETS


def export_view(request, kind):
    """The rows that a list shows with the filters and the search of this address, on all of its pages."""
    if kind not in SHEETS:
        raise Http404
    model_admin = admin.site.get_model_admin(SHEETS[kind].model)
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    try:
        rows = model_admin.get_changelist_instance(request).queryset
    except IncorrectLookupParameters:
        return HttpResponseRedirect(_list_of(model_admin))
    return _answer(request, model_admin, kind, rows)


def _list_of(model_admin):
    opts = model_admin.opts
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")


def _answer(request, model_admin, kind, rows):
    try:
        file = export_workbook(SHEETS[kind](request.user), rows)
    except TooManyRows as error:
        text = gettext("These are %(count)s rows, and a file takes %(limit)s. Filter the list first.")
        words = {"count": f"{error.count:,}", "limit": f"{error.limit:,}"}
        model_admin.message_user(request, text % words, messages.ERROR)
        return HttpResponseRedirect(f"{_list_of(model_admin)}?{request.GET.urlencode()}")
    return as_download(file, f"{kind}.xlsx")


@admin.action(description=_("Export to Excel"), permissions=["view"])
def export_to_excel(model_admin, request, queryset):
    """The ticked rows."""
    kind = next(kind for kind, sheet in SHEETS.items() if sheet.model is model_admin.model)
    return _answer(request, model_admin, kind, queryset)


def add_action():
    """Offer the action on each list that can be exported; those were registered by the floors below."""
    for sheet in SHEETS.values():
        model_admin = admin.site.get_model_admin(sheet.model)
        model_admin.actions = (*(model_admin.actions or ()), export_to_excel)


def export_urls(wrap):
    """The address of the exports, for the administration."""
    return [path("export/<slug:kind>/", wrap(export_view), name="desk_export")]


add_action()
