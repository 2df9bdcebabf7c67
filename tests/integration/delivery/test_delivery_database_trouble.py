"""PostgreSQL goes away while jobs go: none is lost, none is printed twice, and none stays where nobody looks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import asyncpg
import pytest

from ippgate.app.gate import Gate
from ippgate.delivery import carrier
from ippgate.ipp import JobState, Operation
from ippgate.model.errors import Unavailable
from ippgate.model.job import Job
from ippgate.model.lifecycle import Event
from ippgate.store.jobs import Move, Moved
from tests.integration.conftest import migrated
from tests.integration.gates import (
    ALICE,
    QUICK,
    QUICK_WIRES,
    Connection,
    attempts,
    hold_queue,
    papers,
    printed,
    register,
    serving,
    submit,
    until,
)
from tests.rig.database import Cluster
from tests.rig.documents import random_document
from tests.rig.eventually import eventually
from tests.rig.hostile_device import HostileDevice
from tests.rig.lies import Lie
from tests.rig.proxy import Proxy
from tests.rig.sink import Manners, Sink

LARGE = random_document(6_000_000)
COMPLETED, HELD = JobState.COMPLETED, JobState.PENDING_HELD
PATIENT = replace(QUICK_WIRES, stall_timeout=20.0)
Gates = Callable[..., Awaitable[Gate]]


@pytest.fixture
async def proxied(gates: Gates, proxied_dsn: str) -> Gate:
    """A gate whose database is behind the proxy."""
    return await gates(dsn=proxied_dsn, connect_timeout=2, wires=PATIENT)


async def released(gate: Gate, document: bytes, *, uri: str | None = None) -> Job:
    if uri is not None:
        await register(gate, uri)
        await hold_queue(gate)
    job = await submit(gate, await gate.fleet.queue("followme"), document)
    return await gate.release.release(job.id, ALICE, "printer")


@asynccontextmanager
async def job_locked(dsn: str, job: Job) -> AsyncIterator[None]:
    """Statements about the job wait meanwhile, on the server, also when their connection is gone."""
    connection = await asyncpg.connect(dsn)
    async with connection.transaction():
        await connection.execute("SELECT FROM job WHERE id = $1 FOR UPDATE", job.id)
        yield
    await connection.close()


async def blocked(sql: Connection, count: int) -> None:
    waiting = (
        "SELECT true FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        " HAVING count(*) >= $1"
    )
    await eventually(partial(sql.fetchval, waiting, count), f"{count} statements to wait")


@pytest.mark.parametrize("kind", ["raw", "ipp"])
async def test_a_start_whose_answer_was_lost_leaves_no_job_stuck_and_prints_it_once(
    proxied: Gate, sink: Sink, proxy: Proxy, gate_dsn: str, sql: Connection, kind: str
) -> None:
    """The statement outlives its connection and comes through when the gate has begun to take it back."""
    async with HostileDevice() as device, serving(proxied):
        asleep: Any = sink if kind == "raw" else device
        await register(proxied, asleep.uri)
        await hold_queue(proxied)
        await asleep.sleep()
        job = await released(proxied, LARGE)
        await eventually(partial(sql.fetchval, "SELECT lease_worker FROM job"), "the job to be taken up")
        async with job_locked(gate_dsn, job):
            woken = asleep.wake()
            if kind == "ipp":
                await woken
            await blocked(sql, 1)
            await proxy.cut()
            await blocked(sql, 2)
        await until(proxied, job, COMPLETED)
        came = [paper.data for paper in papers(sink)] + [job.document.data for job in device.jobs.values()]
        assert came.count(LARGE) == 1


async def test_a_start_that_was_stored_and_then_taken_back_is_begun_again(
    gate: Gate, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    move, lost = gate.jobs.move, 2

    async def loses_answers(wish: Move) -> Moved | None:
        nonlocal lost
        moved = await move(wish)
        if wish.event is Event.START and lost:
            lost -= 1
            raise Unavailable("the connection broke")
        return moved

    monkeypatch.setattr(gate.jobs, "move", loses_answers)
    async with serving(gate):
        job = await until(gate, await released(gate, LARGE, uri=sink.uri), COMPLETED)
    assert [paper.data for paper in papers(sink)] == [LARGE]
    assert await attempts(gate, job) == ["retry", "retry", "complete"]


async def test_a_start_that_comes_through_after_it_was_taken_back_leaves_no_job_stuck(
    gate: Gate, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    move, late = gate.jobs.move, list[Move]()

    async def delays_a_start(wish: Move) -> Moved | None:
        if wish.event is Event.START and not late:
            late.append(wish)
            raise Unavailable("the connection broke")
        moved = await move(wish)
        if wish.event is Event.RETRY and len(late) == 1:
            late.append(wish)
            assert moved is None
            assert await move(late[0]) is not None
        return moved

    monkeypatch.setattr(gate.jobs, "move", delays_a_start)
    async with serving(gate):
        job = await until(gate, await released(gate, LARGE, uri=sink.uri), COMPLETED)
    assert [paper.data for paper in papers(sink)] == [LARGE]
    assert await attempts(gate, job) == ["retry", "complete"]


def _lose_answer_of(gate: Gate, query: str, patch: pytest.MonkeyPatch) -> None:
    """What is asked happens, and the first answer that has something to say is lost."""
    fetch, lost = gate.database.fetch, list[str]()

    async def loses_one(name: str, *arguments: Any) -> Any:
        rows = await fetch(name, *arguments)
        if name == query and rows and not lost:
            lost.append(name)
            raise Unavailable("the connection broke")
        return rows

    patch.setattr(gate.database, "fetch", loses_one)


async def test_jobs_whose_claim_was_lost_on_its_way_are_not_forgotten(
    gates: Gates, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are leased to a worker that does not know of it and lives on, in a lane that is never empty for long."""
    gate = await gates(delivery=replace(QUICK, linger=3600))
    _lose_answer_of(gate, "lane_claim", monkeypatch)
    async with serving(gate):
        job = await released(gate, LARGE, uri=sink.uri)
        await until(gate, job, COMPLETED)
    assert [paper.data for paper in papers(sink)] == [LARGE]


