"""The port of TLS: clients are counted when they connect, and have a deadline for shaking hands (SECURITY S15).

An event loop that listens with TLS itself takes any number of clients and tells nobody before their hands are shaken.
So connections are accepted here, one look at the bounds each, and handed to the event loop then.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from ippgate.observe import Event, note

if TYPE_CHECKING:
    from ippgate.doors.connection import Connection
    from ippgate.doors.watch import Watch

SHUTDOWN: Final = 5.0
"""Seconds for a client to say goodbye in turn."""

AT_ONCE: Final = 64
"""Connections accepted before others have their turn."""

PAUSE: Final = 1.0
"""Seconds without accepting when the system has no room for another connection (no file descriptors)."""


class Handshakes:
    """Listening sockets of one port. It owns a task for each client that shakes hands; `stop` ends them all.

    connect: makes the HTTP connection of a client; context: what the next client is shown.
    """

    def __init__(
        self, connect: Callable[[], "Connection"], watch: "Watch", context: Callable[[], ssl.SSLContext]
    ) -> None:
        self._connect, self._watch, self._context = connect, watch, context
        self._sockets: list[socket.socket] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """Known once it listens."""
        port: int = self._sockets[0].getsockname()[1]
        return port

    async def listen(self, host: str, port: int, *, backlog: int, reuse_port: bool) -> None:
        """Accept clients. Raises OSError if an address is taken or is not of this host."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        try:
            for family, address in dict.fromkeys((family, address) for family, _, _, _, address in found):
                made = socket.create_server(address, family=family, backlog=backlog, reuse_port=reuse_port)
                self._sockets.append(made)
                made.setblocking(False)
        except OSError:
            self._close()
            raise
        for listening in self._sockets:
            loop.add_reader(listening, self._accept, listening)

    async def stop(self) -> None:
        """Accept no more; whoever has not shaken hands by now is sent away."""
        loop = asyncio.get_running_loop()
        for listening in self._sockets:
            loop.remove_reader(listening)
        self._close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _close(self) -> None:
        while self._sockets:
            self._sockets.pop().close()

    def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(AT_ONCE):
            try:
                client, peer = listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                note(Event.CLIENT_TURNED_AWAY, client="", reason=f"no connection can be accepted: {error.strerror}")
                loop.remove_reader(listening)
                loop.call_later(PAUSE, self._accept_again, listening)
                return
            self._admit(client, str(peer[0]))

    def _accept_again(self, listening: socket.socket) -> None:
        if listening in self._sockets:
            asyncio.get_running_loop().add_reader(listening, self._accept, listening)

    def _admit(self, client: socket.socket, address: str) -> None:
        refused = self._watch.admit(address)
        if refused is not None:
            note(Event.CLIENT_TURNED_AWAY, client=address, reason=refused)
            client.close()
            return
        client.setblocking(False)
        task = asyncio.get_running_loop().create_task(self._shake(client, address))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _shake(self, client: socket.socket, address: str) -> None:
        connection = self._connect()
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: connection,
                client,
                ssl=self._context(),
                ssl_handshake_timeout=self._watch.settings.header_timeout,
                ssl_shutdown_timeout=SHUTDOWN,
            )
        except OSError as error:  # ssl.SSLError and TimeoutError are
            if _is_late(error):
                note(Event.CLIENT_SLOW, client=address, what="the TLS handshake did not end in time")
            elif isinstance(error, ssl.SSLCertVerificationError):
                reason = f"it showed a certificate that is not taken here: {error.verify_message}"
                note(Event.CLIENT_TURNED_AWAY, client=address, reason=reason)
        finally:
            if not connection.began:  # else it leaves when it ends
                self._watch.leave(address)
                with suppress(OSError):
                    client.close()


def _is_late(error: OSError) -> bool:
    """The event loop says by this that it has cut a handshake at its deadline."""
    return isinstance(error, TimeoutError | ConnectionAbortedError) and "longer than" in str(error)
