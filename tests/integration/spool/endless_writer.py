"""A process that takes a document that never ends, until it is killed: python -m … DSN HOME."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from ippgate.model.job import NewDocument, NewJob
from tests.integration.gates import hold_queue, opened
from tests.rig.documents import random_document

PIECE = random_document(100_000)


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield PIECE


async def main(dsn: str, home: Path) -> None:
    async with opened(dsn, home) as gate:
        queues = await gate.fleet.queues()
        queue = queues[0] if queues else await hold_queue(gate)
        await gate.intake.submit(queue, NewJob(queue.id, "alice", "endless", ""), NewDocument(), endless())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
