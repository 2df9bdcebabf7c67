"""What monitoring asks of a running gate: all figures, and whether it is ready for clients.

Some figures must be fetched from the database. However often monitoring asks, they are fetched once in `refresh`
seconds; and when the database is away, monitoring still gets its answer, which says so.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from ippgate.model.errors import Unavailable
from ippgate.observe.metrics import Metrics

PATIENCE = 5.0
"""Seconds that monitoring waits for the database; its own deadlines are about ten."""


async def _none() -> Mapping[str, int]:
    return {}


@dataclass(frozen=True, slots=True)
class Sources:
    """Where standing figures come from. Each may raise model.errors.Unavailable."""

    jobs: Callable[[], Awaitable[Mapping[str, int]]]  # state keyword → jobs that are not ended
    devices: Callable[[], Awaitable[Mapping[str, str]]]  # name → state keyword
    ping: Callable[[], Awaitable[object]]  # one round trip to the database, nothing cached
    pool: Callable[[], tuple[int, int]]  # idle and open connections of this worker
    subscriptions: Callable[[], Awaitable[Mapping[str, int]]] = _none  # printer, job → how many there are of them


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether clients should be sent here, and why not."""

    ready: bool
    reason: str = ""


class Monitor:
    """Serves doors.web; one for each worker."""

    def __init__(
        self, metrics: Metrics, sources: Sources, *, refresh: float = 15.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._metrics = metrics
        self._sources = sources
        self._refresh = refresh
        self._clock = clock
        self._fetched: float | None = None
        self._fetching = asyncio.Lock()
        self._draining = False

    async def render(self) -> bytes:
        """Everything for a monitoring system, as Prometheus' text format."""
        async with self._fetching:  # several monitors at once cost one look at the database
            if self._fetched is None or self._clock() - self._fetched >= self._refresh:
                await self._fetch()
                self._fetched = self._clock()
        return self._metrics.render()

    async def readiness(self) -> Readiness:
        """Whether this worker takes requests: it is not draining, and the database answers now."""
        if self._draining:
            return Readiness(ready=False, reason="the gate is stopping")
        try:
            async with asyncio.timeout(PATIENCE):
                await self._sources.ping()
        except (Unavailable, TimeoutError):
            return Readiness(ready=False, reason="the database does not answer")
        return Readiness(ready=True)

    def drain(self) -> None:
        """From now on, send clients elsewhere."""
        self._draining = True

    async def _fetch(self) -> None:
        standing = self._metrics.standing
        self._metrics.pool(*self._sources.pool())
        try:
            async with asyncio.timeout(PATIENCE):
                standing.jobs = await self._sources.jobs()
                standing.devices = await self._sources.devices()
                standing.subscriptions = await self._sources.subscriptions()
        except (Unavailable, TimeoutError):
            standing.forget()
        else:
            standing.database_up = True
