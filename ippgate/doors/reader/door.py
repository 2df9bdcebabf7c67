"""Where readers dial in: listening, TLS, how many connections there may be: in all, from one address, of one reader."""

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from ippgate.doors.reader import protocol
from ippgate.doors.reader.settings import ReaderDoorSettings
from ippgate.doors.reader.talk import Talk
from ippgate.identity.readers import Readers
from ippgate.model.reader import Reader
from ippgate.observe import Event, mishap, note

PAUSE: Final = 1.0
"""Seconds without accepting when the system has no room for another connection (no file descriptors)."""

GOODBYE: Final = 1.0
"""Seconds for a reader to close in turn."""

REPLACED: Final = "another connection of this reader has taken the place of this one"
GONE: Final = "that reader has another token by now, or is gone"


class ReaderDoor:
    """`open` it, then `run` until cancelled; `heard` may be called from anywhere in the loop.

    tls: the context for the next handshake; None: lines go plain.
    """

    def __init__(
        self, readers: Readers, settings: ReaderDoorSettings, tls: Callable[[], ssl.SSLContext] | None = None
    ) -> None:
        self._readers, self._settings, self._tls = readers, settings, tls
        self._sockets: list[socket.socket] = []
        self._by_address: Counter[str] = Counter()
        self._connected: dict[str, asyncio.StreamWriter] = {}  # by the reader's name

    @property
    def port(self) -> int:
        """Known once it is open."""
        port: int = self._sockets[0].getsockname()[1]
        return port

    @property
    def connections(self) -> int:
        """How many there are."""
        return self._by_address.total()

    async def open(self, *, reuse_port: bool = False) -> None:
        """Listen. Raises OSError if the address is taken or is not of this host."""
        loop, settings = asyncio.get_running_loop(), self._settings
        found = await loop.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, address in dict.fromkeys((family, address) for family, _, _, _, address in found):
            made = socket.create_server(address, family=family, backlog=settings.backlog, reuse_port=reuse_port)
            made.setblocking(False)
            self._sockets.append(made)

    async def run(self) -> None:
        """Take readers until cancelled; then all are sent away."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for listening in self._sockets:
                    tasks.create_task(self._accept(listening, tasks))
        finally:
            while self._sockets:
                self._sockets.pop().close()

    def heard(self, name: str) -> None:
        """A reader has got another token, or is gone; "": any may have, and will be told so at its next tap."""
        self._end(name, GONE)

    async def _accept(self, listening: socket.socket, tasks: asyncio.TaskGroup) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                client, peer = await loop.sock_accept(listening)
            except ConnectionAbortedError:  # it hung up before it was taken
                continue
            except OSError as error:
                note(Event.CLIENT_TURNED_AWAY, client="", reason=f"no reader can be accepted: {error.strerror}")
                await asyncio.sleep(PAUSE)
                continue
            address = str(peer[0])
            if (refused := self._refused(address)) is not None:
                note(Event.CLIENT_TURNED_AWAY, client=address, reason=refused)
                client.close()
                continue
            self._by_address[address] += 1
            tasks.create_task(self._serve(client, address))

    def _refused(self, address: str) -> str | None:
        if self.connections >= self._settings.max_connections:
            return "too many readers are connected"
        if self._by_address[address] >= self._settings.max_connections_per_address:
            return "too many readers are connected from this address"
        return None

    async def _serve(self, client: socket.socket, address: str) -> None:
        """A connection, to its end, whatever happens there."""
        try:
            await self._talk(client, address)
        except (OSError, TimeoutError):  # ssl.SSLError is one
            note(Event.READER_MISBEHAVES, client=address, reason="it fell silent, or the connection broke")
        except Exception as error:  # noqa: BLE001 - the outermost edge: one reader takes no other with it
            mishap(error, client=address)
        finally:
            self._by_address -= Counter([address])

    async def _talk(self, client: socket.socket, address: str) -> None:
        loop, settings = asyncio.get_running_loop(), self._settings
        reader = asyncio.StreamReader(limit=settings.max_line, loop=loop)
        streaming = asyncio.StreamReaderProtocol(reader, loop=loop)
        try:
            transport, _ = await loop.connect_accepted_socket(
                lambda: streaming,
                client,
                ssl=self._tls() if self._tls else None,
                ssl_handshake_timeout=settings.hello_timeout if self._tls else None,
            )
        except BaseException:
            client.close()
            raise
        writer = asyncio.StreamWriter(transport, streaming, reader, loop)
        name = ""

        def took(found: Reader) -> None:
            nonlocal name
            name = found.name
            self._end(name, REPLACED)
            self._connected[name] = writer

        try:
            await Talk(self._readers, settings, (reader, writer), address, took).run()
        finally:
            if self._connected.get(name) is writer:
                del self._connected[name]
            await _close(writer)

    def _end(self, name: str, why: str) -> None:
        """Tell a reader's connection that it is over, if there is one."""
        writer = self._connected.pop(name, None)
        if writer is not None:
            writer.write(protocol.denied(why))
            writer.close()


async def _close(writer: asyncio.StreamWriter) -> None:
    """Say goodbye; who does not in turn is cut."""
    writer.close()
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(GOODBYE):
            await writer.wait_closed()
            return
    writer.transport.abort()
