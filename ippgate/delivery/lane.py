"""A lane: one device's jobs, sent one after the other, so that no device delays another.

Two tasks serve it: one keeps a short stock of leased jobs, the other sends them. A job that is at the device is
followed by a task of its own while the next one is sent, so many at once.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from ippgate.delivery.carrier import Attempt, Carrier
from ippgate.delivery.follower import Follower
from ippgate.delivery.outcome import Verdict, cancelled, failed, given_up, taken_unseen, unknown
from ippgate.delivery.pace import Pace
from ippgate.delivery.settings import DeliverySettings
from ippgate.device.fleet import Fleet
from ippgate.model.device import Device
from ippgate.model.errors import DocumentDamaged, Unavailable
from ippgate.model.lifecycle import Event
from ippgate.model.parcel import Busy, DeliveryError, OutcomeUnknown, Receipt, Unreachable, Withdrawn
from ippgate.observe import Event as Noted
from ippgate.observe import about, mishap, note
from ippgate.observe.counting import Counting
from ippgate.store.jobs import JobStore
from ippgate.store.lanes import LaneStore, Load
from ippgate.transport.port import Transport

Outcome = Receipt | Verdict | OutcomeUnknown | None
"""The device has the document; the job's fate; it must be looked for; or nothing is to be done (it was withdrawn)."""

_DATABASE_PAUSE = 1.0  # seconds before the database is asked again

_NOTED = {
    Event.COMPLETE: Noted.DELIVERY_COMPLETED,
    Event.HOLD: Noted.DELIVERY_HELD,
    Event.CANCEL: Noted.DELIVERY_CANCELED,
    Event.ABORT: Noted.DELIVERY_ABORTED,
    Event.RETRY: Noted.DELIVERY_WAITING,
}


@dataclass(frozen=True, slots=True)
class _NotYet:
    """Nothing was sent: the device may be tried again."""

    error: Exception


@dataclass(frozen=True, slots=True)
class Services:
    """What every lane of a worker works with."""

    jobs: JobStore
    lanes: LaneStore
    carrier: Carrier
    fleet: Fleet
    open_transport: Callable[[Device], Transport]
    settings: DeliverySettings
    counting: Counting


