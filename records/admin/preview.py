"""A page as the public would see it, shown to staff before anybody else can see it.

It is made by the public view itself, inside a transaction that is undone: so nothing has to be kept apart,
and nothing of it can stay. In a transaction no list, index or cache keeps what it reads.
"""

from copy import copy
from dataclasses import dataclass
from urllib.parse import urldefrag

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.urls import path, resolve, reverse
from django.utils import translation
from django.utils.translation import get_language_info

from records.models import State
from records.undone import undone


@dataclass(frozen=True)
class Preview:
    """What the banner above a preview says: what it is of, the way back, the same in the other languages."""

    record: object
    back_url: str
    languages: list  # (code, name in that language, address)


def previewed(request, record, preview, language):
    """The public page of a record in a language as bytes, as if the record were published.

    Call it within `undone()`: it publishes the record for as long as that lasts.
    """
    rows = type(record)._base_manager.filter(pk=record.pk)
    rows.update(state=State.PUBLISHED, withdrawn_on=None, withdrawn_reason_en="", withdrawn_reason_zh="")
    with translation.override(language):
        address = urldefrag(record.get_absolute_url()).url
        match = resolve(address)
        public = _as_of_the_public(request, address, match, preview)
        response = match.func(public, *match.args, **match.kwargs)
        if hasattr(response, "render"):
            response.render()
    return response.content


def _as_of_the_public(request, address, match, preview):
    """The request that a reader without a name would send for an address."""
    public = copy(request)
    public.method, public.path, public.path_info, public.resolver_match = "GET", address, address, match
    public.GET = public.POST = QueryDict()
    public.COOKIES, public.user, public.preview = {}, AnonymousUser(), preview
    unsent = {"HTTP_COOKIE", "HTTP_HX_REQUEST", "CONTENT_LENGTH", "CONTENT_TYPE"}
    public.META = {name: value for name, value in request.META.items() if name not in unsent}
    public.META |= {"QUERY_STRING": "", "PATH_INFO": address, "REQUEST_METHOD": "GET"}
    return public


def preview_response(content):
    """An answer that nobody keeps and no search engine lists."""
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow, noarchive"}
    return HttpResponse(content, headers=headers)


def languages_of(name, pk):
    """(code, name in that language, address of the preview in it) of every language of the site."""
    return [
        (code, get_language_info(code)["name_local"], reverse(name, args=[pk, code]))
        for code, _name in settings.LANGUAGES
    ]


def known_language(code):
    """The code of a language of the site; Http404 for any other."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    return code


class PreviewMixin(admin.ModelAdmin):
    """For the page of a record: a preview of it in each language, in whatever state it is."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        view = self.admin_site.admin_view(self.preview_view)
        return [path("<path:object_id>/preview/<str:language>/", view, name=name), *super().get_urls()]

    def preview_view(self, request, object_id, language):
        """GET: the record as the public would see it."""
        language = known_language(language)
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        base = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        back = reverse(f"{base}_change", args=[record.pk])
        preview = Preview(record, back, languages_of(f"{base}_preview", record.pk))
        with undone():
            content = previewed(request, record, preview, language)
        return preview_response(content)
