"""The middleware in the order of the settings, around views that do one thing each."""

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.http import HttpResponse, HttpResponseGone, HttpResponseNotFound
from django.test import override_settings
from django.urls import path

from shanxi_portal.urls import urlpatterns as site_addresses

PAGE = "A page long enough to be compressed. " * 30


def page(request):
    return HttpResponse(PAGE)


def counts_filters(request):
    return HttpResponse(str(len(request.GET)))


def sets_cookie(request):
    response = HttpResponse(PAGE)
    response.set_cookie("taste", "sweet")
    return response


def reads_session(request):
    return HttpResponse(f"{request.session.get('name')}")


def keeps_to_itself(request):
    return HttpResponse(PAGE, headers={"Cache-Control": "no-store"})


def is_gone(request):
    return HttpResponseGone(PAGE)


def is_missing(request):
    return HttpResponseNotFound(PAGE)


# The addresses under test come first; the site's own follow, since the pages for errors link to them.
urlpatterns = [
    path("t/page/", page),
    path("t/filters/", counts_filters),
    path("t/cookie/", sets_cookie),
    path("t/session/", reads_session),
    path("t/private/", keeps_to_itself),
    path("t/gone/", is_gone),
    path("t/missing/", is_missing),
    path("admin/t/", page),
    *site_addresses,
]


@pytest.fixture(autouse=True)
def _addresses():
    with override_settings(ROOT_URLCONF=__name__):
        yield


def test_every_response_carries_the_security_headers(client):
    for address in ["/t/page/", "/t/missing/", "/t/page", "/static/css/base.css"]:
        headers = client.get(address).headers
        assert headers["X-Content-Type-Options"] == "nosniff", address
        assert headers["X-Frame-Options"] == "DENY", address
        assert headers["Referrer-Policy"] == "same-origin", address
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", address
        assert "camera=()" in headers["Permissions-Policy"], address
        assert "default-src 'none'" in headers["Content-Security-Policy"], address
        assert "unsafe" not in headers["Content-Security-Policy"], address


@pytest.mark.parametrize("address", ["/t/page/", "/t/gone/"])
def test_public_page_may_be_kept_by_anyone(client, address):
    response = client.get(address)
    assert response["Cache-Control"] == "public, max-age=300"
    assert not response.cookies
    assert "Cookie" not in response["Vary"]


@pytest.mark.parametrize(("address", "said"), [("/t/missing/", "no-store, private"), ("/t/cookie/", None)])
def test_other_responses_are_not_offered_to_caches(client, address, said):
    assert client.get(address).get("Cache-Control") == said


def test_page_of_staff_is_kept_by_nobody(client):
    assert client.get("/admin/t/")["Cache-Control"] == "no-store, private"


@pytest.mark.django_db
def test_page_that_reads_the_session_is_not_offered_to_caches(client):
    response = client.get("/t/session/")
    assert "Cookie" in response["Vary"]
    assert "Cache-Control" not in response


def test_view_decides_about_its_own_caching(client):
    assert client.get("/t/private/")["Cache-Control"] == "no-store"


def test_answer_to_post_is_not_offered_to_caches(client):
    assert "Cache-Control" not in client.post("/t/page/")


def test_page_is_compressed_and_renewed_under_one_entity_tag(client):
    plain = client.get("/t/page/")
    small = client.get("/t/page/", headers={"accept-encoding": "gzip"})
    assert small["Content-Encoding"] == "gzip"
    assert len(small.content) < len(plain.content)
    assert plain["ETag"] == small["ETag"]
    assert plain["ETag"].startswith('W/"')

    renewed = client.get("/t/page/", headers={"accept-encoding": "gzip", "if-none-match": small["ETag"]})
    assert renewed.status_code == 304
    for name in ["ETag", "Vary", "Cache-Control"]:
        assert renewed[name] == small[name], name


def test_query_of_the_longest_allowed_length_is_read(client):
    query = "f=" + "x" * (settings.MAX_QUERY_BYTES - 2)
    assert client.get(f"/t/filters/?{query}").status_code == 200


def test_longer_query_gets_a_page_that_says_so(client):
    query = "f=" + "x" * (settings.MAX_QUERY_BYTES - 1)
    response = client.get(f"/t/filters/?{query}")
    assert response.status_code == 414
    assert "414.html" in [template.name for template in response.templates]
    assert "Cache-Control" not in response


@pytest.mark.django_db
def test_refusal_speaks_the_language_of_the_address(client):
    response = client.get(f"/zh-hans/?{'x' * 5000}")
    assert response.status_code == 414
    assert b'lang="zh-Hans"' in response.content


@pytest.mark.parametrize("count", [5000, 8000])
def test_query_of_thousands_of_short_values_is_refused_with_a_page(client, count):
    assert client.get(f"/t/filters/?{'&' * count}").status_code == 414
    assert client.get("/t/filters/?" + urlencode([("a", "1")] * count)).status_code == 414


def test_query_of_many_short_values_below_the_limit_is_read(client):
    assert client.get(f"/t/filters/?{'a&' * 2000}").status_code == 200
