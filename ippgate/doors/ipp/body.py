"""The document octets that follow an IPP message: a stream that knows when its client is gone."""

from collections.abc import AsyncIterator
from typing import Final

from aiohttp import StreamReader, web

from ippgate.model.errors import ClientGone

GONE: Final = "the client closed the connection in the middle of its request"


async def read(content: StreamReader) -> bytes:
    """What has arrived; empty at the end. Raises ClientGone, also when the client was too slow or broke its framing."""
    try:
        return await content.readany()
    except (OSError, web.RequestPayloadError, RuntimeError) as error:  # RuntimeError: read after the connection closed
        raise ClientGone(GONE) from error


class Body(AsyncIterator[bytes]):
    """What is left of a request's body. Chunks are never empty."""

    __slots__ = ("_content", "_first")

    def __init__(self, content: StreamReader, first: bytes) -> None:
        self._content = content
        self._first = first  # came with the message

    async def __anext__(self) -> bytes:
        chunk, self._first = self._first, b""
        if not chunk:
            chunk = await read(self._content)
        if not chunk:
            raise StopAsyncIteration
        return chunk


async def begun(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes] | None:
    """The stream, once its first octets are here; None if it has none."""
    first = await anext(stream, None)
    return None if first is None else _Begun(first, stream)


class _Begun(AsyncIterator[bytes]):
    __slots__ = ("_first", "_rest")

    def __init__(self, first: bytes, rest: AsyncIterator[bytes]) -> None:
        self._first: bytes | None = first
        self._rest = rest

    async def __anext__(self) -> bytes:
        first, self._first = self._first, None
        return await anext(self._rest) if first is None else first
