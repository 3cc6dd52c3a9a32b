"""Whatever changes the data changes every page that shows it, also in other processes, cache or no cache."""

import io
import re
import textwrap
import time
from urllib.parse import urlencode

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from listings import versions
from tests import factories as make
from tests.hiding import Site
from tests.records.staff import act, form_data, make_user, page
from tests.serving import PASSWORD, Server
from zones.models import Zone

FILES = {
    "city": """
        records:
        - {slug: linfen, name_en: Linfen, name_zh: 临汾}
        """,
    "zone": """
        defaults: {state: published, type: economic, city: linfen}
        records:
        - {slug: loaded, name_en: Loaded Zone}
        """,
}


class Editing:
    """Ways in which staff and operators change the data, one method each; `test_triggers` has more."""

    def __init__(self, site, folder):
        self.site, self.folder = site, folder
        (folder / "zones").mkdir()
        for name, text in FILES.items():
            (folder / f"zones/{name}.yaml").write_text(textwrap.dedent(text), encoding="utf-8")
        self.staff = Client()
        self.staff.force_login(make_user(is_superuser=True))

    def post_a_form(self):
        address = page(self.site.zone, "change")
        data = form_data(self.staff.get(address))
        assert self.staff.post(address, data | {"name_en": "Posted Zone"}).status_code == 302

    def update_rows(self):
        Zone.objects.filter(pk=self.site.zone.pk).update(name_en="Updated Zone")

    def tie(self):
        self.site.zone.industries.add(make.make_industry(slug="tied", name_en="Tied Industry"))

    def state_something(self):
        make.make_statement(self.site.zone, aspect=self.site.remark, text_en="Stated now", position=9)

    def withdraw(self):
        reason = {"reason_en": "Merged.", "reason_zh": "已合并。", "day": "2026-11-01", "confirmed": "1"}
        act(self.staff, "withdraw", self.site.link, **reason)

    def write_sql(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE zones_city SET name_en = 'Written City' WHERE id = %s", [self.site.city.pk]
            )

    def load(self):
        call_command("load_data", self.folder, no_progress=True, stdout=io.StringIO())


# A page of each kind, and files.
PAGES = {
    "/en/",
    "/en/zones/",
    "/en/zones/public-zone/",
    "/en/zones/compare/?zone=public-zone&zone=second-zone",
    "/en/zones.csv",
    "/en/projects/",
    "/en/projects/public-project/",
    "/en/projects/in-figures/",
    "/en/cities/",
    "/en/cities/shared-city/",
    "/en/regions/public-region/",
    "/en/business-environment/",
    "/en/business-environment/permit-path/?build=new-building",
    "/en/business-environment/policies/",
    "/en/business-environment/transport/",
    "/en/business-environment/transport/public-link/",
    "/en/search/?q=zone",
    "/en/search/suggest/?q=zone",
    "/en/sources/shared-source/",
    "/zh-hans/zones/",
}
# edit: pages that show it, among others
EDITS = {
    "post_a_form": {
        "/en/zones/",
        "/en/zones/public-zone/",
        "/en/cities/shared-city/",
        "/en/search/?q=zone",
    },
    "update_rows": {"/en/zones/", "/en/zones/public-zone/", "/en/projects/public-project/"},
    "tie": {"/en/zones/", "/en/zones/public-zone/"},
    "state_something": {"/en/zones/public-zone/"},
    "withdraw": {"/en/business-environment/transport/", "/en/business-environment/transport/public-link/"},
    "write_sql": {"/en/zones/", "/en/cities/", "/en/cities/shared-city/", "/en/projects/public-project/"},
    "load": {"/en/", "/en/zones/", "/en/cities/"},
}


def read(client):
    return {address: b"".join(client.get(address)) for address in PAGES}


def read_anew(client):
    """The same without the cache: within a transaction it is not asked."""
    with transaction.atomic():
        return read(client)


@pytest.mark.django_db(transaction=True)
def test_every_page_follows_every_way_of_editing(client, tmp_path):
    editing = Editing(Site(), tmp_path)
    caches["pages"].clear()
    versions.forget()
    before = read(client)
    assert before == read_anew(client)
    for edit, shown_on in EDITS.items():
        getattr(editing, edit)()
        versions.forget()
        after = read(client)
        assert after == read_anew(client), edit
        assert shown_on <= {address for address in PAGES if before[address] != after[address]}, edit
        before = after
    caches["pages"].clear()


# Several processes


def sign_in(server):
    """The cookies of an administrator."""
    _status, headers, body = server.get("/admin/login/")
    cookie = headers["Set-Cookie"].partition(";")[0]
    form = {"username": "root", "password": PASSWORD, "csrfmiddlewaretoken": token_of(body)}
    status, headers, _body = server.post("/admin/login/", urlencode(form), Cookie=cookie)
    assert status == 302
    return "; ".join(value.partition(";")[0] for value in headers.get_all("Set-Cookie"))


def token_of(body):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', body.decode())[1]


def publish(server, cookies, slug):
    """What a publisher does in the list of zones."""
    rows = "/admin/zones/zone/"
    _status, _headers, body = server.get(f"{rows}?{urlencode({'q': slug})}", Cookie=cookies)
    (pk,) = re.findall(r'name="_selected_action" value="(\d+)"', body.decode())
    form = {"action": "publish", "_selected_action": pk, "csrfmiddlewaretoken": token_of(body)}
    assert server.post(rows, urlencode(form), Cookie=cookies)[0] == 302


def numbers_of_zones(server, **headers):
    """What the list says when it is asked so often that every process answers."""
    answers = [server.get("/en/zones/", **headers) for _ in range(30)]
    return {
        re.search(r"(\d+) zones", body.decode())[1] if body else status for status, _headers, body in answers
    }


def test_an_edit_in_one_process_is_seen_in_the_others_within_two_seconds(ground):
    with Server(ground, "pages") as server:
        cookies = sign_in(server)
        assert numbers_of_zones(server) == {"70"}
        tag = server.get("/en/zones/")[1]["ETag"]
        assert numbers_of_zones(server, If_None_Match=tag) == {304}

        publish(server, cookies, "draft-zone")
        published_at = time.monotonic()
        # Staff do not wait.
        assert numbers_of_zones(server, Cookie=cookies, If_None_Match=tag) == {"71"}

        time.sleep(max(0, published_at + 2 - time.monotonic()))
        assert numbers_of_zones(server) == {"71"}
        assert numbers_of_zones(server, If_None_Match=tag) == {"71"}
        assert "Traceback" not in server.log.read_text()
