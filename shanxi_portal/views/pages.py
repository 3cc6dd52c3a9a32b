"""Pages of words, and answers for machines."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
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
@never_cache
def healthz(request):
    """The process answers: nothing else is looked at."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def robots(request):
    """Search engines read pages, not the endless combinations of filters."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /*?",
        "Allow: /",
        f"Sitemap: {absolute(request, '/sitemap.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
