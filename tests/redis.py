"""A Redis of the test's own: the program of the machine, on a free port, without a disk, gone at the end."""

import shutil
import socket
import subprocess
import time

from tests.serving import PATIENCE, free_port

MISSING = "There is no Redis here. Install one: redis-server"


def find_redis():
    """The program of the server, or None."""
    return shutil.which("redis-server")


class RedisServer:
    """One server; as a context it is stopped at the end. It can be stopped and started in between."""

    def __init__(self, program, directory):
        self.program, self.directory = program, directory
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process = None

    def start(self):
        options = {
            "port": self.port,
            "bind": "127.0.0.1",
            "save": "",
            "appendonly": "no",
            "dir": self.directory,
        }
        arguments = [str(part) for name, value in options.items() for part in (f"--{name}", value)]
        self.process = subprocess.Popen(
            [self.program, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, "Redis ended at once."
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return self

    def _answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def stop(self):
        self.process.kill()
        self.process.wait(timeout=PATIENCE)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_error):
        self.stop()
