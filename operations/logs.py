"""How a line of the log is written: as JSON or to be read, with the id of its request, and nothing personal.

The log holds no address of a reader, no user name, no cookie and nothing that was typed into a search. Lines
of our own say none of it; what libraries and exceptions add is taken out here, together with every secret of
the settings.
"""

import logging
import re
from datetime import UTC, datetime
from functools import cache

from django.conf import settings
from pythonjsonlogger.json import JsonFormatter as LibraryFormatter

from operations import tracing

# (what is taken out, what stands in its place). Each looks from the beginning of a word on: a long path of a
# stranger, tried from each of its letters, would keep the process busy for a second.
PRIVATE = [
    # The password of an address, and whoever it belongs to.
    (re.compile(r"(?<=://)[^/\s@]+@"), "[...]@"),
    # What was typed into a search stands in the query of an address.
    (re.compile(r"(?<![^\s'\"])([^\s'\"/]*/[^\s?'\"]*)\?[^\s'\"]+"), r"\1?[...]"),
    (re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(\.[\w-]+)+"), "[...]@[...]"),
    # PostgreSQL repeats the row that broke a rule.
    (re.compile(r"(?m)^(DETAIL:).*$"), r"\1 [...]"),
    # A host that is not ours may be anything.
    (re.compile(r"(Invalid HTTP_HOST header:).*"), r"\1 [...]"),
    # gunicorn names the sender of what it cannot read.
    (re.compile(r"\bip=[0-9A-Fa-f:.]+"), "ip=[...]"),
]
HIDDEN = "[secret]"
# A shorter secret would be found in innocent words, and is no secret.
SHORTEST_SECRET = 6


@cache
def secrets():
    """Every value of the settings that nobody may read, longest first."""
    found = {settings.SECRET_KEY, settings.EMAIL_HOST_PASSWORD, settings.ERROR_WEBHOOK_URL}
    found |= {database.get("PASSWORD") for database in settings.DATABASES.values()}
    found = {str(secret) for secret in found if secret and len(str(secret)) >= SHORTEST_SECRET}
    return sorted(found, key=len, reverse=True)


def scrubbed(text):
    """A text without secrets, passwords in addresses, e-mail addresses, queries and rows of the database."""
    for secret in secrets():
        text = text.replace(secret, HIDDEN)
    for pattern, instead in PRIVATE:
        text = pattern.sub(instead, text)
    return text


def described(record):
    """What a line says of its request, and what its writer added as `extra={"fields": {...}}`."""
    trace = tracing.current()
    fields = {}
    if trace is not None:
        fields["request_id"] = trace.id
        if trace.view:
            fields["view"] = trace.view
    return fields | getattr(record, "fields", {})


class JsonFormatter(LibraryFormatter):
    """One JSON object a line: time (UTC), level, logger, message, process, what is known of the request.

    Of what else a record carries nothing is written: Django adds the whole request.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, json_ensure_ascii=False, **kwargs)

    def add_fields(self, log_data, record, message_dict):
        log_data["time"] = datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds")
        log_data["level"] = record.levelname
        log_data["logger"] = record.name
        log_data["message"] = scrubbed(record.message)
        log_data["process"] = record.process
        log_data.update(described(record))
        for name, text in (("exception", "exc_info"), ("stack", "stack_info")):
            if message_dict.get(text):
                log_data[name] = scrubbed(message_dict[text])


class LineFormatter(logging.Formatter):
    """A line to be read in a terminal: time, level, logger, message; then the rest as name=value."""

    def __init__(self):
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def formatMessage(self, record):
        rest = " ".join(f"{name}={value}" for name, value in described(record).items())
        return f"{super().formatMessage(record)} {rest}".rstrip()

    def format(self, record):
        return scrubbed(super().format(record))


FORMATTERS = {"json": JsonFormatter, "line": LineFormatter}


def formatter():
    """The formatter that LOG_FORMAT names."""
    return FORMATTERS[settings.LOG_FORMAT]()
