"""A gate on a database of a test's own, and the little stories that tests tell with it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias
from unittest.mock import patch

import asyncpg

from ippgate.app import gate as composition
from ippgate.app.gate import Gate, assemble
from ippgate.config import Settings
from ippgate.delivery import DeliverySettings
from ippgate.intake import Conclusion, Intake, IntakeSettings, Upload
from ippgate.ipp.registry.enums import JobState
from ippgate.model.device import Device
from ippgate.model.job import Caller, Job, NewDocument, NewJob
from ippgate.model.queue import Queue, QueueMode
from ippgate.observe.counting import UNCOUNTED
from ippgate.store.database import Database, DatabaseSettings
from ippgate.store.listen import Listener
from ippgate.transport.port import TransportSettings
from tests.rig.crew import Crew
from tests.rig.eventually import eventually
from tests.rig.sink import Sink, SinkJob

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
"""Beside the gate's own, to look and to meddle."""

ALICE = Caller("alice", "192.0.2.1")
BOB = Caller("bob", "192.0.2.2")
OPERATOR = Caller("root", "cli", operator=True)

QUICK = DeliverySettings(
    lease=2.0,
    poll=0.2,
    busy_limit=30.0,
    retry_first=0.05,
    retry_longest=0.2,
    follow_first=0.02,
    follow_longest=0.1,
    follow_limit=20.0,
    appear=0.2,
    linger=5.0,
)
"""Delivery that does not make a test wait; what a test is about it sets itself."""

QUICK_WIRES = TransportSettings(
    connect_timeout=5.0, answer_timeout=10.0, stall_timeout=1.0, close_timeout=1.0, answer_limit=1024 * 1024
)
POOL = 6


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    """A document as a client brings it."""
    for chunk in chunks:
        yield chunk


@dataclass
class Feed:
    """A document that a test hands in piece by piece: `send`, then `end` or `fail`."""

    _pieces: "asyncio.Queue[bytes | Exception | None]" = field(default_factory=asyncio.Queue)

    def send(self, octets: bytes) -> None:
        self._pieces.put_nowait(octets)

    def end(self) -> None:
        self._pieces.put_nowait(None)

    def fail(self, error: Exception) -> None:
        self._pieces.put_nowait(error)

    async def body(self) -> AsyncIterator[bytes]:
        while (piece := await self._pieces.get()) is not None:
            if isinstance(piece, Exception):
                raise piece
            yield piece


@asynccontextmanager
async def opened(
    dsn: str,
    home: Path,
    *,
    settings: Settings | None = None,
    delivery: DeliverySettings = QUICK,
    wires: TransportSettings = QUICK_WIRES,
    pool_size: int = POOL,
    connect_timeout: float = 5.0,
    statement_timeout: float = 10.0,
) -> AsyncIterator[Gate]:
    """The services of a gate on a migrated database; nothing runs."""
    chosen = settings or Settings(home=home)
    chosen = replace(chosen, delivery=replace(chosen.delivery, lease=delivery.lease))
    database = Database(DatabaseSettings(dsn, pool_size, connect_timeout, statement_timeout))
    await database.open()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        with (
            patch.object(composition, "_delivery", lambda _settings: delivery),
            patch.object(composition, "_wires", lambda _settings: wires),
        ):
            gate = assemble(chosen, database, dsn)
        await stack.enter_async_context(gate.examining)
        await stack.enter_async_context(gate.jobs)
        await stack.enter_async_context(gate.lanes)
        await stack.enter_async_context(gate.subscriptions)
        yield gate


@asynccontextmanager
async def serving(gate: Gate, *, listening: bool = True) -> AsyncIterator[None]:
    """Have the gate deliver; with its listener, unless a test wants to see what polling alone does."""
    listener = Listener(gate.database.settings)
    listener.subscribe("ippgate_lane", gate.dispatcher.heard)
    listener.subscribe("ippgate_cancel", gate.dispatcher.heard_cancel)
    listener.subscribe("ippgate_fleet", gate.fleet.forget)
    crew = Crew()
    crew.hire(gate.dispatcher.run())
    if listening:
        crew.hire(listener.run())
        await listener.listening.wait()
    try:
        yield
    finally:
        await crew.dismiss()


async def hold_queue(gate: Gate, name: str = "followme") -> Queue:
    return await gate.fleet.add_queue(name, QueueMode.RELEASE_PRINTING)


async def direct_queue(gate: Gate, device: Device, name: str = "direct") -> Queue:
    return await gate.fleet.add_queue(name, QueueMode.PASSTHROUGH, device.name)


async def register(
    gate: Gate, uri: str, name: str = "printer", *, resend_unknown: bool = False, force: bool = False
) -> Device:
    """Register a device; a raw one does not speak PJL, so that what comes out is what went in."""
    return await gate.fleet.add_device(name, uri, pjl=False, resend_unknown=resend_unknown, force=force)


async def submit(
    gate: Gate,
    queue: Queue,
    document: bytes,
    *,
    owner: Caller = ALICE,
    name: str = "report",
    document_format: str = "application/pdf",
    priority: int = 50,
) -> Job:
    new = NewJob(queue.id, owner.name, name, owner.host, priority=priority)
    return await gate.intake.submit(queue, new, NewDocument(document_format), stream(document))


async def job_of(gate: Gate, job: Job | int) -> Job:
    return await gate.desk.get(job if isinstance(job, int) else job.id, OPERATOR)


async def until(
    gate: Gate, job: Job | int, *states: JobState, where: Callable[[Job], bool] = lambda _: True, within: float = 20.0
) -> Job:
    """Wait until the job is in one of these states (and fits)."""
    last: Job | None = None

    async def look() -> Job | None:
        nonlocal last
        last = await job_of(gate, job)
        return last if last.state in states and where(last) else None

    try:
        found = await eventually(look, f"the job to be {' or '.join(map(str, states))}", within=within)
    except AssertionError as error:
        raise AssertionError(f"{error}; it is {last}") from None
    assert found is not None
    return found


async def printed(sink: Sink, count: int = 1, *, within: float = 20.0) -> list[SinkJob]:
    """Wait for so many documents that the sink took whole; the probe at its registration brings none."""
    await eventually(lambda: len(papers(sink)) >= count, f"{count} documents at the sink", within=within)
    return papers(sink)


def papers(sink: Sink) -> list[SinkJob]:
    """What the sink printed."""
    return [job for job in sink.jobs if job.ended == "whole" and job.size]


async def attempts(gate: Gate, job: Job) -> list[str]:
    """The events that ended the job's deliveries."""
    return [str(one["outcome"]) for one in await gate.jobs.attempts(job.id)]


def intake_of(gate: Gate, settings: IntakeSettings) -> Intake:
    """Another intake of the same gate, with bounds of its own; it wakes nobody."""

    def wake(_device: int) -> None: ...

    upload = Upload(gate.jobs, gate.spool, wake, recall=settings.recall)
    conclusion = Conclusion(
        gate.jobs,
        gate.judgements,
        gate.spool,
        gate.examining,
        gate.judge,
        gate.fleet.queue_by_id,
        wake,
        recall=settings.recall,
    )
    judging = (gate.judge, gate.examining, upload, conclusion)
    return Intake(gate.jobs, gate.spool, *judging, settings, wake, UNCOUNTED)
