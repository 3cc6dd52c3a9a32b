"""Where the log goes, and how it is written."""

from .reading import env, read

# One line each, to the console: whoever runs the site collects it from there.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": read(env.log_level, "LOG_LEVEL", "INFO")},
    "loggers": {
        # Django's own handlers would print a line twice, and mail errors to nobody.
        "django": {"handlers": []},
        # It tells each step of each sheet that it prints, at INFO.
        "weasyprint.progress": {"level": "WARNING"},
    },
}
