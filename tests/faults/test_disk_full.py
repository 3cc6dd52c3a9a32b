"""A disk with no room left, under the database: a small file system of the test's own."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.databases import Files
from tests.faults.editors import KEPT, SAVED
from tests.faults.sites import Site
from tests.faults.test_processes import await_saves
from tests.serving import Ground

pytestmark = pytest.mark.fault
ROOM = 8 * 2**20


class Disk:
    """A file system in a file, mounted on a directory; it has `ROOM` bytes more than what is to lie on it."""

    def __init__(self, directory, content):
        self.image, self.path = directory / "disk.img", directory / "disk"
        self.path.mkdir()
        with self.image.open("wb") as image:
            image.truncate(int(content * 1.1) + 4 * 2**20 + ROOM)

    def __enter__(self):
        run("mkfs.ext4", "-q", "-m", "0", self.image)
        run("mount", "-o", "loop", self.image, self.path)
        return self

    def __exit__(self, *_error):
        run("umount", "--lazy", self.path)

    def fill(self):
        """Leave not a block of it."""
        with (self.path / "ballast").open("ab", buffering=0) as ballast:
            for size in (2**20, 4096, 512, 1):
                try:
                    while True:
                        ballast.write(b"x" * size)
                except OSError:
                    continue

    def free(self):
        (self.path / "ballast").unlink()


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def disk(tmp_path, files_ground):
    if os.geteuid() != 0:
        pytest.skip("To mount a file system of its own takes root.")
    size = Path(files_ground.databases.name("ground")).stat().st_size
    try:
        disk = Disk(tmp_path, size).__enter__()
    except AssertionError as error:
        pytest.skip(f"No file system can be mounted here: {error}")
    yield disk
    disk.__exit__()


def test_the_disk_full(disk, files_ground, tell):
    ground = Ground(disk.path, Files(disk.path), files_ground.static)
    ground.databases.copy("ground", "ground", of=files_ground.databases)
    # The log of the server lies elsewhere on a real machine as well.
    ground.directory = disk.image.parent
    with Site(ground, "full") as site:
        Path(ground.databases.name("ground")).unlink()
        with site.readers() as readers:
            with site.editor() as editor:
                await_saves(editor, 3)
            disk.fill()
            status, page = 302, ""
            while status == 302:  # The log of the database has some room yet.
                form = editor.open()
                assert form is not None, "A form cannot be opened while nothing can be written."
                status, page = editor.save(form)
            readers.await_answers(200, 50)
            assert editor.outcomes[KEPT] == 1, (status, page[:2000])
            assert status == 503
            assert "The server has no room left" in page
            kept = editor.number
            disk.free()
            # What was typed is sent again, as the page that kept it offers.
            editor.number -= 1
            assert editor.save(form)[0] == 302
            assert editor.acknowledged[-1] == kept
        site.prove(editor)
    assert readers.odd == []
    assert set(readers.seen) == {200}
    assert editor.outcomes[SAVED] > 3
    tell("the disk full, under SQLite", readers, [editor])
