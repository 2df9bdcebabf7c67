"""One examining process, as the gate sees it: told a document, it asks for parts of it and says facts, or is killed."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Protocol, Self

from ippgate.examine.message import (
    HEADER,
    LARGEST_SAID,
    STRETCH,
    At,
    Done,
    Examine,
    Found,
    Next,
    Octets,
    ProtocolError,
    Ready,
    Said,
    Told,
    length_of,
    read_said,
    told,
)
from ippgate.model.facts import DocumentFacts


class Whole(Protocol):
    """A document that has arrived."""

    @property
    def size(self) -> int:
        """In octets."""

    def chunks(self) -> AsyncIterator[bytes]:
        """All of it, from the beginning."""

    async def read_at(self, offset: int, length: int) -> bytes:
        """A stretch of at most 1 MiB; offset is a multiple of 1 MiB, or 0. Shorter only at the end."""


class EndedError(Exception):
    """The process is gone. The text says how, for people."""


class Process:
    """Use one task at a time. After any exception it is of no use any more: kill it."""

    def __init__(self, process: asyncio.subprocess.Process, tray: int) -> None:
        self._process, self._tray = process, tray
        self._found: DocumentFacts | None = None
        self.documents = 0
        self.heard = False  # it has said something about the present document
        self.mishap = ""  # what the examiner itself failed with, at the last document

    @classmethod
    async def start(cls, memory: int, nice: int = 0) -> Self:
        """Start one, not confined yet, that yields to others as `nice` says. Raises OSError: the system has no room."""
        pipe, none = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        tray = os.memfd_create("ippgate-tray")
        module = ("-I", "-m", "ippgate.examine.child", str(memory), str(tray), str(nice))
        ways: dict[str, Any] = {"stdin": pipe, "stdout": pipe, "stderr": none, "pass_fds": (tray,)}
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, *module, **ways, env={}, start_new_session=True
            )
        except BaseException:
            os.close(tray)
            raise
        return cls(process, tray)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it has not ended, as far as is known."""
        return self._process.returncode is None

    @property
    def found(self) -> DocumentFacts | None:
        """What it has said of the present document so far."""
        return self._found

    async def ready(self) -> None:
        """Wait until it has confined itself. Raises EndedError and ProtocolError."""
        if not isinstance(await self._hear(), Ready):
            raise ProtocolError("not ready")

    async def examine(
        self,
        asked: Examine,
        pieces: AsyncIterator[bytes],
        read_at: Callable[[int, int], Awaitable[bytes]],
        small: bytes | None = None,
    ) -> DocumentFacts:
        """Examine a document. pieces: all of it from the beginning, each of at most STRETCH octets; small: all of it at
        once, for the tray.

        Raises EndedError, ProtocolError, and whatever the document raises.
        """
        self._found, self.heard, self.mishap = None, False, ""
        self.documents += 1
        if small is not None:
            os.pwrite(self._tray, small, 0)
        await self._tell(asked)
        while True:
            message = await self._hear()
            self.heard = True
            match message:
                case Next():
                    await self._tell(Octets(await anext(pieces, b"")))
                case At(offset, length):
                    await self._tell(Octets(await _stretch(read_at, offset, min(length, asked.size - offset))))
                case Found(facts):
                    self._found = facts
                case Done(facts, mishap):
                    self.mishap = mishap
                    return facts
                case Ready():
                    raise ProtocolError("ready twice")

    def kill(self) -> None:
        """End it at once; `gone` waits until the system has taken it back."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def gone(self) -> None:
        """Wait until it has ended."""
        if self._process.stdin:
            self._process.stdin.close()
        if self._tray >= 0:
            os.close(self._tray)
            self._tray = -1
        await self._process.wait()

    async def _tell(self, message: Told) -> None:
        assert self._process.stdin
        try:
            self._process.stdin.write(told(message))
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise EndedError(await self._how()) from None

    async def _hear(self) -> Said:
        assert self._process.stdout
        try:
            length = length_of(await self._process.stdout.readexactly(HEADER), LARGEST_SAID)
            return read_said(await self._process.stdout.readexactly(length))
        except (asyncio.IncompleteReadError, ConnectionResetError):
            raise EndedError(await self._how()) from None

    async def _how(self) -> str:
        """How it ended: it has closed its standard output, and dies soon if it has not yet."""
        self.kill()
        code = await self._process.wait()
        if code >= 0:
            return f"exit {code}"
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
        return f"signal {-code}"


async def _stretch(read_at: Callable[[int, int], Awaitable[bytes]], offset: int, length: int) -> bytes:
    if length <= 0 or offset % STRETCH:
        raise ProtocolError("a stretch that is none")
    return await read_at(offset, length)
