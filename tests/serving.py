"""The site as it runs for readers: gunicorn in processes of its own, with a database and collected files.

`Ground` prepares both once. A `Server` works on a copy of that database, so that what one test writes no
other test reads.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings

from tests.databases import databases_for_tests

PATIENCE = 60
PASSWORD = "a long word for tests only"
UNLIMITED = ("LIMIT_SEARCH", "LIMIT_SUGGESTIONS", "LIMIT_EXPORT", "LIMIT_FACT_SHEETS", "LIMIT_SIGN_IN")

# What the shipped data has none of: staff, a withdrawn zone and a draft.
ROWS = f"""
from django.contrib.auth.models import Group, User
from tests.factories import make_zone
from zones.models import City, Territory

User.objects.create_superuser("root", password="{PASSWORD}")
for name in ("editor", "publisher"):
    user = User.objects.create_user(name, password="{PASSWORD}", is_staff=True)
    user.groups.add(Group.objects.get(name=f"{{name}}s"))
    Territory.objects.create(user=user, province=True)
city = City.objects.get(slug="datong")
make_zone(slug="withdrawn-zone", name_en="Withdrawn zone", name_zh="撤回开发区", city=city, state="withdrawn")
make_zone(slug="draft-zone", name_en="Draft zone", name_zh="草稿开发区", city=city, state="draft")
"""


class Ground:
    """Databases, collected static files, and `manage.py` for both. Servers start from the database “ground”.

    `collect`, `load` and `fill` take seconds each. What another ground has made need not be made again.
    """

    def __init__(self, directory, databases=None, static=None):
        self.directory = Path(directory)
        self.databases = databases or databases_for_tests(self.directory)
        self.static = static or self.directory / "static"

    def collect(self):
        self.manage("collectstatic", "--no-input", "--verbosity=0")
        return self

    def migrate(self, database="ground"):
        self.databases.make(database)
        self.manage("migrate", "--verbosity=0", database=database)
        return self

    def load(self, database="ground"):
        self.manage("load_data", "--no-progress", database=database)
        return self

    def fill(self, rows=ROWS):
        self.manage("shell", "--verbosity=0", "--command", rows)
        return self

    def environment(self, database):
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.served_settings",
            "SERVED_STATIC_ROOT": str(self.static),
            "DATABASE_URL": self.databases.url(database),
            "STATIC_MANIFEST": "true",
            "PRODUCTION": "false",
            "WEB_CONCURRENCY": "2",
            # All tests come from one address.
            **dict.fromkeys(UNLIMITED, "none"),
        }

    def manage(self, *command, database="ground", **variables):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=settings.BASE_DIR,
            env=self.environment(database) | variables,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


class Server:
    """gunicorn on a free port of this machine; as a context it is stopped at the end."""

    def __init__(self, ground, name, **variables):
        self.ground, self.name = ground, name
        ground.databases.copy("ground", name)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = ground.directory / f"{name}.log"
        self.variables = variables
        self.start()

    def start(self):
        """Start it, again too after its end: on the same port, with the database as it is by then."""
        own = {"BIND": f"127.0.0.1:{self.port}"} | self.variables
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn"],
                cwd=settings.BASE_DIR,
                env=self.ground.environment(self.name) | own,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until_it_answers(f"{self.url}/healthz", self.process, self.log)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.stop()
        self.ground.databases.drop(self.name)

    def stop(self):
        """End it as an operator does; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise

    def get(self, path, **headers):
        """(status, headers, body) of one page; redirects are not followed."""
        return self._send(path, None, headers)

    def post(self, path, form, **headers):
        """The same of a form that is sent, written as in a query string."""
        return self._send(path, form.encode(), headers)

    def _send(self, path, form, headers):
        request = urllib.request.Request(  # noqa: S310  our own server
            self.url + path, form, {name.replace("_", "-"): value for name, value in headers.items()}
        )
        try:
            with urllib.request.build_opener(NoRedirect).open(request, timeout=PATIENCE) as response:
                return response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_it_answers(url, process, log, patience=PATIENCE):
    """Until then a request is refused at once, so asking costs nothing."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310
            if response.status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"{url} did not answer.\n{log.read_text()}")


def group_is_alive(process):
    """Whether any process is left of the group that a process was started to lead."""
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return False
    return True
