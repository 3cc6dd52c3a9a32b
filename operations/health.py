"""Whether this process can serve readers: what `/readyz` looks at, part by part.

Without a part that is needed the answer is 503, and a load balancer sends nobody here. A part that is
degraded makes pages slower, or older, and the site serves all the same.
"""

import logging
import shutil
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from listings import triggers
from listings.filters import indexed_lists
from listings.index import THRESHOLD
from listings.index.memory import Standing, standing

logger = logging.getLogger(__name__)

# Whoever asks more often, or at the same time, gets the same answer.
REMEMBERED = 1.0
# What costs more to find out, and changes only when somebody works on the machine, is asked this often.
REMEMBERED_WELL = 30.0


class State(Enum):
    """How a part is."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


@dataclass(frozen=True)
class Part:
    """A part of the site, how it is, and why: the reason is for those who run the site alone."""

    name: str
    state: State
    reason: str = ""


class NotInOrder(Exception):
    """What is wrong with a part."""


def check_database():
    """The database answers a question."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT 1")


def check_migrations():
    """All migrations of this code have been applied; those of later code may have been too."""
    applied = MigrationRecorder(connections["default"]).applied_migrations()
    missing = [f"{app}.{name}" for app, name in _last_migrations() if (app, name) not in applied]
    if missing:
        raise NotInOrder(f"Not applied: {', '.join(missing)}. Run manage.py migrate.")


@cache
def _last_migrations():
    """(app, name) of the last migration of every app; those before it are applied where it is."""
    return sorted(MigrationLoader(None).graph.leaf_nodes())


def check_triggers():
    """The triggers are there by which pages and indexes learn of a change."""
    missing = triggers.missing(connections["default"])
    if missing:
        raise NotInOrder(f"{len(missing)} triggers are missing. Run manage.py migrate.")


def check_indexes():
    """Every large list has an index that this code can use; without it lists and search are slow."""
    for layout in indexed_lists():
        found, _index = standing(layout)
        if found is not Standing.CURRENT and layout.rows("default")[:THRESHOLD].count() >= THRESHOLD:
            raise NotInOrder(f"The index of {layout.table} is {found.value}. Run manage.py build_index.")


def check_disk():
    """There is room: DISK_FREE_MB for temporary files, and at the database where it is a file."""
    for place, folder in folders().items():
        free = shutil.disk_usage(folder).free / 1e6
        if free < settings.DISK_FREE_MB:
            raise NotInOrder(f"{free:.0f} MB are free for the {place}, fewer than {settings.DISK_FREE_MB}.")


def folders():
    """{what lies there: folder} of the places that must not become full."""
    places = {"temporary files": Path(tempfile.gettempdir())}
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3") and Path(database["NAME"]).is_file():
        places["database"] = Path(database["NAME"]).parent
    return places


def check_cache():
    """What is put into the shared cache is found there again."""
    value = uuid.uuid4().hex
    caches["default"].set("operations.health", value, 60)
    if caches["default"].get("operations.health") != value:
        raise NotInOrder("The cache keeps nothing.")


def check_replica():
    """The replica answers, where there is one."""
    if "replica" in connections.databases:
        with connections["replica"].cursor() as cursor:
            cursor.execute("SELECT 1")


CHECKS = {
    "disk": check_disk,
    "database": check_database,
    "migrations": check_migrations,
    "triggers": check_triggers,
    "indexes": check_indexes,
    "cache": check_cache,
    "replica": check_replica,
}
# Not asked where the database does not answer.
OF_DATABASE = {"migrations", "triggers", "indexes"}
# Those that the site can do without, however they fail.
OPTIONAL = {"indexes", "cache", "replica"}


class _Look:
    """One look at all parts, in a thread of its own: whoever asks does not wait longer than READY_SECONDS."""

    def __init__(self):
        self.parts, self.done, self.began_at = {}, threading.Event(), time.monotonic()
        self.at = None
        threading.Thread(target=self._run, name="readiness", daemon=True).start()

    def _run(self):
        try:
            for name, check in CHECKS.items():
                if name not in OF_DATABASE or self.parts["database"].state is State.OK:
                    self.at = name
                    self.parts[name] = look_at(name, check)
        finally:
            connections.close_all()
            self.done.set()

    def result(self, patience):
        """The parts after so many seconds at most; the one that has not answered by then is not in order."""
        if not self.done.wait(patience):
            parts = self.parts | {self.at: _not_in_order(self.at, f"No answer within {patience:g} seconds.")}
            return list(parts.values())
        return list(self.parts.values())


def _not_in_order(name, reason):
    return Part(name, State.DEGRADED if name in OPTIONAL else State.FAILED, reason)


_lock = threading.Lock()
_look = None
_good_until = {}
_known = {}


def readiness():
    """The parts of the site, as they were a second ago at most."""
    global _look
    with _lock:
        is_old = _look is None or (_look.done.is_set() and time.monotonic() - _look.began_at > REMEMBERED)
        if is_old:
            _look = _Look()
        look = _look
    parts = look.result(settings.READY_SECONDS)
    _tell(parts)
    return parts


def is_ready(parts):
    """Whether readers can be served."""
    return all(part.state is not State.FAILED for part in parts)


def look_at(name, check):
    """The `Part` that a check finds; what is costly and was in order is not asked again for a while."""
    if time.monotonic() < _good_until.get(name, 0):
        return Part(name, State.OK)
    try:
        check()
    except Exception as found:
        return _not_in_order(name, str(found).strip() or type(found).__name__)
    if name in OF_DATABASE:
        _good_until[name] = time.monotonic() + REMEMBERED_WELL
    return Part(name, State.OK)


def forget():
    """Look anew at everything: for tests."""
    global _look
    _look = None
    _good_until.clear()
    _known.clear()


def _tell(parts):
    """Write a line where a part is not as it was when somebody asked last."""
    for part in parts:
        if _known.get(part.name, State.OK) is not part.state:
            level = logging.INFO if part.state is State.OK else logging.WARNING
            logger.log(level, "Readiness: %s is %s. %s", part.name, part.state.value, part.reason)
        _known[part.name] = part.state
