"""A listening socket whose connections are read by hand: the window closes when the test says so."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress

from tests.rig.crew import Crew
from tests.rig.where import free_port

BACKLOG = 128
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER on, for zero seconds: close sends RST and throws away what waits."""

LOOPBACK = "127.0.0.1"


class Listener:
    """Accepts on 127.0.0.1:`port` and hands each connection to `serve` in `crew`.

    `close` and `open` again on the same port: a device that sleeps and wakes.
    """

    def __init__(self, crew: Crew, serve: Callable[[socket.socket], Awaitable[None]]) -> None:
        self._crew = crew
        self._serve = serve
        self._accepting: asyncio.Task[None] | None = None
        self.port = free_port()

    def open(self) -> None:
        """Start to listen; nothing happens when it already does."""
        if self._accepting is None:
            listening = socket.create_server((LOOPBACK, self.port), backlog=BACKLOG)
            listening.setblocking(False)
            self._accepting = self._crew.hire(self._accept(listening))

    async def close(self) -> None:
        """Stop listening: connections are refused from now on, those that exist go on."""
        accepting, self._accepting = self._accepting, None
        if accepting is not None:
            await self._crew.dismiss(accepting)

    async def _accept(self, listening: socket.socket) -> None:
        with listening:
            while True:
                connection, _ = await asyncio.get_running_loop().sock_accept(listening)
                connection.setblocking(False)
                self._crew.hire(self._attend(connection))

    async def _attend(self, connection: socket.socket) -> None:
        with connection:
            await self._serve(connection)


def reset(connection: socket.socket) -> None:
    """Cut a connection so that the peer gets RST."""
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    connection.close()
