"""A site to break, and what proves afterwards that it lost nothing and holds nothing half-written."""

import json
import os
import signal
from pathlib import Path

from tests.faults.editors import Editor
from tests.faults.readers import Readers
from tests.serving import PASSWORD, PATIENCE, Server

# Who edits, and what: two public projects in an index, so that a save writes the record, its version, the log
# of changes and the count of them.
ROWS = f"""
from django.contrib.auth.models import User
from records.models import Aspect
from tests.factories import make_project, make_statement
from zones.models import Industry

status, sector = Aspect.objects.get(key="status"), Industry.objects.first()
for slug, name in (("the-project", "The project"), ("another-project", "Another")):
    User.objects.create_superuser(f"editor of {{slug}}", password="{PASSWORD}")
    project = make_project(slug=slug, name_en=name, name_zh=name, summary_en="Value 0", sector=sector)
    make_statement(project, aspect=status, choice=project.status)
"""
# What is in the database of a project and its history, by whoever asks it directly.
TELL = """
import json
from django.db import connection
from listings import triggers
from projects.models import Project
from records.models import Version

told = {"projects": {}}
for project in Project.objects.filter(slug__in=["the-project", "another-project"]):
    versions = Version.objects.of(project).order_by("number")
    told["projects"][project.slug] = {
        "pk": project.pk,
        "now": project.summary_en,
        "history": [version.content["fields"]["summary_en"] for version in versions],
        "numbers": list(versions.values_list("number", flat=True)),
    }
told["uncounted"] = triggers.missing(connection)
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        told["integrity"] = [row[0] for row in cursor.execute("PRAGMA integrity_check")]
        told["orphans"] = [list(row) for row in cursor.execute("PRAGMA foreign_key_check")]
print(json.dumps(told))
"""


class Site:
    """gunicorn with two processes, on a database of its own that has the rows above."""

    def __init__(self, ground, name, **variables):
        # Readers here are few, with one address, and ask as fast as they can.
        self.variables = {"LIMIT_SEARCH": "none", "LIMIT_SIGN_IN": "none"} | variables
        self.ground, self.name, self.postgres = ground, name, None
        self.server = Server(ground, name, **self.variables)
        self.keys = {}

    def __enter__(self):
        try:
            self.keys = {slug: one["pk"] for slug, one in self.tell()["projects"].items()}
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error):
        self.kill()
        self.ground.databases.drop(self.name)

    @property
    def engine(self):
        return "postgresql" if self.postgres else "sqlite"

    def manage(self, *command):
        return self.ground.manage(*command, database=self.name, **self.variables)

    def readers(self, **options):
        return Readers(self.server, **options)

    def editor(self, slug="the-project", **options):
        address = f"/admin/projects/project/{self.keys[slug]}/change/"
        return Editor(self.server, address, user=f"editor of {slug}", **options)

    def workers(self):
        """The processes that answer, as ids; the master is none of them."""
        master = self.server.process.pid
        return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]

    def kill(self):
        """End the master, the workers and whatever they have started at the same moment, by SIGKILL."""
        try:
            os.killpg(self.server.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.server.process.wait(PATIENCE)

    def tell(self):
        return json.loads(self.manage("shell", "--verbosity=0", "--no-imports", "--command", TELL))

    def prove(self, *editors, with_statements=True):
        """Assert that all that was acknowledged is there, and that nothing is half-written.

        Of several editors of one record the one who saved last comes last. What is asked of records as they
        are published, that each figure has a statement, may be left out where a test imports some without.
        """
        told = self.tell()
        assert told["uncounted"] == []
        assert told.get("integrity", ["ok"]) == ["ok"]
        assert told.get("orphans", []) == []
        for slug, pk in self.keys.items():
            if mine := [editor for editor in editors if f"/{pk}/" in editor.address]:
                prove_one(mine, told["projects"][slug])
        if with_statements:
            self.manage("check_records")
        self.manage("check_index", "--no-progress")


def prove_one(editors, told):
    """The same of one record and of those who edited it, one after the other."""
    odd = [line for editor in editors for line in editor.odd]
    assert not odd, odd
    assert told["numbers"] == list(range(1, len(told["numbers"]) + 1))
    assert told["history"][-1:] in ([told["now"]], [])
    saved = [int(text.removeprefix("Value ")) for text in told["history"]]
    # In the order in which they were sent, none twice: an answer may have been lost, a change may not.
    assert saved == sorted(set(saved)), saved
    lost = {number for editor in editors for number in editor.acknowledged} - set(saved)
    assert not lost, f"Acknowledged, and not there: {sorted(lost)}"
    assert set(saved) <= set(range(editors[-1].number + 1))
