"""Tells somebody of errors: by mail (ERROR_MAIL_TO), by a call of a webhook (ERROR_WEBHOOK_URL), or both.

A report says what the log says, and is as free of secrets and of personal data. It is sent by a thread of its
own: no request waits for it, and none fails because it could not be sent.
"""

import json
import logging
import queue
import socket
import threading
import time
import urllib.request
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import caches
from django.core.mail import EmailMessage

from operations import logs, metrics

logger = logging.getLogger(__name__)

# Reports that wait to be sent. What comes when so many wait is counted, and is in the log in any case.
WAITING = 50
# Seconds for one attempt to send.
PATIENCE = 10
# Seconds that a process which ends gives to what still waits.
LAST_PATIENCE = 5
# What anybody can bring about at will by a strange request: it is in the log, and no reason to be called.
IGNORED = ("django.security", __name__)
# Different errors are remembered so long as there are no more than these.
MOST_KINDS = 1000


class ErrorReports(logging.Handler):
    """A handler of logging that reports lines of level ERROR, each kind once in ERROR_REPORT_SECONDS."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.waiting = queue.Queue(WAITING)
        self.thread = None
        self.told = {}
        self.guard = threading.Lock()

    def emit(self, record):
        try:
            if record.name.startswith(IGNORED):
                return
            before = self.unsaid_before(kind_of(record))
            if before is None:
                metrics.REPORTS.labels("repeated").inc()
                return
            self.waiting.put_nowait(report_of(record, before))
            self.start()
        except queue.Full:
            metrics.REPORTS.labels("dropped").inc()
        except Exception:
            self.handleError(record)

    def unsaid_before(self, kind):
        """How many errors of a kind were not reported since the last that was; None if this is not to be.

        Processes that share a cache share this; without it each counts for itself.
        """
        with self.guard:
            now = time.monotonic()
            said_at, unsaid = self.told.get(kind, (float("-inf"), 0))
            is_due = now - said_at >= settings.ERROR_REPORT_SECONDS
            key = f"operations.reports.{kind}"
            if is_due and caches["default"].add(key, 1, settings.ERROR_REPORT_SECONDS):
                if len(self.told) >= MOST_KINDS:
                    self.told.clear()
                self.told[kind] = (now, 0)
                return unsaid
            self.told[kind] = (now if is_due else said_at, unsaid + 1)
            return None

    def start(self):
        """Have a thread that sends: one for each process, made when it is first needed."""
        with self.guard:
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self.run, name="error reports", daemon=True)
                self.thread.start()

    def run(self):
        while True:
            report = self.waiting.get()
            try:
                send(report)
            finally:
                self.waiting.task_done()

    def flush(self):
        """Give what waits a few seconds to be sent: logging asks for it when the process ends."""
        deadline = time.monotonic() + LAST_PATIENCE
        while self.waiting.unfinished_tasks and self.thread and time.monotonic() < deadline:
            time.sleep(0.02)


def kind_of(record):
    """What makes two errors the same, fit for the key of a cache: where they come from, not what they say."""
    if not record.exc_info or not record.exc_info[0]:
        return f"{record.name}:{record.lineno}:{record.levelno}"
    kind, _error, trace = record.exc_info
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""
    return f"{kind.__name__}:{place}".replace("<", "").replace(">", "")


def report_of(record, before):
    """What is sent of a line: {name: value}; `before` is how many of its kind were not reported."""
    exception = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
    return {
        "site": settings.SITE_URL or socket.gethostname(),
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
        "level": record.levelname,
        "logger": record.name,
        "message": logs.scrubbed(record.getMessage()),
        **logs.described(record),
        "repeated": before,
        "exception": logs.scrubbed(exception),
    }


def send(report):
    """Send a report by every way that is set; a way that fails is in the log, and fails nobody."""
    for is_set, way in ((settings.ERROR_MAIL_TO, by_mail), (settings.ERROR_WEBHOOK_URL, by_webhook)):
        if not is_set:
            continue
        try:
            way(report)
        except Exception as error:
            metrics.REPORTS.labels("failed").inc()
            logger.warning("A report could not be sent %s: %s", way.__name__.replace("_", " "), error)
        else:
            metrics.REPORTS.labels("sent").inc()


def by_mail(report):
    subject = f"[{urlsplit(report['site']).netloc or report['site']}] {report['message']}"
    EmailMessage(
        " ".join(subject.split())[:150],
        as_text(report),
        settings.ERROR_MAIL_FROM,
        settings.ERROR_MAIL_TO,
        # Programs that answer mail by themselves leave such alone (RFC 3834).
        headers={"Auto-Submitted": "auto-generated"},
    ).send()


def by_webhook(report):
    """POST the report as JSON; `text` is all of it in words, which is what chat programs show."""
    request = urllib.request.Request(  # noqa: S310  the settings allow http and https alone
        settings.ERROR_WEBHOOK_URL,
        json.dumps({"text": as_text(report), **report}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
        answer.read(1)


def as_text(report):
    """A report in lines, with the exception at its end."""
    lines = [f"{name}: {value}" for name, value in report.items() if name != "exception"]
    return "\n".join([*lines, "", report["exception"]]).strip() + "\n"
