"""The site, the least that a page can be, and an answer as plain as one of Datasette."""

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache

from benchmarks.plain import answer
from shanxi_portal.urls import urlpatterns as site


@never_cache
def bare(request):
    """A view that does nothing, behind the same middleware; kept by no cache, so made each time."""
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns = [path("bare", bare), path("answer", answer), *site]
