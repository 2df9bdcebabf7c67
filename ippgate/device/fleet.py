"""The book of queues and devices: read from memory, written through, forgotten when anybody changes it.

Only operators register devices; nothing listens for announcements (SECURITY S10). A device is asked about itself before
it is taken.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from ippgate.model.device import Device, DeviceReport
from ippgate.model.errors import DeviceNotReady, NotFound, NotPossible
from ippgate.model.parcel import DeliveryError
from ippgate.model.queue import Queue, QueueMode
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.store.fleet import FleetStore
from ippgate.store.jobs import JobStore
from ippgate.transport.port import Transport

_FRESH = 30.0  # seconds: a book is read again at the latest then, should a notification be lost
_COUNT_FRESH = 2.0  # seconds that a count of waiting jobs is good for
_COUNT_BOUND = 100_000  # queued-job-count is not counted further than this
_NIL = UUID(int=0)
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,62}")

_Noun = TypeVar("_Noun", Queue, Device)


class Fleet:
    """Queues and devices.

    open_transport: a wire for asking a device about itself, and whether it may be asked if it speaks PJL;
    pin: the SHA-256 of the certificate that a URI shows.
    """

    def __init__(
        self,
        store: FleetStore,
        jobs: JobStore,
        open_transport: Callable[[Device, bool], Transport],
        pin: Callable[[str], Awaitable[bytes]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._jobs, self._open, self._pin, self._clock = store, jobs, open_transport, pin, clock
        self._queues: list[Queue] = []
        self._devices: list[Device] = []
        self._read_at: float | None = None
        self._changed = False
        self._reading = asyncio.Lock()
        self._counts: dict[int, tuple[float, int]] = {}

    def forget(self, _payload: str = "") -> None:
        """Somebody changed the book: read it again when it is next asked for."""
        self._read_at = None
        self._changed = True

    # ── read ──

    async def queues(self) -> list[Queue]:
        """In the order in which they were made."""
        await self._fresh()
        return list(self._queues)

    async def queue(self, name: str) -> Queue:
        """Raises NotFound."""
        await self._fresh()
        for queue in self._queues:
            if queue.name == name:
                return queue
        raise NotFound(f"there is no queue {name[:63]}")

    async def default_queue(self) -> Queue | None:
        """The one made first."""
        queues = await self.queues()
        return queues[0] if queues else None

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

    async def waiting(self, queue_id: int) -> int:
        """queued-job-count, good for two seconds and counted no further than a hundred thousand."""
        at, count = self._counts.get(queue_id, (float("-inf"), 0))
        if self._clock() - at > _COUNT_FRESH:
            count = await self._jobs.count_waiting(queue_id, _COUNT_BOUND)
            self._counts[queue_id] = (self._clock(), count)
        return count

    # ── write: operators ──

    async def add_queue(
        self, name: str, mode: QueueMode, device: str | None = None, info: str = "", location: str = ""
    ) -> Queue:
        """Raises NotPossible (the name is taken, a passthrough queue without a device) and NotFound."""
        queue = Queue(0, _NIL, _named(name), mode, await self._device_id(device), info, location)
        _check_target(queue)
        added = await self._store.add_queue(queue)
        self.forget()
        note(Noted.QUEUE_ADDED, queue=name)
        return added

    async def set_queue(self, name: str, *, device: str | None = None, **changes: Any) -> Queue:
        """Change mode, info, location, accepting or device of a queue. Raises NotFound and NotPossible."""
        queue = replace(await self.queue(name), **changes)
        if device is not None:
            queue = replace(queue, device_id=await self._device_id(device))
        _check_target(queue)
        changed = await self._store.set_queue(queue)
        self.forget()
        note(Noted.QUEUE_CHANGED, queue=name)
        return changed

    async def remove_queue(self, name: str) -> None:
        """Raises NotFound, and NotPossible while it has jobs."""
        await self.queue(name)
        if not await self._store.remove_queue(name):
            raise NotPossible(f"the queue {name} has jobs: purge them first (ippgate job purge)")
        self.forget()
        note(Noted.QUEUE_REMOVED, queue=name)

    async def add_device(
        self,
        name: str,
        uri: str,
        *,
        info: str = "",
        location: str = "",
        pjl: bool | None = None,
        resend_unknown: bool = False,
        pin: bool = False,
        force: bool = False,
    ) -> Device:
        """Register a device after asking it about itself; `force` registers one that does not answer.

        pjl: whether it speaks PJL; None: found out. pin: trust the certificate that it shows now, and no other.
        Raises NotPossible (name taken, URI that cannot be called) and DeviceNotReady (no sensible answer).
        """
        device = Device(0, _NIL, _named(name), uri, info, location, bool(pjl), resend_unknown)
        report = None
        try:
            device = replace(device, fingerprint=await self._pin(uri) if pin else None)
            report = await self._ask(device, ask_pjl=pjl is None)
        except ValueError as error:
            raise NotPossible(str(error)) from error
        except DeliveryError as error:
            if not force or pin:
                raise DeviceNotReady(
                    f"{uri} was not registered: {error} (--force registers it all the same)"
                ) from error
        speaks = pjl if pjl is not None else report is not None and report.pjl
        added = await self._store.add_device(replace(device, pjl=speaks))
        if report is not None:
            await self._store.report(added.id, replace(report, pjl=speaks))
        self.forget()
        note(Noted.DEVICE_ADDED, device=name, uri=uri)
        return await self.device(name)

    async def move_device(self, name: str, uri: str) -> Device:
        """The device is reached elsewhere now. Raises NotFound, and NotPossible for a URI that cannot be called."""
        try:
            await self._open(replace(await self.device(name), uri=uri), False).aclose()
        except ValueError as error:
            raise NotPossible(str(error)) from error
        moved = await self._store.move_device(name, uri)
        self.forget()
        note(Noted.DEVICE_CHANGED, device=name, uri=uri)
        return moved

    async def probe(self, name: str) -> DeviceReport:
        """Ask a device about itself and keep the answer. Raises NotFound and DeviceNotReady."""
        device = await self.device(name)
        try:
            report = await self._ask(device)
        except DeliveryError as error:
            raise DeviceNotReady(f"{name} does not answer: {error}") from error
        report = replace(report, pjl=device.pjl)
        await self._store.report(device.id, report)
        self.forget()
        return report

    async def keep_report(self, device: Device, report: DeviceReport) -> None:
        """Keep what the watch has learnt of a device. Whether it speaks PJL was settled at its registration."""
        await self._store.report(device.id, replace(report, pjl=device.pjl))
        if (report.state, report.reasons, report.accepting) != (
            device.report.state,
            device.report.reasons,
            device.report.accepting,
        ):
            note(
                Noted.DEVICE_STATE_CHANGED,
                device=device.name,
                state=report.state.keyword,
                reasons=" ".join(report.reasons),
            )
            self.forget()

    async def remove_device(self, name: str) -> None:
        """Raises NotFound, and NotPossible while a queue or a job points to it."""
        await self.device(name)
        if not await self._store.remove_device(name):
            raise NotPossible(f"a queue or a job points to {name}: change the queue, or purge its jobs, first")
        self.forget()
        note(Noted.DEVICE_REMOVED, device=name)

    # ── within ──

    async def _ask(self, device: Device, *, ask_pjl: bool = False) -> DeviceReport:
        transport = self._open(device, ask_pjl)
        try:
            return await transport.probe()
        finally:
            await transport.aclose()

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
            self._queues = _same_where_equal(self._queues, queues)
            self._devices = _same_where_equal(self._devices, devices)
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

    async def _device_id(self, name: str | None) -> int | None:
        return (await self.device(name)).id if name is not None else None


def _same_where_equal(known: list[_Noun], read: list[_Noun]) -> list[_Noun]:
    """What has not changed stays the same object, so that what others derived from it stays good."""
    before = {noun.id: noun for noun in known}
    return [before[noun.id] if before.get(noun.id) == noun else noun for noun in read]


def _check_target(queue: Queue) -> None:
    if queue.mode is QueueMode.PASSTHROUGH and queue.device_id is None:
        raise NotPossible("a passthrough queue needs a device: name one with --device")


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise NotPossible(
            f"{name!r} is no name: use a-z, 0-9, dot, dash and underscore, beginning with a letter or digit, up to 63"
        )
    return name
