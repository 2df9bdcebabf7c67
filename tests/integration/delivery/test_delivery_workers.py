"""Several workers share the work, and what one leaves another finds."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from itertools import pairwise

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp.registry.enums import JobState
from ippgate.model.job import Job
from tests.integration.gates import (
    ALICE,
    QUICK,
    Connection,
    hold_queue,
    job_of,
    papers,
    printed,
    register,
    serving,
    submit,
    until,
)
from tests.rig.crew import Crew
from tests.rig.documents import random_document
from tests.rig.eventually import eventually
from tests.rig.hostile_device import HostileDevice
from tests.rig.sink import Manners, Sink

COMPLETED = JobState.COMPLETED
LARGE = random_document(5_000_000)
Gates = Callable[..., Awaitable[Gate]]


async def released(gate: Gate, document: bytes, device: str = "printer") -> Job:
    job = await submit(gate, await gate.fleet.queue("followme"), document)
    return await gate.release.release(job.id, ALICE, device)


async def test_two_workers_print_every_job_once_and_share_no_device_at_a_time(gates: Gates) -> None:
    one, two = await gates(), await gates()
    async with AsyncExitStack() as stack:
        sinks = [await stack.enter_async_context(Sink()) for _ in range(4)]
        for number, sink in enumerate(sinks):
            await register(one, sink.uri, f"printer-{number}")
        await hold_queue(one)
        two.fleet.forget()
        await stack.enter_async_context(serving(one))
        await stack.enter_async_context(serving(two))
        places = [(one if n % 2 else two, f"printer-{n % 4}: job {n}", f"printer-{n % 4}") for n in range(48)]
        jobs = await asyncio.gather(*(released(gate, said.encode(), device) for gate, said, device in places))
        for job in jobs:
            await until(one, job, COMPLETED)
    came = [paper.data.decode() for sink in sinks for paper in papers(sink)]
    assert sorted(came) == sorted(said for _, said, _ in places)
    for number, sink in enumerate(sinks):
        assert all(paper.data.startswith(f"printer-{number}:".encode()) for paper in papers(sink))
        times = sorted((paper.connected_at, paper.ended_at or 0) for paper in papers(sink))
        assert all(ended <= began for (_, ended), (began, _) in pairwise(times))


async def test_a_worker_that_drains_finishes_what_it_sends_and_leaves_the_rest(gates: Gates, sink: Sink) -> None:
    one, two = await gates(), await gates()
    await register(one, sink.uri)
    await hold_queue(one)
    sink.next_manners = [Manners(stall_after=200_000)]
    async with serving(one):
        jobs = [await released(one, document) for document in (LARGE, b"second", b"third")]
        await eventually(lambda: any(job.size >= 200_000 for job in sink.jobs), "the first to be sent")
        async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
            draining = tasks.create_task(one.dispatcher.drain(15))
            await asyncio.sleep(0)
            assert not draining.done()
            sink.resume()
        assert (await job_of(one, jobs[0])).state is COMPLETED
        assert [(await job_of(one, job)).state for job in jobs[1:]] == [JobState.PENDING] * 2
    await one.lanes.leave()
    async with serving(two):
        for job in jobs:
            await until(two, job, COMPLETED)
    assert [paper.data for paper in papers(sink)] == [LARGE, b"second", b"third"]


async def test_draining_does_not_wait_for_a_device_that_sleeps(gate: Gate, sink: Sink, sql: Connection) -> None:
    await register(gate, sink.uri)
    await hold_queue(gate)
    await sink.sleep()
    async with serving(gate):
        job = await released(gate, b"later")
        await eventually(lambda: sql.fetchval("SELECT true FROM job WHERE lease_worker IS NOT NULL"), "the first try")
        async with asyncio.timeout(10):
            await gate.dispatcher.drain(3600)
        sink.wake()
        assert (await job_of(gate, job)).state is JobState.PENDING
    await gate.lanes.leave()
    assert await sql.fetchval("SELECT lease_worker FROM job") is None
    assert papers(sink) == []


async def test_a_worker_that_drains_opens_no_lane_any_more(gate: Gate, sink: Sink) -> None:
    await register(gate, sink.uri)
    await hold_queue(gate)
    async with serving(gate):
        await gate.dispatcher.drain(1)
        job = await released(gate, b"later")
        gate.dispatcher.heard("")
        await asyncio.sleep(0.5)  # longer than it takes to look; nothing else shows that nothing happens
        assert gate.dispatcher.open_lanes == 0
        assert (await job_of(gate, job)).state is JobState.PENDING


async def test_what_a_worker_followed_when_it_stopped_is_followed_by_the_next(gates: Gates) -> None:
    one, two = await gates(), await gates()
    async with HostileDevice(at_once=False) as device:
        await register(one, device.uri)
        await hold_queue(one)
        async with serving(one):
            job = await released(one, b"document")
            await until(one, job, JobState.PROCESSING, where=lambda j: j.reasons == ("job-printing",))
            async with asyncio.timeout(10):
                await one.dispatcher.drain(5)
        await one.lanes.leave()
        async with serving(two):
            device.printer.finish(1, impressions=4)
            assert (await until(two, job, COMPLETED)).impressions == 4
        assert len(device.jobs) == 1


async def test_a_worker_that_dies_is_inherited_when_its_lease_is_over(gates: Gates, sink: Sink) -> None:
    """It stops without a word, as a machine that loses power does."""
    one, two = await gates(), await gates()
    await register(one, sink.uri)
    await hold_queue(one)
    sink.next_manners = [Manners(stall_after=200_000)]
    crew = Crew()
    dispatching = crew.hire(one.dispatcher.run())
    half, waits = await released(one, LARGE), await released(one, b"second")
    await eventually(lambda: any(job.size >= 200_000 for job in sink.jobs), "the first to be sent")
    await crew.dismiss(dispatching)
    sink.resume()
    async with serving(two):
        await until(two, waits, COMPLETED)
        held = await until(two, half, JobState.PENDING_HELD)
    assert held.message.startswith("outcome unknown: ")
    assert [paper.data for paper in papers(sink)][-1] == b"second"
    assert LARGE not in [paper.data for paper in papers(sink)]


async def test_a_lane_that_fails_is_opened_again_and_nothing_of_it_is_lost(
    gate: Gate, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ippgate.delivery.dispatcher._MISHAP_PAUSE", 0.05)
    async with HostileDevice(at_once=False) as device, serving(gate):
        await register(gate, device.uri)
        await hold_queue(gate)
        prints = await released(gate, b"first")
        await until(gate, prints, JobState.PROCESSING, where=lambda j: j.reasons == ("job-printing",))
        [lane] = gate.dispatcher._lanes.values()

        async def fails(_in_use: object) -> None:
            raise RuntimeError("nobody expected this")

        monkeypatch.setattr(lane._line, "refresh", fails)
        waits = await released(gate, b"second")
        await eventually(lambda: gate.dispatcher._lanes.get(lane.device.id) not in (lane, None), "another lane")
        device.printer.finish(1)
        await until(gate, prints, COMPLETED)
        await until(gate, waits, JobState.PROCESSING, where=lambda j: j.reasons == ("job-printing",))
        device.printer.finish(2)
        await until(gate, waits, COMPLETED)
        assert len(device.jobs) == 2


async def test_an_idle_lane_is_closed_and_opened_again(gates: Gates, sink: Sink) -> None:
    gate = await gates(delivery=replace(QUICK, linger=0.05))
    await register(gate, sink.uri)
    await hold_queue(gate)
    async with serving(gate):
        for number in range(3):
            await until(gate, await released(gate, f"{number}".encode()), COMPLETED)
            await eventually(lambda: gate.dispatcher.open_lanes == 0, "the lane to close")
    await printed(sink, 3)