class Lane:
    """One device's lane in this worker. `run` ends when the lane has been empty for a while, or with what it awaits."""

    def __init__(self, device: Device, services: Services) -> None:
        self.device = device
        self.woken = asyncio.Event()
        self._s = services
        self._transport = services.open_transport(device)
        self._retired: list[Transport] = []
        self._stock: asyncio.Queue[Load] = asyncio.Queue()
        self._low = asyncio.Event()
        self._adopted: list[Load] = []
        self._at_device = asyncio.Semaphore(services.settings.at_device)
        self._sending: tuple[int, asyncio.Timeout] | None = None
        self._cancel_by: str | None = None
        self._followers: dict[int, Follower] = {}
        self._open = asyncio.Event()
        self._open.set()
        self._quiet = asyncio.Event()
        self._quiet.set()

    # ── asked from outside ──

    def wake(self) -> None:
        """A job may wait for this device."""
        self.woken.set()
        self._low.set()

    def adopt(self, load: Load) -> None:
        """A job that a dead worker was carrying: find out what became of it."""
        self._adopted.append(load)
        self.wake()

    def cancel(self, job_id: int, by: str) -> None:
        """Somebody wants a job cancelled that this lane carries."""
        if follower := self._followers.get(job_id):
            follower.cancel(by)
        elif self._sending is not None and self._sending[0] == job_id and self._cancel_by is None:
            self._cancel_by = by
            self._sending[1].reschedule(asyncio.get_running_loop().time())

    async def drain(self) -> None:
        """Begin nothing more; returns when nothing is being sent. What the device already has is followed by an
        heir.
        """
        self._open.clear()
        await self._quiet.wait()

    # ── the two tasks ──

    async def run(self) -> None:
        """Serve the lane until it has been empty for a while."""
        try:
            async with asyncio.TaskGroup() as tasks:
                sender = tasks.create_task(self._send_all(tasks))
                await self._keep_stock(tasks)
                sender.cancel()
        finally:
            for transport in (*self._retired, self._transport):
                await transport.aclose()

    async def _keep_stock(self, tasks: asyncio.TaskGroup) -> None:
        depth = self._s.settings.lane_depth
        while True:
            self.woken.clear()
            while self._adopted:
                tasks.create_task(self._watched(self._adopted.pop(), self._trace_inherited))
            room = depth - self._stock.qsize()
            loads = await self._claim(room)
            for load in loads:
                self._stock.put_nowait(load)
            if len(loads) == room:
                self._low.clear()
                await self._low.wait()
            elif not await self._woken_in_time() and self._idle():
                return

    async def _claim(self, room: int) -> list[Load]:
        await self._open.wait()
        while True:
            try:
                return await self._s.lanes.claim(self.device.id, room)
            except Unavailable:
                await asyncio.sleep(_DATABASE_PAUSE)

    async def _woken_in_time(self) -> bool:
        try:
            async with asyncio.timeout(self._s.settings.linger):
                await self.woken.wait()
        except TimeoutError:
            return False
        return True

    def _idle(self) -> bool:
        return not (self._stock.qsize() or self._followers or self._sending or self._adopted)

    async def _send_all(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            load = await self._stock.get()
            if self._stock.qsize() <= self._s.settings.lane_depth // 2:
                self._low.set()
            await self._at_device.acquire()
            await self._open.wait()
            self._quiet.clear()
            attempt = Attempt(load)
            with about(job=load.parcel.job_id):
                outcome = await self._send(attempt)
            self._quiet.set()
            tasks.create_task(self._watched(load, partial(self._see_through, attempt, outcome)))

    # ── one job ──

    async def _send(self, attempt: Attempt) -> Outcome:
        """Try until the device has it, will not have it, or has been waited for long enough."""
        settings = self._s.settings
        pace = Pace(settings.retry_first, settings.retry_longest, settings.busy_limit)
        while True:
            await self._refresh()
            outcome = await self._try(attempt)
            if not isinstance(outcome, _NotYet):
                return outcome
            if (pause := self._next_pause(pace, outcome.error)) is None:
                return given_up(self.device.name, str(outcome.error))
            note(Noted.DELIVERY_WAITING, device=self.device.name, reason=str(outcome.error))
            await asyncio.sleep(pause)

    async def _try(self, attempt: Attempt) -> Outcome | _NotYet:
        self._cancel_by = None
        try:
            async with asyncio.timeout(None) as scope:
                self._sending = (attempt.load.parcel.job_id, scope)
                return await self._s.carrier.send(attempt, self.device, self._transport)
        except Withdrawn:
            return None
        except (Unreachable, Busy, Unavailable) as error:
            return OutcomeUnknown(str(error)) if attempt.sending else await self._not_yet(attempt, error)
        except OutcomeUnknown as error:
            return error
        except (DeliveryError, DocumentDamaged) as error:
            return failed(self.device.name, error)
        except TimeoutError as error:
            return cancelled(self._cancel_by) if self._cancel_by else self._strange(attempt, error)
        except Exception as error:  # noqa: BLE001 - one strange job must not stop a lane
            return self._strange(attempt, error)
        finally:
            self._sending = None

    async def _not_yet(self, attempt: Attempt, error: Exception) -> _NotYet | None:
        """A start whose answer was lost may have been stored all the same: then the job waits for its lane anew."""
        started = isinstance(error, Unavailable) and await self._s.carrier.settle(attempt.load, Verdict(Event.RETRY))
        return None if started else _NotYet(error)

    def _next_pause(self, pace: Pace, error: Exception) -> float | None:
        """A device that is busy with jobs of ours is waited for as long as those take."""
        if isinstance(error, Busy) and self._followers:
            return self._s.settings.retry_first
        return pace.next()

    async def _see_through(self, attempt: Attempt, outcome: Outcome, load: Load) -> None:
        try:
            match outcome:
                case Receipt(device_job_id=None):
                    self._s.counting.sent(load.parcel.size or 0)
                    await self._end(load, taken_unseen(), attempt.began)
                case Receipt():
                    self._s.counting.sent(load.parcel.size or 0)
                    await self._follow(attempt, outcome)
                case OutcomeUnknown():
                    await self._trace(load, attempt.device_job_id, attempt.began)
                case Verdict():
                    await self._clear(attempt, outcome)
                    await self._end(load, outcome, attempt.began)
        finally:
            self._at_device.release()

    async def _follow(self, attempt: Attempt, receipt: Receipt) -> None:
        assert receipt.device_job_id is not None
        follower = self._follower(attempt.load)
        await self._s.carrier.accepted(attempt.load, receipt)
        note(Noted.DELIVERY_SENT, device=self.device.name, device_job=receipt.device_job_id)
        await self._end(attempt.load, await follower.follow(receipt.device_job_id, confirmed=True), attempt.began)

    async def _trace(self, load: Load, device_job_id: int | None, began: float) -> None:
        await self._end(load, await self._follower(load).trace(device_job_id, began=began), began)

    async def _trace_inherited(self, load: Load) -> None:
        note(Noted.DELIVERY_INHERITED, device=self.device.name)
        if load.edge == "accepted" and load.device_job_id is not None:
            await self._end(load, await self._follower(load).follow(load.device_job_id, confirmed=True))
        else:
            await self._trace(load, load.device_job_id, time.monotonic() - load.age)

    async def _clear(self, attempt: Attempt, verdict: Verdict) -> None:
        """A job that was cancelled here while it was sent is cancelled at the device too, as far as it can be."""
        if verdict.event is Event.CANCEL and attempt.device_job_id is not None:
            try:
                await self._transport.cancel(attempt.device_job_id)
            except DeliveryError as error:
                note(Noted.DELIVERY_WAITING, device=self.device.name, reason=str(error))

    async def _end(self, load: Load, verdict: Verdict, began: float | None = None) -> None:
        if await self._s.carrier.settle(load, verdict):
            seconds = time.monotonic() - began if began is not None else load.age
            self._s.counting.delivery_ended(str(verdict.event), seconds)
            facts = {"device": self.device.name, "reason": verdict.message, "impressions": verdict.impressions}
            note(_NOTED[verdict.event], **{name: fact for name, fact in facts.items() if fact not in ("", None)})

    async def _watched(self, load: Load, act: Callable[[Load], Awaitable[None]]) -> None:
        with about(job=load.parcel.job_id):
            try:
                await act(load)
            except Exception as error:  # noqa: BLE001 - one strange job must not stop a lane
                await self._end(load, self._strange(Attempt(load, sending=True), error))
            finally:
                self._followers.pop(load.parcel.job_id, None)
                self.woken.set()

    def _strange(self, attempt: Attempt, error: Exception) -> Verdict:
        why = f"an unexpected error (see the log for {mishap(error)})"
        return unknown(self.device.name, why) if attempt.sending else given_up(self.device.name, why)

    def _follower(self, load: Load) -> Follower:
        s = self._s
        follower = Follower(load, self.device, self._transport, s.jobs, s.lanes, s.settings)
        self._followers[load.parcel.job_id] = follower
        return follower

    async def _refresh(self) -> None:
        """Follow changes of the device's registration and capabilities."""
        try:
            device = await self._s.fleet.device_by_id(self.device.id)
        except Unavailable:
            return
        if _wire(device) != _wire(self.device) or device.report.attributes is not self.device.report.attributes:
            self._retired.append(self._transport)  # jobs may be followed through it yet
            self._transport = self._s.open_transport(device)
        self.device = device


def _wire(device: Device) -> tuple[object, ...]:
    return (device.uri, device.pjl, device.fingerprint)
