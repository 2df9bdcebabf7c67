"""Several workers share a gate: one that is killed under load takes nothing with it."""

import asyncio
import os
import signal
import socket
from itertools import permutations
from pathlib import Path

from ippgate.ipp import JobState
from tests.adversity.server.house import LONG, House, digest, document, printed
from tests.rig.eventually import eventually
from tests.rig.gate import Gate
from tests.rig.hostile_device import HostileDevice
from tests.rig.sink import Sink
from tests.rig.where import answers

WORKERS = 2
OPTIONS = ("--workers", str(WORKERS))


async def test_a_killed_worker_s_jobs_are_printed_once_by_the_others(house: House) -> None:
    async with HostileDevice(keep="hash") as left, HostileDevice(keep="hash") as right:
        queues = [await house.passing_to(left), await house.passing_to(right)]
        crew = await house.gate.crew(WORKERS)
        async with house.crowd(queues, sizes=(500, 20_000, 60_000)):
            for pid in crew:
                await house.acknowledged(40)
                await house.gate.kill_worker(pid)
                await house.gate.crew(WORKERS)
            await house.acknowledged(40)
        states = {job.id: job.state for job in await house.audit(left, right)}
        assert {states[job_id] for job_id in house.promised.values()} == {JobState.COMPLETED}
        assert set(printed(left, right)) >= set(house.promised)


async def test_raw_devices_get_nothing_twice_when_workers_are_killed(house: House) -> None:
    async with Sink(keep="hash") as left, Sink(keep="hash") as right:
        queues = [await house.passing_to(left), await house.passing_to(right)]
        async with house.crowd(queues):
            for pid in await house.gate.crew(WORKERS):
                await house.acknowledged(30)
                await house.gate.kill_worker(pid)
            await house.acknowledged(30)
        jobs = await house.audit(left, right)
    promised = [job for job in jobs if job.id in house.promised.values()]
    assert all(job.state is JobState.COMPLETED or job.message.startswith("outcome unknown") for job in promised)


async def test_workers_do_not_outlive_their_parent(house: House) -> None:
    crew = await house.gate.crew(WORKERS)
    os.kill(house.gate.pid, signal.SIGKILL)  # the parent alone
    await eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in crew), "the workers to end")
    await house.gate.start_again()
    await house.held()
    await house.audit()


async def test_a_supervisor_is_told_ready_when_clients_can_connect(rig_dir: Path, dsn: str) -> None:
    address = rig_dir / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.settimeout(LONG)
        supervisor.bind(str(address))
        gate = Gate(rig_dir, dsn=dsn, options=OPTIONS, env={"NOTIFY_SOCKET": str(address)})
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(gate.start())
            told = await asyncio.to_thread(supervisor.recv, 1000)
            assert answers(gate.port)
            assert told.startswith(b"READY=1\n")
        assert await gate.stop() == 0


async def test_stopping_under_load_keeps_every_promise(house: House) -> None:
    """SIGTERM drains: what was begun ends, what was not waits, and nobody is told a lie."""
    async with HostileDevice(keep="hash") as device, Sink(keep="hash") as sink:
        queues = [await house.passing_to(device), await house.passing_to(sink)]
        async with house.crowd(queues):
            await house.acknowledged(30)
            assert await house.gate.stop() == 0
            await house.gate.start()
            await house.acknowledged(30)
        jobs = await house.audit(device, sink)
    states = {job.id: job.state for job in jobs}
    assert {states[job_id] for job_id in house.promised.values()} == {JobState.COMPLETED}


async def test_a_job_released_at_two_panels_at_once_goes_once(house: House) -> None:
    async with HostileDevice(keep="hash") as left, HostileDevice(keep="hash") as right:
        names = [await house.add_device(device) for device in (left, right)]
        uuids = [(await house.services.fleet.device(name)).uuid for name in names]
        pages, pairs = [document() for _ in range(5)], list(permutations(names))
        for page in pages:
            job_id = await house.held(page)
            answers = await asyncio.gather(*(house.client.release(job_id, uuid) for uuid in uuids * 5))
            assert any(answer.ok for answer in answers)
            late = {answer.sentence for answer in answers if not answer.ok}
            elsewhere = {f"job {job_id} is on its way to {a} already: it cannot go to {b} as well" for a, b in pairs}
            assert late <= {f"job {job_id} is completed: it cannot be released", *elsewhere}
        await house.audit(left, right)
        assert printed(left, right) == {digest(page): 1 for page in pages}
