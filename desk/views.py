"""The pages behind the desk: the whole of a section, completeness, and the answers."""

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from desk import territories
from desk.answers import ANSWERS, Refused, find
from desk.sections import PAGE_ROWS, SECTIONS
from desk.sections.base import COUNTED, in_words
from records.territories import of

LONGEST_ANSWER = 300


class BoundedPaginator(Paginator):
    """Pages of the first rows: there are no more than anybody would turn."""

    @cached_property
    def count(self):
        return min(self.object_list.order_by()[: COUNTED + 1].count(), COUNTED)


def section(request, key):
    """All rows of a section, page by page; `part` chooses of which kind."""
    one = next((one for one in SECTIONS if one.key == key and one.is_for(request.user)), None)
    if one is None:
        raise Http404
    parts = one.choices(request.user)
    chosen = request.GET.get("part")
    if chosen is None:
        part = next((part for part in parts if part.rows.exists()), parts[0])
    else:
        part = next((part for part in parts if part.key == chosen), None)
        if part is None:
            raise Http404
    page = BoundedPaginator(part.rows, PAGE_ROWS).get_page(request.GET.get("page"))
    return _page(
        request,
        "admin/desk_section.html",
        title=one.title,
        section=one,
        part=part,
        choices=[(other, in_words(other.count())) for other in parts] if len(parts) > 1 else [],
        page=page,
        rows=part.show(list(page.object_list)),
        is_cut=page.paginator.count == COUNTED,
        limit=f"{COUNTED:,}",
        back=request.get_full_path(),
    )


def completeness(request):
    """How complete the territories of somebody are, what is missing most, and where."""
    complete = territories.completeness_of(of(request.user), records=50)
    return _page(
        request,
        "admin/desk_completeness.html",
        title=_("Completeness"),
        complete=complete,
        gaps=complete["gaps"],
        gaps_of=complete["gaps_of"],
    )


def _page(request, template, **context):
    request.current_app = admin.site.name
    return TemplateResponse(request, template, admin.site.each_context(request) | context)


# Answers


def answer(request, name):
    """Do what an answer says and return to the desk with a message, or ask first for words that it needs."""
    one = ANSWERS.get(name)
    if one is None:
        raise Http404
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    values = request.POST if request.method == "POST" else request.GET
    back = _way_back(request, values)
    try:
        row = find(values.get("row", ""), request.user)
        if not isinstance(row, one.takes):
            raise Refused(_("This answer does not fit. Nothing was changed."))
        form = _form(one, request)
        if form is not None and not form.is_valid():
            return _ask(request, one, row, form, values, back)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        given = {"seen": values.get("seen", "")} | (form.cleaned_data if form else {})
        done = one.give(request.user, row, given)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(back)
    text = (
        format_html('{} <a href="{}">{}</a>', done.message, done.link, _("See or take back"))
        if done.link
        else done.message
    )
    messages.success(request, text)
    return HttpResponseRedirect(back)


def _form(one, request):
    """The form of an answer that needs words; None for one that does not."""
    data = request.POST if request.method == "POST" else None
    if hasattr(one, "form"):
        return one.form(request.user, data)
    if not hasattr(one, "asks"):
        return None
    return WordsForm(one, data)


class WordsForm(forms.Form):
    """The words that an answer asks for."""

    def __init__(self, answer, data=None):
        super().__init__(data)
        for name, label in answer.asks.items():
            self.fields[name] = forms.CharField(
                label=label,
                max_length=LONGEST_ANSWER,
                required=not getattr(answer, "may_be_empty", False),
                widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
            )


def _ask(request, one, row, form, values, back):
    response = _page(
        request,
        "admin/desk_answer.html",
        title=one.label,
        form=form,
        row=row,
        row_name=values.get("row", ""),
        seen=values.get("seen", ""),
        back=back,
    )
    response.status_code = 400 if form.is_bound else 200
    return response


def _way_back(request, values):
    """The page that the answer was given on, if it is one of the administration; else the desk."""
    desk = reverse("admin:index")
    back = values.get("back", "")
    here = url_has_allowed_host_and_scheme(back, allowed_hosts=None, require_https=request.is_secure())
    return back if here and back.startswith(desk) else desk
