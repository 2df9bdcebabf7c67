"""The book of queues and devices is read once for all who ask at the same moment, and nobody sees it half read."""

import asyncio
from typing import cast
from uuid import UUID

from ippgate.device import Fleet
from ippgate.model.device import Device
from ippgate.model.group import DeviceGroup
from ippgate.model.queue import Queue, QueueMode
from ippgate.store.fleet import FleetStore
from ippgate.store.jobs import JobStore


class SlowStore:
    """A store that answers when it is told to, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.names = ["followme"]
        self.answer = asyncio.Event()

    async def queues(self) -> list[Queue]:
        self.asked += 1
        names = list(self.names)
        await self.answer.wait()
        modes = QueueMode.RELEASE_PRINTING
        return [Queue(number, UUID(int=number), name, modes) for number, name in enumerate(names, start=1)]

    async def devices(self) -> list[Device]:
        return []

    async def groups(self) -> list[DeviceGroup]:
        return []


def fleet_over(store: SlowStore) -> Fleet:
    def unopened(device: Device, ask: bool) -> None: ...

    async def unpinned(uri: str) -> bytes:
        return b""

    return Fleet(cast("FleetStore", store), cast("JobStore", None), unopened, unpinned)  # type: ignore[arg-type]


async def test_all_who_ask_while_it_is_read_for_the_first_time_see_it_whole() -> None:
    store = SlowStore()
    fleet = fleet_over(store)
    async with asyncio.TaskGroup() as tasks:
        asked = [tasks.create_task(fleet.queue("followme")) for _ in range(10)]
        await asyncio.sleep(0)
        store.answer.set()
    assert {task.result().name for task in asked} == {"followme"}
    assert store.asked == 1


async def test_a_change_while_it_is_read_is_seen_by_the_next_who_asks() -> None:
    store = SlowStore()
    fleet = fleet_over(store)
    async with asyncio.TaskGroup() as tasks:
        early = tasks.create_task(fleet.queues())
        await asyncio.sleep(0)
        store.names.append("second")
        fleet.forget()
        store.answer.set()
    assert len(early.result()) == 1
    assert len(await fleet.queues()) == 2
    assert store.asked == 2
