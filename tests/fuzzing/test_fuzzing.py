"""Some of `make fuzz` with every test run, and that it would see what it looks for."""

import pytest
from django.http import HttpResponse
from django.urls import path

from shanxi_portal.urls import urlpatterns as site
from tests.fuzzing.addresses import Addresses
from tests.fuzzing.asking import Asked
from tests.fuzzing.forms import forms_of
from tests.fuzzing.running import Fuzzing
from tests.fuzzing.site import ROLES, Tried, make_site

# What pages say is the same on both engines, and 50,000 requests are `make fuzz`.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

REQUESTS = 300


@pytest.fixture(autouse=True)
def no_process_finds_a_database(monkeypatch):
    """An upload may be checked by a process of its own, which reads where the database is."""
    monkeypatch.setenv("DATABASE_URL", "sqlite://:memory:")


def test_no_request_of_anybody_breaks_leads_away_or_shows_what_is_hidden():
    fuzzing = Fuzzing(make_site())
    fuzzing.run(REQUESTS, seed=7)
    assert [str(found) for found in fuzzing.found.values()] == []
    assert fuzzing.counts.total() == REQUESTS
    assert {role for role, _status, _kind in fuzzing.counts} == set(ROLES)


# A site with every fault


def broken(request):
    is_short = all(len(value) < 3 for value in request.GET.values())
    return HttpResponse(1 / is_short, content_type="text/plain")


def reflecting(request):
    return HttpResponse(f"<!doctype html><title>It</title><p>{request.GET.get('q', '')}</p>")


def leading_away(request):
    return HttpResponse(status=302, headers={"Location": request.GET.get("q", "/en/")})


def leaking(request):
    return HttpResponse(f"zq00001 {request.GET.get('q', '')}", content_type="text/plain")


def setting_a_cookie(request):
    answer = HttpResponse("")
    answer.set_cookie("visits", "1")
    return answer


def unwell(request):
    return HttpResponse("", status=502)


FAULTY = [
    path("broken", broken, name="broken"),
    path("reflecting", reflecting, name="reflecting"),
    path("leading-away", leading_away, name="leading-away"),
    path("leaking", leaking, name="leaking"),
    path("cookie", setting_a_cookie, name="cookie"),
    path("unwell", unwell, name="unwell"),
]
urlpatterns = [*FAULTY, *site]


@pytest.fixture
def faulty(settings):
    settings.ROOT_URLCONF = __name__
    addresses = Addresses()
    addresses.public = addresses.staff = [(str(one.pattern), one.name) for one in FAULTY]
    addresses.seeds = [f"/{one.pattern}" for one in FAULTY]
    return Fuzzing(Tried(addresses, {}, secret={"zq00001"}))


def kinds(fuzzing, address, role="anonymous"):
    address, _mark, query = address.partition("?")
    with fuzzing.listening():
        return {found.kind for found in fuzzing.try_one(Asked(role, "page", address, query))[1]}


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("/broken?q=three", "exception"),
        ("/reflecting?q=<x-canary-7f3a>", "markup"),
        ("/reflecting?q=%22%20x-canary-7f3a=%221", "markup"),
        ("/leading-away?q=https://elsewhere.example/", "redirect"),
        ("/leading-away?q=//elsewhere.example/", "redirect"),
        ("/leading-away?q=/\\elsewhere.example/", "redirect"),
        ("/leading-away?q=///elsewhere.example/", "redirect"),
        ("/leading-away?q=/%09/elsewhere.example/", "redirect"),
        ("/leading-away?q=https:elsewhere.example", "redirect"),
        ("/leaking", "leak"),
        ("/cookie", "cookie"),
        ("/unwell", "broken"),
    ],
)
def test_a_fault_is_seen(faulty, address, fault):
    assert kinds(faulty, address) == {fault}


@pytest.mark.parametrize(
    "address",
    ["/broken?q=tw", "/reflecting?q=plain", "/leading-away?q=/en/", "/leaking?q=zq00001", "/nothing-here"],
)
def test_what_is_right_is_no_fault(faulty, address):
    assert kinds(faulty, address) == set()


def test_staff_are_told_more_than_the_public(faulty):
    assert kinds(faulty, "/leaking", role="publisher") == {"leak"}
    hidden = {role: faulty.tried.hidden_from(role, "/admin/") for role in ROLES}
    assert [role for role in ROLES if hidden[role]] == ["anonymous", "stale"]


def test_a_fault_is_found_by_itself_and_shown_by_its_shortest_request(faulty):
    addresses = faulty.tried.addresses
    addresses.public = addresses.staff = addresses.public[:1]
    addresses.seeds = ["/broken"]
    faulty.run(120, seed=1, roles=["anonymous"])
    (shown,) = faulty.found.values()
    assert (shown.asked.path, shown.asked.headers) == ("/broken", ())
    assert Asked.from_replay(shown.asked.replayed()) == shown.asked
    assert "ZeroDivisionError" in str(shown)


def test_a_seed_makes_the_same_requests(faulty):
    again = Fuzzing(faulty.tried)
    for fuzzing in (faulty, again):
        fuzzing.run(50, seed=3, roles=["anonymous"])
    assert faulty.counts == again.counts
    assert faulty.found == again.found


def test_a_form_is_read_as_a_browser_reads_it():
    page = """
      <form action="?a=b" method="post" enctype="multipart/form-data">
      <input name="one" value="1"><input type="hidden" name="two"><input type="file" name="file">
      <input type="checkbox" name="box" value="x"><input type="radio" name="dot" value="y" checked>
      <textarea name="text">a &amp; b</textarea>
      <select name="list"><option value="1">1<option value="2" selected>2</select>
      <button name="_save" value="go">Save</button></form>
      <form action="https://elsewhere.example/"><input name="three"></form>"""
    (form,) = forms_of("/admin/", page)
    assert (form.action, form.method, form.is_multipart) == ("/admin/?a=b", "POST", True)
    assert form.fields == [("one", "1"), ("two", ""), ("dot", "y"), ("text", "a & b"), ("list", "2")]
    assert form.choices == {"box": ["x"], "dot": ["y"], "list": ["1", "2"], "_save": ["go"]}
    assert form.files == ["file"]
