"""PostgreSQL goes away while a document arrives: its client is refused and nothing is there, or a job is there once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from ippgate.app.gate import Gate
from ippgate.intake import Intake, IntakeSettings
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import Unavailable
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.model.queue import Queue
from ippgate.spool.sweep import Sweeper
from ippgate.store.jobs import WAITING
from tests.integration.gates import ALICE, Connection, Feed, hold_queue, intake_of, job_of, stream
from tests.rig.database import Cluster
from tests.rig.documents import random_document
from tests.rig.eventually import eventually
from tests.rig.postgres15 import Postgres15
from tests.rig.proxy import Proxy

PDF = NewDocument("application/pdf")
LARGE = random_document(5_000_000)
BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def cluster(postgres15: Postgres15) -> Cluster:
    return postgres15


@pytest.fixture
async def gate(proxied_dsn: str, gates: Callable[..., Awaitable[Gate]]) -> Gate:
    """Its database is behind the proxy."""
    return await gates(dsn=proxied_dsn, connect_timeout=2)


@pytest.fixture
async def queue(gate: Gate) -> Queue:
    return await hold_queue(gate)


def submission(intake: Intake, queue: Queue, body: AsyncIterator[bytes]) -> "asyncio.Task[Job]":
    return asyncio.create_task(intake.submit(queue, NewJob(queue.id, ALICE.name, "report", ""), PDF, body))


async def everything(gate: Gate) -> list[Job]:
    return await gate.desk.listing(None, tuple(JobState), None, 100)


@asynccontextmanager
async def locked(dsn: str) -> AsyncIterator[None]:
    """Nobody can make a job meanwhile: each refers to its queue."""
    connection = await asyncpg.connect(dsn)
    async with connection.transaction():
        await connection.execute("SELECT FROM queue FOR UPDATE")
        yield
    await connection.close()


async def blocked(sql: Connection, count: int = 1) -> None:
    async def look() -> bool:
        return bool(await sql.fetchval(BLOCKED) >= count)

    await eventually(look, f"{count} statements to wait for the lock")


async def test_an_answer_that_was_lost_is_asked_for_again_and_the_job_is_there_once(
    gate: Gate, queue: Queue, proxy: Proxy, sql: Connection, gate_dsn: str
) -> None:
    """The statement outlives its connection: the server commits it after the gate has begun to try again."""
    async with asyncio.timeout(30):
        async with locked(gate_dsn):
            request = submission(intake_of(gate, IntakeSettings(recall=20)), queue, stream(b"%PDF"))
            await blocked(sql)
            await proxy.cut()
            await blocked(sql, 2)
        job = await request
    assert await everything(gate) == [await job_of(gate, job)]
    assert await sql.fetchval("SELECT count(*) FROM pg_largeobject_metadata") == 1


async def test_many_at_once_whose_answers_were_lost_are_each_there_once(
    gate: Gate, queue: Queue, proxy: Proxy, sql: Connection, gate_dsn: str
) -> None:
    async with asyncio.timeout(40):
        async with locked(gate_dsn):
            intake = intake_of(gate, IntakeSettings(recall=20))
            requests = [submission(intake, queue, stream(b"%PDF", str(n).encode())) for n in range(100)]
            await blocked(sql, 2)
            await proxy.cut()
        told = [(await request).id for request in requests]
    assert sorted(told) == sorted(job.id for job in await everything(gate))
    assert len(set(told)) == 100


async def test_a_database_that_stays_away_refuses_and_keeps_nothing(
    gate: Gate, queue: Queue, proxy: Proxy, sql: Connection
) -> None:
    await proxy.refuse()
    await proxy.cut()
    with pytest.raises(Unavailable):
        await submission(intake_of(gate, IntakeSettings(recall=0.5)), queue, stream(b"%PDF"))
    with pytest.raises(Unavailable):
        await submission(intake_of(gate, IntakeSettings(recall=0.5)), queue, stream(LARGE))
    proxy.accept()
    assert await sql.fetchval("SELECT count(*) FROM job") == 0


async def test_a_database_that_comes_back_in_time_is_waited_for(gate: Gate, queue: Queue, proxy: Proxy) -> None:
    await proxy.refuse()
    await proxy.cut()
    request = submission(intake_of(gate, IntakeSettings(recall=20)), queue, stream(b"%PDF"))
    await asyncio.sleep(0)
    proxy.accept()
    assert (await request).state is JobState.PENDING_HELD


async def test_a_large_document_that_meets_a_cut_is_refused_and_nothing_waits(
    gate: Gate, queue: Queue, proxy: Proxy, sql: Connection
) -> None:
    feed = Feed()
    request = submission(intake_of(gate, IntakeSettings(recall=0.5)), queue, feed.body())
    feed.send(LARGE)
    await eventually(
        lambda: sql.fetchval("SELECT count(*) FROM pg_largeobject WHERE pageno = 600"), "some of it stored"
    )
    await proxy.refuse()
    await proxy.cut()
    feed.send(LARGE)
    feed.end()
    with pytest.raises(Unavailable):
        await request
    proxy.accept()
    await sql.execute("UPDATE job SET incoming_until = now() - interval '1 second' WHERE state < 7")
    await Sweeper(gate.database, gate.jobs, gate.lanes, interval=1).sweep()
    assert await gate.jobs.waiting(states=WAITING, limit=1) == []
    assert await sql.fetchval("SELECT count(*) FROM pg_largeobject_metadata") == 0


@pytest.mark.parametrize("step", ["finish", "close"])
async def test_a_lost_answer_at_the_end_of_a_large_document_does_not_lose_it(
    gate: Gate, queue: Queue, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner: Any = gate.spool if step == "finish" else gate.jobs
    _lose_first_answer(owner, step, monkeypatch)
    job = await submission(intake_of(gate, IntakeSettings(recall=5)), queue, stream(LARGE))
    assert (job.state, job.incoming) == (JobState.PENDING_HELD, False)
    assert len(await everything(gate)) == 1


async def test_a_job_that_is_safe_is_told_although_it_cannot_be_read_again(
    gate: Gate, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lose_first_answer(gate.jobs, "get", monkeypatch)
    job = await submission(intake_of(gate, IntakeSettings(recall=5)), queue, stream(LARGE))
    kept = await job_of(gate, job)
    assert (job.id, job.state, job.incoming, job.size) == (kept.id, kept.state, False, len(LARGE))


def _lose_first_answer(owner: Any, method: str, patch: pytest.MonkeyPatch) -> None:
    """What is asked happens, and the first answer is lost."""
    act: Callable[..., Awaitable[Any]] = getattr(owner, method)
    lost = False

    async def acted(*arguments: Any, **named: Any) -> Any:
        nonlocal lost
        answer = await act(*arguments, **named)
        if not lost:
            lost = True
            raise Unavailable("the connection broke")
        return answer

    patch.setattr(owner, method, acted)
