"""Any stretch of a stored document, in any order: for who must look at its end first (a PDF's reader does).

Frames but the last hold FRAME plain octets each, so the frame of an octet is known; where that frame is stored is found
by the headers before it, each looked at once.
"""

import asyncio
from collections import OrderedDict

import asyncpg

from ippgate.model.errors import DocumentDamaged
from ippgate.spool.frame import FRAME, HEADER_OCTETS, Opener, read_header
from ippgate.spool.keys import JobKey
from ippgate.store.database import Database

_KEPT = 4  # opened frames: a reader that goes to and fro stays within a few
_INLINE = 128 * 1024  # octets: opening less than this costs less than handing it to a thread


class Reach:
    """A whole document of `size` plain octets. One reader at a time."""

    def __init__(self, database: Database, oid: int, number: int, key: JobKey, size: int) -> None:
        self._db, self._oid, self.size = database, oid, size
        self._opener = Opener(key.octets, number)
        self._begins = [0]  # where frames are stored, as far as their headers were looked at
        self._opened: OrderedDict[int, bytes] = OrderedDict()

    async def read_at(self, offset: int, length: int) -> bytes:
        """Plain octets from an offset, fewer at the end of the document. Raises DocumentDamaged and Unavailable."""
        end = min(offset + length, self.size)
        parts = []
        while offset < end:
            plain = await self._frame(offset // FRAME)
            within = offset % FRAME
            part = plain[within : within + end - offset]
            if not part:
                raise DocumentDamaged("the stored document is cut short")
            parts.append(part)
            offset += len(part)
        return b"".join(parts)

    async def _frame(self, index: int) -> bytes:
        if (known := self._opened.get(index)) is not None:
            self._opened.move_to_end(index)
            return known
        begin = await self._begin(index)
        header = read_header(await self._stored(begin, HEADER_OCTETS))
        if header is None:
            raise DocumentDamaged("the stored document is cut short")
        stored = await self._stored(begin, header.needed_length)
        if len(stored) < header.needed_length:
            raise DocumentDamaged("the stored document is cut short")
        if len(stored) <= _INLINE:
            plain = self._opener.open_at(index, stored, header)
        else:
            plain = await asyncio.to_thread(self._opener.open_at, index, stored, header)
        self._opened[index] = plain
        if len(self._opened) > _KEPT:
            self._opened.popitem(last=False)
        return plain

    async def _begin(self, index: int) -> int:
        """Where the frame is stored. A header that lies only leads to a frame that does not open."""
        while len(self._begins) <= index:
            header = read_header(await self._stored(self._begins[-1], HEADER_OCTETS))
            if header is None or header.last:
                raise DocumentDamaged("the stored document is cut short")
            self._begins.append(self._begins[-1] + header.stored_length)
        return self._begins[index]

    async def _stored(self, offset: int, octets: int) -> bytes:
        try:
            return bytes(await self._db.value("document_read", self._oid, offset, octets))
        except asyncpg.UndefinedObjectError as error:
            raise DocumentDamaged("the stored document is gone") from error
