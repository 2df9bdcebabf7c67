"""Whether queues take jobs and let them go, in PostgreSQL: each switch is one statement, so two at once do not mix."""

from datetime import datetime

import asyncpg

from ippgate.model.errors import NotFound
from ippgate.model.queue import Queue
from ippgate.store.database import Database
from ippgate.store.row import queue_from


class TrafficStore:
    """The switches of queues. Each raises NotFound for a queue that is not there."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def pause(self, name: str) -> Queue:
        """No lane begins another job of the queue once this returns."""
        return queue_from(_found(await self._db.row("traffic_pause", name), name))

    async def resume(self, name: str) -> Queue:
        """Lanes are woken."""
        return queue_from(_found(await self._db.row("traffic_resume", name), name))

    async def accept(self, name: str, *, accepting: bool) -> Queue:
        """Whether it takes jobs."""
        return queue_from(_found(await self._db.row("traffic_accept", name, accepting), name))

    async def hold_new(self, name: str) -> Queue:
        """Jobs made from now on wait."""
        return queue_from(_found(await self._db.row("traffic_hold_new", name), name))

    async def take_new(self, name: str) -> tuple[Queue, datetime | None]:
        """Jobs made from now on do not wait; since when they did (None: they did not)."""
        row = _found(await self._db.row("traffic_take_new", name), name)
        return queue_from(row), row["since"]

    async def held_new(self, queue_id: int, since: datetime, limit: int, after: int) -> list[int]:
        """Ids, after that one, of jobs that have waited since then because new jobs were held."""
        return [row["id"] for row in await self._db.fetch("traffic_held_new", queue_id, since, limit, after)]

    async def schedule(self, job_id: int, after: int | None) -> bool:
        """Put a pending job behind another one of its lane; None: before all others. False: one of them does not wait
        there any more.
        """
        return await self._db.value("traffic_schedule", job_id, after) is not None

    async def at_device(self, queue_id: int, limit: int) -> list[int]:
        """Ids of the queue's jobs that are at their devices, the one that began first first."""
        return [row["id"] for row in await self._db.fetch("traffic_at_device", queue_id, limit)]


def _found(row: asyncpg.Record | None, name: str) -> asyncpg.Record:
    if row is None:
        raise NotFound(f"there is no queue {name[:63]}")
    return row
