"""The site, and the least that a page can be."""

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache

from shanxi_portal.urls import urlpatterns as site


@never_cache
def bare(request):
    """A view that does nothing, behind the same middleware; kept by no cache, so made each time."""
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns = [path("bare", bare), *site]
