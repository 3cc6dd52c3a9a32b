"""A backup and a restore beside a real gunicorn, with readers and editors at work: nobody has to stop."""

import itertools
import re
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from urllib.parse import urlencode

import pytest
from django.db import connection

from tests.databases import connected_to
from tests.serving import PASSWORD, PATIENCE, Server

pytestmark = pytest.mark.django_db

ADD = "/admin/zones/industry/add/"
# The records that editors add, and what is noted of each in the same transaction.
WRITTEN = {
    "industry": "SELECT slug FROM zones_industry WHERE slug LIKE 'saved-%'",
    "log": "SELECT name_en FROM zones_industry JOIN django_admin_log ON object_repr = name_en "
    "WHERE slug LIKE 'saved-%'",
}


class Editor:
    """Adds one industry after another, each with a number, until an answer is neither yes nor “try again”."""

    def __init__(self, server, numbers, stop):
        self.server, self.numbers, self.stop = server, numbers, stop
        self.tried, self.acknowledged, self.last = [], [], None

    def sign_in(self):
        _status, headers, body = self.server.get("/admin/login/")
        cookie = headers["Set-Cookie"].partition(";")[0]
        form = {"username": "root", "password": PASSWORD, "csrfmiddlewaretoken": token_of(body)}
        _status, headers, _body = self.server.post("/admin/login/", urlencode(form), Cookie=cookie)
        self.cookies = "; ".join(value.partition(";")[0] for value in headers.get_all("Set-Cookie"))
        self.token = token_of(self.server.get(ADD, Cookie=self.cookies)[2])
        return self

    def work(self):
        while not self.stop.is_set():
            slug = f"saved-{next(self.numbers)}"
            self.tried.append(slug)
            form = {"slug": slug, "name_en": slug, "name_zh": slug, "order": 0, "is_active": "on"}
            form["csrfmiddlewaretoken"] = self.token
            self.last = self.server.post(ADD, urlencode(form), Cookie=self.cookies)
            if self.last[0] == 302:
                self.acknowledged.append(slug)
            elif self.last[0] != 503:
                return


def token_of(body):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', body.decode())[1]


def until(is_so):
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def written(server):
    """What editors added, by the two tables that tell of it; both have to tell the same."""
    found = []
    with connected_to(server.ground.databases.name(server.name)), connection.cursor() as cursor:
        for query in WRITTEN.values():
            cursor.execute(query)
            found.append(sorted(row[0] for row in cursor.fetchall()))
    assert found[0] == found[1]
    return set(found[0])


def read(server, stop):
    """The statuses that a reader gets meanwhile."""
    found = set()
    while not stop.is_set():
        for address in ("/en/zones/", f"/en/zones/?q={time.monotonic()}", "/zh-hans/projects/"):
            found.add(server.get(address)[0])
    return found


def answers(server, address, **headers):
    """(status, number of zones) of one page, asked so often that every process answers."""
    found = set()
    for _ in range(30):
        status, _headers, body = server.get(address, **headers)
        found.add((status, *re.findall(r"(\d+) zones", body.decode())[:1]))
    return found


def publish_draft(server):
    with connected_to(server.ground.databases.name(server.name)), connection.cursor() as cursor:
        cursor.execute("UPDATE zones_zone SET state = 'published' WHERE slug = 'draft-zone'")


def test_nobody_has_to_stop_and_nothing_acknowledged_is_lost(can_dump, ground, tmp_path):
    def manage(*command):
        return ground.manage(*command, database="restoring", BACKUP_DIRECTORY=str(tmp_path / "backups"))

    stop, numbers = Event(), itertools.count()
    with Server(ground, "restoring") as server, ThreadPoolExecutor(4) as people:
        editors = [Editor(server, numbers, stop).sign_in() for _ in range(2)]
        reader = people.submit(read, server, stop)
        work = [people.submit(editor.work) for editor in editors]
        try:
            until(lambda: all(len(editor.acknowledged) >= 2 for editor in editors))
            before = {slug for editor in editors for slug in editor.acknowledged}
            manage("backup")
            after = {slug for editor in editors for slug in editor.tried}
            publish_draft(server)
            until(lambda: (200, "71") in answers(server, "/en/zones/"))
            tag = server.get("/en/zones/")[1]["ETag"]

            (file,) = (tmp_path / "backups").glob("*.json")
            said = manage("restore", str(file), "--yes")
            restored_at = time.monotonic()
            for task in work:
                task.result(timeout=PATIENCE)
            kept = written(server)
            time.sleep(max(0, restored_at + 2 - time.monotonic()))
            assert answers(server, "/en/zones/") == {(200, "70")}
            assert answers(server, "/en/zones/", If_None_Match=tag) == {(200, "70")}
        finally:
            stop.set()

        # The backup is the state of one moment: all that was acknowledged before it, nothing tried after it.
        # What was on its way during the restore may have come right after it.
        assert before <= kept <= after | {editor.tried[-1] for editor in editors}
        # Who was at work is told to sign in again, and loses no word.
        for editor in editors:
            status, _headers, body = editor.last
            assert status == 403
            assert f'value="{editor.tried[-1]}"' in body.decode()
        # What was acknowledged up to the last moment is in the backup that was taken on the way.
        (safety,) = re.findall(r"The state before it: (\S+)", said)
        manage("restore", safety, "--yes", "--without-safety")
        acknowledged = {slug for editor in editors for slug in editor.acknowledged}
        assert acknowledged - kept <= written(server) <= {slug for editor in editors for slug in editor.tried}

        # Tables of PostgreSQL are locked for readers as well while they are written.
        may_wait = {503} if connection.vendor == "postgresql" else set()
        assert reader.result() - may_wait == {200}
        assert " status=500 " not in server.log.read_text()


@pytest.mark.sqlite
def test_a_session_that_ends_in_the_midst_of_a_save_loses_no_word(admin_client):
    """As it does where a save waited for a restore. Here the database itself ends it, at that moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER midst AFTER INSERT ON zones_industry BEGIN DELETE FROM django_session; END"
        )
    form = {"slug": "typed", "name_en": "Typed with care", "name_zh": "用心写的", "order": 0}
    response = admin_client.post(ADD, form)

    assert response.status_code == 403
    page = response.content.decode()
    assert 'value="Typed with care"' in page
    assert "Your session has ended." in page
