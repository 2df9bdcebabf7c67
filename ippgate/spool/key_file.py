"""A secret in a file of its own: made whole and durable or not at all, readable by the gate alone (SECURITY S26)."""

import os
from pathlib import Path
from typing import Final

from ippgate.model.errors import Unavailable

SIZE: Final = 32


class KeyFileUnusable(Unavailable, ValueError):
    """A key's file is damaged, or others can read it. The text says which, and what to do."""


def write_new(file: Path, octets: bytes) -> bool:
    """Make a file that appears whole and durable, or not at all. False: it is there already, and is left alone."""
    part = file.with_name(f".{file.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(octets)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(part, file)
    except FileExistsError:
        return False
    finally:
        part.unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return True


def read_key(file: Path, kind: str = "master key") -> bytes:
    """The key. Raises KeyFileUnusable."""
    if file.stat().st_mode & 0o077:
        raise KeyFileUnusable(f"{file} can be read by others: run `chmod 600 {file}`")
    octets = file.read_bytes()
    if len(octets) != SIZE:
        raise KeyFileUnusable(f"{file} holds {len(octets)} octets, a {kind} has {SIZE}: restore it from a backup")
    return octets
