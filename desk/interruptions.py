"""A session that ends while somebody is typing: nothing is saved, and nothing typed is lost.

Whoever posts a form of the admin without being signed in any more gets the form's fields back, hidden, on a
page that says so: to sign in again in another tab, and then to send them again. Signing in makes earlier
tokens worthless, so the same page answers a form with an old one. What was typed is in that page alone: not
in an address, a log, a session or the database. Django bounds its size (DATA_UPLOAD_MAX_MEMORY_SIZE).
"""

from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import BadRequest, DisallowedHost
from django.http import RawPostDataException, UnreadablePostError
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views import csrf, defaults

# The pages with a form that takes a while to fill in. Those of accounts hold passwords, and are left out.
FORMS = ("_add", "_change")
APPS_WITH_PASSWORDS = {"auth", "account", "mfa"}


class KeepTyped:
    """Middleware, below those that check tokens and know users: answers a form whose session has ended."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """The page that keeps what was typed; None to go on."""
        if request.method == "POST" and is_form(request) and request.user.is_anonymous:
            return interrupted(request)
        return None


def csrf_failure(request, reason=""):
    """The answer to a form with a wrong token: what was typed, if it was one of ours that was sent."""
    if request.method == "POST" and is_form(request) and comes_from_here(request):
        return interrupted(request)
    return csrf.csrf_failure(request, reason)


def bad_request(request, exception):
    """Django's answer to what makes no sense; to a form whose session ended meanwhile, what was typed."""
    if isinstance(exception, SessionInterrupted) and request.method == "POST" and is_form(request):
        request.user = AnonymousUser()
        return interrupted(request)
    return defaults.bad_request(request, exception)


def interrupted(request):
    """A page (403) with all fields that were sent, ready to be sent again with a new token."""
    context = {"fields": sent_fields(request), "address": request.get_full_path()}
    return render(request, "admin/interrupted.html", context, status=403)


def sent_fields(request):
    """[(name, value)] of all that a form has sent, but for its token, to be sent again.

    Raises BadRequest where the sender went away before all of it was here.
    """
    try:
        sent = request.POST
    except (UnreadablePostError, RawPostDataException):
        raise BadRequest("The form did not arrive whole.") from None
    return [
        (name, value) for name, values in sent.lists() if name != "csrfmiddlewaretoken" for value in values
    ]


def is_form(request):
    """Whether the address of a request is that of a form of the admin which holds no password."""
    match = request.resolver_match or _route_of(request)
    return bool(
        match
        and match.app_names == ["admin"]
        and match.url_name
        and match.url_name.endswith(FORMS)
        and match.url_name.partition("_")[0] not in APPS_WITH_PASSWORDS
    )


def _route_of(request):
    """The route of a request that was answered before anybody looked for it; None if there is none."""
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def comes_from_here(request):
    """Whether the browser says that the form stood on a page of this site."""
    origin = request.META.get("HTTP_ORIGIN") or request.META.get("HTTP_REFERER", "")
    try:
        parts = urlsplit(origin)
        return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())
    except (ValueError, DisallowedHost):
        return False
