"""A restore that is killed half-way, while people read and save."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings

from operations.backups.manifests import found
from tests.faults.readers import what_is_wrong
from tests.faults.test_processes import await_saves
from tests.serving import PATIENCE

pytestmark = pytest.mark.fault
PAGE = "/en/projects/the-project/"


@pytest.fixture
def site(any_site, tmp_path):
    any_site.variables["BACKUP_DIRECTORY"] = str(tmp_path / "backups")
    if any_site.postgres:
        path = os.pathsep.join([str(any_site.postgres.programs), os.environ["PATH"]])
        any_site.variables["PATH"] = path
    return any_site


def test_a_restore_killed_half_way_changes_nothing(site, tell, tmp_path):
    directory = tmp_path / "backups"
    with site.readers() as readers, site.editor() as editor:
        await_saves(editor, 2)
        site.manage("backup")
        await_saves(editor, 2)
        (backup,) = found(directory)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.killed_restore", directory / backup.file],
            cwd=settings.BASE_DIR,
            env=site.ground.environment(site.name) | site.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        output = process.communicate(timeout=PATIENCE * 3)[0]
        assert process.returncode == -signal.SIGKILL, output
        # In the same session: a restore would have ended it.
        well_after = await_saves(editor, 2)
        readers.await_answers(200, 20)
    site.prove(editor)
    assert readers.odd == []
    assert set(readers.seen) <= {200, 503}
    # The one before it, and the one that was taken on the way. Nothing of the killed one keeps the next away.
    assert len(found(directory)) == 2
    site.manage("restore", str(directory / backup.file), "--yes", "--without-safety")
    assert list(directory.glob(".unfinished-*")) == []
    status, headers, body = site.server.get(PAGE, Cookie="sessionid=none")
    assert not what_is_wrong(PAGE, status, headers, body.decode())
    then = site.tell()["projects"]["the-project"]["now"]
    assert then in body.decode()
    assert int(then.removeprefix("Value ")) < editor.acknowledged[-1]
    tell(f"a restore killed half-way ({site.engine})", readers, [editor], well_after)
