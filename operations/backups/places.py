"""The directory of the backups: who may look into it, one at a time, and whether there is room."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from operations.backups import Refused

LOCK = ".lock"
UNFINISHED = ".unfinished-"


@contextlib.contextmanager
def alone_in(directory):
    """The directory, made if need be, for one process at a time; Refused while another works there.

    What an interrupted one has left behind is removed.
    """
    directory = Path(directory)
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Refused(f"{directory} cannot be written to: {error.strerror}.") from None
    with open(handle) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(f"Another backup or restore is at work in {directory}.") from None
        for left in directory.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield directory


@contextlib.contextmanager
def workroom(directory):
    """A directory inside another that only we may read, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=directory, ignore_cleanup_errors=True) as name:
        yield Path(name)


def need_room(directory, wanted):
    """Refused where a directory has less room than so many bytes."""
    free = shutil.disk_usage(directory).free
    if free < wanted:
        raise Refused(f"{directory} has {free / 1e6:,.0f} MB free, and {wanted / 1e6:,.0f} MB may be needed.")


def settle(source, target):
    """Move a file to its name so that a power cut leaves all of it or none; only its owner may read it."""
    os.chmod(source, 0o600)
    _sync(source)
    os.replace(source, target)
    _sync(target.parent)


def _sync(path):
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
