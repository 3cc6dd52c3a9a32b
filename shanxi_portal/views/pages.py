"""Pages of words, and answers for machines."""

import datetime

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from business_environment.models import IndicatorValue
from records.models import Source
from shanxi_portal.context_processors import absolute


@require_safe
def about(request):
    """What this site is, how it treats figures, and under which terms they can be used."""
    counted = (
        IndicatorValue.objects.published()
        .with_passports()
        .filter(indicator__slug="zones-count")
        .order_by("-period")
        .first()
    )
    context = {
        "source_count": Source.objects.published().count(),
        "zones_in_province": counted.passport if counted else None,
    }
    return render(request, "about.html", context)


@require_safe
def accessibility(request):
    """What was done and tested so that everybody can use the site."""
    return render(request, "accessibility.html")


@require_safe
def favicon(request):
    """For browsers that ask without having read a page, such as beside a PDF."""
    return HttpResponsePermanentRedirect(static("img/favicon.ico"))


@require_safe
def security(request):
    """Whom to tell of a security hole, as RFC 9116 says; nothing where nobody is named.

    It expires a year after the last midnight, so that it is the same all day and never out of date.
    """
    if not settings.SECURITY_CONTACT:
        raise Http404
    today = datetime.datetime.now(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {(today + datetime.timedelta(days=365)).isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: zh, en",
        f"Canonical: {absolute(request, request.path)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def robots(request):
    """Search engines read pages, not the endless combinations of filters.

    An administration that was moved is not named: this would tell everybody where to. Its answers say
    themselves that they are not to be indexed.
    """
    lines = [
        "User-agent: *",
        *(["Disallow: /admin/"] if settings.ADMIN_PATH == "admin/" else []),
        "Disallow: /*?",
        "Allow: /",
        f"Sitemap: {absolute(request, '/sitemap.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
