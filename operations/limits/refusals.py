"""How a refused request is written to the log: one line, and no alarm."""

import logging

# What any stranger can bring about. Django logs each as an error, with its traceback.
REFUSALS = (
    "DisallowedHost",
    "RequestDataTooBig",
    "SuspiciousMultipartForm",
    "TooManyFieldsSent",
    "TooManyFilesSent",
)


class OneLine(logging.Filter):
    """Leave the traceback out of a warning: what was wrong with the request stands in its line."""

    def filter(self, record):
        if record.levelno < logging.ERROR:
            record.exc_info = record.exc_text = None
        return True


class AsWarning(logging.Filter):
    """Turn an error into a warning of one line; it belongs on the loggers of `REFUSALS`."""

    def filter(self, record):
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.exc_info = record.exc_text = None
        return True
