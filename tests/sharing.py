"""What takes long to make and is made once for all processes of a run of tests."""

import contextlib
import fcntl
import os

WORKER = "PYTEST_XDIST_WORKER"
# The same in all processes of a run, and another in another run.
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"alone_{os.getpid()}")[:16]


def run_directory(tmp_path_factory):
    """The directory that all processes of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if WORKER in os.environ else own


@contextlib.contextmanager
def shared(users, make, remove=None):
    """While this lasts there is what `make` makes: the first process makes it, the last one removes it.

    `users` is a file that has one byte for each process that is using it. Others wait while it is made.
    """
    with users.open("ab") as file:
        with _locked(file):
            if not users.stat().st_size:
                make()
            file.write(b".")
            file.flush()
        try:
            yield
        finally:
            with _locked(file):
                left = users.stat().st_size - 1
                file.truncate(left)
                if not left and remove:
                    remove()


@contextlib.contextmanager
def _locked(file):
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)
