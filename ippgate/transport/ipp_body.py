"""A document as the body of an IPP request, and the deadline that follows it: a device has time as long as it takes
octets, and none of its time is spent while we wait for our own document.
"""

import asyncio
from typing import cast

from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_writer import StreamWriter
from aiohttp.payload import Payload

from ippgate.transport.port import TransportSettings
from ippgate.transport.source import Source
from ippgate.transport.tcp import end_with_reset

UNFULFILLED_CHUNK = b"1\r\n"
"""Announces an octet that never comes (RFC 9112 section 7.1)."""


class NoAnswerError(Exception):
    """The connection ended or fell silent before the answer. The text is the end of a sentence."""


class Bound:
    """A deadline that moves, as a context manager. Reaching it raises NoAnswerError, which says what did not happen."""

    def __init__(self, seconds: float) -> None:
        self._timeout = asyncio.timeout(seconds)
        self._what = "did not answer"
        self._seconds = seconds

    def hold(self) -> None:
        """Nobody waits for the device now."""
        if not self._timeout.expired():
            self._timeout.reschedule(None)

    def expect(self, what: str, seconds: float) -> None:
        """From now on the device has so many seconds; `what` it did not do, if it does not."""
        self._what, self._seconds = what, seconds
        if not self._timeout.expired():
            self._timeout.reschedule(asyncio.get_running_loop().time() + seconds)

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()

    async def __aexit__(self, *raised: object) -> None:
        try:
            await self._timeout.__aexit__(*raised)  # type: ignore[arg-type]
        except TimeoutError as error:
            raise NoAnswerError(f"{self._what} within {self._seconds:g} s") from error


class DocumentBody(Payload):
    """The request's octets and then the document's, written as the device takes them. With `size`, the octets of the
    document, the body has a Content-Length; else it goes in chunks."""

    _value: None

    def __init__(
        self, head: bytes, source: Source, size: int | None, bound: Bound, settings: TransportSettings
    ) -> None:
        super().__init__(None)
        self._size = None if size is None else len(head) + size
        self._head = head
        self._pieces = source.pieces()
        self._bound = bound
        self._settings = settings
        self._written = 0
        self._writing: asyncio.Task[object] | None = None
        self._transport: asyncio.WriteTransport | None = None
        self._unfinished = False
        self._ended = False

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:  # noqa: ARG002  (aiohttp's signature)
        """Raise TypeError: a document is never held as a whole."""
        raise TypeError("a document is a stream")

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Write it all; called by the HTTP client in a task of its own."""
        self._writing = asyncio.current_task()
        self._transport = cast("StreamWriter", writer).transport
        self._end_with_reset(True)
        try:
            await self._write(writer)
        except BaseException:
            await self.break_off()
            raise
        self._end_with_reset(False)
        self._ended = True
        self._bound.expect("did not answer", self._settings.stall_timeout + self._settings.answer_timeout)

    async def _write(self, writer: AbstractStreamWriter) -> None:
        """The head and the first piece leave together."""
        head, self._head = self._head, b""
        self._bound.hold()
        async for piece in self._pieces:
            self._bound.expect("took nothing", self._settings.stall_timeout)
            await writer.write(head + piece if head else piece)
            self._written += len(head) + len(piece)
            await writer.drain()
            await asyncio.sleep(0)  # an early answer is read before the next write meets the reset that follows it
            self._bound.hold()
            head = b""
        if head:
            await writer.write(head)
            self._written += len(head)

    @property
    def whole(self) -> bool:
        """Whether all of it was written: to its end, or to the length that the device was told."""
        return self._ended or self._written == self._size

    def _end_with_reset(self, on: bool) -> None:
        opened = self._transport.get_extra_info("socket") if self._transport else None
        if opened is not None:
            end_with_reset(opened, on)
        self._unfinished = on

    async def break_off(self) -> None:
        """Cut the connection if the document is not all written, so that no device takes it for whole.

        Some do when TLS ends in good order, and when chunks stop between two of them, even by a reset.
        """
        transport = self._transport
        if transport is None or not self._unfinished:
            return
        if self._size is None and not transport.is_closing():
            transport.write(UNFULFILLED_CHUNK)
            await asyncio.sleep(0)  # the event loop sends at the end of its round
        transport.abort()

    async def stop(self) -> None:
        """Make sure that nobody reads the document any more."""
        writing = self._writing
        if writing is not None and writing is not asyncio.current_task() and not writing.done():
            writing.cancel()
            await asyncio.wait([writing])
        await self._pieces.aclose()
