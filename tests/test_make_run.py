"""`make run` in a fresh copy of this checkout, as somebody who has just cloned it meets it.

The first run installs what the site stands on and so may ask the network; pip's own cache spares that.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.parse
import urllib.request

import pytest
from django.conf import settings

from tests.serving import PATIENCE, free_port, group_is_alive, wait_until_it_answers

pytestmark = pytest.mark.slow

INSTALLING = 300
# What `make test` and pytest hand down, and a person's terminal has not.
INHERITED = re.compile(r"MAKE|MFLAGS|DJANGO_|DATABASE_URL|STATIC_MANIFEST|PYTEST|VIRTUAL_ENV")
OFFLINE = re.compile(r"NewConnectionError|ConnectTimeout|No matching distribution|Temporary failure in name")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of all that git would keep, committed or not."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("This is no git checkout, so what belongs to it cannot be told.")
    copy = tmp_path_factory.mktemp("checkout")
    for name in filter(None, listed.stdout.split("\0")):
        source = settings.BASE_DIR / name
        if source.is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy / name)
    return copy


class Run:
    """One `make run`; ended with Ctrl-C, which a terminal sends to the whole group of processes."""

    def __init__(self, checkout, name):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = checkout.parent / f"{checkout.name}-{name}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                ["make", "run", f"PORT={self.port}", f"PYTHON={sys.executable}"],
                cwd=checkout,
                # What is never imported need not be compiled.
                env={name: value for name, value in os.environ.items() if not INHERITED.match(name)}
                | {"PIP_NO_COMPILE": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            wait_until_it_answers(f"{self.url}/healthz", self.process, self.log, patience=INSTALLING)
        except BaseException:
            self.kill()
            if OFFLINE.search(self.said):
                pytest.skip("The packages are neither in pip's cache nor to be had over the network.")
            raise

    @property
    def said(self):
        return self.log.read_text()

    def read(self, path):
        with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as response:  # noqa: S310
            return response.read().decode()

    def interrupt(self):
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=PATIENCE)

    def kill(self):
        if group_is_alive(self.process):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope="module")
def first(checkout):
    run = Run(checkout, "first")
    yield run
    run.kill()


@pytest.fixture
def second(checkout, first):
    first.kill()
    # Had the second run any use for pip, it would fail here.
    (checkout / ".venv/bin/pip").write_text("#!/bin/sh\nexit 1\n")
    run = Run(checkout, "second")
    yield run
    run.kill()


def test_the_first_run_serves_the_data_and_says_what_comes_next(first):
    assert "70 zones" in first.read("/en/zones/")
    assert "投资山西" in first.read("/zh-hans/")
    for line in (f"{first.url}/", f"{first.url}/admin/", "Ctrl-C"):
        assert line in first.said
    assert len(re.findall(r"^ +password +\S{12,}$", first.said, re.M)) == 1
    assert "Traceback" not in first.said
    assert re.search(r"^Data: [1-9]\d* new, 0 changed, 0 unchanged\.$", first.said, re.M)


def test_the_printed_password_opens_the_administration(first):
    password = re.search(r"^ +password +(\S+)$", first.said, re.M)[1]
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = opener.open(f"{first.url}/admin/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    data = {"username": "admin", "password": password, "csrfmiddlewaretoken": token, "next": "/admin/"}

    answer = opener.open(f"{first.url}/admin/login/", urllib.parse.urlencode(data).encode())

    assert answer.url == f"{first.url}/admin/"
    assert "Log out" in answer.read().decode()


def test_ctrl_c_ends_the_run_and_leaves_no_process(first):
    status = first.interrupt()

    assert status in (0, 2, 130, -signal.SIGINT)
    assert not group_is_alive(first.process)
    assert "Traceback" not in first.said
    assert "Error" not in first.said


def test_the_second_run_installs_nothing_and_keeps_the_password_to_itself(second):
    assert "70 zones" in second.read("/en/zones/")
    assert f"{second.url}/admin/" in second.said
    assert "Making .venv" not in second.said
    assert "password" not in second.said
    assert re.search(r"^Data: 0 new, 0 changed, [1-9]\d* unchanged\.$", second.said, re.M)
    second.interrupt()
    assert not group_is_alive(second.process)


def test_a_busy_port_is_named_before_any_work(checkout):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        done = subprocess.run(
            ["make", "--silent", "run", f"PORT={port}"], cwd=checkout, capture_output=True, text=True
        )

    assert done.returncode != 0
    assert done.stderr.startswith(f"Port {port} is busy or cannot be used.")
    assert done.stdout == ""
