"""The site as operators run it, with PRODUCTION=true: headers, cookies, the administration, and its log."""

import re
from http.cookies import SimpleCookie
from ipaddress import ip_network

import pytest
from django.conf import settings

from tests.serving import PASSWORD, Server
from tests.shanxi_portal.test_settings import manage

DOCUMENT = settings.BASE_DIR / "docs" / "security.md"
KEY = "the-key-of-this-test-which-must-not-be-in-any-log-0123456789"
HTTPS = {"X_Forwarded_Proto": "https"}
WRONG = "a-wrong-password-that-nobody-may-read"


@pytest.fixture(scope="module")
def server(ground):
    with Server(
        ground,
        "security",
        PRODUCTION="true",
        SECRET_KEY=KEY,
        ALLOWED_HOSTS="127.0.0.1",
        ADMIN_PATH="staff-door/",
        # Nobody answers there: whatever fails may say so, and not with the password.
        CACHE_URL="redis://:the-password-of-redis@127.0.0.1:1/0",
    ) as running:
        yield running


def table(heading):
    """The rows of the first table below a heading, as lists of cells without their marks."""
    text = DOCUMENT.read_text(encoding="utf-8").partition(f"## {heading}\n")[2]
    rows = re.search(r"^\|---.*\n((?:\|.*\n)+)", text, re.M)[1].splitlines()
    return [[cell.replace("`", "").strip() for cell in row.strip("|").split(" | ")] for row in rows]


def sent(headers, names):
    """The values of some headers; a policy is a set, and its parts come in any order."""
    values = {name: headers[name] for name in names}
    return values | {name: as_set(values[name]) for name in ("Content-Security-Policy",)}


def told():
    """name -> value of each header in the document."""
    values = {name: value for name, value, *_ in table("Headers")}
    return values | {name: as_set(values[name]) for name in ("Content-Security-Policy",)}


def as_set(policy):
    return frozenset(part.strip() for part in policy.split(";"))


def cookies(headers):
    found = SimpleCookie()
    for line in headers.get_all("Set-Cookie", []):
        found.load(line)
    return found


def sign_in(server, password=PASSWORD):
    """(status, headers) of the form to sign in, sent with a password; and the tokens sent with it."""
    page = "/staff-door/login/"
    _, headers, body = server.get(page, **HTTPS)
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', body)[1].decode()
    cookie = cookies(headers)["__Host-csrftoken"].value
    origin = server.url.replace("http:", "https:")
    status, headers, _ = server.post(
        page,
        f"username=editor&password={password.replace(' ', '+')}&csrfmiddlewaretoken={token}",
        Cookie=f"__Host-csrftoken={cookie}",
        Origin=origin,
        **HTTPS,
    )
    return status, headers, [token, cookie]


# Headers


def test_every_header_is_the_one_in_the_document(server):
    _, headers, _ = server.get("/en/", **HTTPS)
    assert sent(headers, told()) == told()


@pytest.mark.parametrize(
    "address",
    [
        *("/en/zones/", "/en/zones.csv", "/en/zones/draft-zone/", "/en/zones/?page=x", "/"),
        *("/robots.txt", "/sitemap.xml", "/staff-door/login/", "/staff-door/", "/favicon.ico"),
    ],
)
def test_all_answers_carry_them(server, address):
    _, headers, _ = server.get(address, **HTTPS)
    expected = told()
    if not headers.get("Content-Type", "").startswith("text/html"):
        del expected["Cross-Origin-Embedder-Policy"]
    del expected["Permissions-Policy"]  # A page to sign in may ask for a passkey.
    assert sent(headers, expected) == expected
    assert "camera=()" in headers["Permissions-Policy"]


def test_nothing_tells_what_runs_here(server):
    _, headers, _ = server.get("/en/", **HTTPS)
    assert headers["Server"] == "gunicorn"
    assert "X-Powered-By" not in headers


def test_without_https_one_is_led_to_it_on_the_same_host(server):
    status, headers, _ = server.get("/en/zones/?city=datong")
    assert (status, headers["Location"]) == (
        301,
        f"{server.url.replace('http', 'https', 1)}/en/zones/?city=datong",
    )


# Cookies


def test_cookies_are_for_staff_alone_and_strict(server):
    for address in ["/en/", "/en/zones/", "/en/search/?q=park", "/en/zones.csv", "/nowhere"]:
        assert "Set-Cookie" not in server.get(address, **HTTPS)[1]
    status, headers, _ = sign_in(server)
    assert status == 302
    found = cookies(headers)
    assert set(found) == {"__Host-csrftoken", "__Host-sessionid"}
    for cookie in found.values():
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Strict")
        assert (cookie["path"], cookie["domain"]) == ("/", "")


FOLLOWED = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}


