"""Where the log goes, and how it is written."""

from environs import validate

from operations.limits.refusals import REFUSALS

from .reading import PRODUCTION, env, read
from .watching import ERROR_MAIL_TO, ERROR_WEBHOOK_URL

# One JSON object a line, for programs that collect logs; or a line to be read.
LOG_FORMAT = read(
    env.str, "LOG_FORMAT", "json" if PRODUCTION else "line", validate=validate.OneOf(["json", "line"])
)

# To the console: whoever runs the site collects it from there.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "operations.logs.JsonFormatter"},
        "line": {"()": "operations.logs.LineFormatter"},
    },
    "filters": {
        "as_warning": {"()": "operations.limits.refusals.AsWarning"},
        "one_line": {"()": "operations.limits.refusals.OneLine"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": read(env.log_level, "LOG_LEVEL", "INFO")},
    "loggers": {
        # Django's own handlers would print a line twice, and mail errors to nobody.
        "django": {"handlers": []},
        "django.request": {"filters": ["one_line"]},
        # It tells each step of each sheet that it prints, at INFO.
        "weasyprint.progress": {"level": "WARNING"},
        # A stranger can bring these about: no errors of ours, and no reason to wake anybody.
        **{f"django.security.{name}": {"filters": ["as_warning"]} for name in REFUSALS},
    },
}
if ERROR_MAIL_TO or ERROR_WEBHOOK_URL:
    LOGGING["handlers"]["reports"] = {"()": "operations.reports.ErrorReports"}
    LOGGING["root"]["handlers"].append("reports")
