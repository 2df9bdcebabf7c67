"""The peer: a private cupsd that syncs every document before it answers, as the gate does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from bench.client import Client, Where, queued_jobs
from bench.request import count_jobs, on_queue
from ippgate.ipp import Operation
from tests.rig.cupsd import Cupsd

FORMAT: Final = "application/vnd.cups-raw"
"""Spares cupsd the look at what the document is."""

NOWHERE: Final = "file:///dev/null"


class Peer:
    """A running cupsd."""

    def __init__(self, cupsd: Cupsd) -> None:
        self._cupsd = cupsd
        self.pid = cupsd.pid

    async def add_queue(self, name: str, device: str = NOWHERE) -> Where:
        """A raw queue that prints to a device."""
        await self._cupsd.lpadmin(name, device)
        return Where("127.0.0.1", self._cupsd.port, f"/printers/{name}", self._cupsd.uri(name))

    async def waiting(self, where: Where) -> int:
        """How many jobs of a queue have not ended."""
        async with Client(where) as client:
            return queued_jobs(await client.ask(count_jobs(where.uri)))

    async def purge(self, where: Where) -> None:
        """Forget every job of a queue."""
        await self._do(where, Operation.PURGE_JOBS)

    async def pause(self, where: Where) -> None:
        """Stop a queue: jobs are taken and wait (cupsdisable)."""
        await self._do(where, Operation.PAUSE_PRINTER)

    async def resume(self, where: Where) -> None:
        """Let a stopped queue go on (cupsenable)."""
        await self._do(where, Operation.RESUME_PRINTER)

    async def _do(self, where: Where, operation: Operation) -> None:
        async with Client(where) as client:
            await client.ask(on_queue(operation, where.uri))


@asynccontextmanager
async def cupsd(root: Path) -> AsyncIterator[Peer]:
    """A cupsd for a question, with its own folders under `root`."""
    with Cupsd.for_bench(root) as running:
        yield Peer(running)