def test_whoever_follows_a_link_from_elsewhere_arrives_by_way_of_us(client, db):
    response = client.get("/admin/zones/zone/?q=a", headers=FOLLOWED)
    address = "/admin/login/?next=%2Fadmin%2Fzones%2Fzone%2F%3Fq%3Da"
    assert response.status_code == 200
    assert response["Refresh"] == f"0; url={address}"
    assert f'href="{address}"' in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("method", "address", "headers"),
    [
        ("get", "/admin/login/", FOLLOWED),
        ("get", "/admin/zones/zone/", FOLLOWED | {"sec-fetch-site": "same-origin"}),
        ("get", "/admin/zones/zone/", {}),
        ("post", "/admin/zones/zone/", FOLLOWED),
        ("get", "/en/", FOLLOWED),
    ],
)
def test_nobody_else_does(client, db, method, address, headers):
    assert "Refresh" not in getattr(client, method)(address, headers=headers)


def test_one_who_is_signed_in_is_led_on(admin_client):
    response = admin_client.get("/admin/login/?next=/admin/zones/zone/", headers=FOLLOWED)
    assert (response.status_code, response["Location"]) == (302, "/admin/zones/zone/")


# The administration


def test_the_administration_is_on_its_own_path_and_nowhere_else(server):
    assert server.get("/admin/", **HTTPS)[0] == 404
    assert server.get("/admin/login/", **HTTPS)[0] == 404
    status, headers, body = server.get("/staff-door/login/?next=/staff-door/", **HTTPS)
    assert (status, headers["X-Robots-Tag"]) == (200, "noindex, nofollow")
    assert "no-store" in headers["Cache-Control"]
    for address in ["/robots.txt", "/sitemap.xml", "/en/", "/zh-hans/about/"]:
        assert b"staff-door" not in server.get(address, **HTTPS)[2]
    status, headers, _ = sign_in(server)
    assert headers["Location"] == "/staff-door/"
    session = cookies(headers)["__Host-sessionid"].value
    status, headers, body = server.get("/staff-door/", Cookie=f"__Host-sessionid={session}", **HTTPS)
    assert status == 200
    assert b'href="/admin/' not in body


def without_names(response):
    """A page without its address, and without the id of its request."""
    text = response.content.decode().replace("/admin", "/nowhere")
    return text.replace(response.get("X-Request-Id", ""), "")


def headers_without_names(response):
    """The headers of a page without the id of its request, and without what follows from its address."""
    return {name: value for name, value in response.items() if name not in ("X-Request-Id", "Content-Length")}


@pytest.mark.parametrize(
    "address", ["/admin", "/admin/", "/admin/login/", "/admin/zones/zone/", "/admin/nothing/"]
)
def test_other_networks_find_nothing_there(client, db, settings, address):
    settings.ADMIN_ALLOWED = [ip_network("192.0.2.0/24"), ip_network("2001:db8:1::/48")]
    refused = client.get(address, REMOTE_ADDR="198.51.100.1")
    nowhere = client.get(address.replace("admin", "nowhere"), REMOTE_ADDR="198.51.100.1")
    assert refused.status_code == nowhere.status_code == 404
    assert without_names(refused) == without_names(nowhere)
    assert refused["Cache-Control"] == "no-store, private"
    assert headers_without_names(refused) == headers_without_names(nowhere)
    for inside in ["192.0.2.9", "::ffff:192.0.2.9", "2001:db8:1:2::3"]:
        assert client.get("/admin/login/", REMOTE_ADDR=inside).status_code == 200
    assert client.get("/admin/login/", REMOTE_ADDR="").status_code == 404


def test_behind_a_proxy_the_reader_counts_and_not_what_the_reader_says(client, db, settings):
    settings.ADMIN_ALLOWED, settings.TRUSTED_PROXIES = [ip_network("192.0.2.0/24")], 1

    def ask(forwarded):
        return client.get(
            "/admin/login/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded
        ).status_code

    assert [ask("192.0.2.7"), ask("198.51.100.1"), ask("192.0.2.7, 198.51.100.1")] == [200, 404, 404]


# The log


@pytest.mark.sqlite
def test_no_secret_is_in_the_log(server):
    status, headers, tokens = sign_in(server, WRONG)
    assert status == 200
    status, headers, more_tokens = sign_in(server)
    session = cookies(headers)["__Host-sessionid"].value
    # The next sign-in fails where it is written down, with a traceback.
    drop = "from django.db import connection; connection.cursor().execute('DROP TABLE desk_signin')"
    server.ground.manage("shell", "--command", drop, database=server.name)
    assert sign_in(server, WRONG)[0] >= 500
    log = server.log.read_text()
    assert "Traceback" in log
    assert "Redis" in log
    secrets = {
        KEY,
        PASSWORD,
        PASSWORD.replace(" ", "+"),
        WRONG,
        session,
        "the-password-of-redis",
        *tokens,
        *more_tokens,
    }
    assert {secret for secret in secrets if secret in log} == set()


def test_a_password_of_the_database_is_not_told_when_it_cannot_be_reached():
    done = manage("migrate", DATABASE_URL="postgres://site:the-password-of-it@127.0.0.1:1/none")
    assert done.returncode != 0
    assert "127.0.0.1" in done.stderr
    assert "the-password-of-it" not in done.stdout + done.stderr
