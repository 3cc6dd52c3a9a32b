"""Reports of errors, by real mail and a real webhook: each kind once, nothing secret, nobody waits."""

import email.policy
import http.server
import json
import logging
import socketserver
import threading
from queue import Queue

import pytest
from django.core.cache import caches
from django.test import override_settings

from operations import logs, reports, tracing
from operations.reports import ErrorReports
from tests.serving import PATIENCE, free_port

SECRET = "a-key-of-fifty-characters-0123456789-0123456789-01"


class Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as it takes to receive one message."""

    def handle(self):
        self.say("220 here")
        while line := self.rfile.readline():
            match line[:4].upper():
                case b"EHLO" | b"HELO" | b"MAIL" | b"RCPT" | b"RSET" | b"NOOP":
                    self.say("250 yes")
                case b"DATA":
                    self.say("354 go on")
                    message = b"".join(iter(self.rfile.readline, b".\r\n"))
                    self.server.received.put(email.message_from_bytes(message, policy=email.policy.default))
                    self.say("250 taken")
                case b"QUIT":
                    return self.say("221 bye")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


class Hook(http.server.BaseHTTPRequestHandler):
    """Takes JSON, once it is let."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.may_answer.wait(PATIENCE)
        self.server.received.put(json.loads(body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments):
        pass


class ThreadingServer(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True


@pytest.fixture
def sink(request):
    """A server of this test's own, with all that it has received."""
    with ThreadingServer(("127.0.0.1", 0), request.param) as server:
        server.received, server.may_answer = Queue(), threading.Event()
        server.may_answer.set()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def logger():
    """A log whose errors are reported by a handler of this test's own."""
    caches["default"].clear()
    logs.secrets.cache_clear()
    logger = logging.getLogger("tests.reports")
    handler = ErrorReports()
    logger.addHandler(handler)
    logger.reports = handler
    yield logger
    logger.removeHandler(handler)
    logs.secrets.cache_clear()


def by_mail(sink):
    return override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=sink.server_address[1],
        ERROR_MAIL_TO=["operators@invest.example"],
        ERROR_MAIL_FROM="site@invest.example",
        SITE_URL="https://invest.example",
        SECRET_KEY=SECRET,
    )


def by_webhook(sink):
    address = f"http://127.0.0.1:{sink.server_address[1]}/hook/{SECRET}"
    return override_settings(ERROR_WEBHOOK_URL=address, SITE_URL="https://invest.example")


def fail(logger, what):
    try:
        raise ValueError(what)
    except ValueError:
        logger.exception("It failed: %s", what)


@pytest.mark.parametrize("sink", [Mail], indirect=True)
def test_mail_says_what_failed_where_and_for_which_request(sink, logger):
    with by_mail(sink):
        trace = tracing.begin("id-of-this-request")
        trace.view = "zones:list"
        fail(logger, f"{SECRET}, somebody@elsewhere.example, /en/search/?q=typed, postgres://u:pass@host/x")
        message = sink.received.get(timeout=PATIENCE)
    text = message.get_content().replace("\r\n", "\n")
    assert message["To"] == "operators@invest.example"
    assert message["From"] == "site@invest.example"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"].startswith("[invest.example] It failed: [secret], [...]")
    assert "request_id: id-of-this-request\nview: zones:list\n" in text
    assert (
        "raise ValueError(what)\nValueError: [secret], [...]@[...], /en/search/?[...] postgres://[...]@host/x"
        in text
    )
    assert [word for word in (SECRET, "somebody", "typed", "u:pass") if word in str(message)] == []


@pytest.mark.parametrize("sink", [Hook], indirect=True)
def test_a_webhook_gets_each_kind_once_and_later_how_many_there_were(sink, logger):
    with by_webhook(sink), override_settings(ERROR_REPORT_SECONDS=600):
        for number in range(5):
            fail(logger, f"number {number}")
        logger.error("Something else.")
        first, other = (sink.received.get(timeout=PATIENCE) for _ in range(2))
        logger.reports.told = {
            kind: (float("-inf"), unsaid) for kind, (_at, unsaid) in logger.reports.told.items()
        }
        caches["default"].clear()
        fail(logger, "much later")
        later = sink.received.get(timeout=PATIENCE)
    assert sink.received.empty()
    said = [(report["message"], report["repeated"]) for report in (first, other, later)]
    assert said == [("It failed: number 0", 0), ("Something else.", 0), ("It failed: much later", 4)]
    assert first["text"].startswith("site: https://invest.example\n")
    assert first["exception"].endswith("ValueError: number 0")


@pytest.mark.parametrize("sink", [Hook], indirect=True)
def test_what_anybody_can_bring_about_is_not_reported(sink, logger):
    strange = logging.getLogger("django.security.DisallowedHost")
    strange.addHandler(logger.reports)
    try:
        with by_webhook(sink):
            strange.error("Invalid HTTP_HOST header")
            logger.error("A fault of ours.")
            assert sink.received.get(timeout=PATIENCE)["message"] == "A fault of ours."
    finally:
        strange.removeHandler(logger.reports)


@pytest.mark.parametrize("sink", [Hook], indirect=True)
def test_nobody_waits_for_a_webhook_and_what_is_too_much_is_left_out(sink, logger):
    sink.may_answer.clear()
    with by_webhook(sink):
        for number in range(reports.WAITING + 20):
            # Another line of the code is another kind.
            exec(compile("\n" * number + "logger.error('line')", "made up", "exec"), {"logger": logger})  # noqa: S102
        assert sink.received.empty()
        sink.may_answer.set()
        logger.reports.flush()
        # One was being sent already, or not yet, when the others had to wait.
        assert sink.received.qsize() in (reports.WAITING, reports.WAITING + 1)


def test_what_cannot_be_sent_fails_nobody_and_is_in_the_log(logger, caplog):
    address = f"http://127.0.0.1:{free_port()}/hook/{SECRET}"
    with override_settings(ERROR_WEBHOOK_URL=address):
        fail(logger, "once")
        logger.reports.flush()
    assert "A report could not be sent by webhook" in caplog.text
    assert SECRET not in caplog.text
