"""Runs an import in a process of its own, tells how far it is, and notices when it has died.

The process holds a lock for as long as it lives, so the operating system itself says when it is gone. How
far it is stands in a small file beside the lock: on SQLite nobody else can write to the database while it
writes.
"""

import contextlib
import fcntl
import hashlib
import json
import logging
import os
import socket
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from desk.imports.checking import Check
from desk.imports.kinds import SHEETS
from desk.imports.problems import FileRefused, Problem
from desk.imports.reading import is_small, read_table
from desk.imports.undoing import undo
from desk.imports.writing import Outdated, write
from desk.models import Import, ImportRow, ImportState

log = logging.getLogger(__name__)

# How long a process on another machine, which cannot be seen from here, is taken to be at work.
ELSEWHERE = timedelta(hours=1)


class AlreadyRunning(Exception):
    """A process is at work on this import."""


def start(importing, state):
    """Begin to check, write or undo: at once where that takes no time, else in a process of its own.

    Raises AlreadyRunning where a process is at work on it, or was since `importing` was read.
    """
    with _lock(importing) as lock:
        _move(importing, state)
        importing.state, importing.started_at, importing.host = state, timezone.now(), socket.gethostname()
        importing.save(update_fields=["state", "started_at", "host", "why", "undone_by", "undone_by_name"])
        _progress_file(importing).unlink(missing_ok=True)
        if _is_short(importing) and not _is_somebodys_turn():
            _run_safely(importing)
        else:
            _run_elsewhere(importing, lock)


def cancel(importing):
    """Give up an import that is not written. Raises AlreadyRunning as `start` does."""
    with _lock(importing):
        _move(importing, ImportState.CANCELLED)


def _move(importing, state):
    """Put an import into another state, unless somebody else has done so since it was read."""
    if not Import.objects.filter(pk=importing.pk, state=importing.state).update(state=state):
        raise AlreadyRunning


def _is_short(importing):
    """Whether there is so little to do that the browser can wait for it."""
    try:
        return importing.content is None or is_small(bytes(importing.content))
    except FileRefused:
        return True


def _run_elsewhere(importing, lock):
    """The process inherits the lock, and so holds it from its first moment to its last."""
    command = [
        sys.executable,
        str(settings.BASE_DIR / "manage.py"),
        "run_import",
        str(importing.pk),
        "--locked",
    ]
    subprocess.Popen(  # noqa: S603  our own command
        command,
        pass_fds=[lock.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "shanxi_portal.settings")},
    )


def _run_safely(importing):
    try:
        run(importing)
    except Exception:
        # The page says that it was interrupted, and offers to start again.
        log.exception("Import %s failed", importing.pk)


def run(importing, *, is_locked=True):
    """Do what the state of an import says is being done. Raises AlreadyRunning where another process does."""
    lock = contextlib.nullcontext() if is_locked else _lock(importing)
    with lock, translation.override(importing.language):
        match importing.state:
            case ImportState.CHECKING:
                _check(importing)
            case ImportState.WRITING:
                _write(importing)
            case ImportState.UNDOING:
                with _turn(importing):
                    undo(importing, lambda done, total: _tell(importing, done, total))


def is_interrupted(importing):
    """Whether something is to be done, and nobody is doing it."""
    if not importing.is_running:
        return False
    if importing.host != socket.gethostname():
        return importing.started_at is None or importing.started_at < timezone.now() - ELSEWHERE
    try:
        with _lock(importing):
            return True
    except AlreadyRunning:
        return False


def how_far(importing):
    """(rows done, rows in all) of what is being done; (0, 0) where that is not known."""
    try:
        told = json.loads(_progress_file(importing).read_text())
        return told["done"], told["total"]
    except (OSError, ValueError):
        return 0, 0


# The three things that are done

# What a check sets.
FOUND = (
    *("state", "total", "new", "changed", "unchanged", "wrong", "pending", "public"),
    *("problems", "notices"),
)


