"""One reader's connection, from its first word to its last: a line, an answer, the next line."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from ippgate.doors.reader import protocol
from ippgate.doors.reader.settings import ReaderDoorSettings
from ippgate.doors.tls.clients import fingerprint
from ippgate.identity.logins import UnknownCard
from ippgate.identity.readers import Readers
from ippgate.model.errors import Busy, NotAuthenticated, Refusal, Unavailable
from ippgate.model.reader import Reader
from ippgate.observe import Event, note

AWAY: Final = 5.0
"""Seconds after which a reader tries again when the gate itself cannot."""

STRANGE: Final = "that is not understood: HELLO, TAP and PING are"
LONG: Final = "that line is too long"


class Talk:
    """A connection. address: the client's; took: called when it has said who it is."""

    def __init__(
        self,
        readers: Readers,
        settings: ReaderDoorSettings,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        address: str,
        took: Callable[[Reader], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._readers, self._settings, self._address, self._took = readers, settings, address, took
        self._in, self._out = streams
        self._certificate = fingerprint(self._out.get_extra_info("ssl_object"))
        self._clock, self._full_at = clock, clock()

    async def run(self) -> None:
        """Until either side has said the last word. Raises OSError and TimeoutError."""
        reader = await self._hello()
        while reader is not None:
            line = await self._line(self._settings.silence)
            if line is None:
                return
            if pause := self._too_fast():
                await self._say(protocol.busy(pause))
                await asyncio.sleep(pause)  # and nothing more is read of it meanwhile
                continue
            answer, goes_on = await self._answered(reader, line)
            await self._say(answer)
            if not goes_on:
                return

    async def _hello(self) -> Reader | None:
        """Who it is; None: it has been told why not."""
        line = await self._line(self._settings.hello_timeout)
        if line is None:
            return None
        said = protocol.read(line)
        if not isinstance(said, protocol.Hello):
            await self._say(protocol.denied("say HELLO and your token first"))
            return None
        try:
            reader = await self._readers.connected(said.token, self._address, certificate=self._certificate)
        except Busy as slowed:
            await self._say(protocol.busy(slowed.seconds))
        except Unavailable:
            await self._say(protocol.busy(AWAY))
        except Refusal as refused:
            await self._say(protocol.denied(str(refused)))
        else:
            self._took(reader)
            await self._say(protocol.ok(f"{reader.name} {reader.sequence}"))
            return reader
        return None

    async def _answered(self, reader: Reader, line: bytes) -> tuple[bytes, bool]:
        """What a line is answered, and whether the connection goes on."""
        match protocol.read(line):
            case protocol.Ping():
                return protocol.PONG, True
            case protocol.Tap(card, sequence):
                return await self._tapped(reader, card, sequence)
            case _:
                return protocol.denied(STRANGE), True

    async def _tapped(self, reader: Reader, card: str, sequence: int) -> tuple[bytes, bool]:
        try:
            outcome = await self._readers.tap(reader, card, sequence)
        except UnknownCard:
            return protocol.UNKNOWN, True
        except Busy as slowed:
            return protocol.busy(slowed.seconds), True
        except Unavailable:
            return protocol.busy(AWAY), True
        except NotAuthenticated as refused:
            return protocol.denied(str(refused)), False
        except Refusal as refused:
            return protocol.denied(str(refused)), True
        return protocol.ok(outcome.words), True

    async def _line(self, seconds: float) -> bytes | None:
        """The next line; None: there is none, and it has been told why. Raises OSError and TimeoutError."""
        try:
            async with asyncio.timeout(seconds):
                return await self._in.readuntil(b"\n")
        except asyncio.IncompleteReadError:
            return None
        except asyncio.LimitOverrunError:
            note(Event.READER_MISBEHAVES, client=self._address, reason=LONG)
            await self._say(protocol.denied(LONG))
            return None

    async def _say(self, answer: bytes) -> None:
        self._out.write(answer)
        async with asyncio.timeout(self._settings.answer_timeout):
            await self._out.drain()

    def _too_fast(self) -> float:
        """Seconds that it must wait for saying more than it may; 0: it need not."""
        now, settings = self._clock(), self._settings
        self._full_at = max(self._full_at, now) + settings.line_every
        late = self._full_at - now - settings.lines_at_once * settings.line_every
        if late <= 0:
            return 0.0
        self._full_at = now + settings.lines_at_once * settings.line_every
        return 1.0
