"""What is counted and timed, and how Prometheus gets it: GET /metrics at METRICS_BIND, and nowhere else.

Each process of gunicorn counts into files of its own (`gunicorn.conf.py` makes and removes their directory),
and whichever is asked adds them all up. Labels are names from our code, so that their number is bounded: a
view by its route, never by its path. What is looked up only when somebody asks is in `operations.gauges`.
"""

import os
from http import HTTPMethod

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
METHODS = {str(method) for method in HTTPMethod}
# Seconds: a page from the cache takes one or two thousandths, an export may take as long as is allowed.
BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter(
    "invest_shanxi_http_requests", "Requests answered.", ["view", "method", "status"], registry=REGISTRY
)
REQUEST_SECONDS = Histogram(
    "invest_shanxi_http_request_duration_seconds",
    "How long answers took; of streamed files, until the first row.",
    ["view"],
    buckets=BUCKETS,
)
IN_PROGRESS = Gauge(
    "invest_shanxi_http_requests_in_progress", "Requests being answered.", multiprocess_mode="livesum"
)
QUERIES = Histogram(
    "invest_shanxi_database_query_duration_seconds",
    "How long queries took, by database.",
    ["database"],
    buckets=(0.0005, *BUCKETS),
)
OUTAGES = Counter(
    "invest_shanxi_database_refusals", "Connections that a database did not give.", ["database"]
)
PAGES = Counter(
    "invest_shanxi_pages",
    "Public pages: from the cache, renewed (304), by a view, or late: from the cache, without the database.",
    ["from"],
)
REPORTS = Counter("invest_shanxi_error_reports", "Reports of errors, by what became of them.", ["outcome"])


def count_request(view, method, status, seconds):
    """Count an answer: the name of its view, its method and status, and how long it took in seconds."""
    view = view or "none"
    method = method if method in METHODS else "other"
    REQUESTS.labels(view, method, f"{status // 100}xx").inc()
    REQUEST_SECONDS.labels(view).observe(seconds)


def exposition(collector):
    """(content type, bytes) of all metrics, and those of a collector, in the text format of Prometheus."""
    registry = REGISTRY
    if DIRECTORY in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    gauges = CollectorRegistry()
    gauges.register(collector)
    text = generate_latest(registry) + generate_latest(gauges)
    return "text/plain; version=0.0.4; charset=utf-8", text