def _check(importing, *notices):
    importing.rows.all().delete()
    importing.total = importing.public = 0
    importing.notices, found = list(notices), []
    try:
        check = _new_check(importing)
    except FileRefused as error:
        found = [Problem(error.message)]
    else:
        importing.total = len(check.table.rows)
        importing.notices += check.table.notices
        found = check.problems
        if check.can_be_read:
            _check_rows(importing, check)
    importing.problems = [problem.as_json() for problem in found]
    _count(importing)
    importing.state = ImportState.REFUSED if found or importing.wrong else ImportState.CHECKED
    importing.save(update_fields=FOUND)


def _new_check(importing):
    if importing.by is None or not importing.by.is_active:
        raise FileRefused(_("The account of whoever uploaded this is closed."))
    if importing.content is None:
        raise FileRefused(_("The file was cleared. Upload it again."))
    sheet = SHEETS[importing.kind](importing.by)
    return Check(sheet, read_table(bytes(importing.content)), importing.by)


def _check_rows(importing, check):
    done = 0
    for outcomes in check.outcomes():
        ImportRow.objects.bulk_create(
            [
                ImportRow(
                    of=importing,
                    number=outcome.number,
                    result=outcome.result,
                    name=outcome.name[:300],
                    is_pending=outcome.is_pending,
                    changes=outcome.changes,
                    problems=[problem.as_json() for problem in outcome.problems],
                    target=outcome.target,
                )
                for outcome in outcomes
            ]
        )
        importing.public += sum(outcome.is_public and not outcome.is_pending for outcome in outcomes)
        done += len(outcomes)
        _tell(importing, done, importing.total)
    for problem in check.late_problems():
        row = importing.rows.get(number=problem.row)
        row.problems.append(problem.as_json())
        row.result = "wrong"
        row.save(update_fields=["problems", "result"])


def _count(importing):
    rows = importing.rows
    for name in ("new", "changed", "unchanged", "wrong"):
        setattr(importing, name, rows.filter(result=name).count())
    importing.pending = rows.filter(is_pending=True).count()


def _write(importing):
    try:
        check = _new_check(importing)
        with _turn(importing):
            write(importing, check, lambda done, total: _tell(importing, done, total))
    except (Outdated, FileRefused):
        importing.state = ImportState.CHECKING
        importing.save(update_fields=["state"])
        _check(
            importing,
            _("Records have changed since this was shown. Look at it again before you confirm it."),
        )


# Locks, and how far it is


def _directory():
    """A directory of this site on this machine, for its own user alone."""
    # The database and not the code: after an upgrade another release looks after the same imports.
    database = settings.DATABASES["default"]
    site = " ".join(str(database.get(name, "")) for name in ("HOST", "PORT", "NAME"))
    name = f"invest-shanxi-{os.getuid()}-{hashlib.sha256(site.encode()).hexdigest()[:12]}"
    directory = Path(tempfile.gettempdir()) / name
    directory.mkdir(mode=0o700, exist_ok=True)
    # Not where a link of somebody else leads.
    if directory.lstat().st_uid != os.getuid():
        raise PermissionError(f"{directory} belongs to somebody else.")
    return directory


@contextlib.contextmanager
def _lock(importing):
    """Hold the lock of an import. Raises AlreadyRunning where another process does."""
    with open(_directory() / f"{importing.uuid}.lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning from None
        yield file


@contextlib.contextmanager
def _turn(importing):
    """Wait until no other import of this machine is being written."""
    with open(_directory() / "writing.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_somebodys_turn():
    """Whether another import of this machine is being written: no browser can wait for its end."""
    with open(_directory() / "writing.lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _progress_file(importing):
    return _directory() / f"{importing.uuid}.progress"


def _tell(importing, done, total):
    file = _progress_file(importing)
    new = file.with_suffix(".new")
    new.write_text(json.dumps({"done": done, "total": total}))
    new.replace(file)
