"""What operators see: health, metrics, slow queries, and who is told of errors."""

import re

from environs import validate

from .reading import env, read, read_list, refuse_unless

# --- Health and metrics -------------------------------------------------------------------------------------

# Where /metrics is, and /readyz with its reasons: an address of the machine that the public cannot reach.
METRICS_BIND = read(
    env.str,
    "METRICS_BIND",
    "",
    validate=validate.Regexp(
        re.compile(r"(([\w.-]+|\[[0-9A-Fa-f:]+\]):[0-9]{1,5})?\Z"),
        error="Not a host and a port such as 127.0.0.1:9100.",
    ),
)
METRICS_PORT = int(METRICS_BIND.rpartition(":")[2] or 0)
refuse_unless(
    not METRICS_BIND or 0 < METRICS_PORT < 65536, "METRICS_BIND must end in a port from 1 to 65535."
)

# Megabytes that must be free at the database and for temporary files; with fewer the site is not ready.
DISK_FREE_MB = read(env.int, "DISK_FREE_MB", 200, validate=validate.Range(min=0))
# A probe has its answer within so many seconds.
READY_SECONDS = 3
# Seconds for which a database that did not answer is not asked again.
DATABASE_MEMORY = 2

# What stands above, or beside, the app that asks it: which edition runs, and how many signed in.
SOFTWARE_EDITION = "shanxi_portal.entity_tags.edition"
SIGN_IN_COUNTS = "desk.accounts.record.lately"

# --- What takes long ----------------------------------------------------------------------------------------

# A query, and an answer as a whole, are named in the log when they take longer.
DURATION = validate.Range(min=0, max=3600)
SLOW_QUERY_SECONDS = read(env.float, "SLOW_QUERY_SECONDS", 1, validate=DURATION)
SLOW_REQUEST_SECONDS = read(env.float, "SLOW_REQUEST_SECONDS", 5, validate=DURATION)

# --- Errors -------------------------------------------------------------------------------------------------

MAIL = re.compile(r"[^@\s,]+@[^@\s,]+\Z")

ERROR_MAIL_TO = read_list("ERROR_MAIL_TO", [])
refuse_unless(
    all(MAIL.match(address) for address in ERROR_MAIL_TO),
    "ERROR_MAIL_TO must hold addresses such as operators@invest.example.",
)
ERROR_MAIL_FROM = read(
    env.str,
    "ERROR_MAIL_FROM",
    "invest-shanxi@localhost",
    validate=validate.Regexp(MAIL, error="Not an address such as site@invest.example."),
)
ERROR_WEBHOOK_URL = read(
    env.str,
    "ERROR_WEBHOOK_URL",
    "",
    validate=validate.Regexp(
        re.compile(r"(https?://[^/\s]+\S*)?\Z"), error="Not an address such as https://chat.example/hook."
    ),
)
# Each kind of error is reported once within so many seconds.
ERROR_REPORT_SECONDS = 10 * 60

SMTP = "django.core.mail.backends.smtp.EmailBackend"
EMAIL = read(env.dj_email_url, "EMAIL_URL", "smtp://localhost:25")
refuse_unless(
    EMAIL.get("EMAIL_BACKEND") == SMTP,
    "EMAIL_URL must be smtp://<host>:<port> or submission://<user>:<password>@<host>:<port>.",
)
EMAIL_BACKEND = SMTP
EMAIL_HOST, EMAIL_PORT = EMAIL["EMAIL_HOST"], EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_USER"] or "", EMAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL["EMAIL_USE_TLS"], EMAIL["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = EMAIL["EMAIL_TIMEOUT"] or 10
