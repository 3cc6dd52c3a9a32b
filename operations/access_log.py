"""The log of gunicorn, written as all others are: a line for each request, and none for who sent it."""

import sys

from gunicorn import glogging

from operations import logs, tracing

LONGEST_PATH = 200


class AccessLogger(glogging.Logger):
    """gunicorn's, with our lines. A request is told by id, view, method, path, status, bytes, ms and queries.

    Its query, its address, its headers and its cookies are not: they say who reads what.
    """

    def setup(self, cfg):
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(logs.formatter())

    def access(self, resp, req, environ, request_time):
        """gunicorn calls it when an answer has been sent, in the thread that has made it."""
        tracing.end()
        if self.access_log_enabled:
            fields = request_fields(resp, environ, request_time)
            self.access_log.info("request", extra={"fields": fields})

    def warning(self, msg, *args, **kwargs):
        """Of a request that cannot be read it says only how: what it held may be anything."""
        refusal = sys.exc_info()[0]
        if refusal is not None and str(msg).startswith("Invalid request from ip="):
            msg = f"Invalid request: {refusal.__name__}"
        super().warning(msg, *args, **kwargs)


def request_fields(resp, environ, request_time):
    """What the line of a request says: {name: value}; `ms` are milliseconds, those of the database too."""
    trace = environ.get(tracing.ENVIRONMENT_KEY)
    path, _mark, _query = environ.get("RAW_URI", "").partition("?")
    fields = {
        "method": environ.get("REQUEST_METHOD", "-"),
        # The form that names a host may name a password with it. `ascii` writes no end of a line.
        "path": ascii(path[:LONGEST_PATH])[1:-1] if path.startswith("/") else "-",
        "status": int(str(resp.status).split(" ", 1)[0]),
        "bytes": getattr(resp, "sent", None) or 0,
        "ms": round(request_time.total_seconds() * 1000),
        "queries": trace.queries if trace else 0,
        "query_ms": round(trace.query_seconds * 1000) if trace else 0,
    }
    # What gunicorn itself refuses has neither.
    return fields | {"request_id": trace.id if trace else "-", "view": trace.view if trace else ""}
