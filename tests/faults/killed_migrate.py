"""`migrate` that kills itself before it notes down a migration: python -m tests.faults.killed_migrate NAME

NAME is that of the migration, such as zones.0001_initial. By then it has changed the tables
as far as it can without being noted.
"""

import os
import signal
import sys

NOTE = 'INSERT INTO "django_migrations"'


def main(app, name):
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    def kill_before_the_note(execute, sql, params, many, context):
        if sql.startswith(NOTE) and tuple(params[:2]) == (app, name):
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(kill_before_the_note):
        call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main(*sys.argv[1].split("."))
