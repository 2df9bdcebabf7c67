"""One HTTP/1.1 connection as a device has it: requests whose bodies are read piece by piece, answers byte by byte.

By hand, because a device under test breaks the rules that a real server keeps.
"""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

PIECE = 65_536
RESET = struct.pack("ii", 1, 0)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@dataclass
class Request:
    """A request's head; its body is read with `Talk.body`."""

    method: str
    path: str
    headers: dict[str, str]
    """By lower-case name; the last of several wins."""

    @property
    def chunked(self) -> bool:
        return self.headers.get("transfer-encoding", "").lower() == "chunked"

    @property
    def length(self) -> int:
        return int(self.headers.get("content-length", "0"))

    @property
    def waits_for_continue(self) -> bool:
        return self.headers.get("expect", "").lower() == "100-continue"


class Talk:
    """The connection. Raises ConnectionError or asyncio.IncompleteReadError when the client is gone."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._socket = writer.get_extra_info("socket")

    async def request(self) -> Request | None:
        """Read the next request's head; None when the client has closed."""
        try:
            head = await self._reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            if error.partial:
                raise
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ")
        fields = (line.partition(":") for line in lines if line)
        return Request(method, path, {name.strip().lower(): value.strip() for name, _, value in fields})

    async def body(self, request: Request) -> AsyncIterator[bytes]:
        """Yield the body in pieces, telling a client that waits for it to go on."""
        if request.waits_for_continue:
            await self.say(CONTINUE)
        if not request.chunked:
            async for piece in self._exactly(request.length):
                yield piece
            return
        while size := int((await self._reader.readuntil(b"\r\n")).split(b";")[0], 16):
            async for piece in self._exactly(size):
                yield piece
            await self._reader.readexactly(2)
        while await self._reader.readuntil(b"\r\n") != b"\r\n":
            pass  # a trailer

    async def _exactly(self, size: int) -> AsyncIterator[bytes]:
        while size:
            piece = await self._reader.read(min(size, PIECE))
            if not piece:
                raise asyncio.IncompleteReadError(b"", size)
            size -= len(piece)
            yield piece

    async def answer(self, body: bytes, *, status: str = "200 OK", more: int = 0, close: bool = False) -> None:
        """Answer with an IPP body; `more` octets are announced that do not come with it."""
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/ipp\r\nContent-Length: {len(body) + more}\r\n"
        if close:
            head += "Connection: close\r\n"
        await self.say(head.encode() + b"\r\n" + body)

    async def say(self, octets: bytes) -> None:
        """Write octets as they are."""
        self._writer.write(octets)
        await self._writer.drain()

    async def close(self) -> None:
        """Close in order."""
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    def cut(self) -> None:
        """Cut, so that the client gets RST."""
        if self._socket.fileno() >= 0:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self._writer.transport.abort()
