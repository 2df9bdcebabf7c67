"""A gate under attack: what was promised to clients, what came out at devices, and whether the two agree."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Final

import asyncpg

from ippgate.app import Gate as Services
from ippgate.ipp import Attribute, JobState, Status
from ippgate.model.errors import Unavailable
from ippgate.model.job import Caller, Job, NewDocument, NewJob
from ippgate.model.queue import QueueMode
from ippgate.spool.sweep import orphans
from tests.rig.documents import random_document
from tests.rig.eventually import PATIENCE, eventually
from tests.rig.gate import Gate
from tests.rig.hostile_device import HostileDevice
from tests.rig.ipp_client import IppClient
from tests.rig.sink import Sink, SinkJob

MIB: Final = 1024 * 1024
NUMBERS = count(1)
EVERYBODY: Final = 100_000
OPERATOR: Final = Caller("rig", operator=True)
RETRY: Final = frozenset(
    {Status.SERVER_ERROR_TEMPORARY_ERROR, Status.SERVER_ERROR_BUSY, Status.SERVER_ERROR_SERVICE_UNAVAILABLE}
)
"""What tells a client to try again: no promise was made."""

PACE: Final = 0.05
"""Seconds between two documents of one person: a crowd, not a benchmark."""

LONG: Final = 60.0
"""Seconds within which everything has settled after a disaster."""


def document(size: int = 20_000) -> bytes:
    """A document that nobody else sends."""
    return random_document(size, seed=next(NUMBERS))


def digest(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


@dataclass
class House:
    """A gate with its services in this process, and the ledger of what its clients were told."""

    gate: Gate
    services: Services
    since: int = 0
    """The last job of those who were here before."""

    device: str = ""
    """The name of the device added last."""

    queue: str = ""
    """The queue that holds, added last."""

    promised: dict[str, int] = field(default_factory=dict)
    """Documents, by hash, that were acknowledged, and the job they were named."""

    sent: set[str] = field(default_factory=set)
    """Documents of which at least a part was sent, acknowledged or not."""

    @property
    def client(self) -> IppClient:
        return self.gate.client()

    # ── furniture ──

    async def add_device(self, device: Sink | HostileDevice) -> str:
        """Register a device, which is asked about itself; a raw one is known not to speak PJL. The server knows it."""
        pjl = False if isinstance(device, Sink) else None
        added = await self.services.fleet.add_device(f"device{next(NUMBERS)}", device.uri, pjl=pjl)
        self.device = added.name
        await self.gate.caught_up(self.services)
        return added.name

    async def add_queue(self, device: str | None = None) -> str:
        """A queue that holds, or with a device one that passes on; the server knows it."""
        mode = QueueMode.RELEASE_PRINTING if device is None else QueueMode.PASSTHROUGH
        added = await self.services.fleet.add_queue(f"queue{next(NUMBERS)}", mode, device)
        if device is None:
            self.queue = added.name
        await self.gate.caught_up(self.services)
        return added.name

    async def passing_to(self, device: Sink | HostileDevice) -> str:
        """A queue that passes on to a new device."""
        return await self.add_queue(await self.add_device(device))

    # ── what clients do ──

    async def print(self, queue: str, octets: bytes, *more: Attribute) -> int:
        """Print a document and enter it into the ledger."""
        self.sent.add(digest(octets))
        job_id = await self.client.print(queue, octets, *more)
        self.promised[digest(octets)] = job_id
        return job_id

    async def held_several(self, *documents: bytes) -> int:
        """A job of several documents in the queue that holds."""
        self.sent.update(map(digest, documents))
        queue = await self.services.fleet.queue(self.queue)
        job = await self.services.intake.create(queue, NewJob(queue.id, "jake", "several", "127.0.0.1"))
        for each in documents:
            whole, last = _whole(each), each is documents[-1]
            await self.services.intake.add_document(job.id, Caller("jake"), NewDocument(), whole, last)
        return job.id

    async def held(self, octets: bytes | None = None) -> int:
        """A job in the queue that holds."""
        return await self.print(self.queue, octets or document())

    async def release(self, job_id: int, device: str | None = None) -> None:
        """Release a job to a device (by default the one added last), by its uuid."""
        uuid = (await self.services.fleet.device(device or self.device)).uuid
        answer = await self.client.release(job_id, uuid)
        assert answer.ok, answer

    @asynccontextmanager
    async def crowd(self, queues: Sequence[str], *, clients: int = 6, sizes: Iterable[int] = ()) -> AsyncIterator[None]:
        """Several people print one document after the other while the block runs, and take what they are told."""
        going = asyncio.Event()
        chosen = tuple(sizes) or (500, 20_000, 60_000, 3 * MIB // 2)

        async def person(number: int) -> None:
            for turn in count():
                if going.is_set():
                    return
                octets = document(chosen[turn % len(chosen)])
                await self._try(queues[(number + turn) % len(queues)], octets)
                await asyncio.sleep(PACE)

        async with asyncio.TaskGroup() as people:
            for number in range(clients):
                people.create_task(person(number))
            try:
                yield
            finally:
                going.set()

    async def _try(self, queue: str, octets: bytes) -> None:
        """Print, as somebody does who tries again later when it does not work, with another document."""
        self.sent.add(digest(octets))
        try:
            async with self.client.printing(queue) as sending:
                await sending.send(octets)
                answer = await sending.finish(within=LONG)
        except (OSError, EOFError):
            await asyncio.sleep(0.05)  # nobody listens
            return
        if answer.ok:
            self.promised[digest(octets)] = answer.job_id
            return
        assert answer.http == 200, answer.sentence
        assert answer.status in RETRY, answer
        await asyncio.sleep(0.05)

    async def acknowledged(self, more: int) -> None:
        """Wait until so many documents more have been acknowledged."""
        goal = len(self.promised) + more
        await eventually(lambda: len(self.promised) >= goal, f"{more} jobs more", within=LONG)

    # ── what is true ──

    async def jobs(self) -> list[Job]:
        """Every job that was made since we are here."""
        return [job for job in await self.every_job() if job.id > self.since]

    async def every_job(self) -> list[Job]:
        """Every job that the gate knows."""
        return await self.services.desk.listing(None, tuple(JobState), None, EVERYBODY)

    async def job(self, job_id: int) -> Job:
        return await self.services.desk.get(job_id, OPERATOR)

    async def job_in(self, job_id: int, *states: JobState) -> Job:
        """Wait until a job is in one of these states."""

        async def there() -> Job | None:
            try:
                job = await self.job(job_id)
            except Unavailable:
                return None
            return job if job.state in states else None

        job = await eventually(there, f"job {job_id} to be {states}", within=LONG)
        assert job is not None
        return job

    async def settled(self) -> list[Job]:
        """Wait until nothing goes or arrives any more: every job is held or has ended."""

        jobs: list[Job] = []

        async def at_rest() -> bool:
            nonlocal jobs
            try:
                jobs = await self.every_job()
            except Unavailable:
                return False
            return not any(job.incoming or job.state in _MOVING for job in jobs)

        await eventually(at_rest, "every job to be held or ended", within=LONG, every=0.1)
        return jobs

    async def audit(self, *devices: Sink | HostileDevice) -> list[Job]:
        """Once all is settled: every promise is kept once, nothing was printed twice, nothing is left behind."""
        every = await self.settled()
        jobs = [job for job in every if job.id > self.since]
        stored = {job.id: [one.sha256.hex() for one in job.documents if one.sha256] for job in jobs}
        for sha, job_id in self.promised.items():
            assert stored.get(job_id) == [sha], f"job {job_id} was acknowledged and is not there as it was sent"
        copies = Counter(sha for job in jobs if job.state is not JobState.ABORTED for sha in stored[job.id])
        assert [sha for sha, times in copies.items() if times > 1] == [], "a document became two jobs"
        prints = printed(*devices)
        assert [sha for sha, times in prints.items() if times > 1] == [], "a document was printed twice"
        assert set(prints) <= self.sent, "something was printed that nobody sent"
        for job in jobs:
            self._account(job, stored[job.id], prints)
        await self.swept(every)
        return jobs

    def _account(self, job: Job, documents: list[str], prints: Counter[str]) -> None:
        """A job says it was printed exactly when it was; where nobody can know, it says that."""
        came_out = [prints[sha] for sha in documents]
        if job.state is JobState.COMPLETED:  # of what a crash kept from being summed, nobody was told
            assert set(came_out) <= {1}, f"job {job.id} is completed and its documents came out {came_out} times"
        elif any(came_out):
            held = f"job {job.id} came out, and is {job.state.name}: {job.message}"
            assert job.message.startswith("outcome unknown"), held

    async def swept(self, jobs: Iterable[Job]) -> None:
        """Documents of jobs that wait are stored, and not a large object more."""
        waiting = sum(len(job.documents) for job in jobs if job.state is JobState.PENDING_HELD)
        connection = await asyncpg.connect(self.services.dsn)
        try:

            async def clean() -> bool:
                objects: int = await connection.fetchval("SELECT count(*) FROM pg_largeobject_metadata")
                return objects == waiting

            await eventually(clean, f"only {waiting} documents to be stored", within=LONG, every=0.1)
        finally:
            await connection.close()
        assert await orphans(self.services.database) == []


async def _whole(octets: bytes) -> AsyncIterator[bytes]:
    yield octets


_MOVING: Final = (JobState.PENDING, JobState.PROCESSING, JobState.PROCESSING_STOPPED)


def printed(*devices: Sink | HostileDevice) -> Counter[str]:
    """How often each document came out whole at these devices."""
    out: Counter[str] = Counter()
    for device in devices:
        if isinstance(device, Sink):
            out.update(job.sha256 for job in device.jobs if job.ended == "whole" and job.size)
        else:
            out.update(job.document.sha256 for job in device.jobs.values() if job.state == JobState.COMPLETED)
    return out


async def receiving(sink: Sink, octets: int, *, within: float = PATIENCE) -> SinkJob:
    """Wait until a connection has brought so many octets; those that only asked how the device is brought none."""
    found = await eventually(
        lambda: [job for job in sink.jobs if job.size >= max(octets, 1)], f"{octets} octets", within=within
    )
    return found[-1]


def documents(sink: Sink) -> list[SinkJob]:
    """The connections that brought octets."""
    return [job for job in sink.jobs if job.size]
