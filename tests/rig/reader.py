"""A card reader on the network, as the gate's own door for them has it: it dials in, says who it is, and sends taps."""

import asyncio
import ssl
from contextlib import suppress
from types import TracebackType
from typing import Self

from tests.rig.eventually import PATIENCE
from tests.rig.listener import LOOPBACK


class CardReader:
    """One reader; `sequence` numbers its taps. tls: the context by which it trusts the gate; None: plain."""

    def __init__(self, port: int, token: str = "", *, tls: ssl.SSLContext | None = None, sequence: int = 0) -> None:
        self.port, self.token, self.tls, self.sequence = port, token, tls, sequence
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def dial(self) -> Self:
        """Connect, and say nothing yet."""
        self._streams = await asyncio.open_connection(LOOPBACK, self.port, ssl=self.tls)
        return self

    async def hello(self) -> str:
        """Say who it is; the answer. What the gate knows of its last tap is the number to go on from."""
        answer = await self.ask(f"HELLO {self.token}")
        if answer.startswith("OK "):
            self.sequence = int(answer.rpartition(" ")[2])
        return answer

    async def tap(self, card: str, sequence: int | None = None) -> str:
        """Somebody holds a card to it; the answer. sequence: other than the next one."""
        if sequence is None:
            self.sequence += 1
            sequence = self.sequence
        return await self.ask(f"TAP {card} {sequence}")

    async def ask(self, line: str) -> str:
        """Send a line; the answer. "": the gate has closed the connection."""
        await self.send(f"{line}\r\n".encode())
        return await self.answer()

    async def send(self, octets: bytes) -> None:
        """Send whatever it is, as far as the gate takes it."""
        _, writer = self._open()
        with suppress(OSError):
            writer.write(octets)
            await writer.drain()

    async def answer(self) -> str:
        """The next line of the gate; "": it has closed the connection."""
        reader, _ = self._open()
        try:
            async with asyncio.timeout(PATIENCE):
                return (await reader.readline()).decode().rstrip("\n")
        except OSError:
            return ""

    async def hang_up(self) -> None:
        """Close the connection, if there is one."""
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None

    def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        assert self._streams is not None, "dial first"
        return self._streams

    async def __aenter__(self) -> Self:
        return await self.dial()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.hang_up()
