"""The folder that a conversion's filters have to themselves, and what killed gates have left of theirs.

Its gate holds a lock on it (flock(2)) for as long as it is in use, and the kernel lets go of the lock when the gate is
gone: whoever converts next sees what nobody uses any more, whichever gate that was.
"""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from ippgate.convert.cell import NOBODY
from ippgate.convert.errors import ConversionUnavailable

PREFIX = "ippgate-convert-"

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


class Folder:
    """A new folder in `temp`, until `remove`. Raises ConversionUnavailable."""

    def __init__(self, temp: Path) -> None:
        try:
            lock = None
            while lock is None:  # somebody may take it for one that was left, before it is locked
                self.path = tempfile.mkdtemp(prefix=PREFIX, dir=temp)
                lock = _locked(Path(self.path))
        except OSError as error:
            raise ConversionUnavailable(f"{temp}: {error.strerror or error}") from error
        self._lock = lock

    def remove(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def clear(temp: Path) -> None:
    """Remove what nobody uses any more."""
    for path in temp.glob(f"{PREFIX}*"):
        lock = _locked(path)
        if lock is not None:
            shutil.rmtree(path, ignore_errors=True)
            os.close(lock)


def _locked(path: Path) -> int | None:
    """A lock on a folder of ours; None: it is gone, in use, or somebody else's."""
    with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        lock = os.open(path, _DIRECTORY)
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(lock).st_uid in _OWNERS and path.exists():
                return lock
        os.close(lock)
    return None


_OWNERS = (os.geteuid(), NOBODY) if os.geteuid() == 0 else (os.geteuid(),)
"""Filters run as somebody else when the gate is root."""
