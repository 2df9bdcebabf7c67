"""Octets that a device got: counted and hashed as they come, and kept where the test wants them."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias

Keep: TypeAlias = Literal["memory", "hash"] | Path
"""Where octets go: memory, nowhere (only their hash is kept), or a directory."""


@dataclass
class Received:
    """What came, so far. `path` is the file it goes to; without one, `in_memory` tells whether octets are kept."""

    path: Path | None = None
    in_memory: bool = True
    size: int = 0
    _hash: "hashlib._Hash" = field(default_factory=hashlib.sha256, repr=False)
    _pieces: list[bytes] = field(default_factory=list, repr=False)
    _file: BinaryIO | None = field(default=None, repr=False)

    @property
    def data(self) -> bytes:
        """All octets; empty when only their hash is kept."""
        return self.path.read_bytes() if self.path else b"".join(self._pieces)

    @property
    def sha256(self) -> str:
        """The hash of all octets, as hexadecimal digits."""
        return self._hash.hexdigest()

    def take(self, piece: bytes) -> None:
        """Take the next octets."""
        self.size += len(piece)
        self._hash.update(piece)
        if self.path is not None:
            if self._file is None:
                self._file = self.path.open("wb")
            self._file.write(piece)
        elif self.in_memory:
            self._pieces.append(piece)

    def close(self) -> None:
        """Say that no more comes."""
        if self._file is not None:
            self._file.close()


def kept_in(keep: Keep, name: str) -> tuple[Path | None, bool]:
    """Return `path` and `in_memory` of a Received that is kept as `keep` says, in a file of that name if in one."""
    return (keep / name, False) if isinstance(keep, Path) else (None, keep == "memory")
