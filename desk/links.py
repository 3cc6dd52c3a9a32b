"""Asks the web addresses of sources whether they still answer, politely and without being led astray.

Only what readers are given as a link is asked: a source that must not be linked (a copy on an unrelated site)
is left alone. An address in a record, or one that a site redirects to, could lead into our own network. So a
name is looked up once, every address it has must be public, and the connection goes to the very address that
was looked at. See OWASP, Server-Side Request Forgery Prevention.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from django.db.models import F, Q
from django.utils import timezone

from desk.models import LinkCheck
from records.models import Source

Result = LinkCheck.Result

A_NIGHT = 1000  # links
SECONDS_A_NIGHT = 3600
SECONDS_A_HOST = 2  # between two requests to one machine
SECONDS_TO_CONNECT, SECONDS_IN_ALL = 10, 30
REDIRECTS = 5
PORTS = (80, 443)
AGENT = "InvestShanxi-link-check/1.0"
# Refused to us, and perhaps not to a reader: no failure.
NOT_LET_IN = (401, 403, 429, 451)
_MOVED = (301, 302, 303, 307, 308)
# Networks by which an IPv6 address means an IPv4 one that is not looked at.
_TRANSLATED = [
    ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
]


@dataclass(frozen=True)
class Answer:
    """What an address answered: a result, and the HTTP status where there was one."""

    result: str
    status: int | None = None

    @property
    def has_failed(self):
        return self.result not in (Result.FINE, Result.NOT_LET_IN)

    @property
    def may_be_our_own_fault(self):
        """Whether it would look the same if this machine had no way out."""
        return self.result in (Result.NO_ADDRESS, Result.NO_ANSWER, Result.TOO_SLOW)


class Refused(Exception):
    """An address that is not to be asked, or does not answer; holds the `Answer`."""

    def __init__(self, result):
        super().__init__(result)
        self.answer = Answer(result)


def is_public(address):
    """Whether an IP address, as a text, is one of the public web."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 6:
        if ip.ipv4_mapped:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in network for network in _TRANSLATED):
            return False
    return ip.is_global and not ip.is_multicast


def ask(url, *, may_connect=is_public, ports=PORTS):
    """Ask one address, following redirects; gives an `Answer` and never raises for what the other side does.

    `may_connect` says of an IP address whether it may be connected to, `ports` which ports.
    """
    end = time.monotonic() + SECONDS_IN_ALL
    try:
        for _step in range(REDIRECTS + 1):
            status, location = _ask_once(url, may_connect, ports, end)
            if status not in _MOVED or not location:
                return _judge(status)
            url = urljoin(url, location)
        return Answer(Result.REDIRECTS)
    except Refused as refusal:
        return refusal.answer
    except ssl.SSLError:
        return Answer(Result.NOT_SECURE)
    except TimeoutError:
        return Answer(Result.TOO_SLOW)
    except OSError:
        return Answer(Result.NO_ANSWER)
    except (http.client.HTTPException, ValueError):
        return Answer(Result.NOT_UNDERSTOOD)


def _judge(status):
    if status in NOT_LET_IN:
        return Answer(Result.NOT_LET_IN, status)
    return Answer(Result.FINE if 200 <= status < 300 else Result.STATUS, status)


def _ask_once(url, may_connect, ports, end):
    """(status, where it redirects to) of one address. Some servers know no HEAD: then GET, and no more than
    its head is read.
    """
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    if parts.scheme not in ("http", "https") or port not in ports or not parts.hostname or parts.username:
        raise Refused(Result.NOT_PUBLIC)
    host = parts.hostname.encode("idna").decode() if not parts.hostname.isascii() else parts.hostname
    addresses = _look_up(host, port, may_connect)
    for method in ("HEAD", "GET"):
        status, location = _request(method, parts, host, port, addresses, end)
        if status < 400:
            break
    return status, location


