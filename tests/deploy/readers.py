"""Readers by HTTPS, beside the nginx of a machine: a program of its own, to be run where its ports are.

python readers.py get /en/ sessionid=a    one page: status, headers and body as JSON
python readers.py ask                     one after another until a line comes in; what became of it as JSON
"""

import contextlib
import http.client
import json
import socket
import ssl
import sys
import threading
import time

HOST = "invest.example"


def get(path, cookie=""):
    """(status, headers, body) of a page by HTTPS, from nginx on this machine."""
    context = ssl._create_unverified_context()  # noqa: S323  it is signed by nobody
    plain = socket.create_connection(("127.0.0.1", 443), timeout=60)
    connection = http.client.HTTPConnection(HOST)
    connection.sock = context.wrap_socket(plain, server_hostname=HOST)
    with contextlib.closing(connection):
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), answer.read()


def ask():
    """Ask for kept pages and for such as the site itself makes, until a line comes; tell what came of it."""
    enough = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), enough.set()), daemon=True).start()
    told = {"answers": 0, "failures": [], "longest": 0}
    while not enough.is_set():
        # With a cookie of a session nginx keeps nothing, so each of these is answered by a worker.
        for path, cookie in (("/en/zones/", "sessionid=none"), ("/zh-hans/", ""), ("/admin/login/", "")):
            started = time.monotonic()
            try:
                status = get(path, cookie)[0]
            except (OSError, http.client.HTTPException) as error:
                status = repr(error)
            told["longest"] = max(told["longest"], time.monotonic() - started)
            told["answers"] += 1
            if status != 200:
                told["failures"].append([path, status])
            time.sleep(0.05)
    print(json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    if sys.argv[1] == "ask":
        ask()
    else:
        status, headers, body = get(*sys.argv[2:])
        print(json.dumps([status, headers, body.hex()]))  # noqa: T201
