"""Raw devices in a process of their own: fast, and with the times at which a document's first and last octets came."""

import asyncio
import sys
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench.document import MARK

PATIENCE = 120.0
"""Seconds a delivery may take before the run is given up."""


class WrongPaperError(Exception):
    """A device got other octets than were sent."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """One document as a device got it; times in seconds of CLOCK_MONOTONIC, as time.monotonic() gives."""

    device: int
    number: int  # its mark; -1: it has none
    first: float
    last: float
    octets: int
    checksum: int  # CRC-32 of all after the mark


class Sinks:
    """The devices; `uris[n]` is where device n is registered."""

    def __init__(self, ports: list[int], lines: asyncio.StreamReader) -> None:
        self.uris = [f"socket://127.0.0.1:{port}" for port in ports]
        self._lines = lines

    async def take(self, count: int) -> list[Delivered]:
        """Wait for the next `count` documents, in the order in which they were complete. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            return [_read(await self._lines.readline()) for _ in range(count)]


@asynccontextmanager
async def sinks(count: int) -> AsyncIterator[Sinks]:
    """Start `count` devices; they end with the context."""
    words = (sys.executable, "-m", "bench.sink_process", str(count))
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*words, stdin=pipe, stdout=pipe)
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield Sinks([int(word) for word in (await process.stdout.readline()).split()], process.stdout)
    finally:
        process.stdin.close()
        await process.wait()


def check(delivered: list[Delivered], document: bytes) -> None:
    """Every device got the document (whatever its mark), each mark came once. Raises WrongPaperError."""
    octets, checksum = len(document), zlib.crc32(document[MARK:])
    _check(all(one.octets == octets and one.checksum == checksum for one in delivered), "other octets than were sent")
    _check(len({one.number for one in delivered}) == len(delivered), "a document twice")


def _check(fine: bool, what: str) -> None:
    if not fine:
        raise WrongPaperError(f"the devices got {what}")


def _read(line: bytes) -> Delivered:
    device, mark, first, last, octets, checksum = line.split()
    number = -1 if mark == b"-" else int(mark)
    return Delivered(int(device), number, int(first) / 1e9, int(last) / 1e9, int(octets), int(checksum))
