"""Two readers: one who asks for one page after another, and many at once."""

import contextlib
import http.client
import selectors
import socket
import time

from benchmarks.timing import Times

# Seconds for one page; who waits longer has left.
PATIENCE = 120
GZIP = {"Accept-Encoding": "gzip"}


class Reader:
    """Asks over one connection that is kept; redirects are not followed."""

    def __init__(self, port):
        self.port = port
        self.connection = None

    def get(self, path, **headers):
        """(status, headers, body) of one page."""
        named = GZIP | {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            return self._get(path, named)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # A server may end a connection that nobody used for a while.
            return self._get(path, named)

    def _get(self, path, headers):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            self.connection.request("GET", path, headers=headers)
            response = self.connection.getresponse()
            return response.status, response.headers, response.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = None
            raise

    def time(self, paths, patience):
        """Times of pages, one after another; each has to be answered with 200."""
        times, end = Times(), time.monotonic() + patience
        for path in paths:
            if time.monotonic() > end:
                times.cut_short = True
                break
            status, _headers, _body = times.add(self.get, path)
            if status != 200:
                raise RuntimeError(f"{path}: {status}")
        return times


class Crowd:
    """Several readers at once, each over a connection of its own, who ask again once they are answered."""

    def __init__(self, port, size=16):
        self.port, self.size = port, size

    def ask(self, path, seconds, status=200, **headers):
        """Requests a second, for one page asked for again and again; any other status is an error."""
        named = {name.replace("_", "-"): value for name, value in (GZIP | headers).items()}
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            *(f"{name}: {value}" for name, value in named.items()),
        ]
        request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        wanted, answered = f"HTTP/1.1 {status} ".encode(), 0
        with selectors.DefaultSelector() as selector, contextlib.ExitStack() as stack:
            for _ in range(self.size):
                self._open(selector, stack, request)
            begun = time.monotonic()
            while time.monotonic() < begun + seconds:
                for key, _events in selector.select(timeout=1):
                    received = self._receive(key.fileobj, key.data)
                    if received is None:
                        selector.unregister(key.fileobj)
                        self._open(selector, stack, request)
                    elif received:
                        if not received.startswith(wanted):
                            raise RuntimeError(f"{path}: {received[:40]!r}")
                        answered += 1
                        key.fileobj.sendall(request)
            return answered / (time.monotonic() - begun)

    def _open(self, selector, stack, request):
        connection = stack.enter_context(socket.create_connection(("127.0.0.1", self.port), timeout=30))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(connection, selectors.EVENT_READ, bytearray())
        connection.sendall(request)

    @staticmethod
    def _receive(connection, held):
        """A whole answer once it is there; empty before that, None when the connection has ended."""
        with contextlib.suppress(ConnectionResetError):
            if part := connection.recv(1 << 18):
                held += part
                head = held.find(b"\r\n\r\n")
                if head < 0 or len(held) < head + 4 + _length(held[:head]):
                    return b""
                whole = bytes(held)
                held.clear()
                return whole
        return None


def _length(head):
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
