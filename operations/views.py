"""What machines ask that look after the site: is it alive, is it ready, how much does it do."""

from django.http import HttpResponse, HttpResponseNotFound
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from operations import health, metrics
from operations.gauges import Gauges

PLAIN = "text/plain; charset=utf-8"
# Seconds after which a load balancer may ask again.
SOON = 5


@require_safe
@never_cache
def healthz(request):
    """The process answers: nothing else is looked at."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request):
    """Whether readers can be served (200 or 503), and how each part is.

    The reasons are shown only at METRICS_BIND: they name hosts and tables.
    """
    parts = health.readiness()
    ready = health.is_ready(parts)
    lines = ["ready" if ready else "not ready"]
    for part in parts:
        reason = f": {part.reason}" if part.reason and request.is_from_operators else ""
        lines.append(f"{part.name} {part.state.value}{' '.join(reason.split())}")
    response = HttpResponse("\n".join(lines) + "\n", content_type=PLAIN, status=200 if ready else 503)
    if not ready:
        response["Retry-After"] = str(SOON)
    return response


@require_safe
@never_cache
def numbers(request):
    """All metrics, for Prometheus."""
    content_type, text = metrics.exposition(Gauges())
    return HttpResponse(text, content_type=content_type)


def nothing(request):
    """At METRICS_BIND there is nothing else: it must not be a way around the proxy."""
    return HttpResponseNotFound("Not here.\n", content_type=PLAIN)


PUBLIC = {"/healthz": healthz, "/readyz": readyz}
FOR_OPERATORS = {**PUBLIC, "/metrics": numbers}
