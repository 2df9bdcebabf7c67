"""The book of queues, devices and groups, as a process reads it: from memory, anew when anybody has changed it."""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar
from uuid import UUID, uuid4

from ippgate.model.device import Device
from ippgate.model.errors import NotFound
from ippgate.model.group import DeviceGroup
from ippgate.model.queue import Queue
from ippgate.store.fleet import FleetStore
from ippgate.store.jobs import JobStore

_FRESH = 30.0  # seconds: a book is read again at the latest then, should a notification be lost
_COUNT_FRESH = 2.0  # seconds that a count of waiting jobs is good for
_COUNT_BOUND = 100_000  # queued-job-count is not counted further than this
_SYSTEM_UUID = "system-uuid"
_LANE_BOUND = 10_000  # nor is a lane, when the shortest is looked for

_Noun = TypeVar("_Noun", Queue, Device, DeviceGroup)


class Book:
    """Queues, devices and groups. What has not changed is the same object in the next reading."""

    def __init__(self, store: FleetStore, jobs: JobStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._jobs, self._clock = store, jobs, clock
        self._queues: list[Queue] = []
        self._devices: list[Device] = []
        self._groups: list[DeviceGroup] = []
        self._read_at: float | None = None
        self._changed = False
        self._reading = asyncio.Lock()
        self._counts: dict[int, tuple[float, int]] = {}
        self._readings = 0
        self._system_uuid: UUID | None = None

    def forget(self, _payload: str = "") -> None:
        """Somebody changed the book: read it again when it is next asked for."""
        self._read_at = None
        self._changed = True

    @property
    def edition(self) -> int:
        """Which reading of the book this is: what was derived from another one may no longer be true."""
        return self._readings

    # ── queues ──

    async def queues(self) -> list[Queue]:
        """Those that operators made, in this order; devices' own are not listed."""
        await self._fresh()
        return [queue for queue in self._queues if not queue.of_device]

    async def queue(self, name: str) -> Queue:
        """One of them, or a device's own. Raises NotFound."""
        await self._fresh()
        for queue in self._queues:
            if queue.name == name:
                return queue
        raise NotFound(f"there is no queue {name[:63]}")

    async def queue_by_id(self, queue_id: int) -> Queue:
        """Raises NotFound."""
        await self._fresh()
        for queue in self._queues:
            if queue.id == queue_id:
                return queue
        raise NotFound("the queue was removed a moment ago")

    async def default_queue(self) -> Queue | None:
        """The one made first."""
        queues = await self.queues()
        return queues[0] if queues else None

    async def waiting(self, queue_id: int) -> int:
        """queued-job-count, good for two seconds and counted no further than a hundred thousand."""
        at, count = self._counts.get(queue_id, (float("-inf"), 0))
        if self._clock() - at > _COUNT_FRESH:
            count = await self._jobs.count_waiting(queue_id, _COUNT_BOUND)
            self._counts[queue_id] = (self._clock(), count)
        return count

    async def system_uuid(self) -> UUID:
        """The gate's own: made once, and the same in all processes that share its database."""
        if self._system_uuid is None:
            self._system_uuid = UUID(await self._store.setting(_SYSTEM_UUID, str(uuid4())))
        return self._system_uuid

    # ── devices ──

    async def devices(self) -> list[Device]:
        """In the order in which they were registered."""
        await self._fresh()
        return list(self._devices)

    async def device(self, name: str) -> Device:
        """Raises NotFound."""
        return await self._device(lambda device: device.name == name, name)

    async def device_by_uuid(self, uuid: UUID) -> Device:
        """Raises NotFound."""
        return await self._device(lambda device: device.uuid == uuid, f"urn:uuid:{uuid}")

    async def device_by_id(self, device_id: int) -> Device:
        """Raises NotFound."""
        return await self._device(lambda device: device.id == device_id, str(device_id))

    async def devices_of(self, queue: Queue) -> list[Device]:
        """The devices of a queue: its one, those of its group, or all."""
        await self._fresh()
        return self.known_devices_of(queue)

    def known_devices_of(self, queue: Queue) -> list[Device]:
        """The same without asking whether the book is still true."""
        if queue.device_id is not None:
            return [device for device in self._devices if device.id == queue.device_id]
        if queue.group_id is None:
            return list(self._devices)
        members = next((group.members for group in self._groups if group.id == queue.group_id), ())
        return [device for device in self._devices if device.id in members]

    async def on_their_way(self, devices: Iterable[Device]) -> dict[int, int]:
        """How many jobs go or wait to go to each device, by its id; a lane is not counted further than ten thousand."""
        return await self._store.waiting([device.id for device in devices], _LANE_BOUND)

    # ── groups ──

    async def groups(self) -> list[DeviceGroup]:
        """In the order in which they were made."""
        await self._fresh()
        return list(self._groups)

    async def group(self, name: str) -> DeviceGroup:
        """Raises NotFound."""
        return await self._group(lambda group: group.name == name, name)

    async def group_by_uuid(self, uuid: UUID) -> DeviceGroup:
        """Raises NotFound."""
        return await self._group(lambda group: group.uuid == uuid, f"urn:uuid:{uuid}")

    async def group_by_id(self, group_id: int) -> DeviceGroup:
        """Raises NotFound."""
        return await self._group(lambda group: group.id == group_id, str(group_id))

    async def members(self, group: DeviceGroup) -> list[Device]:
        """The devices of a group, in the order in which they were registered."""
        return [device for device in await self.devices() if device.id in group.members]

    # ── within ──

    async def _fresh(self) -> None:
        """Read the book when it is stale: once for all who want it at that moment, and nobody sees it half read."""
        if self._is_fresh():
            return
        async with self._reading:
            if self._is_fresh():
                return
            self._read_at = None
            now, self._changed = self._clock(), False
            queues, devices = await self._store.queues(), await self._store.devices()
            groups = await self._store.groups()
            self._queues = _same_where_equal(self._queues, queues)
            self._devices = _same_where_equal(self._devices, devices)
            self._groups = _same_where_equal(self._groups, groups)
            self._readings += 1
            if not self._changed:  # while it was read; what was read is then good for those who asked before
                self._read_at = now

    def _is_fresh(self) -> bool:
        return self._read_at is not None and self._clock() - self._read_at <= _FRESH

    async def _device(self, fits: Callable[[Device], bool], name: str) -> Device:
        await self._fresh()
        for device in self._devices:
            if fits(device):
                return device
        raise NotFound(f"there is no device {name[:63]}")

    async def _group(self, fits: Callable[[DeviceGroup], bool], name: str) -> DeviceGroup:
        await self._fresh()
        for group in self._groups:
            if fits(group):
                return group
        raise NotFound(f"there is no group {name[:63]}")


def _same_where_equal(known: Sequence[_Noun], read: Sequence[_Noun]) -> list[_Noun]:
    """What has not changed stays the same object, so that what others derived from it stays good."""
    before = {noun.id: noun for noun in known}
    return [before[noun.id] if before.get(noun.id) == noun else noun for noun in read]
