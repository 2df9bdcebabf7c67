"""How documents travel between a stream of octets and a large object. No connection is held while a client is
waited for.
"""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import asyncpg

from ippgate.model.errors import DocumentDamaged, Overtaken, TooLarge, Unavailable
from ippgate.model.job import NewDocument
from ippgate.spool.frame import FRAME, LARGEST, Opener, Sealer, read_header
from ippgate.spool.keys import JobKey, KeyRing
from ippgate.spool.reach import Reach
from ippgate.store.database import Database
from ippgate.store.sealed import SealedDocument, WrappedKey

_WRITES = 3  # frames of one document on their way to PostgreSQL at once, each on its own connection
_INLINE = 128 * 1024  # octets: sealing less than this costs less than handing it to a thread
_FOLLOW_FIRST, _FOLLOW_MOST = 0.01, 0.25  # seconds between looks at a document that still arrives

RENDITION = 0x8000
"""The number of a job's document as converted for its device: its frames are bound to one that no document has."""

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class SpoolSettings:
    """Bounds of stored documents."""

    max_document: int = 4 * 1024**3  # octets, uncompressed; a large object itself ends at 4 TiB


@dataclass(frozen=True, slots=True)
class Stored:
    """A document that is whole."""

    size: int
    sha256: bytes


class Spool:
    """Stores and reads documents."""

    def __init__(self, database: Database, keys: KeyRing, settings: SpoolSettings) -> None:
        self._db = database
        self.keys = keys
        self.settings = settings

    async def key_of(self, job_id: int) -> JobKey:
        """The key of a job. Raises DocumentDamaged when it is gone."""
        row = await self._db.row("document_key", job_id)
        if row is None or row["key"] is None:
            raise DocumentDamaged(f"the documents of job {job_id} are gone")
        return self.keys.unwrap(WrappedKey(row["key"], row["key_id"], row["uuid"]))

    async def seal_small(self, key: JobKey, number: int, plain: bytes) -> SealedDocument:
        """A whole document of up to one frame, ready to be stored together with its job. Raises TooLarge."""
        self._check_size(len(plain))
        if len(plain) <= _INLINE:
            return _seal_small(key, number, plain)
        return await asyncio.to_thread(_seal_small, key, number, plain)

    async def store_small(self, job_id: int, number: int, document: NewDocument, sealed: SealedDocument) -> bool:
        """Store a small document of a job that is open. False: the job has ended or was closed.

        Raises Overtaken when it has one of this number already.
        """
        facts = (job_id, number, document.document_format, document.name, sealed.frame, sealed.size, sealed.sha256)
        with _only_one():
            return await self._db.value("document_store", *facts) is not None

    async def begin(self, job_id: int, number: int, document: NewDocument) -> int | None:
        """Record an empty large object; its oid. None: the job has ended or was closed.

        Raises Overtaken when it has one of this number already.
        """
        facts = (job_id, number, document.document_format, document.name)
        with _only_one():
            oid: int | None = await self._db.value("document_begin", *facts)
        return oid

    async def write(self, oid: int, number: int, key: JobKey, frames: AsyncIterator[tuple[bytes, bool]]) -> Stored:
        """Store frames as they come, several on their way at once; memory holds those only.

        Raises TooLarge, Unavailable, DocumentDamaged (the object was deleted under the writer: the job was ended), and
        whatever `frames` raises. What was written then waits for the sweeper.
        """
        sealer, digest, room = Sealer(key.octets, number), hashlib.sha256(), asyncio.Semaphore(_WRITES)
        size = 0
        try:
            async with asyncio.TaskGroup() as writes:
                end: asyncio.Task[int] | None = None  # where the frame before ends
                async for plain, last in frames:
                    size += len(plain)
                    self._check_size(size)
                    await room.acquire()
                    seal = partial(_digest_and_seal, digest, sealer, plain, last)
                    end = writes.create_task(self._seal_and_put(writes, oid, end, seal, room))
        except ExceptionGroup as group:
            raise _only(group) from None
        return Stored(size, digest.digest())

    async def finish(self, job_id: int, number: int, stored: Stored) -> bool:
        """Keep size and digest: the document is whole. False: the job was ended meanwhile."""
        return await self._db.value("document_finish", job_id, number, stored.size, stored.sha256) is not None

    async def read(self, oid: int, number: int, key: JobKey, *, patience: float = 0.0) -> AsyncGenerator[bytes, None]:
        """The plain octets, frame by frame. A document that still arrives is followed until its end.

        patience: seconds that the database may be away in the middle. Raises DocumentDamaged (damaged, reordered, cut
        short, gone) and Unavailable.
        """
        opener, offset, held = Opener(key.octets, number), 0, b""
        while not opener.ended:
            header = read_header(held)
            if header is None or len(held) < header.needed_length:
                held = await _patiently(partial(self._stretch, oid, offset), patience)
                header = read_header(held)
            if header is None:
                await _patiently(partial(self._grown, oid, offset), patience)
                continue
            plain = (
                opener.open(held, header)
                if len(held) <= _INLINE
                else await asyncio.to_thread(opener.open, held, header)
            )
            offset += header.stored_length
            held = held[header.stored_length :]
            yield plain

    def reach(self, oid: int, number: int, key: JobKey, size: int) -> Reach:
        """A whole document to be read in any order."""
        return Reach(self._db, oid, number, key, size)

    def open_small(self, frame: bytes, number: int, key: JobKey) -> bytes:
        """The plain octets of a document of one frame. Raises DocumentDamaged."""
        header = read_header(frame)
        if header is None or not header.last:
            raise DocumentDamaged("the stored document is cut short")
        return Opener(key.octets, number).open(frame, header)

    def _check_size(self, size: int) -> None:
        if size > (most := self.settings.max_document):
            raise TooLarge(f"the document exceeds {most} octets, the most that this gate takes")

    async def _seal_and_put(
        self,
        writes: asyncio.TaskGroup,
        oid: int,
        before: asyncio.Task[int] | None,
        seal: Callable[[], bytes],
        room: asyncio.Semaphore,
    ) -> int:
        """Seal a frame after the one before it, while the next arrives; returns where it ends."""
        offset = 0 if before is None else await before
        stored = await asyncio.to_thread(seal)
        writes.create_task(self._put(oid, offset, stored, room))
        return offset + len(stored)

    async def _put(self, oid: int, offset: int, stored: bytes, room: asyncio.Semaphore) -> None:
        try:
            await self._db.value("document_put", oid, offset, stored)
        finally:
            room.release()

    async def _stretch(self, oid: int, offset: int) -> bytes:
        try:
            return bytes(await self._db.value("document_read", oid, offset, LARGEST))
        except asyncpg.UndefinedObjectError as error:
            raise DocumentDamaged("the stored document is gone") from error

    async def _grown(self, oid: int, offset: int) -> None:
        """Wait until the document has grown beyond `offset`. Raises DocumentDamaged when it never will."""
        pause = _FOLLOW_FIRST
        while True:
            growing = await self._db.value("document_growing", oid)
            if read_header(await self._stretch(oid, offset)) is not None:
                return
            if not growing:
                raise DocumentDamaged("the document is cut short: its client never sent the rest")
            await asyncio.sleep(pause)
            pause = min(pause * 2, _FOLLOW_MOST)


