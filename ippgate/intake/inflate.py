"""A compressed document, inflated as it arrives: a bounded stream out of a hostile one (SECURITY S13).

`compression` is an operation attribute and covers the document alone (RFC 8011 section 5.4.32). What is charged to the
document limit is what comes out; what goes in is held to the same limit, so that a stream of nothing but empty blocks
ends as well. A document that grows beyond all reason is refused before its size is.

gzip (RFC 1952) may have several members, one after the other: the standard says that they are one file. deflate is
RFC 1951 in IPP's registry and RFC 1950 in HTTP's; CUPS sends the first, others the second, so both are taken.
"""

import zlib
from collections.abc import AsyncIterator, Callable
from typing import Final, Literal

from ippgate.model.errors import CompressionError, TooLarge

Compression = Literal["none", "gzip", "deflate"]

PIECE: Final = 256 * 1024
"""Octets that come out at once at most: a millisecond of inflating, between which other connections have their turn."""

UNSUSPICIOUS: Final = 1024 * 1024
"""Octets that may come out before the ratio counts: a blank page compresses better than any bomb needs to."""

_GZIP_MAGIC: Final = b"\x1f\x8b"
_GZIP_WINDOW, _ZLIB_WINDOW, _RAW_WINDOW = 31, 15, -15


def inflate(body: AsyncIterator[bytes], compression: Compression, limit: int, ratio: int) -> AsyncIterator[bytes]:
    """The plain octets of `body`, in pieces that are never empty if those of `body` are not.

    The stream raises TooLarge past `limit` octets, CompressionError for a damaged, cut or unreasonable stream: one that
    grows by more than `ratio`, that goes on after its end, or whose content is compressed once more.
    """
    arriving = Counted(body, limit)
    return arriving if compression == "none" else _inflated(arriving, Inflater(compression, limit, ratio))


async def _inflated(arriving: AsyncIterator[bytes], inflater: "Inflater") -> AsyncIterator[bytes]:
    async for chunk in arriving:
        inflater.feed(chunk)
        while piece := inflater.take():
            yield piece
    inflater.close()


class Counted(AsyncIterator[bytes]):
    """Passes octets on; raises TooLarge instead of the chunk that exceeds `limit`."""

    __slots__ = ("_body", "_limit", "_total")

    def __init__(self, body: AsyncIterator[bytes], limit: int) -> None:
        self._body = body
        self._limit = limit
        self._total = 0

    async def __anext__(self) -> bytes:
        chunk = await anext(self._body)
        self._total += len(chunk)
        if self._total > self._limit:
            raise too_large(self._limit)
        return chunk


def too_large(limit: int) -> TooLarge:
    """The refusal of a document beyond the limit."""
    return TooLarge(f"the document is larger than the {limit} octets that this printer takes: print it in parts")


class Inflater:
    """One compressed document: feed it, take pieces until there are none, close it."""

    def __init__(self, compression: Compression, limit: int, ratio: int) -> None:
        self._compression = compression
        self._limit = limit
        self._ratio = ratio
        self._waiting = b""  # fed and not inflated yet
        self._stream: zlib._Decompress | None = None  # None: at the beginning of a stream or member
        self._members = 0
        self._fed = 0
        self._out = 0

    def feed(self, octets: bytes) -> None:
        """Take compressed octets."""
        self._fed += len(octets)
        self._waiting += octets

    def take(self) -> bytes:
        """The next piece of plain octets; empty: feed more. Raises TooLarge or CompressionError."""
        while self._stream or self._begin():
            assert self._stream is not None
            try:
                piece = self._stream.decompress(self._waiting, PIECE)
            except zlib.error as error:
                raise damaged("is damaged") from error
            self._waiting = self._stream.unconsumed_tail
            if self._stream.eof:
                self._waiting = self._stream.unused_data
                self._stream = None
                self._members += 1
            if piece:
                self._judge(piece)
                return piece
            if self._stream:
                return b""
        return b""

    def close(self) -> None:
        """Say that nothing follows. Raises CompressionError when the stream has not ended."""
        if self._stream or self._waiting or not self._members:
            raise damaged("ends before its end: it was cut on the way")

    def _begin(self) -> bool:
        """Begin the stream, or gzip's next member; False: its first two octets are not here yet."""
        if self._members and self._waiting and self._compression == "deflate":
            raise damaged("goes on after its end")
        if len(self._waiting) < 2:
            return False
        self._stream = zlib.decompressobj(_WINDOWS[self._compression](self._waiting[:2], self._members))
        return True

    def _judge(self, piece: bytes) -> None:
        if self._out == 0 and piece.startswith(_GZIP_MAGIC):
            raise damaged("is compressed more than once")
        self._out += len(piece)
        if self._out > self._limit:
            raise too_large(self._limit)
        if self._out > UNSUSPICIOUS and self._out > self._ratio * self._fed:
            raise damaged(f"grows by more than a factor of {self._ratio}, as no document does")


def damaged(how: str) -> CompressionError:
    """The refusal of a compressed document."""
    return CompressionError(f"the compressed document {how}: send it again, or with compression none")


def _gzip_window(start: bytes, members: int) -> int:
    if start != _GZIP_MAGIC:
        raise damaged("goes on after its end" if members else "is not gzip")
    return _GZIP_WINDOW


def _deflate_window(start: bytes, _members: int) -> int:
    """zlib's header names its method and window and is a multiple of 31; no deflate encoder begins a raw stream so."""
    is_zlib = start[0] & 0x8F == 0x08 and int.from_bytes(start, "big") % 31 == 0
    return _ZLIB_WINDOW if is_zlib else _RAW_WINDOW


_WINDOWS: Final[dict[str, Callable[[bytes, int], int]]] = {"gzip": _gzip_window, "deflate": _deflate_window}
