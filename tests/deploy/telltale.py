"""A server behind nginx that tells what it was asked."""

import contextlib
import json
import socketserver
import threading
from collections import Counter


class Telltale(socketserver.ThreadingTCPServer):
    """Answers each request with its head as JSON; below /cut/ it breaks off in the middle."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Told)
        self.port = self.server_address[1]
        self.asked = Counter()
        threading.Thread(target=self.serve_forever, args=[0.02], daemon=True).start()

    def __exit__(self, *error):
        self.shutdown()
        super().__exit__(*error)


class Told(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline().decode("latin-1").split()
        headers = {}
        while text := self.rfile.readline().decode("latin-1").strip():
            name, _, value = text.partition(": ")
            headers.setdefault(name, []).append(value)
        self.rfile.read(int(headers.get("Content-Length", ["0"])[0]))
        self.server.asked[line[1]] += 1
        body = json.dumps({"target": line[1], "headers": headers}).encode()
        head = b"HTTP/1.1 200 OK\r\nCache-Control: public, max-age=300\r\nTransfer-Encoding: chunked\r\n\r\n"
        end = b"" if line[1].startswith("/cut/") else b"0\r\n\r\n"
        with contextlib.suppress(OSError):
            self.wfile.write(head + b"%x\r\n%s\r\n" % (len(body), body) + end)
