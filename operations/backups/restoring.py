"""Puts a backup back: looked through to the last row before anything is touched, then put in place."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from operations.backups import Refused, packing, schema
from operations.backups.contents import contents
from operations.backups.manifests import Manifest, found
from operations.backups.places import need_room, workroom
from operations.backups.taking import ENGINES, refusing, take


def newest_before(directory, moment):
    """The file of the newest backup in a directory that was taken by then; Refused if none was."""
    for manifest in found(directory):
        if manifest.taken_at <= moment:
            return Path(directory) / manifest.file
    raise Refused(f"There is no backup in {directory} from then or before.")


@dataclass
class Restoration:
    """One backup on its way into the database of a connection; a context, as it needs room on the disk.

    `directory` is ours alone meanwhile (`places.alone_in`).
    """

    connection: object
    manifest: Manifest
    file: Path
    directory: Path
    keys: list | None = None
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return self._stack.__exit__(*error)

    @cached_property
    def engine(self):
        """The module for the database of the site; Refused where the backup is of the other one."""
        if self.manifest.engine != self.connection.vendor:
            raise Refused(f"It is of {self.manifest.engine}, and the site uses {self.connection.vendor}.")
        return ENGINES[self.connection.vendor]

    @cached_property
    def older(self):
        """The migrations that the backup lacks. Refused where it has some that are unknown here."""
        return schema.outstanding(self.manifest.migrations)

    def check(self):
        """Unpack it and look through all of it. Refused where it is not whole, or not for this site.

        Nothing but the directory is touched.
        """
        self.engine, self.older  # noqa: B018  what they refuse is refused before the long part
        with refusing("It cannot be looked through"):
            self._room = self._stack.enter_context(workroom(self.directory))
            need_room(self.directory, self.manifest.size + self.manifest.content_size)
            self._content = packing.unpack(self.file, self.manifest, self._room, self.keys)
            rows = self.engine.rows_in(self.connection, self._content)
        if rows != self.manifest.rows:
            raise Refused("Its rows are not those that its manifest tells of.")

    @cached_property
    def differences(self):
        """[(table, rows now, rows in the backup)] of the tables of which there are more or fewer."""
        now = contents(self.connection).rows if self.engine.size(self.connection) else {}
        then = self.manifest.rows
        return [
            (table, now.get(table, 0), then.get(table, 0))
            for table in sorted(now | then)
            if now.get(table, 0) != then.get(table, 0)
        ]

    def put_in_place(self, *, safety, recipients, stopped, say):
        """Put it in place of what is there now; the manifest of the backup of that, or None.

        With `safety` one is taken, unless there is no database. `stopped` says that no server is running. It
        waits until no other command changes the database, and tells `say` so.
        Refused, with nothing changed, where anything stands in the way.
        """
        taken = []

        def before():
            if safety:
                taken.append(take(self.connection, self.directory, recipients=recipients))

        with refusing("It was not put in place, and nothing was changed"):
            is_there = (safety or not stopped) and self.engine.size(self.connection) > 0
            safety = safety and is_there
            migrate = schema.migrate if self.older and self.engine.MIGRATES_BEFORE else None
            prepared = self.engine.prepare(self.connection, self._content, migrate)
            if is_there and not stopped:
                self._compare_content_types(prepared or self.manifest)
            if room := self.engine.room_to_put(self.connection, self.manifest.content_size):
                need_room(*room)
            self.connection.close()
            with self.connection.alone(say):
                self.engine.put_in_place(self.connection, self._content, before)
        if self.older and not self.engine.MIGRATES_BEFORE:
            self._migrate(taken)
        return taken[0] if taken else None

    def _migrate(self, taken):
        """Migrate what is in place; Refused with the way on, and the way back, if that fails."""
        try:
            schema.migrate()
        except Refused as refusal:
            back = f" The state before it: {self.directory / taken[0].file}" if taken else ""
            raise Refused(
                f"It was put in place. {refusal} Run migrate, until which pages fail.{back}"
            ) from None

    def _compare_content_types(self, then):
        """Refused if a content type has another number than now: each process remembers them for ever."""
        now = contents(self.connection).content_types
        kinds, numbers = then.content_types, {number: kind for kind, number in now.items()}
        if any(now.get(kind, number) != number for kind, number in kinds.items()) or any(
            numbers.get(number, kind) != kind for kind, number in kinds.items()
        ):
            raise Refused(
                "It is of a database that was set up apart from this one: stop the server, then restore it "
                "with --stopped."
            )
