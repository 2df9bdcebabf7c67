"""The switches of queues, on real PostgreSQL and with real lanes: what is paused does not go, what is resumed does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp import JobState
from ippgate.ipp.registry import reasons as R
from ippgate.model.errors import NotAccepting, NotFound, NotPossible
from ippgate.model.job import NewJob
from ippgate.model.lifecycle import Event
from ippgate.store.jobs import Move
from tests.integration.gates import (
    ALICE,
    Connection,
    direct_queue,
    hold_queue,
    job_of,
    printed,
    register,
    serving,
    submit,
    until,
)
from tests.rig.eventually import eventually
from tests.rig.hostile_device import HostileDevice
from tests.rig.sink import Sink

PENDING, HELD, COMPLETED = JobState.PENDING, JobState.PENDING_HELD, JobState.COMPLETED
OLGA = "olga"


@pytest.fixture
async def device() -> AsyncIterator[HostileDevice]:
    async with HostileDevice() as device:
        yield device


async def idle(gate: Gate) -> None:
    """Let the dispatcher look at least twice at everything there is."""
    looks, ask = 0, gate.lanes.waiting

    async def counted() -> list[int]:
        nonlocal looks
        looks += 1
        return await ask()

    gate.lanes.waiting = counted  # type: ignore[method-assign]  # a look is what is waited for
    try:
        await eventually(lambda: looks >= 3, "the dispatcher to look")
    finally:
        gate.lanes.waiting = ask  # type: ignore[method-assign]  # as it was


async def test_jobs_of_a_paused_queue_wait_and_go_when_it_is_resumed(gate: Gate, sink: Sink) -> None:
    device = await register(gate, sink.uri)
    queue, other = await direct_queue(gate, device), await direct_queue(gate, device, "other")
    async with serving(gate):
        assert (await gate.traffic.pause(queue.name, OLGA)).paused
        waiting = [await submit(gate, await gate.fleet.queue(queue.name), f"{n}".encode()) for n in range(3)]
        passing = await submit(gate, other, b"of another queue, to the same device")
        await until(gate, passing, COMPLETED)
        await idle(gate)
        assert {(await job_of(gate, job)).state for job in waiting} == {PENDING}
        assert gate.dispatcher.open_lanes <= 1
        assert not (await gate.traffic.resume(queue.name, OLGA)).paused
        for job in waiting:
            await until(gate, job, COMPLETED)
        assert len(await printed(sink, 4)) == 4


async def test_a_released_job_of_a_paused_queue_waits_too(gate: Gate, sink: Sink) -> None:
    device, queue = await register(gate, sink.uri), await hold_queue(gate)
    async with serving(gate):
        await gate.traffic.pause(queue.name, OLGA)
        job = await submit(gate, queue, b"held")
        await gate.release.release(job.id, ALICE, device.name)
        await idle(gate)
        assert (await job_of(gate, job)).state is PENDING
        await gate.traffic.resume(queue.name, OLGA)
        await until(gate, job, COMPLETED)


async def test_what_is_being_printed_goes_on_and_what_a_lane_has_in_stock_is_given_back(
    gate: Gate, device: HostileDevice, sql: Connection
) -> None:
    """One job is at the device, others are leased ahead by its lane when the queue is paused."""
    device.printer.at_once = False
    queue = await direct_queue(gate, await register(gate, device.uri))
    async with serving(gate):
        first = await submit(gate, queue, b"one")
        await until(gate, first, JobState.PROCESSING)
        await gate.traffic.pause(queue.name, OLGA)
        assert await gate.traffic.busy(queue.id)
        assert await gate.traffic.current(queue) == first.id
        later = [await submit(gate, await gate.fleet.queue(queue.name), b"more") for _ in range(3)]
        await idle(gate)
        assert {(await job_of(gate, job)).state for job in later} == {PENDING}
        device.printer.at_once = True
        device.printer.finish(next(iter(device.jobs)))
        await until(gate, first, COMPLETED)
        await idle(gate)
        assert {(await job_of(gate, job)).state for job in later} == {PENDING}
        assert await sql.fetchval("SELECT count(*) FROM job WHERE lease_worker IS NOT NULL") == 0
        await gate.traffic.resume(queue.name, OLGA)
        for job in later:
            await until(gate, job, COMPLETED)


async def test_a_job_that_was_leased_a_moment_before_the_pause_does_not_start(gate: Gate, sink: Sink) -> None:
    """A claim that runs beside the pause leases what the pause has not seen: the law of moves holds it back."""
    device = await register(gate, sink.uri)
    queue = await direct_queue(gate, device)
    job = await submit(gate, queue, b"leased")
    await gate.lanes.beat()
    [load] = await gate.lanes.claim(device.id, 5)
    await gate.traffic.pause(queue.name, OLGA)
    start = Move(job.id, Event.START, (R.JOB_OUTGOING,), worker=gate.lanes.worker, lease=load.lease, edge="sending")
    assert await gate.jobs.move(start) is None  # its lease was taken away
    await gate.database.value("traffic_resume", queue.name)
    [load] = await gate.lanes.claim(device.id, 5)
    async with gate.database.session() as session:
        await session.script("UPDATE queue SET paused = true")  # without taking the lease away
    assert await gate.jobs.move(replace(start, lease=load.lease)) is None
    assert (await job_of(gate, job)).state is PENDING
    assert await gate.lanes.claim(device.id, 5) == []
    assert await gate.lanes.waiting() == []
    await gate.traffic.resume(queue.name, OLGA)
    assert [load.parcel.job_id for load in await gate.lanes.claim(device.id, 5)] == [job.id]


async def test_a_paused_job_can_be_held_and_cancelled(gate: Gate, sink: Sink) -> None:
    queue = await direct_queue(gate, await register(gate, sink.uri))
    await gate.traffic.pause(queue.name, OLGA)
    held, cancelled = await submit(gate, queue, b"a"), await submit(gate, queue, b"b")
    assert (await gate.desk.hold(held.id, ALICE, None)).state is HELD
    assert (await gate.desk.cancel(cancelled.id, ALICE)).state is JobState.CANCELED


async def test_every_worker_knows_of_a_switch(gates: Callable[..., Awaitable[Gate]]) -> None:
    here, there = await gates(), await gates()
    queue = await hold_queue(here)
    async with serving(there):
        assert not (await there.fleet.queue(queue.name)).paused
        await here.traffic.pause(queue.name, OLGA)

        async def heard() -> bool:
            return (await there.fleet.queue(queue.name)).paused

        await eventually(heard, "the other to hear of it", within=5)


async def test_two_switches_at_once_do_not_undo_each_other(gate: Gate) -> None:
    """Nor a change of the queue's own facts."""
    queue = await hold_queue(gate)
    await asyncio.gather(
        gate.traffic.pause(queue.name, OLGA),
        gate.traffic.disable(queue.name, OLGA),
        gate.traffic.hold_new(queue.name, OLGA),
    )
    now = await gate.fleet.set_queue(queue.name, info="Renamed")
    assert (now.paused, now.accepting, now.holds_new, now.info) == (True, False, True, "Renamed")
    await asyncio.gather(
        gate.traffic.resume(queue.name, OLGA),
        gate.traffic.enable(queue.name, OLGA),
        gate.traffic.take_new(queue.name, OLGA),
    )
    now = await gate.fleet.queue(queue.name)
    assert (now.paused, now.accepting, now.holds_new) == (False, True, False)


