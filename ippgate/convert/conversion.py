"""One conversion, as the gate sees it: its warden is fed, listened to, read, waited for, and ended whatever happens."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from ippgate.convert.errors import (
    LOG_LIMIT,
    ConversionError,
    ConversionFailed,
    ConversionImpossible,
    ConversionTooCostly,
    ConversionUnavailable,
)
from ippgate.convert.order import Ended, Order
from ippgate.convert.settings import MIB, ConvertSettings

_PIECE = 64 * 1024  # octets read at once
_PARTING = 5.0  # seconds a warden gets to end its filters

_SENTENCES: Final[dict[int, tuple[type[ConversionError], str]]] = {
    Ended.NO_WAY: (ConversionImpossible, "cups-filters here cannot convert {source} to {target}"),
    Ended.NOT_CONFINED: (ConversionUnavailable, "filters cannot be started in their confinement on this system"),
    Ended.FAILED: (ConversionFailed, "the document could not be converted from {source} to {target}"),
    Ended.MEMORY: (ConversionTooCostly, "converting the document took more than {memory} MiB of memory"),
    Ended.ROOM: (ConversionTooCostly, "converting the document took more than {room} MiB of files"),
    Ended.PROCESSES: (ConversionTooCostly, "converting the document took more than {processes} processes"),
    Ended.SECONDS: (ConversionTooCostly, "converting the document took longer than {seconds:g} s"),
}
_OUTPUT = "the converted document has more than {output} MiB"


class Conversion:
    """One warden at work."""

    def __init__(self, process: asyncio.subprocess.Process, order: Order, settings: ConvertSettings) -> None:
        self._process, self._order, self._settings = process, order, settings
        self._deadline = asyncio.get_running_loop().time() + settings.seconds
        self._fault: Exception | None = None
        self._said = b""

    @classmethod
    @asynccontextmanager
    async def started(cls, order: Order, settings: ConvertSettings) -> AsyncGenerator["Conversion", None]:
        pipe = asyncio.subprocess.PIPE
        program = (sys.executable, "-I", "-m", "ippgate.convert.warden", order.said())
        try:
            process = await asyncio.create_subprocess_exec(
                *program, stdin=pipe, stdout=pipe, stderr=pipe, env={}, start_new_session=True
            )
        except OSError as error:
            raise ConversionUnavailable(f"no process can be started: {error.strerror or error}") from error
        conversion = cls(process, order, settings)
        try:
            yield conversion
        finally:
            await conversion.end()

    async def feed(self, document: AsyncIterator[bytes]) -> None:
        """Give the filters the document. What it raises is kept for whoever reads the result."""
        stdin = self._process.stdin
        assert stdin is not None
        try:
            async for chunk in document:
                if not await _taken(stdin, chunk):
                    return  # the filters have read enough, or are gone: they say which
        except Exception as error:  # noqa: BLE001 - the document's own, whatever it is: raised where it is read
            self._fault = error
            self._stop()
        finally:
            stdin.close()

    async def listen(self) -> None:
        """Keep the end of what the filters say."""
        stderr = self._process.stderr
        assert stderr is not None
        while said := await stderr.read(_PIECE):
            self._said = (self._said + said)[-LOG_LIMIT:]

    async def chunks(self) -> AsyncIterator[bytes]:
        stdout, size = self._process.stdout, 0
        assert stdout is not None
        try:
            async with asyncio.timeout_at(self._deadline):
                chunk = await stdout.read(_PIECE)
            while chunk:
                size += len(chunk)
                if size > self._settings.output:
                    raise self._error(ConversionTooCostly, _OUTPUT)
                yield chunk
                async with asyncio.timeout_at(self._deadline):
                    chunk = await stdout.read(_PIECE)
            async with asyncio.timeout_at(self._deadline):
                code = await self._process.wait()
        except TimeoutError:
            raise self._error(*_SENTENCES[Ended.SECONDS]) from None
        if self._fault is not None:
            raise self._fault
        if code != Ended.DONE:
            raise self._error(*_SENTENCES.get(code, _SENTENCES[Ended.FAILED]))

    async def end(self) -> None:
        """Have the warden end its filters, and itself. Safe to call more than once."""
        try:
            self._stop()
            async with asyncio.timeout(_PARTING):
                await self._left()
        except TimeoutError:
            self._kill()
            await self._left()
        except BaseException:
            self._kill()
            raise

    async def _left(self) -> None:
        """Wait for its end; what it still wrote is nobody's."""
        stdout = self._process.stdout
        assert stdout is not None
        while await stdout.read(_PIECE):
            pass
        await self._process.wait()

    def _stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    def _error(self, kind: type[ConversionError], sentence: str) -> ConversionError:
        settings, order = self._settings, self._order
        words = sentence.format(
            source=order.source,
            target=order.target,
            memory=settings.memory // MIB,
            room=settings.room // MIB,
            processes=settings.processes,
            seconds=settings.seconds,
            output=settings.output // MIB,
        )
        return kind(words, self._said.decode("utf-8", "replace"))


async def _taken(stdin: asyncio.StreamWriter, chunk: bytes) -> bool:
    """Whether the filters still read. A pipe that is closed is told by asyncio and by uvloop in different ways."""
    try:
        stdin.write(chunk)
        await stdin.drain()
    except (OSError, RuntimeError):
        return False
    return True