async def _patiently(act: Callable[[], Awaitable[_Read]], seconds: float) -> _Read:
    """Read again, for so long, while the database is away."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while True:
        try:
            return await act()
        except Unavailable:
            if loop.time() >= until:
                raise
            await asyncio.sleep(_FOLLOW_MOST)


async def frames(body: AsyncIterator[bytes]) -> AsyncIterator[tuple[bytes, bool]]:
    """Chunks of any size → frames of FRAME octets, each with whether it is the last (which may be shorter, or
    empty).
    """
    parts: list[bytes] = []
    held = 0
    async for chunk in body:
        while held + len(chunk) > FRAME:
            fits = FRAME - held
            parts.append(chunk[:fits])
            yield b"".join(parts), False
            chunk, parts, held = chunk[fits:], [], 0  # noqa: PLW2901 - the rest of the chunk begins the next frame
        if chunk:
            parts.append(chunk)
            held += len(chunk)
    yield b"".join(parts), True


@contextmanager
def _only_one() -> Iterator[None]:
    """Two requests may bring a document at the same moment: the database takes one of them."""
    try:
        yield
    except asyncpg.UniqueViolationError:
        raise Overtaken("another document of the job arrived at the same moment: send this one again") from None


def _seal_small(key: JobKey, number: int, plain: bytes) -> SealedDocument:
    frame = Sealer(key.octets, number).seal(plain, last=True, pad=False)
    return SealedDocument(frame, len(plain), hashlib.sha256(plain).digest())


def _digest_and_seal(digest: "hashlib._Hash", sealer: Sealer, plain: bytes, last: bool) -> bytes:
    digest.update(plain)
    return sealer.seal(plain, last=last)


def _only(group: ExceptionGroup[Exception]) -> Exception:
    """The error that ended a task group; the others are its echoes."""
    inner: Exception = group
    while isinstance(inner, ExceptionGroup):
        inner = inner.exceptions[0]
    if isinstance(inner, asyncpg.UndefinedObjectError):
        return DocumentDamaged("the job was ended while its document arrived")
    return inner
