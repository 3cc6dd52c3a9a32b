"""What every request passes first: it gets an id and is timed; whoever asks how we are is answered."""

import logging
import time

from django.conf import settings

from operations import metrics, tracing, views

logger = logging.getLogger(__name__)

REQUEST_ID = "X-Request-Id"


class WatchRequests:
    """Give each request an id and measure its answer; above all else, so that nothing escapes it.

    The id is that of the proxy in front, if there is one and its id is well-formed: anybody can send one.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        told = request.headers.get(REQUEST_ID, "") if settings.TRUSTED_PROXIES else ""
        request.trace = trace = tracing.begin(told)
        request.META[tracing.ENVIRONMENT_KEY] = trace
        began = time.perf_counter()
        with metrics.IN_PROGRESS.track_inprogress():
            response = self.get_response(request)
        seconds = time.perf_counter() - began
        metrics.count_request(trace.view, request.method, response.status_code, seconds)
        response[REQUEST_ID] = trace.id
        if seconds > settings.SLOW_REQUEST_SECONDS:
            fields = {"seconds": round(seconds, 3), "queries": trace.queries}
            fields["query_seconds"] = round(trace.query_seconds, 3)
            logger.warning("Slow request: %s", request.method, extra={"fields": fields})
        return response

    def process_view(self, request, view, args, kwargs):
        match = request.resolver_match
        request.trace.view = match.view_name or match._func_path


class AnswerProbes:
    """Answer `/healthz`, `/readyz` and `/metrics`, whatever the host and whether or not by HTTPS.

    A load balancer asks by address and not by name. It stands above all that minds hosts or needs a database,
    and below what sets headers. `/metrics` is answered at METRICS_BIND alone, and nothing but these is there.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.is_from_operators = comes_by_port(request, settings.METRICS_PORT)
        answers = views.FOR_OPERATORS if request.is_from_operators else views.PUBLIC
        answer = answers.get(request.path_info)
        if answer is None and request.is_from_operators:
            answer = views.nothing
        if answer is None:
            return self.get_response(request)
        request.trace.view = answer.__name__
        return answer(request)


def comes_by_port(request, port):
    """Whether the connection of a request was made to a port of this machine.

    It is asked of the socket itself. What the environment calls the port of the server is, on a socket of
    systemd, what the sender of the request says.
    """
    connection = request.META.get("gunicorn.socket")
    if not port or connection is None:
        return False
    address = connection.getsockname()
    return isinstance(address, tuple) and address[1] == port
