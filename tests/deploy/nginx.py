"""The nginx of this machine with deploy/nginx/, put up as the document says, on ports and paths of a test."""

import http.client
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time

from django.conf import settings

from tests.serving import PATIENCE, free_port

MISSING = "There is no nginx here. Install one: nginx-light"
HOST = "invest.example"
DEPLOY = settings.BASE_DIR / "deploy/nginx"
# A file that only the release before had.
OLD_FILE = "css/old.0123456789ab.css"


def laid_out(directory, static):
    """/srv/invest-shanxi as the document lays it out, with the files of two releases."""
    for release in ("current", "previous"):
        (directory / release).mkdir()
    (directory / "current/deploy").symlink_to(settings.BASE_DIR / "deploy")
    (directory / "current/staticfiles").symlink_to(static)
    (directory / "previous/staticfiles/css").mkdir(parents=True)
    (directory / "previous/staticfiles" / OLD_FILE).write_text("/* of the release before */")
    return directory


def find_nginx():
    """The program, or None; Debian keeps it where only root looks."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def certificate(directory):
    """(certificate, key): signed by itself, for the host of the configuration, made as the document does."""
    names = [str(directory / name) for name in ("certificate.pem", "key.pem")]
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
            ),
            *("-nodes", "-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"),
            *("-out", names[0], "-keyout", names[1]),
        ],
        check=True,
        capture_output=True,
    )
    return names


class Nginx:
    """One nginx in front of `upstream` (host:port), with the files of `site`; as a context it is stopped."""

    def __init__(self, directory, upstream, site):
        self.directory = directory
        self.http, self.https = free_port(), free_port()
        self.certificate, key = certificate(directory)
        self.log, self.access_log = directory / "error.log", directory / "invest-shanxi.log"
        text = (DEPLOY / "invest-shanxi.conf").read_text(encoding="utf-8")
        changes = {
            "unix:/run/invest-shanxi.sock": upstream,
            "/srv/invest-shanxi": str(site),
            "/var/lib/nginx": str(directory),
            "/var/log/nginx": str(directory),
            "/etc/ssl/invest-shanxi/fullchain.pem": self.certificate,
            "/etc/ssl/invest-shanxi/privkey.pem": key,
            "listen 80": f"listen 127.0.0.1:{self.http}",
            "listen 443": f"listen 127.0.0.1:{self.https}",
            # A test has less patience for clients that say nothing more.
            "client_header_timeout 10s": "client_header_timeout 5s",
            "keepalive_timeout 30s": "keepalive_timeout 5s",
            "client_body_timeout 10s": "client_body_timeout 5s",
            "client_body_timeout 30s": "client_body_timeout 5s",
        }
        for old, new in changes.items():
            assert old in text, f"{old} is not in the configuration any more."
            text = text.replace(old, new)
        lines = [line for line in text.splitlines() if "listen [::]" not in line]
        (directory / "site.conf").write_text("\n".join(lines), encoding="utf-8")
        temporary = "".join(
            f"{kind}_temp_path {directory}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;" if os.getuid() == 0 else ""
        (directory / "nginx.conf").write_text(
            f"{user}\nworker_processes 1;\npid {directory}/pid;\nerror_log {self.log} info;\n"
            f"events {{}}\nhttp {{\n{temporary}include {mime_types()};\n"
            # From where a test asks, if it says so.
            "set_real_ip_from 127.0.0.1;\nreal_ip_header X-Tested-Address;\n"
            f"include {directory}/site.conf;\n}}\n",
            encoding="utf-8",
        )
        self.process = None

    def __enter__(self):
        command = [find_nginx(), "-c", str(self.directory / "nginx.conf"), "-g", "daemon off;"]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.process.stderr.read()
            try:
                socket.create_connection(("127.0.0.1", self.https), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return self
        raise AssertionError("nginx does not listen.")

    def __exit__(self, *_error):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=PATIENCE)
        self.process.stderr.close()

    def connect(self, name=HOST, protocols=("http/1.1",), version=None):
        """A connection by TLS, asked for under a name."""
        context = ssl.create_default_context(cafile=self.certificate)
        context.check_hostname = name == HOST
        context.set_alpn_protocols(list(protocols))
        if version:
            context.maximum_version = version
        plain = socket.create_connection(("127.0.0.1", self.https), timeout=PATIENCE)
        try:
            return context.wrap_socket(plain, server_hostname=name)
        except BaseException:
            plain.close()
            raise

    def get(self, path, method="GET", body=None, host=HOST, **headers):
        """(status, headers, body) of one request by HTTPS; the address goes out as it is given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.https, timeout=PATIENCE)
        connection.sock = self.connect()
        try:
            headers = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, {"Host": host, **headers})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def send(self, raw, port=None):
        """All that comes back for some bytes: by TLS, or as they are to a port."""
        connection = (
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) if port else self.connect()
        )
        with connection:
            connection.sendall(raw)
            answer = b""
            while part := connection.recv(65536):
                answer += part
            return answer

    def last_logged(self):
        """The last line of the access log, which is written when a request has been answered."""
        deadline = time.monotonic() + PATIENCE
        while not (lines := self.access_log.read_text().splitlines()):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return lines[-1]

    def get_when(self, path, is_it, **headers):
        """The first answer that is as it should be, of as many as it takes."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            answer = self.get(path, **headers)
            if is_it(answer):
                return answer
            time.sleep(0.1)
        raise AssertionError(f"{path}: the last answer was {answer[0]} {answer[1].items()}")


def mime_types():
    """The table of file types that comes with nginx."""
    return "/etc/nginx/mime.types"
