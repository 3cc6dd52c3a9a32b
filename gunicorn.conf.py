"""How gunicorn serves the site. It reads this file by itself when started beside it."""

import contextlib
import fcntl
import os
import shutil
import signal
import sys
import tempfile

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError, validate
from gunicorn.systemd import SD_LISTEN_FDS_START, sd_notify

env = Env()

wsgi_app = "shanxi_portal.wsgi"

# Refuse wrong settings once and in one line, before every worker fails on them again and again.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shanxi_portal.settings")
try:
    settings.PRODUCTION  # noqa: B018  reading any of them reads all
    bind = [env.str("BIND", "127.0.0.1:8000", validate=validate.Length(min=1))]
    workers = env.int("WEB_CONCURRENCY", 2, validate=validate.Range(min=1))
except (EnvError, ImproperlyConfigured) as refusal:
    sys.exit(f"Refused: {refusal}")
if settings.METRICS_BIND:
    # The port alone tells who comes to look after the site: where both have it, all readers would.
    if bind[0].endswith(f":{settings.METRICS_PORT}"):
        sys.exit("Refused: METRICS_BIND must have another port than BIND.")
    bind.append(settings.METRICS_BIND)

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
# A browser sends some twenty headers, and a proxy adds a few. One holds 8,190 bytes at most, cookies as well.
limit_request_fields = 64

# One line for each request, in the form of all others and without a word on who sent it.
accesslog = "-"
logger_class = "operations.access_log.AccessLogger"

# A second way in to steer the server, that nobody here uses.
control_socket_disable = True

# The processes count into files of this directory, so that any of them can tell the numbers of all. It
# belongs to this server alone: one that was started to follow it (SIGUSR2) makes its own.
COUNTS, OWNER = "PROMETHEUS_MULTIPROC_DIR", "METRICS_OWNER"
if settings.METRICS_BIND and os.environ.get(OWNER) != str(os.getpid()):
    os.environ[COUNTS] = tempfile.mkdtemp(prefix="invest-shanxi-metrics-")
    os.environ[OWNER] = str(os.getpid())


def when_ready(server):
    """Stop with the terminal of whoever started this; gunicorn would reload and live on unseen."""
    if sys.stdin.isatty():
        signal.signal(signal.SIGHUP, lambda *_: server.signal(signal.SIGTERM, None))


def pre_fork(server, worker):
    """Give each worker a slot that no other has, and whose counts it takes over."""
    taken = {other.slot for other in server.WORKERS.values()}
    worker.slot = next(slot for slot in range(len(taken) + 1) if slot not in taken)


def post_fork(server, worker):
    """Have a worker count into the files of its slot, before the site is loaded.

    Named after processes, as is usual, the files would become more with every worker that is renewed.
    """
    if settings.METRICS_BIND:
        from prometheus_client import values

        values.ValueClass = values.MultiProcessValue(lambda: worker.slot)


def child_exit(server, worker):
    """Forget what a worker was at when it ended."""
    if settings.METRICS_BIND:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.slot)


def on_exit(server):
    """Remove the counts."""
    if os.environ.get(OWNER) == str(os.getpid()):
        shutil.rmtree(os.environ[COUNTS], ignore_errors=True)


def post_worker_init(worker):
    """Leave Ctrl-C to the master, which then stops each worker.

    A terminal sends it to all of them, and a worker that is told twice at the same moment may wait for itself
    until it is killed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    take_over(worker)


def take_over(worker):
    """End the server that this one was started to follow (SIGUSR2), now that a worker of it has come up.

    systemd is told first which process it has to look after from now on.
    """
    predecessor = os.environ.get("GUNICORN_PID")
    if predecessor:
        successor = os.getppid()
        sd_notify(f"MAINPID={successor}\nREADY=1", worker.log)
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(predecessor), signal.SIGTERM)


def pre_exec(server):
    """Start the successor as this server was started, so that it is of the release that is current by then.

    gunicorn would start it in the folder, and with the interpreter, of this one.
    """
    launcher = os.environ.get("LAUNCHER")
    if launcher:
        server.START_CTX = {0: launcher, "args": [launcher, *sys.argv[1:]], "cwd": "/"}
    if server.systemd:
        # It looks for the sockets from number 3 on, and here they have moved since.
        aside = [fcntl.fcntl(listener.fileno(), fcntl.F_DUPFD, 100) for listener in server.LISTENERS]
        for place, socket in enumerate(aside, SD_LISTEN_FDS_START):
            os.dup2(socket, place)
