"""Against real servers on this machine: they may be asked because the tests say so, and nobody else does."""

import socket
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from desk import findings, links
from desk.checks import CHECKS
from desk.links import Answer, Result, ask, check_links, is_public
from desk.models import Finding, LinkCheck
from tests.factories import make_source


class Handler(BaseHTTPRequestHandler):
    """/<status> answers with that; /to?<address> redirects; /head-less knows GET only."""

    def do_HEAD(self):
        self.server.asked.append((self.command, self.path, self.headers["Host"]))
        path, _mark, query = self.path.partition("?")
        status = {"/to": 302, "/head-less": 405 if self.command == "HEAD" else 200}.get(path)
        self.send_response(status or int(path.strip("/") or 200))
        if path == "/to":
            self.send_header("Location", query)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.asked = []
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@contextmanager
def talking(*words):
    """A server that sends these bytes to whoever connects, and its port; it reads the question first."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk():
        while True:
            try:
                connected, _address = listener.accept()
            except OSError:
                return
            with connected:
                connected.recv(4096)
                for word in words:
                    try:
                        connected.sendall(word)
                    except OSError:
                        break
                    if stopped.wait(0.05):
                        break

    stopped = threading.Event()
    threading.Thread(target=talk, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        stopped.set()
        listener.close()


def allowed(*ports):
    return {"may_connect": lambda address: address == "127.0.0.1", "ports": ports}


def ask_here(server, path):
    port = server.server_address[1]
    return ask(f"http://127.0.0.1:{port}{path}", **allowed(port))


# One address


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/", Answer(Result.FINE, 200)),
        ("/204", Answer(Result.FINE, 204)),
        ("/head-less", Answer(Result.FINE, 200)),
        ("/403", Answer(Result.NOT_LET_IN, 403)),
        ("/404", Answer(Result.STATUS, 404)),
        ("/500", Answer(Result.STATUS, 500)),
        ("/to?/200", Answer(Result.FINE, 200)),
        ("/to?/to?/to?/404", Answer(Result.STATUS, 404)),
        ("/to?/to", Answer(Result.STATUS, 302)),
    ],
)
def test_what_an_address_answers(server, path, answer):
    assert ask_here(server, path) == answer


def test_a_head_is_enough_where_it_is_understood(server):
    ask_here(server, "/页?q=山 西")
    host = f"127.0.0.1:{server.server_address[1]}"
    assert server.asked[0] == ("HEAD", "/%E9%A1%B5?q=%E5%B1%B1%20%E8%A5%BF", host)
    del server.asked[:]
    ask_here(server, "/200")
    assert server.asked == [("HEAD", "/200", host)]


def test_redirects_without_end_are_given_up(server):
    server.RequestHandlerClass = type("Round", (Handler,), {"do_HEAD": round_and_round})
    assert ask_here(server, "/") == Answer(Result.REDIRECTS)
    assert len(server.asked) == links.REDIRECTS + 1


def round_and_round(self):
    self.server.asked.append(self.path)
    self.send_response(302)
    self.send_header("Location", f"{self.path}x")
    self.end_headers()


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1"),
        *("224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1"),
    ],
)
def test_what_is_not_of_the_public_web_is_not(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_what_is_of_the_public_web_is(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://2130706433/",
        "http://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1:8443/",
        "http://user:secret@8.8.8.8/",
        "ftp://8.8.8.8/",
        "file:///etc/passwd",
        "gopher://8.8.8.8/",
        "http://8.8.8.8:22/",
        "http:///",
    ],
)
def test_our_own_network_is_not_asked(url):
    assert ask(url) == Answer(Result.NOT_PUBLIC)


def test_nothing_leads_into_our_own_network_by_a_redirect(server):
    # The first is allowed, as if it were public; where it leads to is not.
    port = server.server_address[1]
    for target in ("http://127.0.0.2/", "http://[::1]/", "//127.0.0.3/x", "file:///etc/passwd"):
        assert ask(f"http://127.0.0.1:{port}/to?{target}", **allowed(port, 80)) == Answer(Result.NOT_PUBLIC)
    assert {path for _method, path, _host in server.asked} == {
        "/to?http://127.0.0.2/",
        "/to?http://[::1]/",
        "/to?//127.0.0.3/x",
        "/to?file:///etc/passwd",
    }


def test_the_address_that_was_looked_at_is_the_one_connected_to(server):
    seen = []
    port = server.server_address[1]
    answer = ask(
        f"http://localhost:{port}/", may_connect=lambda address: not seen.append(address), ports=[port]
    )
    # localhost may have an address of IPv6 as well: all are looked at, and the one that answers is taken.
    assert answer == Answer(Result.FINE, 200)
    assert "127.0.0.1" in seen


def test_what_does_not_answer_is_told_apart():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert ask(f"http://127.0.0.1:{port}/", **allowed(port)) == Answer(Result.NO_ANSWER)
    assert ask("http://no-such-name.invalid/") == Answer(Result.NO_ADDRESS)


@pytest.mark.parametrize("words", [b"nonsense\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b""])
def test_an_answer_that_is_none_is_no_error_of_ours(words):
    with talking(words) as port:
        answer = ask(f"http://127.0.0.1:{port}/", **allowed(port))
    assert answer.result in (Result.NOT_UNDERSTOOD, Result.NO_ANSWER)


def test_a_certificate_that_is_none_is_not_secure():
    with talking(b"HTTP/1.1 200 OK\r\n\r\n") as port:
        assert ask(f"https://127.0.0.1:{port}/", **allowed(port)) == Answer(Result.NOT_SECURE)


def test_a_byte_now_and_then_does_not_hold_us(monkeypatch):
    monkeypatch.setattr(links, "SECONDS_IN_ALL", 0.4)
    with talking(b"HTTP/1.1 200 OK\r\n", *[b"X-Slow: 1\r\n"] * 90) as port:
        assert ask(f"http://127.0.0.1:{port}/", **allowed(port)) == Answer(Result.TOO_SLOW)


def test_a_silent_server_does_not_hold_us(monkeypatch):
    monkeypatch.setattr(links, "SECONDS_TO_CONNECT", 0.2)
    with talking(*[b""] * 40) as port:
        assert ask(f"http://127.0.0.1:{port}/", **allowed(port)) == Answer(Result.TOO_SLOW)


# The night


def source_at(server, path, **values):
    return make_source(url=f"http://127.0.0.1:{server.server_address[1]}{path}", **values)


def night(server, **options):
    return check_links(pause=0, **allowed(server.server_address[1]), **options)


def yesterday():
    """As if the last night had been the day before."""
    for known in LinkCheck.objects.all():
        known.checked_at -= timedelta(days=1)
        known.failed_on = known.failed_on and known.failed_on - timedelta(days=1)
        known.save()


@pytest.mark.django_db
def test_only_what_readers_get_as_a_link_is_asked_and_once_a_day(server):
    source_at(server, "/200")
    source_at(server, "/404", link_ok=False)
    make_source(url="", link_ok=False)
    assert night(server) == ({Result.FINE: 1}, False)
    assert night(server) == ({}, False)
    assert [path for _method, path, _host in server.asked] == ["/200"]


@pytest.mark.django_db
def test_a_link_is_flagged_after_three_failures_on_different_days_and_goes_on_being_shown(server):
    source = source_at(server, "/404")
    for nights in range(1, 4):
        night(server)
        assert LinkCheck.objects.get().failures == nights
        findings.run([CHECKS["link-fails"]])
        assert Finding.objects.open().count() == (1 if nights == 3 else 0)
        if nights < 3:
            yesterday()
    finding = Finding.objects.get()
    today = timezone.localdate()
    assert (finding.record, finding.message) == (
        source,
        f"{source.url} failed the last 3 times it was asked, on different days; last on {today:%-d %B %Y}.",
    )
    source.refresh_from_db()
    assert source.link == source.url


@pytest.mark.django_db
def test_three_failures_on_one_day_are_one(server):
    source = source_at(server, "/404")
    for _time in range(3):
        links._put_down(source, Answer(Result.STATUS, 404), timezone.localdate())
    assert LinkCheck.objects.get().failures == 1


@pytest.mark.django_db
def test_one_good_answer_or_another_address_begins_anew(server):
    source = source_at(server, "/404")
    today = timezone.localdate()
    links._put_down(source, Answer(Result.STATUS, 404), today - timedelta(days=1))
    links._put_down(source, Answer(Result.NOT_LET_IN, 403), today)
    assert LinkCheck.objects.get().failures == 0
    links._put_down(source, Answer(Result.STATUS, 404), today)
    source.url += "x"
    source.save()
    links._put_down(source, Answer(Result.STATUS, 404), today)
    assert (LinkCheck.objects.get().failures, LinkCheck.objects.get().url) == (1, source.url)


@pytest.mark.django_db
def test_a_dismissed_link_stays_dismissed_while_it_goes_on_failing(server, admin_user):
    source = source_at(server, "/404")
    today = timezone.localdate()
    known = LinkCheck.objects.create(
        source=source, url=source.url, checked_at=timezone.now(), result="status", failures=3, failed_on=today
    )
    findings.run([CHECKS["link-fails"]])
    findings.dismiss(Finding.objects.get(), by=admin_user, why="Open from China only.")
    known.failures = 4
    known.save()
    findings.run([CHECKS["link-fails"]])
    assert (Finding.objects.open().count(), Finding.objects.get().what["failures"]["number"]) == (0, "4")


@pytest.mark.django_db
def test_those_never_asked_come_first_and_a_night_is_bounded(server):
    first, second, third = (source_at(server, f"/{number}") for number in (200, 201, 202))
    night(server, limit=2)
    yesterday()
    night(server, limit=1)
    assert [path for _method, path, _host in server.asked] == ["/200", "/201", "/202"]
    assert night(server, seconds=-1) == ({}, False)


@pytest.mark.django_db
def test_one_machine_is_not_asked_twice_in_a_row_while_others_wait(server):
    hosts = ["a", "a", "a", "b", "c", "c"]
    sources = [make_source(url=f"http://{host}.example/{place}") for place, host in enumerate(hosts)]
    turns = [source.url[7] for source in links._by_turns(sources)]
    assert (turns, Counter(turns)) == (["a", "b", "c", "a", "c", "a"], Counter(hosts))


@pytest.mark.django_db
def test_without_a_way_out_nothing_is_held_against_anybody():
    for number in range(5):
        make_source(url=f"http://machine-{number}.invalid/")
    counts, offline = check_links(pause=0)
    assert (counts, offline, LinkCheck.objects.count()) == ({Result.NO_ADDRESS: 5}, True, 0)


@pytest.mark.django_db
def test_the_command_says_what_came_of_it():
    make_source(url="http://127.0.0.1/")
    output = StringIO()
    call_command("check_links", stdout=output)
    assert output.getvalue() == "1 not-public: It leads to an address that is not on the public web\n"
