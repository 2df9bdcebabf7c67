"""The dispatcher of one worker: it keeps the worker's pulse, opens lanes where work waits, and inherits from the dead.

A notification only wakes; every few seconds the lanes are looked at whatever was heard.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from ippgate.delivery.carrier import Carrier
from ippgate.delivery.lane import Lane, Services
from ippgate.delivery.renditions import Renditions
from ippgate.delivery.settings import DeliverySettings
from ippgate.device.fleet import Fleet
from ippgate.model.device import Device
from ippgate.model.errors import NotFound, Unavailable
from ippgate.observe import Event as Noted
from ippgate.observe import mishap, note
from ippgate.observe.counting import Counting
from ippgate.spool import Spool
from ippgate.store.jobs import JobStore
from ippgate.store.lanes import LaneStore, Lease
from ippgate.transport.port import Transport

__all__ = ["DeliverySettings", "Dispatcher"]

_INHERITED_AT_ONCE = 64
_MISHAP_PAUSE = 1.0  # seconds before a lane that failed is opened again


class Dispatcher:
    """`run` until cancelled; `wake`, `wake_all` and `cancels` may be called from anywhere in the loop."""

    def __init__(
        self,
        jobs: JobStore,
        lanes: LaneStore,
        spool: Spool,
        renditions: Renditions,
        fleet: Fleet,
        open_transport: Callable[[Device], Transport],
        settings: DeliverySettings,
        counting: Counting,
    ) -> None:
        carrier = Carrier(jobs, lanes, spool)
        self._services = Services(jobs, lanes, carrier, renditions, fleet, open_transport, settings, counting)
        self._store, self._settings = lanes, settings
        self._lanes: dict[int, Lane] = {}
        self._wanted: set[int] = set()
        self._look = asyncio.Event()
        self._look_everywhere = True
        self._cancels = asyncio.Event()
        self._draining = False
        self._astray: set[Lease] = set()

    def wake(self, device_id: int) -> None:
        """A job may wait for this device."""
        if lane := self._lanes.get(device_id):
            lane.wake()
        else:
            self._wanted.add(device_id)
            self._look.set()

    def heard(self, payload: str) -> None:
        """A notification of the lanes' channel: a device's id, or "" for all."""
        if payload.isdigit():
            self.wake(int(payload))
        else:
            self._look_everywhere = True
            self._look.set()

    def heard_cancel(self, _payload: str) -> None:
        """A notification of the cancels' channel: a job at its device, or whose document is being converted."""
        self._cancels.set()

    async def run(self) -> None:
        """Serve until cancelled."""
        await self._persist(self._store.bury_neighbours)
        await self._persist(self._store.beat)
        lease = self._settings.lease
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._every(lease / 3, self._store.beat))
            tasks.create_task(self._every(lease / 2, partial(self._inherit, tasks)))
            tasks.create_task(self._every(lease / 2, self._find_astray))
            tasks.create_task(self._every(0, self._heed_cancels))
            tasks.create_task(self._every(0, partial(self._open_lanes, tasks)))

    async def drain(self, seconds: float) -> None:
        """Begin no delivery; wait until nothing is being sent, so long at the most, then give the rest back."""
        self._draining = True
        try:
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as tasks:
                for lane in self._lanes.values():
                    tasks.create_task(lane.drain())
        except TimeoutError:
            note(Noted.DELIVERY_WAITING, reason="a device was still being sent to when the gate stopped")

    @property
    def open_lanes(self) -> int:
        """Lanes that this worker serves at the moment."""
        return len(self._lanes)

    async def _open_lanes(self, tasks: asyncio.TaskGroup) -> None:
        self._look.clear()
        if self._look_everywhere:
            self._wanted.update(await self._store.waiting())
            self._look_everywhere = False
        while self._wanted and not self._draining:
            await self._open_lane(tasks, self._wanted.pop())
        if not await _happens(self._look, within=self._settings.poll):
            self._look_everywhere = True

    async def _open_lane(self, tasks: asyncio.TaskGroup, device_id: int) -> Lane | None:
        if device_id not in self._lanes:
            try:
                device = await self._services.fleet.device_by_id(device_id)
            except (NotFound, Unavailable) as error:
                note(Noted.DEVICE_SILENT, device=str(device_id), reason=str(error))
                return None
            if self._draining:
                return None
            self._start_lane(tasks, device)
        lane = self._lanes.get(device_id)
        if lane is not None:
            lane.wake()
        return lane

    def _start_lane(self, tasks: asyncio.TaskGroup, device: Device) -> None:
        if device.id in self._lanes:  # somebody else opened it while the device was looked up
            return
        try:
            lane = Lane(device, self._services)
        except ValueError as error:
            note(Noted.DEVICE_SILENT, device=device.name, reason=str(error))
            return
        self._lanes[device.id] = lane
        tasks.create_task(self._serve(lane), name=f"lane {device.name}")

    async def _serve(self, lane: Lane) -> None:
        """A lane's life. Nobody serves the device anew before what this lane left is given back."""
        try:
            await lane.run()
        except Exception as error:  # noqa: BLE001 - a lane that fails is opened again; the others go on
            mishap(error)
            await asyncio.sleep(_MISHAP_PAUSE)
            lane.woken.set()
        await self._persist(partial(self._store.leave_lane, lane.device.id))
        del self._lanes[lane.device.id]
        if lane.woken.is_set():
            self.wake(lane.device.id)

    async def _inherit(self, tasks: asyncio.TaskGroup) -> None:
        if self._draining:
            return
        await self._store.free_pending()
        for load in await self._store.inherit(_INHERITED_AT_ONCE):
            lane = await self._open_lane(tasks, load.device_id)
            if lane is None or not lane.adopt(load):
                await self._store.disown([load.claim])

    async def _find_astray(self) -> None:
        """A lease whose answer was lost is in nobody's hands. One that is there at two looks is given up."""
        in_hand = {lease for lane in self._lanes.values() for lease in lane.hands}
        astray = await self._store.leases() - in_hand
        await self._store.disown(astray & self._astray)
        self._astray = astray

    async def _heed_cancels(self) -> None:
        self._cancels.clear()
        for job_id, by in (await self._store.cancels()).items():
            for lane in self._lanes.values():
                lane.cancel(job_id, by)
        await self._heed_withdrawals()
        await _happens(self._cancels, within=self._settings.poll)

    async def _heed_withdrawals(self) -> None:
        """Nobody is asked before a job that waits is held, changed or cancelled: whoever converts for it finds out."""
        converting = {lease: lane for lane in self._lanes.values() if (lease := lane.converts) is not None}
        if converting:
            for lease in converting.keys() - await self._store.leases():
                converting[lease].withdraw(lease)

    async def _every(self, seconds: float, act: Callable[[], Awaitable[None]]) -> None:
        """Do it again and again, whatever comes of it once."""
        while True:
            pause = max(seconds, _MISHAP_PAUSE)
            try:
                await act()
                pause = seconds
            except Unavailable as error:
                note(Noted.DATABASE_LOST, reason=str(error))
            except Exception as error:  # noqa: BLE001 - one strange row must not end the delivery of all others
                mishap(error)
            await asyncio.sleep(pause)

    async def _persist(self, act: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                return await act()
            except Unavailable as error:
                note(Noted.DATABASE_LOST, reason=str(error))
                await asyncio.sleep(_MISHAP_PAUSE)


async def _happens(event: asyncio.Event, within: float) -> bool:
    try:
        async with asyncio.timeout(within):
            return await event.wait()
    except TimeoutError:
        return False
