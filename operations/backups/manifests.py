"""What is known of a backup without opening it: a small file of JSON beside it."""

import json
import re
import tomllib
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from operations.backups import Refused

FORMAT = 1
SITE = "invest-shanxi"
NAME = re.compile(rf"{SITE}-\d{{8}}T\d{{6}}\.\d{{3}}Z")
ENDINGS = {"sqlite": ".sqlite3.gz", "postgresql": ".dump"}
ENCRYPTED = ".age"


@dataclass(frozen=True)
class Manifest:
    """One backup. Times are aware, sizes in bytes, digests SHA-256 in hexadecimal."""

    taken_at: datetime
    engine: str
    software: str
    encrypted: bool
    # Of the file as it lies there, and of what is in it once it is unpacked.
    size: int
    sha256: str
    content_size: int
    content_sha256: str
    # Rows by table, the names of the applied migrations, the numbers of the content types.
    rows: dict
    migrations: list
    content_types: dict
    # Rows that point to a row which is not there; they were so in the database.
    dangling: int
    seconds: float

    @property
    def name(self):
        """The name of both files, without what ends it."""
        moment = self.taken_at.astimezone(UTC)
        return f"{SITE}-{moment:%Y%m%dT%H%M%S}.{moment.microsecond // 1000:03}Z"

    @property
    def file(self):
        """The name of the backup itself."""
        return self.name + ENDINGS[self.engine] + (ENCRYPTED if self.encrypted else "")

    @property
    def own_file(self):
        """The name of the manifest."""
        return f"{self.name}.json"

    def dump(self):
        """The manifest as it is written: JSON that people can read."""
        stated = asdict(self) | {"taken_at": self.taken_at.isoformat(timespec="milliseconds")}
        return json.dumps({"format": FORMAT, "site": SITE, "file": self.file, **stated}, indent=1)

    @classmethod
    def parse(cls, text):
        """The manifest that a text says; Refused where it says none, or one of a later format."""
        is_ours = is_whole = False
        try:
            stated = json.loads(text)
            is_ours = stated["site"] == SITE
            if is_ours and stated["format"] > FORMAT:
                raise Refused("Its manifest was written by newer software.")
            manifest = cls(**{field.name: stated[field.name] for field in fields(cls)} | _times(stated))
            kinds = {field.name: field.type for field in fields(cls)} | {"seconds": float | int}
            is_whole = manifest.file == stated["file"] and all(
                isinstance(getattr(manifest, name), kind) for name, kind in kinds.items()
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            pass
        if not (is_ours and is_whole):
            raise Refused("Its manifest is damaged, or not one of this site.")
        return manifest


def _times(stated):
    moment = datetime.fromisoformat(stated["taken_at"])
    if moment.tzinfo is None:
        raise ValueError("A time without a zone.")
    return {"taken_at": moment}


def now():
    """This moment, as exactly as a name can say it."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@cache
def software():
    """The version of this software."""
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]


def manifest_of(path):
    """The manifest of a backup, which is named by either of its two files; Refused if there is none."""
    path = Path(path)
    if not path.is_file():
        raise Refused(f"There is no file {path}.")
    match = NAME.match(path.name)
    if not match:
        raise Refused(f"{path.name} is not named as a backup of this site is.")
    beside = path.with_name(f"{match[0]}.json")
    if not beside.is_file():
        raise Refused(f"{path.name} cannot be checked: its manifest {beside.name} is not beside it.")
    try:
        manifest = Manifest.parse(beside.read_text(encoding="utf-8", errors="replace"))
    except Refused as refusal:
        raise Refused(f"{path.name}: {refusal}") from None
    if path.name not in {manifest.file, manifest.own_file}:
        raise Refused(f"{path.name} is not the file that {beside.name} tells of.")
    return manifest


def found(directory):
    """The manifests of the backups in a directory, the newest first. What else lies there is passed over."""
    manifests = (_read(path) for path in Path(directory).glob(f"{SITE}-*.json"))
    whole = [item for item in manifests if item and (Path(directory) / item.file).is_file()]
    return sorted(whole, key=lambda item: item.taken_at, reverse=True)


def newest(directory):
    """The manifest of the newest backup in a directory, or None: for whoever watches how old it is."""
    for path in sorted(Path(directory).glob(f"{SITE}-*.json"), reverse=True):
        manifest = _read(path)
        if manifest and (Path(directory) / manifest.file).is_file():
            return manifest
    return None


def _read(path):
    """The manifest in a file that has its name; None for any other file."""
    try:
        manifest = Manifest.parse(path.read_text(encoding="utf-8"))
    except (Refused, OSError, UnicodeDecodeError):
        return None
    return manifest if manifest.own_file == path.name else None
