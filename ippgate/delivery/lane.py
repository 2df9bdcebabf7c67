"""A lane: one device's jobs, sent one after the other, so that no device delays another.

Two tasks serve it: one keeps a short stock of leased jobs, the other sends them; a third prepares those whose document
the device does not print. A job that is at the device is
followed by a task of its own while the next one is sent, so many at once.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from ippgate.delivery.carrier import Attempt, BrokenOff, Carrier, NotYet, Outcome
from ippgate.delivery.follower import Follower
from ippgate.delivery.legs import found_on_its_way, next_leg, on_its_way
from ippgate.delivery.line import Line
from ippgate.delivery.noted import noted
from ippgate.delivery.outcome import (
    Verdict,
    all_came_out,
    cancelled,
    failed,
    given_up,
    of_a_leg,
    taken_unseen,
    unknown,
)
from ippgate.delivery.pace import Pace
from ippgate.delivery.preparation import WITHDRAWN, Preparation
from ippgate.delivery.renditions import Renditions
from ippgate.delivery.settings import DeliverySettings
from ippgate.delivery.underway import Underway
from ippgate.device.fleet import Fleet
from ippgate.ipp.registry.enums import JobState
from ippgate.model.device import Device
from ippgate.model.errors import DocumentDamaged, Unavailable
from ippgate.model.lifecycle import Event
from ippgate.model.parcel import Busy, DeliveryError, OutcomeUnknown, Receipt, Unreachable, Withdrawn
from ippgate.observe import Event as Noted
from ippgate.observe import about, mishap, note
from ippgate.observe.counting import Counting
from ippgate.store.jobs import JobStore
from ippgate.store.lanes import LaneStore, Lease, Load, added
from ippgate.transport.port import Transport

_COMPANY = 0.02  # seconds that the end of a job waits for the start of the next at most
_DATABASE_PAUSE = 1.0  # seconds before the database is asked again


@dataclass(frozen=True, slots=True)
class Services:
    """What every lane of a worker works with."""

    jobs: JobStore
    lanes: LaneStore
    carrier: Carrier
    renditions: Renditions
    fleet: Fleet
    open_transport: Callable[[Device], Transport]
    settings: DeliverySettings
    counting: Counting


class Lane:
    """One device's lane in this worker. `run` ends when the lane has been empty for a while, or with what it awaits."""

    def __init__(self, device: Device, services: Services) -> None:
        self.woken = asyncio.Event()
        self._s = services
        self._line = Line(device, services.fleet, services.open_transport)
        self._stock: asyncio.Queue[Load] = asyncio.Queue()
        self._low = asyncio.Event()
        self._adopted: list[Load] = []
        self._at_device = asyncio.Semaphore(services.settings.at_device)
        self._sending: tuple[int, asyncio.Timeout] | None = None
        self._cancel_by: str | None = None
        self._followers: dict[int, Follower] = {}
        self.hands: set[Lease] = set()  # what is in stock, is sent, or is followed
        self._ended = False
        self._next_start = asyncio.Event()
        self._open = asyncio.Event()
        self._open.set()
        self._underway = Underway()
        self._tasks: asyncio.TaskGroup | None = None
        self._onward: dict[Lease, Load] = {}  # jobs of which one document came out, as they go on
        self._preparation = Preparation(
            services.renditions, services.fleet, device, self._open, self._prepared, self._unprepared
        )

    # ── asked from outside ──

    @property
    def device(self) -> Device:
        """As it was registered last."""
        return self._line.device

    def wake(self) -> None:
        """A job may wait for this device."""
        self.woken.set()
        self._low.set()

    def adopt(self, load: Load) -> bool:
        """A job that a dead worker was carrying: find out what became of it. False: this lane is ending."""
        if not self._ended:
            self.hands.add(load.claim)
            self._adopted.append(load)
            self.wake()
        return not self._ended

    def cancel(self, job_id: int, by: str) -> None:
        """Somebody wants a job cancelled that this lane carries."""
        if follower := self._followers.get(job_id):
            follower.cancel(by)
        elif self._sending is not None and self._sending[0] == job_id and self._cancel_by is None:
            self._cancel_by = by
            self._sending[1].reschedule(asyncio.get_running_loop().time())

    @property
    def converts(self) -> Lease | None:
        """The job whose document is being converted."""
        return self._preparation.under_way

    def withdraw(self, lease: Lease) -> None:
        """This worker does not hold the job any more."""
        self._preparation.withdraw(lease)

    async def drain(self) -> None:
        """Begin nothing more; returns when nothing is being sent, and what was sent is stored. What the device has by
        then is followed by an heir.
        """
        self._open.clear()
        await self._underway.over()

    # ── its tasks ──

    async def run(self) -> None:
        """Serve the lane until it has been empty for a while."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                running = [tasks.create_task(self._send_all(tasks)), tasks.create_task(self._preparation.run())]
                await self._keep_stock(tasks)
                for task in running:
                    task.cancel()
        finally:
            self._ended = True
            await self._line.aclose()

    async def _keep_stock(self, tasks: asyncio.TaskGroup) -> None:
        depth = self._s.settings.lane_depth
        while True:
            self.woken.clear()
            self._low.clear()
            while self._adopted:
                self._carry(tasks, self._adopted.pop(), self._trace_inherited)
            room = min(depth - self._stock.qsize(), self._preparation.room)
            if self._stock.qsize() > depth // 2 or not room:
                await self._low.wait()  # there is enough to do: whoever wakes the lane now is served with the rest
                continue
            loads = await self._claim(room)
            self.hands.update(load.claim for load in loads)
            for load in loads:
                await self._take(load)
            if len(loads) < room and not await self._woken_in_time() and not self.hands:
                self._ended = True
                return

    async def _take(self, claimed: Load) -> None:
        load = on_its_way(claimed, self.device)
        if load is None:
            self._unprepared(claimed, all_came_out(self.device.name))
        else:
            await self._preparation.take(load)

    async def _claim(self, room: int) -> list[Load]:
        await self._open.wait()
        while True:
            try:
                return await self._s.lanes.claim(self.device.id, room)
            except Unavailable:
                await asyncio.sleep(_DATABASE_PAUSE)

    def _prepared(self, load: Load) -> None:
        self._stock.put_nowait(load)
        self._low.set()

    def _unprepared(self, load: Load, verdict: Verdict) -> None:
        assert self._tasks is not None
        self._carry(self._tasks, load, partial(self._end, verdict=verdict))
        self._low.set()

    async def _woken_in_time(self) -> bool:
        try:
            async with asyncio.timeout(self._s.settings.linger):
                await self.woken.wait()
        except TimeoutError:
            return False
        return True

    async def _send_all(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            load = await self._stock.get()
            if self._stock.qsize() <= self._s.settings.lane_depth // 2:
                self._low.set()
            seen_through = await self._send_one(tasks, load)
            if load.leg is not None and not load.leg.last:  # nobody's pages come between the documents of a job
                await seen_through
                await self._go_on(tasks, load)

    async def _send_one(self, tasks: asyncio.TaskGroup, load: Load) -> asyncio.Task[None]:
        """Send a job, or one document of several; the task sees it through."""
        await self._at_device.acquire()
        await self._open.wait()
        self._underway.begin()
        attempt = Attempt(load, self._next_start)
        self._next_start = asyncio.Event()
        with about(job=load.parcel.job_id):
            outcome = await self._send(attempt)
        follows = self._next_start if self._stock.qsize() else None
        return self._carry(tasks, load, partial(self._see_through, attempt, outcome, follows))

    async def _go_on(self, tasks: asyncio.TaskGroup, load: Load) -> None:
        """The documents that follow one that came out, but for one that has to be converted: it takes its turn."""
        while (following := self._onward.pop(load.claim, None)) is not None:
            self.hands.add(following.claim)
            if await self._preparation.converts(following):
                await self._preparation.take(following)
                return
            seen_through = await self._send_one(tasks, following)
            if following.leg is None or following.leg.last:
                return
            await seen_through

    def _carry(
        self, tasks: asyncio.TaskGroup, load: Load, act: Callable[[Load], Awaitable[None]]
    ) -> asyncio.Task[None]:
        return tasks.create_task(self._watched(load, act))

    # ── one job ──

    async def _send(self, attempt: Attempt) -> Outcome:
        """Try until the device has it, will not have it, or has been waited for long enough."""
        settings = self._s.settings
        pace = Pace(settings.retry_first, settings.retry_longest, settings.busy_limit)
        while True:
            await self._line.refresh(lambda: [follower.transport for follower in self._followers.values()])
            outcome = await self._try(attempt)
            if not isinstance(outcome, NotYet):
                return outcome
            if (pause := self._next_pause(pace, outcome.error)) is None:
                return given_up(self.device.name, str(outcome.error))
            note(Noted.DELIVERY_WAITING, device=self.device.name, reason=str(outcome.error))
            with self._underway.resting():
                await asyncio.sleep(pause)
                await self._open.wait()

    async def _try(self, attempt: Attempt) -> Outcome | NotYet:
        self._cancel_by = None
        try:
            async with asyncio.timeout(None) as scope:
                self._sending = (attempt.load.parcel.job_id, scope)
                return await self._s.carrier.send(attempt, self.device, self._line.transport)
        except Withdrawn:
            return WITHDRAWN  # or an earlier start, whose answer was lost, has come through: then the job waits anew
        except (Unreachable, Busy) as error:
            return await self._not_yet(attempt, error)
        except Unavailable as error:
            return BrokenOff(str(error)) if attempt.sending else await self._not_yet(attempt, error)
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

    async def _not_yet(self, attempt: Attempt, error: Exception) -> NotYet:
        """A start that was stored is taken back, also one whose answer was lost."""
        if attempt.sending or isinstance(error, Unavailable):
            await self._s.carrier.step_back(attempt)
        return NotYet(error)

    def _next_pause(self, pace: Pace, error: Exception) -> float | None:
        """A device that is busy with jobs of ours is waited for as long as those take."""
        if isinstance(error, Busy) and self._followers:
            return self._s.settings.retry_first
        return pace.next()

    async def _see_through(self, attempt: Attempt, outcome: Outcome, follows: asyncio.Event | None, load: Load) -> None:
        began = attempt.began
        try:
            with self._underway.ending():
                await self._keep(attempt, outcome, follows)
            match outcome:
                case Receipt(device_job_id=int() as device_job_id):
                    await self._end(load, await self._follower(load).follow(device_job_id, confirmed=True), began)
                case OutcomeUnknown():
                    found = await self._follower(load).trace(attempt.device_job_id, began=began, broke=str(outcome))
                    await self._end(load, found, began)
                case BrokenOff(why):
                    tracing = self._follower(load).trace(attempt.device_job_id, began=began, broke=why, by_us=True)
                    await self._end(load, await tracing, began)
        finally:
            self._at_device.release()

    async def _keep(self, attempt: Attempt, outcome: Outcome, follows: asyncio.Event | None) -> None:
        """Store what is certain by now. The end of a raw job and the start of the next share a call of the database."""
        load = attempt.load
        match outcome:
            case Receipt(device_job_id=None):
                self._s.counting.sent(load.parcel.size or 0)
                if follows is not None:
                    await _soon(follows)
                await self._end(load, taken_unseen(), attempt.began)
            case Receipt():
                self._s.counting.sent(load.parcel.size or 0)
                await self._s.carrier.accepted(load, outcome)
                note(Noted.DELIVERY_SENT, device=self.device.name, device_job=outcome.device_job_id)
            case Verdict():
                await self._clear(attempt, outcome)
                await self._end(load, outcome, attempt.began)

    async def _trace_inherited(self, load: Load) -> None:
        load = found_on_its_way(load)
        note(Noted.DELIVERY_INHERITED, device=self.device.name)
        follower, began = self._follower(load), time.monotonic() - load.age
        if load.edge == "accepted" and load.device_job_id is not None:
            await self._end(load, await follower.follow(load.device_job_id, confirmed=True))
        else:
            await self._end(load, await follower.trace(load.device_job_id, began=began))

    async def _clear(self, attempt: Attempt, verdict: Verdict) -> None:
        """A job that was cancelled here while it was sent is cancelled at the device too, as far as it can be."""
        if verdict.event is Event.CANCEL and attempt.device_job_id is not None:
            try:
                await self._line.transport.cancel(attempt.device_job_id, attempt.load.parcel.user)
            except DeliveryError as error:
                note(Noted.DELIVERY_WAITING, device=self.device.name, reason=str(error))

    async def _end(self, load: Load, verdict: Verdict, began: float | None = None) -> None:
        if load.leg is not None and verdict.event is Event.COMPLETE and not load.leg.last:
            await self._came_out(load, verdict)
            return
        if load.leg is not None:
            verdict = of_a_leg(verdict, load.leg.number, len(load.enclosed))
        moved = await self._s.carrier.settle(load, verdict)
        if moved is not None:
            event = Event.CANCEL if moved.state is JobState.CANCELED else verdict.event
            seconds = time.monotonic() - began if began is not None else load.age
            told = noted(event, verdict.reasons)
            self._s.counting.delivery_ended(told.partition(".")[2], seconds)
            facts = {"device": self.device.name, "reason": verdict.message, "impressions": verdict.impressions}
            note(told, **{name: fact for name, fact in facts.items() if fact not in ("", None)})

    async def _came_out(self, load: Load, verdict: Verdict) -> None:
        """One document of several is printed: the next goes, if nobody had the job cancelled meanwhile."""
        assert load.leg is not None
        inherited = load.edge is not None
        moved = await self._s.carrier.came_out(load, verdict, keep=not inherited)
        if moved is None:
            return
        note(Noted.DELIVERY_DOCUMENT, device=self.device.name, document=load.leg.number)
        if moved.state is JobState.PENDING and not inherited:
            impressions, sheets = added(load.impressions, verdict.impressions), added(load.sheets, verdict.sheets)
            if (following := next_leg(load, self.device, impressions, sheets)) is not None:
                self._onward[load.claim] = following

    async def _watched(self, load: Load, act: Callable[[Load], Awaitable[None]]) -> None:
        with about(job=load.parcel.job_id):
            try:
                await act(load)
            except Exception as error:  # noqa: BLE001 - one strange job must not stop a lane
                await self._end(load, self._strange(Attempt(load, sending=True), error))
            finally:
                self.hands.discard(load.claim)
                if (follower := self._followers.get(load.parcel.job_id)) and follower.load is load:
                    del self._followers[load.parcel.job_id]
                self.woken.set()

    def _strange(self, attempt: Attempt, error: Exception) -> Verdict:
        why = f"an unexpected error (see the log for {mishap(error)})"
        return unknown(self.device.name, why) if attempt.sending else given_up(self.device.name, why)

    def _follower(self, load: Load) -> Follower:
        s = self._s
        follower = Follower(load, self.device, self._line.transport, s.jobs, s.lanes, s.settings)
        self._followers[load.parcel.job_id] = follower
        return follower


async def _soon(event: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_COMPANY):
            await event.wait()