def _look_up(host, port, may_connect):
    """The IP addresses to connect to. One that is not public among them is enough to refuse them all."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise Refused(Result.NO_ADDRESS) from None
    addresses = [entry[4][0] for entry in found]
    if not addresses or not all(map(may_connect, addresses)):
        raise Refused(Result.NOT_PUBLIC)
    return list(dict.fromkeys(addresses))


def _connect(addresses, port):
    """A connection to the first of these that takes it: many an address of IPv6 leads nowhere."""
    for address in addresses[:-1]:
        with suppress(OSError):
            return socket.create_connection((address, port), timeout=SECONDS_TO_CONNECT)
    return socket.create_connection((addresses[-1], port), timeout=SECONDS_TO_CONNECT)


def _request(method, parts, host, port, addresses, end):
    target = quote(parts.path or "/", safe="/%:=&~+!$,;'@()*") + (
        f"?{quote(parts.query, safe='/%:=&~+!$,;@()*?[]')}" if parts.query else ""
    )
    headers = {"Host": host if port in PORTS else f"{host}:{port}", "User-Agent": AGENT, "Accept": "*/*"}
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS_TO_CONNECT)
    # Never to be opened anew: that would look the name up once more.
    connection.auto_open = 0
    connection.sock = _connect(addresses, port)
    try:
        with _deadline(connection.sock, end) as is_over:
            try:
                if parts.scheme == "https":
                    context = ssl.create_default_context()
                    connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
                connection.request(method, target, headers=headers)
                response = connection.getresponse()
            except (OSError, http.client.HTTPException):
                if not is_over.is_set():
                    raise
            # A head that was cut off looks like one that has ended.
            if is_over.is_set():
                raise TimeoutError
            return response.status, response.getheader("Location")
    finally:
        connection.close()


@contextmanager
def _deadline(connected, end):
    """Cut the connection when its time is over: a byte now and then would hold us for ever."""
    is_over = threading.Event()

    def cut():
        is_over.set()
        # A copy, as wrapping in TLS takes the socket itself away.
        with suppress(OSError):
            copy.shutdown(socket.SHUT_RDWR)

    copy = connected.dup()
    timer = threading.Timer(max(0, end - time.monotonic()), cut)
    timer.start()
    try:
        yield is_over
    finally:
        timer.cancel()
        timer.join()
        copy.close()


# The night


def due(today):
    """Sources whose links are to be asked: those never asked first, then those asked longest ago."""
    asked_today = Q(link_check__checked_at__date=today) & Q(link_check__url=F("url"))
    sources = Source.objects.filter(link_ok=True).exclude(url="").exclude(asked_today)
    return sources.order_by(F("link_check__checked_at").asc(nulls_first=True), "pk")


def check_links(*, limit=A_NIGHT, seconds=SECONDS_A_NIGHT, pause=SECONDS_A_HOST, **how):
    """Ask the links that are due, in turn by machine; gives ({result: how many}, whether we were offline).

    `how` goes to `ask`. Where at least five machines were asked and none could be reached, the way out is
    probably missing here, and nothing is put down against anybody.
    """
    today, end, last = timezone.localdate(), time.monotonic() + seconds, {}
    answers = {}
    for source in _by_turns(due(today).select_related("link_check")[:limit]):
        host = _machine(source)
        if time.monotonic() > end:
            break
        time.sleep(max(0, last.get(host, -pause) + pause - time.monotonic()) if host in last else 0)
        answers[source] = ask(source.url, **how)
        last[host] = time.monotonic()
    offline = len(last) >= 5 and all(answer.may_be_our_own_fault for answer in answers.values())
    counts = {}
    for source, answer in answers.items():
        counts[answer.result] = counts.get(answer.result, 0) + 1
        if not offline:
            _put_down(source, answer, today)
    return counts, offline


def _by_turns(sources):
    """The first link of every machine, then the second of each, and so on."""
    by_host = {}
    for source in sources:
        by_host.setdefault(_machine(source), []).append(source)
    turns = [
        (turn, place, source)
        for place, rows in enumerate(by_host.values())
        for turn, source in enumerate(rows)
    ]
    return [source for _turn, _place, source in sorted(turns, key=lambda row: row[:2])]


def _machine(source):
    try:
        return urlsplit(source.url).hostname
    except ValueError:
        return None


def _put_down(source, answer, today):
    known = LinkCheck.objects.filter(source=source).first() or LinkCheck(source=source)
    if known.url != source.url:
        known.url, known.failures, known.failed_on = source.url, 0, None
    if not answer.has_failed:
        known.failures, known.failed_on = 0, None
    elif known.failed_on != today:
        known.failures, known.failed_on = known.failures + 1, today
    known.checked_at, known.result, known.status = timezone.now(), answer.result, answer.status
    known.save()
