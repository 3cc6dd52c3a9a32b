"""Backups of the database: taken while the site runs, looked through, kept for a while, put back.

A backup is two files: what the database held at one moment, and a manifest (`manifests`) by which anyone
can tell whether the first is whole, whose it is and what is in it. The manifest is written last: without one
there is no backup. `taking` makes them, `rotation` says which may go, `restoring` puts one back. What differs
between the databases is in `sqlite` and `postgresql`, which have the same functions.
"""


class Refused(Exception):
    """Why no backup is taken or put back, in one line for the operator."""