async def test_a_job_whose_inheritance_was_lost_on_its_way_is_not_forgotten(
    gates: Gates, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = await gates(), await gates(delivery=replace(QUICK, linger=3600))
    async with HostileDevice(at_once=False) as device:
        async with serving(one):
            job = await released(one, LARGE, uri=device.uri)
            await until(one, job, JobState.PROCESSING, where=lambda j: j.reasons == ("job-printing",))
        await one.lanes.leave()
        _lose_answer_of(two, "lease_inherit", monkeypatch)
        async with serving(two):
            device.printer.finish(1)
            await until(two, job, COMPLETED)
        assert len(device.jobs) == 1


@pytest.mark.parametrize("kind", ["raw", "ipp"])
async def test_a_network_that_breaks_and_stalls_while_jobs_go_loses_and_doubles_none(
    proxied: Gate, sink: Sink, proxy: Proxy, kind: str, sql: Connection
) -> None:
    async with HostileDevice() as device, serving(proxied):
        await register(proxied, sink.uri if kind == "raw" else device.uri)
        queue = await hold_queue(proxied)
        documents = [f"job {n}".encode() for n in range(30)]
        jobs = [await submit(proxied, queue, document) for document in documents]
        for job in jobs:
            await proxied.release.release(job.id, ALICE, "printer")
            if job.id % 5 == 0:
                await proxy.cut()
                await eventually(lambda: _answers(proxied), "the database to be back")
        all_ended = f"SELECT count(*) = {len(jobs)} FROM job WHERE state = 9"
        await eventually(partial(sql.fetchval, all_ended), "all of them to be printed")
        whole = [job for job in device.jobs.values() if job.state is COMPLETED]
        came = [paper.data for paper in papers(sink)] + [job.document.data for job in whole]
    assert sorted(came) == sorted(documents)


async def _answers(gate: Gate) -> bool:
    try:
        return bool(await gate.database.value("server_version"))
    except Unavailable:
        return False


async def test_a_document_that_cannot_be_read_on_is_unknown_at_a_raw_device(
    gate: Gate, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    _unreadable_in_the_middle(gate, monkeypatch)
    async with serving(gate):
        job = await until(gate, await released(gate, LARGE, uri=sink.uri), HELD)
    assert job.message.startswith("outcome unknown")
    assert LARGE not in [paper.data for paper in papers(sink)]


async def test_a_document_that_cannot_be_read_on_is_cleared_away_at_an_ipp_device_and_sent_again(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gate breaks off and cancels the job there: that is not the owner's wish, and not the end of it."""
    again = _unreadable_in_the_middle(gate, monkeypatch)
    async with HostileDevice() as device, serving(gate):
        device.lie(Lie(Operation.SEND_DOCUMENT, stall_after=10_000))
        job = await released(gate, LARGE, uri=device.uri)
        again.set()
        await until(gate, job, COMPLETED)
        *broken, whole = [there.state for there in device.jobs.values()]
        assert whole is COMPLETED
        assert set(broken) <= {JobState.CANCELED, JobState.ABORTED}
    assert set((await attempts(gate, job))[:-1]) == {"retry"}


def _unreadable_in_the_middle(gate: Gate, patch: pytest.MonkeyPatch) -> asyncio.Event:
    """The database is away whenever a document is read on, once or until it is told otherwise."""
    patch.setattr(carrier, "_READ_PATIENCE", 0.1)
    stretch, count, once = gate.spool._stretch, 0, asyncio.Event()

    async def away(oid: int, offset: int) -> bytes:
        nonlocal count
        count += offset > 0
        if offset and (count < 5 or not once.is_set()):
            raise Unavailable("the database cannot be reached")
        return await stretch(oid, offset)

    patch.setattr(gate.spool, "_stretch", away)
    return once


async def test_postgresql_restarts_while_a_document_is_sent_and_while_jobs_are_followed(
    databases: Callable[..., Cluster], gates: Gates
) -> None:
    cluster = databases("embedded18")
    gate = await gates(dsn=await migrated(cluster.new_database()), connect_timeout=2, wires=PATIENT)
    async with Sink() as sink, HostileDevice(at_once=False) as device, serving(gate):
        await register(gate, sink.uri, "raw")
        await register(gate, device.uri, "ipp")
        queue = await hold_queue(gate)
        sink.next_manners = [Manners(stall_after=2_000_000)]
        sends, follows = [await submit(gate, queue, LARGE) for _ in range(2)]
        await gate.release.release(sends.id, ALICE, "raw")
        await gate.release.release(follows.id, ALICE, "ipp")
        await until(gate, follows, JobState.PROCESSING, where=lambda j: j.reasons == ("job-printing",))
        await eventually(lambda: any(job.size >= 2_000_000 for job in sink.jobs), "half of it at the sink")
        await asyncio.to_thread(cluster.stop, "immediate")
        sink.resume()
        device.printer.finish(1, impressions=3)
        await eventually(lambda: device.requests(Operation.GET_JOB_ATTRIBUTES), "a look at the device")
        await asyncio.to_thread(cluster.start)
        assert (await until(gate, follows, COMPLETED)).impressions == 3
        await until(gate, sends, COMPLETED)
        assert [paper.data for paper in await printed(sink)] == [LARGE]
        assert len(device.jobs) == 1
