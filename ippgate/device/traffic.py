"""Whether a queue takes jobs and lets them go: the switches that operators have (RFC 8011 4.2.7 and 4.2.8, RFC 3998 3).

A paused queue takes jobs and sends none: what is being sent goes on, lanes begin nothing more. A disabled one takes
none, and what it has goes its way. One that holds new jobs takes them, and they wait until all that have come since
are let go at once.
"""

import time
from collections.abc import Callable
from dataclasses import replace

from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import NotFound, NotPossible
from ippgate.model.job import Job
from ippgate.model.lifecycle import AT_DEVICE, Event, keyword
from ippgate.model.queue import Queue, QueueMode
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.store.jobs import JobStore, Move
from ippgate.store.traffic import TrafficStore

_AT_ONCE = 200  # jobs that are let go before others are looked for
_BUSY_FRESH = 1.0  # seconds that the answer whether something is at a device is good for


class Traffic:
    """The service of the switches. forget: called when the book of queues is no longer as it was read."""

    def __init__(
        self,
        store: TrafficStore,
        jobs: JobStore,
        forget: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._jobs, self._forget, self._clock = store, jobs, forget, clock
        self._busy: dict[int, tuple[float, bool]] = {}

    async def pause(self, name: str, by: str) -> Queue:
        """Pause-Printer: no job of the queue begins to go to a device any more. Raises NotFound."""
        return self._changed(await self._store.pause(name), Noted.QUEUE_PAUSED, by)

    async def resume(self, name: str, by: str) -> Queue:
        """Resume-Printer. Raises NotFound."""
        return self._changed(await self._store.resume(name), Noted.QUEUE_RESUMED, by)

    async def enable(self, name: str, by: str) -> Queue:
        """Enable-Printer: it takes jobs. Raises NotFound."""
        return self._changed(await self._store.accept(name, accepting=True), Noted.QUEUE_ENABLED, by)

    async def disable(self, name: str, by: str) -> Queue:
        """Disable-Printer: it takes none. Raises NotFound."""
        return self._changed(await self._store.accept(name, accepting=False), Noted.QUEUE_DISABLED, by)

    async def hold_new(self, name: str, by: str) -> Queue:
        """Hold-New-Jobs. Raises NotFound."""
        return self._changed(await self._store.hold_new(name), Noted.QUEUE_HOLDS_NEW, by)

    async def take_new(self, name: str, by: str) -> Queue:
        """Release-Held-New-Jobs: those that wait for nothing else go. Raises NotFound."""
        queue, since = await self._store.take_new(name)
        self._changed(queue, Noted.QUEUE_TAKES_NEW, by)
        if since is not None and queue.mode is QueueMode.PASSTHROUGH:
            last = 0
            while ids := await self._store.held_new(queue.id, since, _AT_ONCE, last):
                for job in await self._jobs.get(ids):
                    await self._let_go(job)
                last = ids[-1]
        return queue

    async def current(self, queue: Queue) -> int:
        """The job that is at its device longest. Raises NotPossible when there is none."""
        ids = await self._store.at_device(queue.id, 1)
        if not ids:
            raise NotPossible(f"no job of {queue.name} is at a device at this moment")
        return ids[0]

    async def schedule(self, job_id: int, after: int | None, by: str) -> None:
        """Promote-Job (after: None) and Schedule-Job-After (RFC 3998 section 4): a pending job is the next to go to its
        device, or goes there right after another. After one that is there already it is the next.

        Raises NotFound, and NotPossible for jobs that do not wait for the same device.
        """
        found = {job.id: job for job in await self._jobs.get(list({job_id, after or job_id}))}
        if missing := [each for each in (job_id, after) if each is not None and each not in found]:
            raise NotFound(f"there is no job {missing[0]}")
        predecessor = found[after] if after is not None else None
        _check_order(found[job_id], predecessor)
        behind = after if predecessor is not None and predecessor.state is JobState.PENDING else None
        if not await self._store.schedule(job_id, behind):
            raise NotPossible(f"job {job_id} is going at this moment: it has no place among those that wait any more")
        note(Noted.JOB_SCHEDULED, job=job_id, user=by, after=after)

    async def busy(self, queue_id: int) -> bool:
        """Whether a job of the queue is at a device; a moment old at most."""
        at, busy = self._busy.get(queue_id, (float("-inf"), False))
        if self._clock() - at > _BUSY_FRESH:
            busy = bool(await self._store.at_device(queue_id, 1))
            self._busy[queue_id] = (self._clock(), busy)
        return busy

    async def _let_go(self, job: Job) -> None:
        """Take away this reason to wait. A job that somebody moves at this moment goes that way."""
        others = tuple(reason for reason in job.reasons if reason != R.JOB_HELD_FOR_RELEASE)
        if others not in ((), (R.JOB_INCOMING,)):
            await self._jobs.change(replace(job, reasons=others), seen=job)
        elif job.device_id is not None:
            reasons = (R.JOB_DATA_INSUFFICIENT,) if job.incoming else ()
            await self._jobs.move(Move(job.id, Event.RELEASE, reasons, device_id=job.device_id))

    def _changed(self, queue: Queue, event: Noted, by: str) -> Queue:
        self._forget()
        note(event, queue=queue.name, user=by)
        return queue


def _check_order(job: Job, predecessor: Job | None) -> None:
    if job.state is not JobState.PENDING:
        raise NotPossible(f"job {job.id} is {keyword(job.state)}: only a pending job has a place among others")
    if predecessor is None:
        return
    if predecessor.id == job.id:
        raise NotPossible(f"job {job.id} cannot come after itself: name another job")
    if predecessor.state is not JobState.PENDING and predecessor.state not in AT_DEVICE:
        raise NotPossible(f"job {predecessor.id} is {keyword(predecessor.state)}: nothing can come after it")
    if predecessor.device_id != job.device_id:
        raise NotPossible(f"job {predecessor.id} goes to another device: each device has an order of its own")
