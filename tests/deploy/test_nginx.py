"""The real nginx with the shipped configuration, in front of the site as it runs.

nginx begins to answer within a blink; what takes time here is the site, which all tests share.
"""

import gzip
import json
import os
import re
import signal
import ssl
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.deploy.nginx import HOST, MISSING, OLD_FILE, Nginx, find_nginx, laid_out
from tests.operations.raw_requests import ALL, MARKUP, ask, statuses
from tests.serving import PASSWORD, PATIENCE, Server

pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.skipif(find_nginx() is None, reason=MISSING),
]

AS_THE_DOCUMENT_SAYS = {
    "PRODUCTION": "true",
    "SECRET_KEY": "only-for-this-test-and-long-enough-to-be-taken-for-one-0123",
    "ALLOWED_HOSTS": HOST,
    "SITE_URL": f"https://{HOST}",
    "TRUSTED_PROXIES": "1",
    "PROXY_SSL_HEADER": "true",
    "REQUIRE_SECOND_FACTOR": "false",
    "DJANGO_SETTINGS_MODULE": "tests.deploy.short_lived_settings",
}
REFUSED_BY_NGINX = {400, 404, 405, 413, 414, 421, 431, 501}
# A path with dots or doubled slashes that means a page is read as that page.
AS_PAGES = {200, 301, 302}


@pytest.fixture(scope="module")
def server(ground):
    with Server(ground, "nginx", **AS_THE_DOCUMENT_SAYS) as server:
        yield server


@pytest.fixture
def nginx(server, tmp_path, static_files):
    site = tmp_path / "site"
    site.mkdir()
    with Nginx(tmp_path, f"127.0.0.1:{server.port}", laid_out(site, static_files)) as nginx:
        yield nginx


def cache(answer):
    return answer[1]["X-Cache"]


def test_readers_come_by_tls_alone_and_to_this_host_alone(nginx):
    assert nginx.send(b"GET /en/?q=a HTTP/1.0\r\nHost: invest.example\r\n\r\n", nginx.http).startswith(
        b"HTTP/1.1 301"
    )
    redirect = nginx.send(b"GET /en/zones/?page=2 HTTP/1.0\r\nHost: invest.example\r\n\r\n", nginx.http)
    assert b"\r\nLocation: https://invest.example/en/zones/?page=2\r\n" in redirect
    assert nginx.send(b"GET / HTTP/1.0\r\nHost: elsewhere.example\r\n\r\n", nginx.http) == b""

    with nginx.connect(protocols=("h2", "http/1.1")) as connection:
        assert (connection.version(), connection.selected_alpn_protocol()) == ("TLSv1.3", "h2")
    with nginx.connect(version=ssl.TLSVersion.TLSv1_2) as connection:
        assert connection.version() == "TLSv1.2"
    with pytest.raises(ssl.SSLError):
        nginx.connect("elsewhere.example")
    assert nginx.get("/en/", host="elsewhere.example")[0] == 421


def test_a_page_comes_as_the_site_made_it_with_each_header_once(nginx, server):
    status, headers, body = nginx.get("/en/zones/", Accept_Encoding="gzip")
    own = server.get("/en/zones/", Host=HOST, X_Forwarded_Proto="https", Accept_Encoding="gzip")

    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert gzip.decompress(body) == gzip.decompress(own[2])
    assert nginx.get("/en/zones/")[2] == gzip.decompress(own[2]), "unpacked for who cannot"
    assert {name: n for name, n in Counter(name.lower() for name in headers).items() if n > 1} == {}
    changed = {
        "Server",
        "Date",
        "Connection",
        "Transfer-Encoding",
        "Content-Length",
        "X-Cache",
        "X-Request-ID",
    }
    changed = {name.lower() for name in changed}
    both = [
        {name.lower(): value for name, value in answer.items() if name.lower() not in changed}
        for answer in (headers, own[1])
    ]
    assert both[0] == both[1]
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["Server"] == "nginx"


def test_pages_are_kept_and_renewed_and_staff_pass_by(nginx):
    first = nginx.get("/en/cities/")
    assert cache(first) == "MISS"
    kept = nginx.get_when("/en/cities/", lambda answer: cache(answer) == "HIT")
    assert kept[2] == first[2]
    assert kept[1]["X-Request-Id"] != first[1]["X-Request-Id"], "not the id of who came before"
    # Once its moment is over, the site is asked whether it has changed.
    nginx.get_when("/en/cities/", lambda answer: cache(answer) == "REVALIDATED")
    assert nginx.get("/en/cities/", If_None_Match=first[1]["ETag"])[0] == 304

    for cookie in ("sessionid=abc", "a=b; __Host-sessionid=abc"):
        assert cache(nginx.get("/en/cities/", Cookie=cookie)) == "BYPASS"
    for address in ("/admin/login/", "/healthz", "/admin/"):
        answers = [nginx.get(address) for _ in range(2)]
        assert [answer[1]["X-Cache"] for answer in answers] == [None, None]
        assert "no-store" in answers[1][1]["Cache-Control"]
    for address in ("/", "/en/nowhere/", "/en/zones/?colour=red"):
        nginx.get(address)
        assert cache(nginx.get(address)) == "MISS", address


