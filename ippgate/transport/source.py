"""The document on its way out: chunks of any size in, pieces of a bounded size out, and one name for its faults."""

from collections.abc import AsyncGenerator, AsyncIterator

from ippgate.model.parcel import DeliveryError, Parcel, SourceBroken

PIECE = 64 * 1024
"""Octets handed to a connection at once: a device must take that much within `stall_timeout` to count as alive."""


class Source:
    """Reads the document of a parcel once. Raises the document's own DeliveryError, or SourceBroken for all else.

    A document whose size was promised is held to it: one that ends early is broken, and of one that runs over not an
    octet too many is handed out, for a request with Content-Length must not spill into the next.
    """

    def __init__(self, parcel: Parcel, document: AsyncIterator[bytes]) -> None:
        self._document = document
        self._promised = parcel.size
        self._first: bytes | None = None
        self._read = 0
        self.fault: DeliveryError | None = None
        self.begun = False  # some of it was handed out, and may be at the device

    async def first(self) -> bytes:
        """Read and return the first chunk, b"" for an empty document; `pieces` begins with it again."""
        if self._first is None:
            self._first = await self._next()
        return self._first

    async def pieces(self) -> AsyncGenerator[memoryview, None]:
        """Yield the document, once, in pieces of at most PIECE octets."""
        chunk, self._first = await self.first(), b""
        while chunk:
            for start in range(0, len(chunk), PIECE):
                self.begun = True
                yield memoryview(chunk)[start : start + PIECE]
            chunk = await self._next()

    async def _next(self) -> bytes:
        """Return the next chunk that holds something, b"" at the end."""
        try:
            async for chunk in self._document:
                if chunk:
                    return self._counted(bytes(chunk))
        except DeliveryError as error:
            self.fault = error
            raise
        except Exception as error:
            self.fault = SourceBroken(f"the document could not be read: {error or type(error).__name__}")
            raise self.fault from error
        if self._promised is not None and self._read < self._promised:
            self._break(f"the document ended after {self._read} of {self._promised} octets")
        return b""

    def _counted(self, chunk: bytes) -> bytes:
        self._read += len(chunk)
        if self._promised is not None and self._read > self._promised:
            self._break(f"the document has more than the {self._promised} octets it was said to have")
        return chunk

    def _break(self, sentence: str) -> None:
        self.fault = SourceBroken(sentence)
        raise self.fault
