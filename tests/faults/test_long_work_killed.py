"""Imports and exports that take a while, and whose process is killed half-way."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.desk.test_imports_running import CONFIRM, KEY, TELL, UPLOAD
from tests.desk.test_imports_running import ROWS as IMPORTED

pytestmark = pytest.mark.fault
EXPORTED = 4000
MANY = f"""
from projects.models import Project

one = Project.objects.get(slug="the-project")
same = {{"sector": one.sector, "state": "published", "status": one.status}}
Project.objects.bulk_create(
    Project(slug=f"many-{{n}}", name_en=f"Project {{n}}", name_zh=f"{{n}}", **same) for n in range({EXPORTED})
)
"""


def test_an_import_killed_while_it_writes(any_site, tell, tmp_path):
    site = any_site
    site.variables["TMPDIR"] = str(tmp_path)
    site.manage("shell", "--verbosity=0", "--command", UPLOAD)
    assert begin_import(site).wait(600) == 0
    site.manage("shell", "--verbosity=0", "--command", CONFIRM)
    with site.readers() as readers:
        process = begin_import(site)
        wait_until_it_writes(process, tmp_path)
        process.send_signal(signal.SIGKILL)
        process.wait(60)
        assert told(site) == ["writing", True, IMPORTED, 0, 0]
        readers.await_answers(200, 20)
    began = time.monotonic()
    assert begin_import(site).wait(600) == 0
    assert told(site) == ["done", False, IMPORTED, IMPORTED, IMPORTED]
    site.prove(with_statements=False)
    assert readers.odd == []
    assert set(readers.seen) == {200}
    seconds = time.monotonic() - began
    more = f"none of {IMPORTED} rows was written; started again, all are in {seconds:.0f} s"
    tell(f"an import killed while it writes ({site.engine})", readers, more=more)


def begin_import(site):
    """The process that the site starts for what the state of the import says."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "run_import", "1"],
        cwd=settings.BASE_DIR,
        env=site.ground.environment(site.name) | site.variables,
        stdout=subprocess.DEVNULL,
    )


def wait_until_it_writes(process, directory):
    """Rows are checked again first, which is the first half of what is told; then they are written."""
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline and process.poll() is None:
        for file in Path(directory).glob(f"*/{KEY}.progress"):
            if json.loads(file.read_text())["done"] > IMPORTED * 1.1:
                return
        time.sleep(0.02)
    raise AssertionError(f"It did not come as far: {process.poll()}")


def told(site):
    return json.loads(site.manage("shell", "--verbosity=0", "--command", TELL))


def test_an_export_killed_half_way(site, tell):
    site.manage("shell", "--verbosity=0", "--command", MANY)
    connection = http.client.HTTPConnection("127.0.0.1", site.server.port, timeout=60)
    connection.request("GET", "/en/projects.csv")
    response = connection.getresponse()
    response.read(100)
    for pid in site.workers():
        os.kill(pid, signal.SIGKILL)
    # What is cut off can be told from what is whole.
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        response.read()
    began = time.monotonic()
    with site.readers() as readers:
        readers.await_answers(200, 5)
        back = time.monotonic() - began
    status, _headers, body = site.server.get("/en/projects.csv")
    assert (status, body.count(b"Project ") >= EXPORTED) == (200, True)
    assert readers.odd == []
    tell(
        "all workers killed in the middle of an export", readers, well_after=back, more="the file breaks off"
    )
