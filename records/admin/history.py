"""The history of a record for those who keep it: who changed what, when, how and why, and the way back."""

from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from records import history, pending
from records.models import Record, Route, State, Version
from records.snapshots import LEFT_ALONE, differences, fingerprint, taken, whole
from records.territories import holds

PER_PAGE = 20


@dataclass
class Entry:
    """One version on the page of a history, and how it differs from the one before."""

    version: Version
    changes: list
    bring_back_url: str = ""


class BringBackForm(forms.Form):
    """Why an old version is brought back, and what the page showed of the record when that was decided."""

    why = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "cols": 60})
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class HistoryMixin(admin.ModelAdmin):
    """For every page of ours: what is saved and deleted there is kept as a version of the record it is about.

    A form and its inlines are one change. What belongs to a record has that record's history.
    """

    # Keeping

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        # A form that was objected to is only shown again.
        why = "" if getattr(request, "objection", "") else _reason_given(request)
        with history.keeping_all([], by=request.user, route=Route.ADMIN, why=why) as request.changes:
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        if hasattr(request, "changes"):
            request.changes.add(obj)
        super().save_model(request, obj, form, change)

    def delete_model(self, request, obj):
        with history.keeping(obj, by=request.user, route=Route.ADMIN, why=_reason_given(request)):
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        why = _reason_given(request)
        with history.keeping_all(list(queryset), by=request.user, route=Route.ACTION, why=why):
            super().delete_queryset(request, queryset)

    # Reading

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_bring_back"
        view = self.admin_site.admin_view(self.bring_back_view)
        return [path("<path:object_id>/history/<int:number>/", view, name=name), *super().get_urls()]

    def history_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        record = whole(row)
        paginator = Paginator(history.versions_of(record), PER_PAGE)
        page = paginator.get_page(request.GET.get(PAGE_VAR, 1))
        context = self._context(request, row, record) | {
            "title": gettext("History: %(record)s") % {"record": record},
            "entries": self._entries(request, record, page),
            "page": page,
            "page_var": PAGE_VAR,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history.html", context)

    def _context(self, request, row, record):
        return self.admin_site.each_context(request) | {
            "object": row,
            "record": record,
            "record_url": self._address(record, "change"),
            "opts": self.opts,
            "module_name": self.opts.verbose_name_plural,
        }

    def _entries(self, request, record, page):
        """The versions of one page, each compared with the one before it."""
        versions = list(page.object_list)
        if not versions:
            return []
        earlier = history.versions_of(record).filter(number__lt=versions[-1].number).first()
        newest = versions[0].number if page.number == 1 else None
        may = self._may_bring_back(request, record)
        entries = []
        for version, before in zip(versions, [*versions[1:], earlier], strict=True):
            url = ""
            if may and version.number != newest and version.content:
                url = self._address(record, "bring_back", version.number)
            changes = differences(type(record), before.content, version.content) if before else []
            entries.append(Entry(version, changes, url))
        return entries

    def _may_bring_back(self, request, record):
        page = self.admin_site._registry.get(type(record))
        if not isinstance(page, HistoryMixin) or not page.has_change_permission(request, record):
            return False
        # What was withdrawn is still named to the public.
        is_withdrawn = isinstance(record, Record) and record.state == State.WITHDRAWN
        return not is_withdrawn or pending.may_publish(request.user, record)

    def _address(self, record, role, *more):
        opts = record._meta
        try:
            return reverse(f"admin:{opts.app_label}_{opts.model_name}_{role}", args=[record.pk, *more])
        except NoReverseMatch:
            return ""

    # Bringing back

    def bring_back_view(self, request, object_id, number):
        """What bringing a version back would change, and the form that does it."""
        record = self.get_object(request, unquote(object_id))
        has_own = record is not None and whole(record) == record
        version = has_own and history.versions_of(record).filter(number=number).first()
        if not version or not version.content:
            raise Http404
        if not self._may_bring_back(request, record):
            raise PermissionDenied
        if request.method != "POST":
            return self._bring_back(request, record, version)
        with transaction.atomic():
            # Whoever else changes the record waits until what was seen is compared and this is done.
            record = get_object_or_404(self.model._base_manager.select_for_update(), pk=record.pk)
            return self._bring_back(request, record, version)

    def _bring_back(self, request, record, version):
        now = taken(record)
        form = BringBackForm(request.POST or None, initial={"seen": fingerprint(now)})
        problems = []
        if form.is_valid():
            if form.cleaned_data["seen"] != fingerprint(now):
                problems.append(gettext("The record was changed meanwhile. Look at the differences again."))
                form.data = {"why": form.cleaned_data["why"], "seen": fingerprint(now)}
            else:
                try:
                    return self._brought_back(request, record, version, form.cleaned_data["why"])
                except ValidationError as error:
                    problems += error.messages
                except pending.Refused as refusal:
                    problems.append(str(refusal))
        context = self._context(request, record, record) | {
            "title": gettext("Bring back version %(number)d") % {"number": version.number},
            "version": version,
            "changes": self._would_change(record, now, version.content),
            "goes_pending": self._goes_pending(request, record),
            "form": form,
            "problems": problems,
            "history_url": self._address(record, "history"),
        }
        return TemplateResponse(request, "admin/history_bring_back.html", context)

    def _would_change(self, record, now, content):
        """The state stays as it is, whatever it was in the version."""
        return [one for one in differences(type(record), now, content) if one.path not in LEFT_ALONE]

    def _goes_pending(self, request, record):
        is_public = isinstance(record, Record) and record.state == State.PUBLISHED
        return is_public and not pending.may_publish(request.user, record)

    def _brought_back(self, request, record, version, why):
        if self._goes_pending(request, record):
            if pending.open_change(record, request.user):
                raise pending.Refused(gettext("You have an open change of this record already."))
            pending.propose(record, _with_state_of(record, version.content), by=request.user, why=why)
            text = gettext("Version %(number)d waits for approval as a change of this record.")
        else:
            with transaction.atomic():
                history.bring_back(version, by=request.user, why=why)
                _refuse_outside(record, request.user)
            self.log_change(request, record, gettext("Brought back version %(number)d.") % vars(version))
            text = gettext("Version %(number)d was brought back.")
        self.message_user(request, text % {"number": version.number}, messages.SUCCESS)
        return HttpResponseRedirect(self._address(record, "history"))


def _reason_given(request):
    """What is posted as the reason; raises BadRequest for what no browser sends and no database keeps."""
    try:
        return forms.CharField(max_length=500, required=False).clean(request.POST.get("why", ""))
    except ValidationError as error:
        raise BadRequest(" ".join(error.messages)) from error


def _with_state_of(record, content):
    """A snapshot that leaves the state of the record as it is."""
    fields = taken(record)["fields"]
    return content | {"fields": content["fields"] | {name: fields[name] for name in LEFT_ALONE}}


def _refuse_outside(record, user):
    """Raises ValidationError for a record that was taken out of somebody's territory."""
    record.refresh_from_db()
    if isinstance(record, Record) and not holds(record, user):
        raise ValidationError(gettext("It would not lie in your territory any more."))
