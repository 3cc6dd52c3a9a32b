"""A PostgreSQL that is stopped as an accident would stop it, and goes on."""

import os
import signal
from pathlib import Path

import psycopg

DURABLE = "synchronous_commit=on"


def family(postgres):
    """The process of a server and those that it has started."""
    master = postgres.process.pid
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return [master, *map(int, children)]


def send(number, pids):
    """Send a signal to processes, some of which may have ended by themselves."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def kill(postgres):
    """End all processes of a server at the same moment."""
    send(signal.SIGKILL, family(postgres))
    postgres.process.wait(60)


def start_again(postgres):
    """Start a server, which first mends what it finds."""
    postgres.start(DURABLE)


def settle(postgres):
    """Write down what lies in memory.

    A database made like another has sequences that a crash would put back, until this has been done. Only
    tests make theirs so.
    """
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
