"""Takes a backup: copied, looked through, packed, looked at again, and only then given its name."""

import sqlite3
import time
from contextlib import contextmanager

from django.db import DatabaseError

from operations.backups import Refused, packing, postgresql, sqlite
from operations.backups.manifests import Manifest, now, software
from operations.backups.places import need_room, settle, workroom

ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def take(connection, directory, *, recipients):
    """Take a backup of the database into a directory, which is ours alone meanwhile (`places.alone_in`).

    `recipients` are the public keys for which it is encrypted, if any. Gives its manifest; Refused, with
    nothing left behind, where it cannot be taken or is not as it should be.
    """
    began = time.monotonic()
    engine = ENGINES[connection.vendor]
    with refusing("It was not taken"):
        size = engine.size(connection)
        if not size:
            raise Refused("There is no database to take a backup of.")
        need_room(directory, engine.room_to_take(size))
        with workroom(directory) as room:
            content = room / "content"
            taken_at = now()
            held, dangling = engine.copy(connection, content)
            content_sha256, content_size = packing.digest(content)
            file = packing.pack(content, is_compressed=engine.IS_COMPRESSED, recipients=recipients)
            sha256, size = packing.digest(file)
            manifest = Manifest(
                taken_at=taken_at,
                engine=connection.vendor,
                software=software(),
                encrypted=bool(recipients),
                size=size,
                sha256=sha256,
                content_size=content_size,
                content_sha256=content_sha256,
                rows=held.rows,
                migrations=held.migrations,
                content_types=held.content_types,
                dangling=dangling,
                seconds=round(time.monotonic() - began, 3),
            )
            _settle(manifest, file, directory, room)
    return manifest


def _settle(manifest, file, directory, room):
    """Give both files their names, the manifest last; look at what then lies on the disk."""
    told = room / manifest.own_file
    told.write_text(manifest.dump(), encoding="utf-8")
    target = directory / manifest.file
    settle(file, target)
    if packing.digest(target) != (manifest.sha256, manifest.size):
        target.unlink()
        raise Refused("What was written is not what can be read there: the disk is not to be trusted.")
    settle(told, directory / manifest.own_file)


@contextmanager
def refusing(what):
    """Whatever the disk or the database objects to inside is told in one line."""
    try:
        yield
    except OSError as error:
        raise Refused(f"{what}: {error.strerror or error}.") from None
    except (sqlite3.Error, DatabaseError) as error:
        raise Refused(f"{what}: {' '.join(str(error).split())}.") from None
