"""A server gives way to its successor as `systemctl reload` makes it, and no reader notices."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings

from tests.serving import PATIENCE

pytestmark = pytest.mark.sqlite

# What systemd does: the socket is number 3, and the process is told that it is meant for it.
AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.argv[2], sys.argv[2:])
"""


def release(directory, name):
    """A release as on a server: a folder with all that the checkout has, and an environment of its own."""
    folder = directory / "releases" / name
    folder.mkdir(parents=True)
    for path in settings.BASE_DIR.iterdir():
        if path.name not in {".venv", "deploy"} and not path.name.startswith(".git"):
            (folder / path.name).symlink_to(path)
    (folder / "deploy").mkdir()
    (folder / "deploy/serve").symlink_to(settings.BASE_DIR / "deploy/serve")
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


class Readers(threading.Thread):
    """Asks for a page again and again, and notes what does not come back as it should."""

    def __init__(self, address):
        super().__init__(daemon=True)
        self.address, self.failures, self.answers, self.enough = address, [], 0, threading.Event()
        self.start()

    def run(self):
        while not self.enough.is_set():
            try:
                assert ask(self.address, "/en/") == 200
                self.answers += 1
                # It shares the machine with what it waits for.
                self.enough.wait(0.01)
            except (OSError, AssertionError, http.client.HTTPException) as error:
                self.failures.append(repr(error))

    def stop(self):
        self.enough.set()
        self.join(timeout=PATIENCE)


def ask(address, path):
    connection = http.client.HTTPConnection("localhost", timeout=PATIENCE)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(address)
    with contextlib.closing(connection):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status


def until(condition, log):
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, log.read_text()[-3000:]
        time.sleep(0.05)
    return found


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def told(notifications):
    """The process that a server names as the main one, out of what it has told systemd by now."""
    with contextlib.suppress(BlockingIOError):
        while message := notifications.recv(4096).decode():
            for line in message.splitlines():
                if line.startswith("MAINPID="):
                    return int(line.removeprefix("MAINPID="))
    return None


def test_a_successor_of_another_release_takes_over_without_a_failed_request(ground, tmp_path):
    first, second = release(tmp_path, "1"), release(tmp_path, "2")
    current, address = tmp_path / "current", str(tmp_path / "site.sock")
    current.symlink_to(first)
    environment = ground.environment("handover") | {
        "ENVIRONMENT_FILE": str(tmp_path / "environment"),
        "NOTIFY_SOCKET": str(tmp_path / "notify.sock"),
        "WEB_CONCURRENCY": "1",
    }
    (tmp_path / "environment").write_text("SITE_URL='https://first.example'\n")
    ground.databases.copy("ground", "handover")
    log = tmp_path / "log"
    with (
        socket.socket(socket.AF_UNIX) as listener,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notifications,
        log.open("w") as output,
    ):
        listener.bind(address)
        listener.listen(100)
        notifications.bind(environment["NOTIFY_SOCKET"])
        notifications.setblocking(False)
        server = subprocess.Popen(
            [sys.executable, "-c", AS_SYSTEMD, str(listener.fileno()), str(current / "deploy/serve")],
            env=environment,
            pass_fds=[listener.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            # Nobody is refused from the first moment on: the socket was there before the server.
            assert ask(address, "/en/") == 200
            assert os.readlink(f"/proc/{server.pid}/cwd") == str(first)
            readers = Readers(address)
            (tmp_path / "next").symlink_to(second)
            (tmp_path / "next").replace(current)
            (tmp_path / "environment").write_text("SITE_URL='https://second.example'\n")

            server.send_signal(signal.SIGUSR2)
            successor = until(lambda: told(notifications), log)
            # As a child of this test it is not told to wait for, as systemd would.
            until(lambda: server.poll() is not None, log)
            before = readers.answers
            until(lambda: readers.answers > before + 5, log)
            readers.stop()

            assert (server.returncode, readers.failures) == (0, [])
            assert os.readlink(f"/proc/{successor}/cwd") == str(second)
            # A third, which cannot start, changes nothing.
            (tmp_path / "environment").write_text("SITE_URL='no address'\n")
            until(lambda: "promoted" in log.read_text(), log)
            os.kill(successor, signal.SIGUSR2)
            until(lambda: "Refused: " in log.read_text(), log)
            assert ask(address, "/en/") == 200
            os.kill(successor, signal.SIGTERM)
            until(lambda: is_gone(successor), log)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
    ground.databases.drop("handover")
