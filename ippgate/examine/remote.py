"""A document that is elsewhere, read like a file: stretches are asked for when they are needed, a few are kept."""

import io
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from ippgate.examine.message import STRETCH

KEPT = 8
"""Stretches kept, of STRETCH octets each."""


class RemoteFile(io.RawIOBase):
    """Readable and seekable. start: octets before it that are none of its own (PJL).

    read_at: takes an offset, a multiple of STRETCH, and a length; returns fewer octets at the end only.
    """

    def __init__(self, size: int, read_at: Callable[[int, int], bytes], *, start: int = 0) -> None:
        self._size, self._read_at, self._start = size, read_at, start
        self._at = start
        self._kept: OrderedDict[int, memoryview] = OrderedDict()

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where the next octet is read."""
        return self._at - self._start

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        base = {io.SEEK_SET: self._start, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(self._start, base + offset)
        return self.tell()

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, up to the end."""
        view = memoryview(buffer).cast("B")
        filled = 0
        while filled < len(view) and self._at < self._size:
            into = self._at % STRETCH
            part = self._stretch(self._at - into)[into : into + len(view) - filled]
            if not part:
                break  # it ends before it should
            view[filled : filled + len(part)] = part
            filled += len(part)
            self._at += len(part)
        return filled

    def _stretch(self, offset: int) -> memoryview:
        found = self._kept.get(offset)
        if found is None:
            if len(self._kept) >= KEPT:
                self._kept.popitem(last=False)
            found = self._kept[offset] = memoryview(self._read_at(offset, min(STRETCH, self._size - offset)))
        self._kept.move_to_end(offset)
        return found
