"""What refuses a request that asks for too much: too large (413), too often (429), too many at once (503)."""

import logging

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render

from operations.limits import deadline
from operations.limits.crowding import Places
from operations.limits.kinds import Kind, kind_of
from operations.limits.networks import may_enter
from operations.limits.rates import seconds_to_wait
from operations.limits.sizes import is_too_large
from records.client_address import client_address

# Seconds after which a reader of a crowded site may try again.
SOON = 5

logger = logging.getLogger(__name__)


class GuardAdministration:
    """Answer 404, as where nothing is, to whoever comes from a network that ADMIN_ALLOWED does not name."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Without its slash too, which Django would add.
        is_administration = f"{request.path_info}/".startswith(settings.ADMIN_ROOT)
        if is_administration and not may_enter(request):
            raise Http404
        response = self.get_response(request)
        if is_administration:
            # Search engines need not be told of it in robots.txt, where anybody would read it.
            response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response


class LimitRequests:
    """Refuse what is too large, too often or too much at once, and end public pages that take too long.

    It stands below the cache of pages: what is served from there counts for nothing.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.places = Places(settings.COSTLY_AT_ONCE)

    def __call__(self, request):
        request.place = None
        public = request.method in {"GET", "HEAD"} and not request.path_info.startswith(
            settings.UNCACHED_PATHS
        )
        with deadline.within(settings.REQUEST_TIMEOUT if public else 0):
            response = self.get_response(request)
        if request.place:
            request.place.held_by(response)
        return response

    def process_view(self, request, view, args, kwargs):
        """The refusal; None to go on."""
        if is_too_large(request):
            return refuse(request, "operations/too_large.html", 413)
        kind = kind_of(request)
        if kind is None:
            return None
        address = client_address(request)
        # Those whom nobody can tell apart would all be refused for one of them.
        seconds = seconds_to_wait(kind, address) if address else None
        if seconds:
            return too_often(request, kind, seconds)
        if kind.is_costly:
            request.place = self.places.take(is_file=kind.is_file)
            if request.place is None:
                return busy(request, kind)
        return None

    def process_exception(self, request, error):
        """A page that says that it took too long; other errors are others' to answer."""
        if not deadline.was_cut_off(error):
            return None
        with deadline.lifted():
            return no_fault(refuse(request, "operations/too_slow.html", 503, SOON), "it took too long")


def too_often(request, kind, seconds):
    """429: only a script asks for suggestions, and needs no page."""
    if kind is Kind.SUGGESTIONS:
        return HttpResponse(status=429, headers={"Retry-After": str(seconds), "Cache-Control": "no-store"})
    name = "429.html" if kind is Kind.SIGN_IN else "operations/too_often.html"
    return refuse(request, name, 429, seconds)


def busy(request, kind):
    """503: the places for costly answers are taken."""
    if kind is Kind.SUGGESTIONS:
        response = HttpResponse(status=503, headers={"Retry-After": str(SOON), "Cache-Control": "no-store"})
    else:
        response = refuse(request, "operations/busy.html", 503, SOON)
    return no_fault(response, "all places for costly answers are taken")


def no_fault(response, reason):
    """A 503 with a warning in the log: anybody can bring it about, and Django would call it an error."""
    logger.warning("Refused: %s", reason)
    response._has_been_logged = True
    return response


def refuse(request, template, status, seconds=None):
    """A page that nobody keeps, and that says when to come again."""
    response = render(request, template, {"seconds": seconds}, status=status)
    response["Cache-Control"] = "no-store"
    if seconds:
        response["Retry-After"] = str(seconds)
    return response
