"""`restore` that kills itself half-way: python -m tests.faults.killed_restore BACKUP

On SQLite half of the pages are written over those of the live database by then, on PostgreSQL all tables have
been replaced, and in neither has it been made to count.
"""

import os
import signal
import sys

# (file, function) of operations/backups that is called at that moment.
HALF_WAY = {("sqlite.py", "step"), ("postgresql.py", "_execute")}


def kill_half_way(frame, event, _argument):
    """For `sys.setprofile`, which calls it whenever a function begins or ends."""
    code = frame.f_code
    if (os.path.basename(code.co_filename), code.co_name) not in HALF_WAY:
        return
    told = frame.f_locals
    half_written = event == "call" and "_remaining" in told and 0 < told["_remaining"] < told["_total"] / 2
    if half_written or (event == "return" and code.co_name == "_execute"):
        os.kill(os.getpid(), signal.SIGKILL)


def main(backup):
    import django

    django.setup()
    from django.core.management import call_command

    sys.setprofile(kill_half_way)
    call_command("restore", backup, "--yes")


if __name__ == "__main__":
    main(*sys.argv[1:])