def test_a_part_of_a_list_and_the_whole_are_never_taken_for_each_other(nginx):
    part = {"HX_Request": "true"}
    step_back = part | {"HX_History_Restore_Request": "true"}

    def is_whole(**headers):
        return b"<html" in nginx.get("/en/zones/?page=1", **headers)[2]

    assert [is_whole(**headers) for headers in (part, {}, step_back, part, {})] == [
        False,
        True,
        True,
        False,
        True,
    ]


def test_what_answers_vary_by_is_in_the_key_of_the_cache(server):
    """nginx is told to ignore Vary; so nothing that may be kept may vary by anything else."""
    told = {"accept-encoding", "hx-request", "hx-history-restore-request", "accept-language"}
    for address in (
        "/en/",
        "/en/zones/",
        "/en/zones.csv",
        "/robots.txt",
        "/sitemap.xml",
        "/favicon.ico",
        "/",
    ):
        headers = server.get(address, Host=HOST, X_Forwarded_Proto="https")[1]
        if "public" in headers.get("Cache-Control", ""):
            varies = {name.strip().lower() for name in headers.get("Vary", "").split(",")} - {""}
            assert varies <= told - ({"accept-language"} if address.startswith("/en/") else set()), address


def test_readers_are_served_when_the_site_is_gone(ground, tmp_path, static_files):
    site = tmp_path / "site"
    site.mkdir()
    laid_out(site, static_files)
    with (
        Server(ground, "gone", **AS_THE_DOCUMENT_SAYS) as server,
        Nginx(tmp_path, f"127.0.0.1:{server.port}", site) as nginx,
    ):
        page = nginx.get("/zh-hans/")
        style = re.search(rb'"(/static/css/[^"]+\.css)"', page[2])[1].decode()
        os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait(timeout=PATIENCE)

        stale = nginx.get_when("/zh-hans/", lambda answer: cache(answer) == "STALE")
        assert (stale[0], stale[2]) == (200, page[2])
        assert nginx.get(style)[0] == 200
        for address in ("/en/zones/", "/admin/login/"):
            status, headers, body = nginx.get(address)
            assert (status, headers["Retry-After"], headers["Cache-Control"]) == (503, "10", "no-store")
            assert "网站暂时无法访问" in body.decode()
            assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_static_files_come_from_the_disk_with_the_headers_of_the_site(nginx, server, static_files):
    names = json.loads((static_files / "staticfiles.json").read_text())["paths"]
    address = f"/static/{names['css/base.css']}"
    status, headers, body = nginx.get(address, Accept_Encoding="gzip")
    own = server.get(address, Host=HOST, X_Forwarded_Proto="https", Accept_Encoding="gzip")

    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert gzip.decompress(body) == (static_files / names["css/base.css"]).read_bytes()
    # nginx says these in its own way, or they mean something for pages alone.
    apart = {"Server", "Date", "Connection", "Content-Length", "Content-Encoding", "ETag", "Last-Modified"}
    apart |= {"X-Request-Id", "Content-Security-Policy", "Permissions-Policy"}
    told = {name: value.replace('"', "") for name, value in own[1].items() if name not in apart}
    assert {name: headers[name] for name in told} == told
    assert nginx.get(f"/static/{OLD_FILE}")[2] == b"/* of the release before */"
    assert nginx.get("/static/css/nowhere.0123456789ab.css")[0] == 404
    for path in ("/static/../deploy/serve", "/static/staticfiles.json.0123456789ab.%2e%2e", "/static/css/"):
        assert nginx.get(path)[0] in {400, 404}, path


def test_what_is_for_operators_or_hidden_is_not_there(nginx):
    for address in ("/metrics", "/readyz", "/.env", "/.git/config", "/en/.htaccess", "/errors/503.html"):
        assert nginx.get(address)[0] == 404, address
    assert nginx.get("/healthz")[::2] == (200, b"ok\n")


def test_staff_sign_in_through_it(nginx):
    page = nginx.get("/admin/login/")
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page[2])[1].decode()
    cookies = "; ".join(cookie.split(";")[0] for cookie in page[1].get_all("Set-Cookie"))
    status, headers, _body = nginx.get(
        "/admin/login/",
        "POST",
        f"csrfmiddlewaretoken={token}&username=editor&password={PASSWORD.replace(' ', '+')}",
        Content_Type="application/x-www-form-urlencoded",
        Cookie=cookies,
        Referer=f"https://{HOST}/admin/login/",
    )

    assert (status, headers["Location"]) == (302, "/admin/")
    assert all("Secure" in cookie for cookie in headers.get_all("Set-Cookie"))


def test_odd_requests_are_refused_here_too(nginx):
    """Together, since some are answered only when the patience of nginx is over."""

    def answer(raw):
        return ask(nginx.connect(), raw.for_host(HOST))

    with ThreadPoolExecutor(20) as pool:
        answers = dict(zip([raw.name for raw in ALL], pool.map(answer, ALL), strict=True))
    wrong = {}
    for raw in ALL:
        answered, received = statuses(answers[raw.name]), answers[raw.name]
        places = re.findall(rb"(?im)^location: *(?:https?:)?//([^/\r]+)", received)
        if (
            # What is left over of a body is refused as a request of its own; it is never answered as one.
            set(answered[1:]) - {400}
            or not set(answered) <= raw.statuses | REFUSED_BY_NGINX | AS_PAGES
            or set(places) - {HOST.encode()}
            or MARKUP.encode() in received
        ):
            wrong[raw.name] = received[:300]
    assert wrong == {}
    assert nginx.get("/en/")[0] == 200
