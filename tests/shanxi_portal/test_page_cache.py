"""Pages that are renewed, or kept, without a view: what is, what is not, what changes, and what goes wrong.

A change is committed here, as it is for readers: within a transaction nothing is kept.
"""

import gzip

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseNotFound
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path

from listings import versions
from listings.models import DataVersion
from shanxi_portal.urls import urlpatterns as site_addresses
from tests.factories import make_city, make_zone
from zones.models import Zone

# How rows are found does not matter.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]

LIST, DETAIL = "/en/zones/", "/en/zones/open-zone/"
GZIP = {"accept-encoding": "gzip"}


@pytest.fixture(autouse=True)
def _nothing_kept():
    caches["pages"].clear()


@pytest.fixture(autouse=True)
def zone():
    return make_zone(slug="open-zone", name_en="Open Zone", city=make_city(slug="datong"))


def a_second_later():
    """The time after which readers are told of a change."""
    versions.forget()


def queries(get, *arguments, **named):
    """(response, number of queries), the one for the version left out."""
    with CaptureQueriesContext(connection) as captured:
        response = get(*arguments, **named)
    asked = [query["sql"] for query in captured if query["sql"] != versions.CURRENT]
    return response, len(asked)


def headers_of(response):
    """What a response says of the page: each request has a number of its own."""
    return {name: value for name, value in response.items() if name != "X-Request-Id"}


def number_kept():
    return len(caches["pages"]._cache)


def is_kept(client, address, **headers):
    """Whether an address that was answered once is answered without the database from then on."""
    client.get(address, headers=headers)
    return queries(client.get, address, headers=headers)[1] == 0


# What is renewed and kept


@pytest.mark.parametrize(
    "address", [LIST, DETAIL, "/zh-hans/zones/", "/en/search/?q=open", "/en/search/suggest/?q=o"]
)
def test_an_unchanged_page_is_renewed_without_a_view(client, address):
    page = client.get(address)
    caches["pages"].clear()
    renewed, number = queries(client.get, address, headers={"if-none-match": page["ETag"]})

    assert (renewed.status_code, renewed.content, number) == (304, b"", 0)
    for name in ("ETag", "Cache-Control", "Vary", "Content-Security-Policy", "X-Content-Type-Options"):
        assert renewed[name] == page[name], name
    assert not renewed.has_header("Content-Type")


@pytest.mark.parametrize("address", [LIST, DETAIL, "/en/search/suggest/?q=open"])
def test_an_unchanged_page_is_served_without_a_view(client, address):
    first = client.get(address)
    second, number = queries(client.get, address)

    assert number == 0
    assert (second.status_code, second.content) == (200, first.content)
    assert headers_of(second) == headers_of(first)


@pytest.mark.parametrize("first", [{}, GZIP], ids=["plain first", "compressed first"])
def test_one_page_is_kept_for_who_takes_it_compressed_and_who_does_not(client, first):
    client.get(DETAIL, headers=first)
    plain, number = queries(client.get, DETAIL)
    packed, other_number = queries(client.get, DETAIL, headers=GZIP)

    assert (number, other_number) == (0, 0)
    assert gzip.decompress(packed.content) == plain.content
    assert (packed["Content-Encoding"], plain.has_header("Content-Encoding")) == ("gzip", False)
    assert packed["ETag"] == plain["ETag"]
    for page in (plain, packed):
        assert page["Content-Length"] == str(len(page.content))


def test_head_is_answered_as_get_without_the_page(client):
    page = client.get(DETAIL)
    head, number = queries(client.head, DETAIL)
    assert (head.status_code, head.content, number) == (200, b"", 0)
    assert headers_of(head) == headers_of(page)
    assert client.head(DETAIL, headers={"if-none-match": page["ETag"]}).status_code == 304


def test_nothing_is_kept_of_head(client):
    client.head(DETAIL)
    page, number = queries(client.get, DETAIL)
    assert page.content.startswith(b"<!doctype html>")
    assert number > 0


def test_a_withdrawn_record_is_told_from_the_cache_and_never_renewed(client):
    make_zone(slug="gone", state="withdrawn")
    gone, again = client.get("/en/zones/gone/"), client.get("/en/zones/gone/")
    assert (gone.status_code, again.status_code, again.content) == (410, 410, gone.content)
    assert queries(client.get, "/en/zones/gone/")[1] == 0
    assert client.get("/en/zones/gone/", headers={"if-none-match": gone["ETag"]}).status_code == 410


# What is not kept


def sets_cookie(request):
    response = HttpResponse(str(Zone.objects.count()))
    response.set_cookie("taste", "sweet")
    return response


def reads_session(request):
    return HttpResponse(f"{request.session.get('name')} {Zone.objects.count()}")


def keeps_to_itself(request):
    return HttpResponse(str(Zone.objects.count()), headers={"Cache-Control": "no-store"})


def differs(request):
    return HttpResponse(str(Zone.objects.count()), headers={"Vary": "Accept"})


def is_missing(request):
    return HttpResponseNotFound(str(Zone.objects.count()))


def is_large(request):
    words = "".join(f"{number * 7919**5:x}" for number in range(20_000))
    return HttpResponse(f"{Zone.objects.count()} {words}")


def writes(request):
    """Reads, and somebody else writes before it answers."""
    name = Zone.objects.get().name_en
    Zone.objects.update(name_en="Later")
    return HttpResponse(name)


