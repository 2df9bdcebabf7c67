"""Everybody does everything at once to the same jobs: nothing deadlocks, and what is left makes sense."""

import asyncio
import random
from collections.abc import Awaitable, Callable

from ippgate.app.gate import Gate
from ippgate.model.device import Device
from ippgate.model.errors import Refusal
from ippgate.model.lifecycle import Event
from ippgate.model.queue import Queue
from ippgate.spool.sweep import Sweeper, orphans
from tests.integration.gates import ALICE, Connection, hold_queue, submit
from tests.integration.store.births import a_device, by_carrier

Gates = Callable[..., Awaitable[Gate]]
ROUNDS = 60
ENDS = (Event.COMPLETE, Event.RETRY, Event.HOLD, Event.CANCEL)

MAKES_SENSE = {
    "a live job has its key and its document": """
        SELECT job.id FROM job LEFT JOIN document ON document.job_id = job.id
        WHERE state < 7 AND (key IS NULL OR document.oid IS NULL)""",
    "an ended job has no key": "SELECT id FROM job WHERE state >= 7 AND key IS NOT NULL",
    "a document has its object": """
        SELECT document.oid FROM document LEFT JOIN pg_largeobject_metadata AS object ON object.oid = document.oid
        WHERE document.oid IS NOT NULL AND object.oid IS NULL""",
    "an ended job's document is gone": """
        SELECT job_id FROM document JOIN job ON job.id = job_id WHERE state >= 7 AND oid IS NOT NULL""",
    "every ended delivery is told once": """
        SELECT job_id FROM attempt GROUP BY job_id HAVING count(*) <> max(number) OR min(number) <> 1""",
}
"""What never is → the rows that show it."""


class Crowd:
    """Three workers' clients, panels, lanes and duties, each with a random job in mind."""

    def __init__(self, gates: list[Gate], queue: Queue, devices: list[Device]) -> None:
        self._gates, self._queue, self._devices = gates, queue, devices
        self._chance = random.Random(7)
        self._jobs: list[int] = []

    async def does(self, what: Callable[[Gate], Awaitable[object]]) -> None:
        for _ in range(ROUNDS):
            try:
                await what(self._chance.choice(self._gates))
            except Refusal:
                continue

    async def sends(self, gate: Gate) -> None:
        job = await submit(gate, self._queue, b"x" * self._chance.randint(1, 3000))
        self._jobs.append(job.id)

    async def releases(self, gate: Gate) -> None:
        await gate.release.release(self._job(), ALICE, self._device().name)

    async def holds(self, gate: Gate) -> None:
        await gate.desk.hold(self._job(), ALICE, None)

    async def cancels(self, gate: Gate) -> None:
        await gate.desk.cancel(self._job(), ALICE)

    async def changes(self, gate: Gate) -> None:
        await gate.desk.change(self._job(), ALICE, priority=self._chance.randint(1, 100))

    async def carries(self, gate: Gate) -> None:
        await gate.lanes.beat()
        for load in await gate.lanes.claim(self._device().id, 5):
            if await gate.jobs.move(by_carrier(gate, load, Event.START)):
                await gate.jobs.move(by_carrier(gate, load, self._chance.choice(ENDS)))

    async def leaves(self, gate: Gate) -> None:
        await gate.lanes.leave_lane(self._device().id)

    async def inherits(self, gate: Gate) -> None:
        await gate.lanes.free_pending()
        await gate.lanes.inherit(10)

    async def sweeps(self, gate: Gate) -> None:
        await Sweeper(gate.database, gate.jobs, gate.lanes, interval=1).sweep()

    def _job(self) -> int:
        return self._chance.choice(self._jobs[-40:]) if self._jobs else 1

    def _device(self) -> Device:
        return self._chance.choice(self._devices)


async def test_everybody_does_everything_at_once(gates: Gates, sql: Connection) -> None:
    workers = [await gates() for _ in range(3)]
    queue, devices = await hold_queue(workers[0]), [await a_device(workers[0], f"printer-{n}") for n in range(3)]
    for worker in workers:
        worker.fleet.forget()
    crowd = Crowd(workers, queue, devices)
    deeds = [crowd.sends, crowd.releases, crowd.holds, crowd.cancels, crowd.changes, crowd.carries, crowd.leaves]
    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        for deed in [*deeds, crowd.inherits, crowd.sweeps, crowd.sends, crowd.releases, crowd.releases, crowd.carries]:
            tasks.create_task(crowd.does(deed))
        tasks.create_task(_rotates(workers[0]))
    await crowd.sweeps(workers[0])
    nonsense = {what: [row[0] for row in await sql.fetch(text)] for what, text in MAKES_SENSE.items()}
    assert not any(nonsense.values()), nonsense
    assert await orphans(workers[0].database) == []


async def _rotates(gate: Gate) -> None:
    for _ in range(3):
        async for _count in gate.rotation.rotate():
            pass
