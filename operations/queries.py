"""What every question to the database passes: it is timed, counted for its request, and named if slow."""

import logging
import re
import time

from django.conf import settings

from operations import metrics, tracing

logger = logging.getLogger(__name__)

LONGEST_SQL = 1000
# The columns of a row, which say nothing and would leave no room for the rest.
COLUMNS = re.compile(r"(SELECT (?:DISTINCT )?)(?:(?!\bFROM\b).){120,}?( FROM )")


def watch(connection):
    """Have all queries of a new connection timed, in requests and commands alike."""
    connection.execute_wrappers.append(_Watch(connection.alias))


class _Watch:
    """A wrapper of `execute`, as Django calls it."""

    def __init__(self, alias):
        self.alias = alias

    def __call__(self, execute, sql, params, many, context):
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.note(sql, time.perf_counter() - started)

    def note(self, sql, seconds):
        metrics.QUERIES.labels(self.alias).observe(seconds)
        if trace := tracing.current():
            trace.queries += 1
            trace.query_seconds += seconds
        if seconds > settings.SLOW_QUERY_SECONDS:
            # With its placeholders: values may be anybody's.
            words = COLUMNS.sub(r"\1[...]\2", " ".join(str(sql).split()))[:LONGEST_SQL]
            fields = {"seconds": round(seconds, 3), "database": self.alias}
            logger.warning("Slow query: %s", words, extra={"fields": fields})
