"""How the content of a backup becomes its file and comes out again: gzip, age, and digests of both."""

import gzip
import hashlib
import shutil
import zlib

import pyrage

from operations.backups import Refused

BLOCK = 1024 * 1024


def recipient(text):
    """The public key of age or SSH that a text is; ValueError for any other."""
    kind = pyrage.ssh.Recipient if text.startswith("ssh-") else pyrage.x25519.Recipient
    try:
        return kind.from_str(text)
    except pyrage.RecipientError:
        raise ValueError(f"{text!r} is no public key of age (age1…) or SSH.") from None


def identities(path):
    """The private keys in a file, as age-keygen or ssh-keygen write it; Refused if there are none."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Refused(f"The key {path} cannot be read: {error.strerror}.") from None
    try:
        if content.startswith(b"-----BEGIN"):
            return [pyrage.ssh.Identity.from_buffer(content)]
        lines = (line.strip() for line in content.decode().splitlines())
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (pyrage.IdentityError, UnicodeDecodeError):
        keys = []
    if not keys:
        raise Refused(f"{path} holds no private key of age or SSH that can be used without a passphrase.")
    return keys


def digest(path):
    """(SHA-256 in hexadecimal, bytes) of a file."""
    found, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
            size += len(block)
    return found.hexdigest(), size


def pack(content, *, is_compressed, recipients):
    """The file made of a content, beside it: compressed unless it is already, encrypted if for somebody.

    Each step removes what it was made from.
    """
    if not is_compressed:
        content = _replace(content, content.with_suffix(".gz"), _compress)
    if recipients:
        keys = [recipient(text) for text in recipients]
        content = _replace(
            content,
            content.with_suffix(".age"),
            lambda source, target: pyrage.encrypt_file(str(source), str(target), keys),
        )
    return content


def _replace(source, target, make):
    make(source, target)
    source.unlink()
    return target


def _compress(source, target):
    with source.open("rb") as plain, gzip.open(target, "wb", compresslevel=6) as packed:
        shutil.copyfileobj(plain, packed, BLOCK)


def unpack(file, manifest, room, keys=None):
    """The content of a backup, unpacked into a directory; Refused if anything is not as the manifest says.

    `keys` are the private keys that may open it. The file itself stays as it is.
    """
    if digest(file) != (manifest.sha256, manifest.size):
        raise Refused(f"{file.name} is damaged: it is not the file that its manifest tells of.")
    content = file
    if manifest.encrypted:
        if not keys:
            raise Refused(f"{file.name} is encrypted: name the file of a private key with --identity.")
        content = room / "decrypted"
        try:
            pyrage.decrypt_file(str(file), str(content), keys)
        except pyrage.DecryptError:
            raise Refused(f"{file.name} is encrypted for another key.") from None
    if manifest.engine == "sqlite":
        content = _decompress(content, room / "content", manifest.content_size, file.name)
    if digest(content) != (manifest.content_sha256, manifest.content_size):
        raise Refused(f"{file.name} is damaged: its content is not what its manifest tells of.")
    return content


def _decompress(source, target, most, name):
    """Not more than so many bytes: a small file may hold a boundless one."""
    try:
        with gzip.open(source) as packed, target.open("wb") as plain:
            left = most + 1
            while left and (block := packed.read(min(BLOCK, left))):
                plain.write(block)
                left -= len(block)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise Refused(f"{name} is damaged: it cannot be unpacked.") from None
    return target
