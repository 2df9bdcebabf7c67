"""Several workers share a gate: one that is killed under load takes nothing with it."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ippgate.ipp import JobState
from tests.adversity.server.house import House, digest, document, printed
from tests.rig.eventually import eventually
from tests.rig.hostile_device import HostileDevice
from tests.rig.sink import Sink

WORKERS = 2


async def test_a_killed_worker_s_jobs_are_printed_once_by_the_others(open_house: Callable[..., Any]) -> None:
    house: House = await open_house(options=("--workers", str(WORKERS)))
    async with HostileDevice(keep="hash") as left, HostileDevice(keep="hash") as right:
        for device, name in ((left, "left"), (right, "right")):
            await house.add_queue(f"to-{name}", await house.add_device(device, name))
        async with house.crowd(["to-left", "to-right"], sizes=(500, 20_000, 60_000)):
            for round_ in range(WORKERS):
                await house.acknowledged(40)
                os.kill(house.gate.workers[0], signal.SIGKILL)
                await eventually(lambda n=round_: len(house.gate.log("worker.died")) > n, "the death to be noticed")
                await eventually(lambda: len(house.gate.workers) == WORKERS, "a new worker")
            await house.acknowledged(40)
        jobs = await house.audit(left, right)
        states = {job.id: job.state for job in jobs}
        assert {states[job_id] for job_id in house.promised.values()} == {JobState.COMPLETED}
        assert set(printed(left, right)) >= set(house.promised)


async def test_raw_devices_get_nothing_twice_when_workers_are_killed(open_house: Callable[..., Any]) -> None:
    house: House = await open_house(options=("--workers", str(WORKERS)))
    async with Sink(keep="hash") as left, Sink(keep="hash") as right:
        for device, name in ((left, "left"), (right, "right")):
            await house.add_queue(f"to-{name}", await house.add_device(device, name))
        async with house.crowd(["to-left", "to-right"]):
            await house.acknowledged(30)
            os.kill(house.gate.workers[0], signal.SIGKILL)
            await house.acknowledged(30)
        jobs = await house.audit(left, right)
    promised = [job for job in jobs if job.id in house.promised.values()]
    assert all(job.state is JobState.COMPLETED or job.message.startswith("outcome unknown") for job in promised)


async def test_workers_do_not_outlive_their_parent(open_house: Callable[..., Any]) -> None:
    house: House = await open_house(options=("--workers", str(WORKERS)))
    await house.add_queue()
    before = await eventually(lambda: len(found := house.gate.workers) == WORKERS and found, "both workers")
    os.kill(house.gate.pid, signal.SIGKILL)  # the parent alone
    await eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in before), "the workers to end")
    await house.gate.kill()
    await house.gate.start()
    await house.held()
    await house.audit()


async def test_stopping_under_load_keeps_every_promise(open_house: Callable[..., Any]) -> None:
    """SIGTERM drains: what was begun ends, what was not waits, and nobody is told a lie."""
    house: House = await open_house(options=("--workers", str(WORKERS)))
    async with HostileDevice(keep="hash") as device, Sink(keep="hash") as sink:
        await house.add_queue("to-device", await house.add_device(device))
        await house.add_queue("to-sink", await house.add_device(sink, "sink"))
        async with house.crowd(["to-device", "to-sink"]):
            await house.acknowledged(30)
            assert await house.gate.stop() == 0
            await house.gate.start()
            await house.acknowledged(30)
        jobs = await house.audit(device, sink)
    states = {job.id: job.state for job in jobs}
    assert {states[job_id] for job_id in house.promised.values()} == {JobState.COMPLETED}


async def test_a_job_released_at_two_panels_at_once_goes_once(open_house: Callable[..., Any]) -> None:
    house: House = await open_house(options=("--workers", str(WORKERS)))
    async with HostileDevice(keep="hash") as left, HostileDevice(keep="hash") as right:
        for device, name in ((left, "left"), (right, "right")):
            await house.add_device(device, name)
        await house.add_queue()
        pages = [document() for _ in range(5)]
        for page in pages:
            job_id = await house.held(page)
            await asyncio.gather(*(house.release(job_id, name) for name in ("left", "right") * 5))
        await house.audit(left, right)
        assert printed(left, right) == {digest(page): 1 for page in pages}
