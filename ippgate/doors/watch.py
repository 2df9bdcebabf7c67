"""All connections, of whatever port: how many there may be, and one look at each of them every so often.

One timer for all, not one for each: a look costs about a microsecond, and the octets themselves cost nothing.
"""

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Final

from ippgate.doors.settings import DoorSettings
from ippgate.doors.site import Ports
from ippgate.observe import Event, note

if TYPE_CHECKING:
    from ippgate.doors.connection import Connection

LOOKS: Final = 8
"""Looks within the shortest deadline: a client gets at most an eighth more than it was promised."""
LONGEST_PAUSE: Final = 1.0


class Watch:
    """The connections of one server."""

    def __init__(self, settings: DoorSettings) -> None:
        self.settings = settings
        self.ports = Ports(settings.port, settings.tls_port)
        self._connections: set[Connection] = set()
        self._admitted = 0
        self._by_address: Counter[str] = Counter()
        self._timer: asyncio.TimerHandle | None = None
        shortest = min(
            settings.header_timeout,
            settings.body_timeout,
            settings.idle_timeout,
            settings.answer_timeout,
            settings.rate_grace,
        )
        self._pause = min(LONGEST_PAUSE, shortest / LOOKS)

    def __len__(self) -> int:
        return self._admitted

    def start(self) -> None:
        """Begin to look."""
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._pause, self._look, loop)

    def stop(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def admit(self, address: str) -> str | None:
        """Count a new connection; the reason, if there is no room for it. Whoever was admitted leaves once."""
        if self._admitted >= self.settings.max_connections:
            return "too many clients are connected"
        if self._by_address[address] >= self.settings.max_connections_per_address:
            return "too many connections come from this address"
        self._admitted += 1
        self._by_address[address] += 1
        return None

    def leave(self, address: str) -> None:
        """A connection that was admitted has ended."""
        self._admitted -= 1
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]

    def follow(self, connection: "Connection") -> None:
        """Look at a connection from now on."""
        self._connections.add(connection)

    def lose(self, connection: "Connection") -> None:
        """Look at it no more."""
        self._connections.discard(connection)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for connection in list(self._connections):
            slow = connection.check(now)
            if slow is not None:
                note(Event.CLIENT_SLOW, client=connection.address, what=slow.value)
        self._timer = loop.call_later(self._pause, self._look, loop)
