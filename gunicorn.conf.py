"""How gunicorn serves the site. It reads this file by itself when started beside it."""

import os
import signal
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError, validate

env = Env()

wsgi_app = "shanxi_portal.wsgi"

# Refuse wrong settings once and in one line, before every worker fails on them again and again.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanxi_portal.settings")
try:
    settings.PRODUCTION  # noqa: B018  reading any of them reads all
    bind = env.str("BIND", "127.0.0.1:8000", validate=validate.Length(min=1))
    workers = env.int("WEB_CONCURRENCY", 2, validate=validate.Range(min=1))
except (EnvError, ImproperlyConfigured) as refusal:
    sys.exit(f"Refused: {refusal}")

# Threads, so that a slow reader or a kept-alive connection does not hold a whole worker.
worker_class = "gthread"
threads = 4

timeout = 30
# After SIGTERM, requests under way have this long to end.
graceful_timeout = 20
# Workers are renewed now and then, and not all at once: whatever they leak stays small.
max_requests = 2000
max_requests_jitter = 200

# The most that gunicorn can allow. The site itself answers 414 to a long query, with a page.
limit_request_line = 8190

accesslog = "-"
access_log_format = '%(h)s %(t)s "%(r)s" %(s)s %(b)s %(M)sms'

# A second way in to steer the server, that nobody here uses.
control_socket_disable = True


def when_ready(server):
    """Stop with the terminal of whoever started this; gunicorn would reload and live on unseen."""
    if sys.stdin.isatty():
        signal.signal(signal.SIGHUP, lambda *_: server.signal(signal.SIGTERM, None))


def post_worker_init(worker):
    """Leave Ctrl-C to the master, which then stops each worker.

    A terminal sends it to all of them, and a worker that is told twice at the same moment may wait for itself
    until it is killed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
