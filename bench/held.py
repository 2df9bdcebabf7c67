"""Many held jobs at once, by SQL: a million of them by Print-Job would take as long as the whole bench."""

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import asyncpg

from ippgate.model import ticket
from ippgate.spool import KeyRing
from ippgate.spool.frame import Sealer

BATCH = 10_000
CONNECTIONS = 2
PLAIN = b"a small document that waits\n"

_INSERT = (Path(__file__).parent / "held_jobs.sql").read_text()


async def fill(
    dsn: str, keys: KeyRing, queue: int, count: int, people: int, progress: Callable[[int], None] = lambda _done: None
) -> None:
    """Make `count` held jobs of `people` in turn; `progress` hears how many are there."""
    key = keys.new_key(uuid4())
    frame = Sealer(key.octets, 1).seal(PLAIN, last=True, pad=False)
    document = (frame, len(PLAIN), hashlib.sha256(PLAIN).digest())
    sealed = (ticket.pack(()), key.wrapped.octets, key.wrapped.key_id, *document)
    begins = iter(range(0, count, BATCH))
    done = 0

    async def one_connection() -> None:
        nonlocal done
        connection = await asyncpg.connect(dsn, server_settings={"synchronous_commit": "off"})
        try:
            for begin in begins:
                end = min(begin + BATCH, count)
                await connection.execute(_INSERT, queue, begin, end - 1, people, *sealed)
                done += end - begin
                progress(done)
        finally:
            await connection.close()

    async with asyncio.TaskGroup() as tasks:
        for _ in range(CONNECTIONS):
            tasks.create_task(one_connection())


async def settle(dsn: str) -> None:
    """Leave nothing of the filling to be done while somebody measures: statistics, dead rows, dirty pages."""
    connection = await asyncpg.connect(dsn)
    try:
        for table in ("job", "document"):
            await connection.execute(f"VACUUM (ANALYZE) {table}")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()
