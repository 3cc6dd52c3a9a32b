"""What is answered when the database is away, busy or full: 503 and when to come again, never a fault (500).

Public pages that are kept are served from the cache meanwhile (`PublicCache`). What staff have sent comes
back to them in the page, to be sent again: nothing of it was saved, and nothing of it is lost.
"""

import logging
import sys

from django.http import HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import translation

from desk.interruptions import comes_from_here, is_form, sent_fields
from operations import outages
from operations.outages import Reason

# Seconds after which it may be tried again: a server is back sooner than a disk has room.
SOON, LATER = 10, 60

# Where not even the template can be read.
LAST_WORDS = (
    "<!doctype html><html lang='en'><meta charset='utf-8'>"
    "<title>Something went wrong 页面暂时无法显示</title>"
    "<h1>Something went wrong</h1><p>The fault is ours. Please try again in a few minutes.</p>"
    "<h2 lang='zh-Hans'>页面暂时无法显示</h2><p lang='zh-Hans'>系统出现故障，请稍后再试。</p>"
)

logger = logging.getLogger(__name__)


class Unavailable:
    """Middleware, above what may know a way to make the page all the same: answers 503."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        """The page; None where the error is something else."""
        reason = outages.reason(error)
        return unavailable(request, reason) if reason else None


class KeepUnsaved(Unavailable):
    """The same for forms of staff, below all who would answer them without what was typed."""

    def process_exception(self, request, error):
        return super().process_exception(request, error) if _was_typed(request) else None


def server_error(request):
    """What Django calls for an exception that nobody else has answered: 503 by the same rule, or else 500.

    It says so with as little as possible: the fault may be in whatever a page needs.
    """
    error = sys.exc_info()[1]
    if reason := outages.reason(error):
        return unavailable(request, reason)
    return fault(request, 500)


def unavailable(request, reason):
    """A page (503) in the language of its reader, with what a form of staff has sent."""
    # What passes by itself wakes nobody.
    level = logging.WARNING if reason in (Reason.BUSY, Reason.SLOW) else logging.ERROR
    logger.log(level, "Not answered: %s", reason.value)
    seconds = LATER if reason is Reason.FULL else SOON
    context = {"reason": reason.name, "seconds": seconds, "fields": None}
    if _was_typed(request):
        context |= {"fields": sent_fields(request), "address": request.get_full_path()}
    language = translation.get_language_from_request(request, check_path=True)
    try:
        with translation.override(language):
            response = render(request, "503.html", context, status=503)
    except Exception:
        logger.exception("The page that says so cannot be made either.")
        response = fault(request, 503)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    # Django would write one line more, and the whole way to it.
    response._has_been_logged = True
    return response


def fault(request, status):
    """The page that needs nothing: no database, no language, nothing of the request but its id."""
    try:
        trace = getattr(request, "trace", None)
        content = loader.get_template("500.html").render({"reference": trace.id if trace else ""})
    except Exception:
        logger.exception("The page for errors cannot be made.")
        content = LAST_WORDS
    return HttpResponse(content, status=status)


def _was_typed(request):
    """Whether a request is a form that somebody has filled in here, and that may be sent again.

    Where the database is gone before its token was checked, the browser says where it comes from: nobody must
    be offered to send what another site has made up.
    """
    if request.method != "POST" or not is_form(request):
        return False
    return getattr(request, "csrf_processing_done", False) or comes_from_here(request)
