"""The gate's side: documents are examined in processes of their own, a few at a time, each within its bounds.

What a document does to its examiner is its own affair: a process that takes too long, dies or says nonsense is killed
and replaced, and the document is "unknown", with the reason. One that is not recognised costs a look at its beginning.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from ippgate.document.examination import EMPTY, UNRECOGNISED
from ippgate.document.sniff import LOOK, look
from ippgate.examine.message import STRETCH, Examine, ProtocolError
from ippgate.examine.process import EndedError, Process, Whole
from ippgate.model.errors import Unavailable
from ippgate.model.facts import DocumentFacts
from ippgate.observe import Event, note

MEMORY = "it broke its examiner, or needed more memory than a document may"
CONFUSED = "its examiner said nonsense"
BUSY = "too many documents wait to be examined"
NO_PROCESS = "no process to examine it could be started"

_START = 15.0
"""Seconds that a process gets to start and confine itself: it takes a tenth of one when the machine is idle."""


@dataclass(frozen=True, slots=True)
class ExamineSettings:
    """Bounds of examinations."""

    processes: int = 2  # documents examined at once
    seconds: float = 20.0  # for one document
    memory: int = 512 * 1024**2  # octets of address space of a process: libraries take 100 MiB of it
    max_pages: int = 100_000  # a document of more is unknown
    waiting: int = 1000  # documents that may wait for a process; further ones are unknown
    nice: int = 0  # how far its processes yield to others; 19: they run when nobody else wants to
    documents: int = 5000  # that a process examines before it is replaced: what leaks is given back


class Examiners:
    """Examines documents. Open it with `async with`; processes start when they are needed first."""

    def __init__(self, settings: ExamineSettings | None = None) -> None:
        self.settings = settings or ExamineSettings()
        self._room = asyncio.Semaphore(self.settings.processes)
        self._idle: list[Process] = []
        self._all: set[Process] = set()  # also those that die
        self._waiting = 0
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all processes; examinations under way raise Unavailable."""
        self._closed = True
        for process in self._all:
            process.kill()
        while self._all:
            await self._all.pop().gone()
        self._idle.clear()

    async def examine(self, document: Whole, *, drawn: bool = True) -> DocumentFacts:
        """Return what the document is found to be. drawn: whether pages are drawn where their colours take that.

        Never raises for what it says. Raises what its `chunks` and `read_at` raise; Unavailable when this is closed.
        """
        async with _closing(document.chunks()) as chunks:
            head = await _head(chunks, document.size)
            if not head:
                return EMPTY
            sniffed = look(head)
            if sniffed.document_format is None:
                return UNRECOGNISED
            if self._room.locked() and self._waiting >= self.settings.waiting:
                return DocumentFacts(sniffed.document_format, unknown=BUSY)
            small = head if len(head) == document.size <= STRETCH else None
            bounds = (self.settings.seconds, self.settings.max_pages)
            asked = Examine(
                sniffed.document_format, sniffed.start, document.size, *bounds, laid=small is not None, drawn=drawn
            )
            async with aclosing(_pieces(head, chunks)) as pieces:
                return await self._in_turn(asked, document, pieces, small)

    async def _in_turn(
        self, asked: Examine, document: Whole, pieces: AsyncIterator[bytes], small: bytes | None
    ) -> DocumentFacts:
        self._waiting += 1
        try:
            await self._room.acquire()
        finally:
            self._waiting -= 1
        try:
            while process := await self._process():
                facts = await self._examined(process, asked, document, pieces, small)
                if facts is not None:
                    return facts
            return DocumentFacts(asked.document_format, unknown=NO_PROCESS)
        finally:
            self._room.release()

    async def _examined(
        self, process: Process, asked: Examine, document: Whole, pieces: AsyncIterator[bytes], small: bytes | None
    ) -> DocumentFacts | None:
        """Its facts; None when the process was dead before it heard of the document, which is not the document's."""
        healthy = False
        try:
            async with asyncio.timeout(self.settings.seconds) as deadline:
                facts = await process.examine(asked, pieces, document.read_at, small)
            healthy = True
            self._note(process, process.mishap)
            return facts
        except TimeoutError:
            if not deadline.expired():
                raise  # the document's own
            return self._unknown(process, asked, f"it took longer than {self.settings.seconds:g} s to examine")
        except EndedError as error:
            if process.documents > 1 and not process.heard and not self._closed:
                self._note(process, str(error))
                return None
            return self._unknown(process, asked, MEMORY, str(error))
        except ProtocolError as error:
            return self._unknown(process, asked, CONFUSED, str(error))
        finally:
            self._done_with(process, healthy=healthy)

    def _unknown(self, process: Process, asked: Examine, reason: str, how: str = "") -> DocumentFacts:
        """What is known of a document whose process is of no use any more."""
        self._check_open()
        self._note(process, how or reason)
        found = process.found
        return found or DocumentFacts(asked.document_format, unknown=reason)

    async def _process(self) -> Process | None:
        """One that waits, or a new one; None when the system has no room for it."""
        self._check_open()
        while self._idle:
            process = self._idle.pop()
            if process.alive:
                return process
            self._done_with(process, healthy=False)
        await self._bury()
        try:
            process = await Process.start(self.settings.memory, self.settings.nice)
        except OSError as error:
            note(Event.EXAMINER_LOST, reason=error.strerror)
            return None
        self._all.add(process)
        try:
            self._check_open()  # it may have closed meanwhile
            async with asyncio.timeout(_START):
                await process.ready()
        except (TimeoutError, EndedError, ProtocolError) as error:
            self._done_with(process, healthy=False)
            self._note(process, str(error) or "it did not start in time")
            return None
        except BaseException:
            process.kill()
            self._all.discard(process)
            await process.gone()
            raise
        return process

    def _check_open(self) -> None:
        if self._closed:
            raise Unavailable("the gate is stopping; try again in a minute")

    def _done_with(self, process: Process, *, healthy: bool) -> None:
        if healthy and not self._closed and process.documents < self.settings.documents:
            self._idle.append(process)
        else:
            process.kill()

    async def _bury(self) -> None:
        """Wait for those that were killed: no more than a few of them lie about."""
        for process in [process for process in self._all if not process.alive]:
            self._all.discard(process)
            await process.gone()

    def _note(self, process: Process, reason: str) -> None:
        if reason:
            note(Event.EXAMINER_LOST, pid=process.pid, reason=reason)


@asynccontextmanager
async def _closing(chunks: AsyncIterator[bytes]) -> AsyncIterator[AsyncIterator[bytes]]:
    """Whatever the document reads from is let go of at once, also when not all of it was wanted."""
    try:
        yield chunks
    finally:
        if isinstance(chunks, AsyncGenerator):
            await chunks.aclose()


async def _head(chunks: AsyncIterator[bytes], size: int) -> bytes:
    """All of a small document; of a larger one at least what sniffing looks at."""
    wanted = size if size <= STRETCH else LOOK
    parts, length = [], 0
    while length < wanted and (chunk := await _next(chunks)):
        parts.append(chunk)
        length += len(chunk)
    return b"".join(parts)


async def _pieces(head: bytes, rest: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """The whole document in pieces that fit a message; none is empty, for that would be the end."""
    chunk = head
    while chunk:
        for start in range(0, len(chunk), STRETCH):
            yield chunk[start : start + STRETCH]
        chunk = await _next(rest)


async def _next(chunks: AsyncIterator[bytes]) -> bytes:
    """What follows; empty at the end alone."""
    async for chunk in chunks:
        if chunk:
            return chunk
    return b""