own_addresses = [
    path("cookie/", sets_cookie),
    path("session/", reads_session),
    path("private/", keeps_to_itself),
    path("differs/", differs),
    path("missing/", is_missing),
    path("large/", is_large),
    path("writes/", writes),
]
urlpatterns = [path("en/t/", include(own_addresses)), *site_addresses]


@pytest.mark.parametrize("name", ["cookie", "session", "private", "differs", "missing", "large"])
@override_settings(ROOT_URLCONF=__name__)
def test_not_kept(client, name):
    assert not is_kept(client, f"/en/t/{name}/")


@override_settings(ROOT_URLCONF=__name__)
def test_a_page_that_varies_by_what_we_do_not_know_has_the_tag_of_its_content(client):
    first = client.get("/en/t/differs/")
    make_zone()
    same_version = client.get("/en/t/differs/")
    assert (first.content, same_version.content) == (b"1", b"2")
    assert first["ETag"] != same_version["ETag"]


@pytest.mark.parametrize(
    "address",
    ["/en/zones/?colour=red", "/en/zones/?page=9", "/en/nowhere/", "/en/zones/draft/", "/admin/", "/"],
)
def test_refusals_redirects_and_pages_of_staff_are_not_kept(client, address):
    make_zone(slug="draft", state="draft")
    client.get(address)
    assert number_kept() == 0


def test_a_file_that_is_streamed_is_not_kept_and_can_be_renewed(client):
    file = client.get("/en/zones.csv")
    content = file.getvalue()
    again, number = queries(lambda: client.get("/en/zones.csv").getvalue())
    assert again == content
    assert number > 0

    renewed, number = queries(client.get, "/en/zones.csv", headers={"if-none-match": file["ETag"]})
    assert (renewed.status_code, number) == (304, 0)


def test_a_fact_sheet_keeps_the_tag_of_its_content(client, can_print):
    sheet = client.get(f"{DETAIL}fact-sheet/")
    assert number_kept() == 0
    make_zone()
    a_second_later()
    assert client.get(f"{DETAIL}fact-sheet/", headers={"if-none-match": sheet["ETag"]}).status_code == 304


@override_settings(DEBUG=True)
def test_nothing_is_kept_or_renewed_early_while_one_develops(client):
    page = client.get(DETAIL)
    assert not is_kept(client, DETAIL)
    make_zone()
    assert client.get(DETAIL, headers={"if-none-match": page["ETag"]}).status_code == 304


# Changes


def test_a_change_is_seen_a_second_later(client, zone):
    page = client.get(DETAIL)
    Zone.objects.filter(pk=zone.pk).update(name_en="Renamed Zone")
    a_second_later()
    after = client.get(DETAIL, headers={"if-none-match": page["ETag"]})
    assert (after.status_code, b"Renamed Zone" in after.content) == (200, True)


def test_staff_see_at_once_what_they_have_written_and_readers_the_same_page(admin_client, client, zone):
    page = admin_client.get(DETAIL)
    Zone.objects.filter(pk=zone.pk).update(name_en="Renamed Zone")
    after = admin_client.get(DETAIL, headers={"if-none-match": page["ETag"]})
    assert (after.status_code, b"Renamed Zone" in after.content) == (200, True)

    seen, number = queries(client.get, DETAIL)
    assert (seen.content, seen["ETag"], number) == (after.content, after["ETag"], 0)


def test_what_is_no_longer_public_is_not_shown_from_the_cache(client, zone):
    page = client.get(DETAIL)
    wanted = {"if-none-match": page["ETag"]}
    Zone.objects.filter(pk=zone.pk).update(state="in-review")
    a_second_later()
    assert client.get(DETAIL, headers=wanted).status_code == 404
    Zone.objects.filter(pk=zone.pk).update(state="published")
    a_second_later()
    assert client.get(DETAIL, headers=wanted).status_code == 200


@override_settings(ROOT_URLCONF=__name__)
def test_a_page_made_while_somebody_writes_is_not_taken_for_a_later_one(client):
    assert client.get("/en/t/writes/").content == b"Open Zone"
    a_second_later()
    assert client.get("/en/t/writes/").content == b"Later"


def test_within_a_transaction_pages_are_made_anew_and_tagged_by_content(client):
    with transaction.atomic():
        page = client.get(DETAIL)
        assert number_kept() == 0
        make_zone()
        assert client.get(DETAIL, headers={"if-none-match": page["ETag"]}).status_code == 304
        transaction.set_rollback(True)


# What goes wrong


def test_where_nobody_counts_changes_pages_are_made_anew(client, zone):
    DataVersion.objects.all().delete()
    a_second_later()
    page = client.get(DETAIL)
    assert not is_kept(client, DETAIL)
    assert client.get(DETAIL, headers={"if-none-match": page["ETag"]}).status_code == 304


def test_a_version_that_cannot_be_read_fails_no_page_that_needs_no_database(client, caplog):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE listings_dataversion RENAME TO elsewhere")
    try:
        page = client.get("/en/accessibility/")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO listings_dataversion")
    assert page.status_code == 200
    assert "The version of the data cannot be read" in caplog.text


def test_an_unknown_host_gets_no_page_of_another(client):
    client.get(DETAIL)
    answer = client.get(DETAIL, headers={"host": "elsewhere.example"})
    assert answer.status_code == 400


def test_the_memory_of_a_process_is_bounded():
    options = settings.CACHES["pages"]["OPTIONS"]
    assert options["MAX_ENTRIES"] * settings.PAGE_CACHE_BYTES <= 16 * 2**20
    assert settings.CACHES["pages"]["LOCATION"] != settings.CACHES["default"]["LOCATION"]
