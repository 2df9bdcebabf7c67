"""A gate as people run it: its own home with the embedded PostgreSQL, and a real `ippgate serve` process on it."""

import asyncio
import os
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg

from bench import held
from bench.client import Where
from ippgate.app.gate import Gate, open_gate, prepare_home
from ippgate.config import Settings
from ippgate.model.queue import QueueMode
from ippgate.store.embedded import Embedded
from tests.rig.process import Process
from tests.rig.where import free_ports

QUEUE: Final = "followme"
FORMAT: Final = "application/octet-stream"
QUIET: Final = "error"
"""The level of the log: that of the cupsd beside it."""

READY_WITHIN: Final = 60.0
_SERVE = "from ippgate.cli import main; main()"  # the console script, whether or not the package is installed


class Serving:
    """A running `ippgate serve`; `pid` is its only process where it has one worker."""

    def __init__(self, process: Process, port: int) -> None:
        self._process, self._port = process, port

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def where(self) -> Where:
        """Its queue."""
        path = f"/ipp/print/{QUEUE}"
        return Where("127.0.0.1", self._port, path, f"ipp://127.0.0.1:{self._port}{path}")


class House:
    """A gate's home while a run lasts: database, queue and devices stay, servers come and go."""

    def __init__(self, settings: Settings, queue: int) -> None:
        self._settings = settings
        self.dsn = settings.database.dsn
        self.rules = settings.home / "rules.toml"  # read when a server starts
        self._queue = queue

    async def hold(self, count: int, people: int) -> None:
        """Have `count` jobs of `people` held."""
        async with self.services() as gate:
            await held.fill(self.dsn, gate.keys, self._queue, count, people)
        await held.settle(self.dsn)

    async def add_devices(self, uris: list[str]) -> list[UUID]:
        """Register raw devices that speak no PJL: what is printed is what was sent."""
        async with self.services() as gate:
            added = [await gate.fleet.add_device(f"device-{n}", uri, pjl=False) for n, uri in enumerate(uris)]
        return [device.uuid for device in added]

    async def newest_job(self) -> int:
        """The id of the job that was made last."""
        return int(await self._value("SELECT coalesce(max(id), 0) FROM job"))

    async def jobs_after(self, job: int) -> int:
        """How many jobs were made after that one and are held."""
        return int(await self._value("SELECT count(*) FROM job WHERE id > $1 AND state = 4", job))

    async def _value(self, query: str, *arguments: object) -> int:
        connection = await asyncpg.connect(self.dsn)
        try:
            return int(await connection.fetchval(query, *arguments))
        finally:
            await connection.close()

    @asynccontextmanager
    async def services(self) -> AsyncIterator[Gate]:
        """The gate's own services in this process."""
        async with open_gate(self._settings) as gate:
            yield gate

    @asynccontextmanager
    async def serving(self, workers: int = 1) -> AsyncIterator[Serving]:
        """A server on this home, at a free port."""
        port, tls_port = free_ports(2)
        process = Process(
            f"ippgate serve --workers {workers}",
            [sys.executable, "-c", _SERVE, "serve", "--workers", str(workers), "--json"],
            log=self._settings.home / "serve.log",
            env=_environment(self._settings.home, port, tls_port),
            ready=lambda: _ready(port),
        )
        await asyncio.to_thread(process.start, within=READY_WITHIN)
        try:
            yield Serving(process, port)
        except BaseException as error:
            error.add_note(process.tail())
            raise
        finally:
            await asyncio.to_thread(process.stop)


@asynccontextmanager
async def house(home: Path) -> AsyncIterator[House]:
    """A fresh home with a queue; its PostgreSQL runs as long as this context."""
    settings = Settings(home)
    prepare_home(settings)
    async with Embedded(settings.postgres) as postgres:
        # This process holds the embedded server once: what it opens on top goes by the DSN.
        settings = replace(settings, database=replace(settings.database, dsn=postgres.dsn))
        async with open_gate(settings, migrate=True) as gate:
            queue = await gate.fleet.add_queue(QUEUE, QueueMode.RELEASE_PRINTING)
        yield House(settings, queue.id)


def _environment(home: Path, port: int, tls_port: int) -> dict[str, str]:
    """The defaults of the product but for these: a configuration of whoever runs the bench does not count."""
    where = {"IPPGATE_CONFIG": os.devnull, "IPPGATE_HOME": str(home), "IPPGATE_PORT": str(port)}
    return where | {"IPPGATE_TLS_PORT": str(tls_port), "IPPGATE_LOG_LEVEL": QUIET}


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
