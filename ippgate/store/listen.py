"""Notifications from PostgreSQL: they only wake. What must happen is found by polling; a lost wake-up costs time,
nothing else.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable

import asyncpg

from ippgate.store.database import DatabaseSettings
from ippgate.store.query import queries

Wake = Callable[[str], None]
"""Called with the payload; with "" after the connection was lost and found again: anything may have happened."""

_PATIENCE = 1.0  # seconds between attempts to connect again
_PULSE = 15.0  # seconds between signs of life: a network that stalls without closing is noticed


class Listener:
    """One connection that listens on every channel somebody asked for. Subscribe before `run`."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self._settings = settings
        self._wakes: defaultdict[str, list[Wake]] = defaultdict(list)
        self.listening = asyncio.Event()

    def subscribe(self, channel: str, wake: Wake) -> None:
        """Have `wake` called for every notification on `channel`."""
        self._wakes[channel].append(wake)

    async def run(self) -> None:
        """Listen until cancelled, connecting again whenever the connection is lost."""
        while True:
            with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                await self._listen()
            self.listening.clear()
            await asyncio.sleep(_PATIENCE)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(
            self._settings.dsn,
            timeout=self._settings.connect_timeout,
            command_timeout=self._settings.connect_timeout,
            server_settings={"application_name": "ippgate listener"},
        )
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _connection: lost.set())
        try:
            for channel in self._wakes:
                await connection.add_listener(channel, self._heard)
            self.listening.set()
            self._wake_all()
            while not await _happens(lost, _PULSE):
                await connection.fetchval(queries()["database_clock"])
        finally:
            connection.terminate()

    def _heard(self, _connection: object, _pid: int, channel: str, payload: object) -> None:
        for wake in self._wakes.get(channel, ()):
            wake(str(payload))

    def _wake_all(self) -> None:
        for wakes in self._wakes.values():
            for wake in wakes:
                wake("")


async def _happens(event: asyncio.Event, within: float) -> bool:
    try:
        async with asyncio.timeout(within):
            return await event.wait()
    except TimeoutError:
        return False
