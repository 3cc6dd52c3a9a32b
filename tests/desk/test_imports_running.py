"""Large imports, in a process of their own that may be killed at any moment."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid

import pytest
from django.conf import settings

from desk.imports import running
from desk.models import Import
from tests.desk.spreadsheets import person
from tests.serving import Ground

KEY = uuid.UUID("9f5b1f3e-6f3e-4a52-8a54-3d8d6f0f9d11")
# As many as a file may have take some ten minutes, more than the rest of the suite may:
# IMPORT_ROWS=20000 pytest -o faulthandler_timeout=0 tests/desk/test_imports_running.py
ROWS = int(os.environ.get("IMPORT_ROWS", "600"))
PATIENCE = 60 + ROWS // 8

UPLOAD = f"""
from django.contrib.auth.models import User
from desk.models import Import
from tests.desk.spreadsheets import delimited

rows = [[f"new-{{n}}", f"Zone {{n}}", "changzhi", "economic", n] for n in range(1, {ROWS} + 1)]
head = ["Address", "Name (English)", "City", "Type", "Area, km²"]
Import.objects.create(
    uuid="{KEY}",
    kind="zones",
    file_name="many.csv",
    language="en",
    content=delimited(head, *rows),
    by=User.objects.create_superuser("importer"),
    by_name="importer",
)
"""
CONFIRM = """
import socket
from desk.models import Import

Import.objects.update(state="writing", host=socket.gethostname())
"""
TELL = """
import json
from desk.imports.running import how_far, is_interrupted
from desk.models import Import
from records.models import Version
from zones.models import Zone

one = Import.objects.get()
zones, versions = Zone.objects.filter(slug__startswith="new-"), Version.objects.filter(batch=one.uuid)
print(json.dumps([one.state, is_interrupted(one), one.new, zones.count(), versions.count()]))
"""


@pytest.fixture
def ground(tmp_path, shipped):
    ground = Ground(tmp_path)
    ground.databases.copy("shipped", "ground", of=shipped)
    yield ground.fill(UPLOAD)
    ground.databases.drop("ground")


def begin(ground):
    """The process that does what the state of the import says."""
    environment = ground.environment("ground") | {"TMPDIR": str(ground.directory)}
    return subprocess.Popen(
        [sys.executable, "manage.py", "run_import", "1"], cwd=settings.BASE_DIR, env=environment
    )


def told(ground):
    return json.loads(
        ground.manage("shell", "--verbosity=0", "--command", TELL, TMPDIR=str(ground.directory))
    )


def wait_for_rows(ground, process, done):
    """Wait until so many rows are done, as the bar of the page would show it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        for file in ground.directory.glob(f"*/{KEY}.progress"):
            if json.loads(file.read_text())["done"] >= done:
                return
        time.sleep(0.05)
    raise AssertionError(f"It did not come as far: {process.poll()}")


@pytest.mark.slow
@pytest.mark.sqlite
def test_many_rows_survive_the_death_of_their_process(ground):
    assert begin(ground).wait(PATIENCE) == 0
    assert told(ground) == ["checked", False, ROWS, 0, 0]

    ground.manage("shell", "--verbosity=0", "--command", CONFIRM)
    process = begin(ground)
    # All rows are checked again first, which is the first half; then they are written.
    wait_for_rows(ground, process, ROWS + ROWS // 10)
    process.send_signal(signal.SIGSTOP)  # Few rows are written sooner than one can ask.
    assert told(ground)[:2] == ["writing", False]
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)
    assert told(ground) == ["writing", True, ROWS, 0, 0]

    assert begin(ground).wait(PATIENCE) == 0
    assert told(ground) == ["done", False, ROWS, ROWS, ROWS]


@pytest.mark.django_db
def test_one_import_is_not_run_by_two_processes():
    importing = Import.objects.create(
        kind="zones", file_name="x", language="en", content=b"x", state="cancelled"
    )
    with running._lock(importing), pytest.raises(running.AlreadyRunning):
        running.start(importing, "checking")
    assert not running.is_interrupted(importing)


@pytest.mark.django_db
def test_what_somebody_else_has_begun_meanwhile_is_not_begun_again():
    importing = Import.objects.create(kind="zones", file_name="x", language="en", state="checked")
    Import.objects.filter(pk=importing.pk).update(state="done")
    with pytest.raises(running.AlreadyRunning):
        running.start(importing, "writing")
    with pytest.raises(running.AlreadyRunning):
        running.cancel(importing)
    assert Import.objects.get().state == "done"


@pytest.mark.django_db
def test_an_interrupted_import_says_so_and_can_be_started_again(client):
    user = person(None, is_superuser=True)
    client.force_login(user)
    importing = Import.objects.create(
        kind="zones",
        file_name="x",
        language="en",
        content=b"Address\nx",
        by=user,
        host=running.socket.gethostname(),
    )
    address = f"/admin/desk/import/{importing.pk}/"
    response = client.get(f"{address}change/")
    assert "The check was interrupted." in response.content.decode()
    assert "Refresh" not in response
    with running._lock(importing):
        response = client.get(f"{address}change/")
        assert response["Refresh"] == "2"
        assert "The file is being checked." in response.content.decode()
    client.post(f"{address}restart/")
    importing.refresh_from_db()
    assert (importing.state, importing.wrong) == ("refused", 1)


@pytest.mark.django_db
def test_a_process_elsewhere_counts_as_alive_for_an_hour(django_user_model):
    importing = Import.objects.create(kind="zones", file_name="x", language="en", host="another machine")
    importing.started_at = running.timezone.now() - running.ELSEWHERE / 2
    assert not running.is_interrupted(importing)
    importing.started_at -= running.ELSEWHERE
    assert running.is_interrupted(importing)