async def test_a_disabled_queue_takes_no_jobs_and_its_jobs_go(gate: Gate, sink: Sink) -> None:
    queue = await direct_queue(gate, await register(gate, sink.uri))
    job = await submit(gate, queue, b"before")
    disabled = await gate.traffic.disable(queue.name, OLGA)
    with pytest.raises(NotAccepting):
        await submit(gate, disabled, b"after")
    async with serving(gate):
        await until(gate, job, COMPLETED)
    await submit(gate, await gate.traffic.enable(queue.name, OLGA), b"again")


async def test_new_jobs_are_held_and_let_go_and_no_others(gate: Gate, sink: Sink) -> None:
    """RFC 3998 section 3.3: those that wait for another reason go on waiting."""
    queue = await direct_queue(gate, await register(gate, sink.uri))
    before = await submit(gate, queue, b"before")
    await gate.desk.hold(before.id, ALICE, None)
    holding = await gate.traffic.hold_new(queue.name, OLGA)
    assert holding.holds_new
    new = [await submit(gate, holding, f"{n}".encode()) for n in range(3)]
    assert {(job.state, job.reasons) for job in new} == {(HELD, (R.JOB_HELD_FOR_RELEASE,))}
    wished = NewJob(queue.id, ALICE.name, "wished", "", hold_until="indefinite")
    own = await gate.intake.create(holding, wished)
    late = await submit(gate, holding, b"held by its owner as well")
    await gate.desk.hold(late.id, ALICE, None)
    released = await gate.release.release(new[0].id, ALICE)  # its owner may
    assert released.state is PENDING
    async with serving(gate):
        after = await gate.traffic.take_new(queue.name, OLGA)
        for job in new:
            await until(gate, job, COMPLETED)
        assert (await submit(gate, after, b"after")).state is PENDING
        assert {(await job_of(gate, job)).state for job in (before, own, late)} == {HELD}
        assert (await job_of(gate, late)).reasons == (R.JOB_HOLD_UNTIL_SPECIFIED,)
        await gate.release.release(late.id, ALICE)
        await until(gate, late, COMPLETED)


async def test_on_a_queue_that_holds_anyway_nothing_is_let_go(gate: Gate, sink: Sink) -> None:
    await register(gate, sink.uri)
    queue = await hold_queue(gate)
    await gate.traffic.hold_new(queue.name, OLGA)
    job = await submit(gate, await gate.fleet.queue(queue.name), b"held")
    await gate.traffic.take_new(queue.name, OLGA)
    assert (await job_of(gate, job)).reasons == (R.JOB_HELD_FOR_RELEASE,)


@pytest.mark.parametrize("switch", ["pause", "resume", "enable", "disable", "hold_new", "take_new"])
async def test_a_queue_that_is_not_there_is_said(gate: Gate, switch: str) -> None:
    with pytest.raises(NotFound, match="there is no queue absent"):
        await getattr(gate.traffic, switch)("absent", OLGA)


async def test_without_a_job_at_a_device_there_is_no_current_one(gate: Gate) -> None:
    queue = await hold_queue(gate)
    with pytest.raises(NotPossible, match="no job of followme is at a device"):
        await gate.traffic.current(queue)
    assert not await gate.traffic.busy(queue.id)
