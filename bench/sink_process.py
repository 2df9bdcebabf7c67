"""The process with the raw devices: `python -m bench.sink_process COUNT` prints their ports, then a line for each job.

A line is: device, mark (the document's first octets), when its first and last octet came (CLOCK_MONOTONIC, ns), how
many there were, and the CRC-32 of those after the mark. Connections that bring nothing (somebody looks whether the
device is there) are not told. It ends when its standard input does.
"""

import asyncio
import sys
import time
import zlib
from typing import cast

import uvloop

from bench.document import MARK

_BUFFER = 1024 * 1024
_BACKLOG = 1024


class Arrival(asyncio.BufferedProtocol):
    """One connection of one device."""

    def __init__(self, device: int, buffer: bytearray) -> None:
        self._device, self._buffer = device, buffer
        self._view = memoryview(buffer)
        self._mark = b""
        self._first = 0
        self._octets = 0
        self._sum = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def get_buffer(self, sizehint: int) -> bytearray:
        """One buffer for all connections: what is in it is taken before anything else is read."""
        del sizehint
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Take what came."""
        if not self._octets:
            self._first = time.monotonic_ns()
        begin = 0
        if len(self._mark) < MARK:
            begin = min(MARK - len(self._mark), nbytes)
            self._mark += self._view[:begin].tobytes()
        self._sum = zlib.crc32(self._view[begin:nbytes], self._sum)
        self._octets += nbytes

    def eof_received(self) -> bool:
        """Tell what came, and close as a device does that has taken a whole job."""
        if self._octets:
            mark = self._mark.decode("latin-1") if self._mark.isdigit() else "-"
            print(self._device, mark, self._first, time.monotonic_ns(), self._octets, self._sum, flush=True)
        return False


async def _serve(count: int) -> None:
    loop = asyncio.get_running_loop()
    buffer = bytearray(_BUFFER)

    def arrivals(device: int) -> "type[Arrival]":
        return cast("type[Arrival]", lambda: Arrival(device, buffer))

    servers = [await loop.create_server(arrivals(n), "127.0.0.1", 0, backlog=_BACKLOG) for n in range(count)]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    ended = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), ended.set)
    await ended.wait()
    for server in servers:
        server.close()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
