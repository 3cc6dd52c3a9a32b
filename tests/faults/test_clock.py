"""A clock that jumps while people read and save: libfaketime below the real server."""

import os
from pathlib import Path

import pytest

from tests.faults.editors import Editor
from tests.faults.sites import Site
from tests.faults.test_processes import await_saves

pytestmark = pytest.mark.fault
LIBRARIES = "/usr/lib/*/faketime/libfaketimeMT.so.1"
MISSING = "There is no libfaketime here. Install it: faketime"


class Clock:
    """What a server takes to be the time: `jump("+1d")` puts its clock a day ahead of the true one."""

    def __init__(self, library, directory):
        self.file = directory / "time"
        self.jump("+0")
        self.variables = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            # As with a real clock that is put: what counts seconds goes on, and files keep their times.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def jump(self, offset):
        new = self.file.with_suffix(".new")
        new.write_text(f"{offset}\n")
        os.replace(new, self.file)


@pytest.fixture
def clock(tmp_path):
    library = next(Path("/").glob(LIBRARIES.removeprefix("/")), None) or pytest.skip(MISSING)
    return Clock(library, tmp_path)


@pytest.fixture
def site(files_ground, clock):
    with Site(files_ground, "clock", **clock.variables) as site:
        yield site


@pytest.mark.parametrize(("there", "back"), [("+1h", "+0"), ("-1h", "+0"), ("+1d", "+0"), ("-1d", "+0")])
def test_the_clock_jumps_and_jumps_back(site, clock, tell, there, back):
    address = site.editor().address
    with site.readers() as readers:
        editors = []
        for offset in ("+0", there, back):
            clock.jump(offset)
            readers.await_answers(200, 20)
            editor = Editor(site.server, address, "editor of the-project", first=sum(saves_of(editors)) + 1)
            with editor:
                await_saves(editor, 2)
            editors.append(editor)
    site.prove(*editors)
    assert readers.odd == []
    assert set(readers.seen) == {200}
    tell(f"the clock jumps by {there} and back", readers, editors)


def saves_of(editors):
    return [editor.number for editor in editors]


def test_a_session_and_what_was_typed_when_the_clock_jumps(site, clock, tell):
    editor = site.editor()
    form = editor.open()
    clock.jump("+1d")
    # It would have ended hours ago; what was typed comes back, to be sent after signing in again.
    status, page = editor.save(form)
    assert status == 403
    assert "Value 1" in page
    later = site.editor()
    assert later.save(later.open())[0] == 302
    clock.jump("+0")
    # Nobody can tell how long a session of tomorrow has lasted.
    status, page = later.save(form)
    assert status == 403
    again = site.editor(first=3)
    assert again.save(again.open())[0] == 302
    site.prove(again)
    tell("a session when the clock jumps", more="it ends (403), and the page has what was typed")


def test_a_page_is_renewed_on_another_day(site, clock):
    page = "/en/projects/the-project/"
    _status, headers, _body = site.server.get(page)
    tag = headers["ETag"]
    assert site.server.get(page, If_None_Match=tag)[0] == 304
    clock.jump("+1d")
    status, headers, _body = site.server.get(page, If_None_Match=tag)
    assert (status, headers["Cache-Control"]) == (200, "public, max-age=300")
    clock.jump("+0")
    assert site.server.get(page, If_None_Match=tag)[0] == 304
