"""A document that has arrived, as an examiner reads it: from memory, or from the spool."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from ippgate.spool import JobKey, Spool
from ippgate.spool.reach import Reach


@dataclass(frozen=True, slots=True)
class InMemory:
    """A document of one frame, in the clear."""

    octets: bytes

    @property
    def size(self) -> int:
        """In octets."""
        return len(self.octets)

    async def chunks(self) -> AsyncIterator[bytes]:
        """All of it at once."""
        yield self.octets

    async def read_at(self, offset: int, length: int) -> bytes:
        """A stretch."""
        return self.octets[offset : offset + length]


class Spooled:
    """A stored document. What does not open raises DocumentDamaged while it is read."""

    def __init__(self, spool: Spool, oid: int, number: int, key: JobKey, size: int) -> None:
        self._spool, self._oid, self._number, self._key = spool, oid, number, key
        self._reach: Reach = spool.reach(oid, number, key, size)
        self.size = size

    def chunks(self) -> AsyncIterator[bytes]:
        """All of it, frame by frame."""
        return self._spool.read(self._oid, self._number, self._key)

    async def read_at(self, offset: int, length: int) -> bytes:
        """A stretch."""
        return await self._reach.read_at(offset, length)
