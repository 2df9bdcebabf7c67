"""Everything that can be asked of a job but its documents and its release: find, hold, change, cancel."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ippgate.ipp import Attribute
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import NotAuthorized, NotFound, NotPossible, Unavailable
from ippgate.model.job import Caller, Job
from ippgate.model.lifecycle import AT_DEVICE, TERMINAL, Event, IllegalMove, after, keyword
from ippgate.model.owner import UNCLAIMED
from ippgate.model.queue import Queue
from ippgate.model.storage import Access
from ippgate.model.until import DELAYS, INDEFINITE, UTC_CALENDAR, Calendar, Until, in_words
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.store.jobs import WAITING, JobStore, Move

_TRIES = 5  # a job that moves under our hands is looked at again, so many times


class Offenders(NotPossible):
    """Some of the jobs asked for cannot be cancelled; none was. `job_ids` are those (PWG 5100.11, all or nothing)."""

    def __init__(self, sentence: str, job_ids: list[int]) -> None:
        super().__init__(sentence)
        self.job_ids = job_ids


def _clock() -> datetime:
    return datetime.now(UTC)


class Desk:
    """The service at which jobs are asked about. queue_by_id raises NotFound; calendar: when what they want comes."""

    def __init__(
        self,
        jobs: JobStore,
        queue_by_id: Callable[[int], Awaitable[Queue]],
        calendar: Calendar = UTC_CALENDAR,
        now: Callable[[], datetime] = _clock,
    ) -> None:
        self._jobs, self._queue_by_id, self._calendar, self._now = jobs, queue_by_id, calendar, now

    async def get(self, job_id: int, caller: Caller) -> Job:
        """Any job; what of it a caller may see is the door's filter. Raises NotFound."""
        del caller  # who asks will count once people can prove who they are
        found = await self._jobs.get([job_id])
        if not found:
            raise NotFound(f"there is no job {job_id}")
        return found[0]

    async def get_many(self, job_ids: Sequence[int]) -> list[Job]:
        """Those that exist, in the order asked for."""
        return await self._jobs.get(job_ids)

    async def listing(
        self,
        queue_id: int | None,
        states: Collection[JobState],
        owner: str | None,
        limit: int,
        device_id: int | None = None,
    ) -> list[Job]:
        """Jobs that wait or go, oldest first, then ended ones, newest first; so many at the most."""
        waiting, ended = [s for s in states if s in WAITING], [s for s in states if s in TERMINAL]
        ids: list[int] = []
        if waiting:
            ids += await self._jobs.waiting(
                queue_id=queue_id, owner=owner, states=waiting, device_id=device_id, limit=limit
            )
        if ended and len(ids) < limit:
            room = limit - len(ids)
            ids += await self._jobs.ended(queue_id=queue_id, owner=owner, states=ended, device_id=device_id, limit=room)
        once = list(dict.fromkeys(ids))  # a job that ended between the two questions is in both answers
        return await self._jobs.get(once) if once else []

    async def listing_at(
        self,
        device_id: int,
        states: Collection[JobState],
        owner: str | None,
        limit: int,
        others: Collection[str] = (),
    ) -> list[Job]:
        """What can be released at a device or goes there, of whatever queue, oldest first; then what ended there,
        newest first; so many at the most. others: for whom the owner stands, of whom what is held is listed as well.
        """
        waiting, ended = [s for s in states if s in WAITING], [s for s in states if s in TERMINAL]
        ids: list[int] = []
        if waiting:
            ids += await self._jobs.at_device(device_id, owner=owner, states=waiting, limit=limit, others=others)
        if ended and len(ids) < limit:
            room = limit - len(ids)
            ids += await self._jobs.ended(owner=owner, states=ended, device_id=device_id, limit=room)
        once = list(dict.fromkeys(ids))
        return await self._jobs.get(once) if once else []

    async def held_for_others(self, caller: Caller, limit: int) -> list[Job]:
        """What those hold for whom the caller stands, oldest first."""
        if not caller.stands_for:
            return []
        ids = await self._jobs.held_of(caller.stands_for, limit)
        return await self._jobs.get(ids) if ids else []

    async def stored(
        self,
        access: Access,
        *,
        owner: str | None = None,
        group: str | None = None,
        queue_id: int | None = None,
        limit: int,
    ) -> list[Job]:
        """Stored jobs with this access, newest first."""
        ids = await self._jobs.stored(access, owner=owner, group=group, queue_id=queue_id, limit=limit)
        return await self._jobs.get(ids) if ids else []

    async def hold(self, job_id: int, caller: Caller, hold_until: Until | None) -> Job:
        """Hold-Job (RFC 8011 section 4.3.5); None: indefinite. A moment that has come, or hours that last, end the hold
        that there is. Raises NotPossible for a job that goes or has ended.
        """
        until = hold_until or INDEFINITE
        for _ in range(_TRIES):
            job = await self._owned(job_id, caller)
            if await self._held(job, until):
                note(Noted.JOB_HELD, job=job_id, user=caller.name, until=in_words(until))
                return await self.get(job_id, caller)
        raise _restless(job_id)

    async def change(
        self,
        job_id: int,
        caller: Caller,
        *,
        template: tuple[Attribute, ...] | None = None,
        name: str | None = None,
        priority: int | None = None,
        hold_until: Until | None = None,
    ) -> Job:
        """Set-Job-Attributes (RFC 3380 section 4.2); None keeps what is there, `no-hold` ends the hold.

        Raises NotPossible for a job that goes or has ended.
        """
        for _ in range(_TRIES):
            job = await self._owned(job_id, caller)
            if job.state not in (JobState.PENDING, JobState.PENDING_HELD):
                raise NotPossible(f"job {job_id} is {keyword(job.state)}: only a job that waits can be changed")
            wanted = replace(job, name=name or job.name, priority=priority or job.priority)
            if template is not None:
                wanted = await self._with_template(wanted, template)
            stored = await self._jobs.change(wanted, seen=job)
            if stored and (hold_until is None or await self._held(wanted, hold_until)):
                note(Noted.JOB_CHANGED, job=job_id, user=caller.name)
                return await self.get(job_id, caller)
        raise _restless(job_id)

    async def claim(self, job_id: int, caller: Caller, owner: str) -> Job:
        """Give a held job to its owner, whoever it was thought to be of: for operators. What the client said is kept.

        A job that waited for that alone goes on. Raises NotAuthorized, and NotPossible for a job that is not held.
        """
        if not caller.operator:
            raise NotAuthorized("only an operator gives a job to its owner")
        for _ in range(_TRIES):
            job = await self.get(job_id, caller)
            if job.incoming:
                raise NotPossible(f"job {job_id} still arrives: claim it when it is here")
            if job.state is not JobState.PENDING_HELD:
                raise NotPossible(f"job {job_id} is {keyword(job.state)}: only a held job can be given to somebody")
            if await self._claimed(job, owner):
                note(Noted.JOB_CLAIMED, job=job_id, user=caller.name, owner=owner)
                return await self.get(job_id, caller)
        raise _restless(job_id)

    async def cancel(self, job_id: int, caller: Caller) -> Job:
        """Cancel-Job (RFC 8011 section 4.3.3). A job at its device is cancelled there and ends when that says so; one
        that is stored is stored no longer.

        Raises NotPossible for a job that has ended or is being cancelled.
        """
        for _ in range(_TRIES):
            job = await self._owned(job_id, caller)
            if job.stored:
                if await self._jobs.unstore(job_id):
                    note(Noted.JOB_STORED_NO_LONGER, job=job_id, user=caller.name)
                    return await self.get(job_id, caller)
            elif await self._cancelled(job, caller):
                note(Noted.JOB_CANCELED, job=job_id, user=caller.name)
                return await self.get(job_id, caller)
        raise _restless(job_id)

    async def cancel_mine(self, caller: Caller, queue_id: int | None, job_ids: Sequence[int] | None) -> list[int]:
        """Cancel-My-Jobs (PWG 5100.11): all of the caller's waiting jobs, or those named, all or none. Raises
        Offenders.
        """
        return await self._cancel_many(caller, queue_id, job_ids, owner=caller.name)

    async def cancel_all(self, caller: Caller, queue_id: int | None, job_ids: Sequence[int] | None) -> list[int]:
        """Cancel-Jobs (PWG 5100.7), for operators: the same, whosever jobs they are."""
        return await self._cancel_many(caller, queue_id, job_ids, owner=None)

    async def _cancel_many(
        self, caller: Caller, queue_id: int | None, job_ids: Sequence[int] | None, owner: str | None
    ) -> list[int]:
        if job_ids is None:
            listed = await self.listing(queue_id, WAITING, owner, _MOST_AT_ONCE)
            going = [job.id for job in listed if R.PROCESSING_TO_STOP_POINT not in job.reasons]
            return [job_id for job_id in going if await self._cancelled_unless_over(job_id, caller)]
        wanted = list(dict.fromkeys(job_ids))
        _check_all(owner, queue_id, wanted, await self._jobs.get(wanted))
        for job_id in wanted:
            await self.cancel(job_id, caller)
        return wanted

    async def _cancelled_unless_over(self, job_id: int, caller: Caller) -> bool:
        try:
            await self.cancel(job_id, caller)
        except (NotFound, NotPossible):
            return False  # it has ended by itself since it was listed
        return True

    async def _with_template(self, job: Job, template: tuple[Attribute, ...]) -> Job:
        """The job with another ticket; a delay of its output is reckoned from now on, if it is another one."""
        wanted = replace(job, template=template)
        if _delays(template) == _delays(job.template):
            return wanted
        queue = await self._queue_by_id(job.queue_id)
        delayed_until = self._calendar.delay(template, queue.options.hours, self._now())
        others = tuple(reason for reason in job.reasons if reason != R.JOB_DELAY_OUTPUT_UNTIL_SPECIFIED)
        waits = (R.JOB_DELAY_OUTPUT_UNTIL_SPECIFIED,) if delayed_until and job.state is JobState.PENDING else ()
        return replace(wanted, delayed_until=delayed_until, reasons=(*others, *waits))

    async def _held(self, job: Job, until: Until) -> bool:
        """Hold, or end the hold; False: the job moved meanwhile."""
        queue = await self._queue_by_id(job.queue_id)
        hold, ends = self._calendar.hold(until, queue.options.hours, self._now())
        others = tuple(reason for reason in job.reasons if reason not in _OF_TIMES)
        reasons = others if hold is None else (*others, R.JOB_HOLD_UNTIL_SPECIFIED)
        if job.state is JobState.PENDING and hold is None:
            return True
        if job.state is JobState.PENDING_HELD and reasons == (R.JOB_INCOMING,) and job.judged and job.device_id:
            reasons = (R.JOB_DATA_INSUFFICIENT,)  # it waits for its document alone, and need not be held for that
        elif job.state is JobState.PENDING_HELD and reasons:
            wanted = replace(job, hold_until=hold, hold_ends=ends, reasons=reasons)
            return await self._jobs.change(wanted, seen=job)
        event = Event.RELEASE if hold is None else Event.HOLD
        if job.state in AT_DEVICE:
            raise NotPossible(f"job {job.id} is {keyword(job.state)}: it is too late to hold it")
        _check(job, event)
        return await self._jobs.move(Move(job.id, event, reasons, hold_until=hold, hold_ends=ends)) is not None

    async def _claimed(self, job: Job, owner: str) -> bool:
        """False: the job moved meanwhile. A rule that holds it for review says so itself, and holds it on."""
        waited = job.unclaimed and job.message == UNCLAIMED
        reasons = tuple(reason for reason in job.reasons if not waited or reason != R.JOB_HELD_FOR_REVIEW)
        goes = not reasons and job.device_id is not None
        if not await self._jobs.claim(job, owner, reasons if reasons or goes else (R.JOB_HELD_FOR_RELEASE,)):
            return False
        if goes:  # if somebody holds it in this moment, it stays held
            await self._jobs.move(Move(job.id, Event.RELEASE, (), device_id=job.device_id))
        return True

    async def _cancelled(self, job: Job, caller: Caller) -> bool:
        by_operator = caller.operator and caller.name != job.owner
        by, reason = ("operator", R.JOB_CANCELED_BY_OPERATOR) if by_operator else ("user", R.JOB_CANCELED_BY_USER)
        if job.state in AT_DEVICE:
            if R.PROCESSING_TO_STOP_POINT in job.reasons:
                raise NotPossible(f"job {job.id} is being cancelled already")
            return await self._jobs.ask_cancel(job.id, by, (R.PROCESSING_TO_STOP_POINT, reason))
        _check(job, Event.CANCEL)
        return await self._jobs.move(Move(job.id, Event.CANCEL, (reason,))) is not None

    async def _owned(self, job_id: int, caller: Caller) -> Job:
        job = await self.get(job_id, caller)
        if not caller.owns(job.owner):
            raise NotAuthorized(f"job {job_id} belongs to somebody else")
        return job


_OF_TIMES = (R.JOB_HOLD_UNTIL_SPECIFIED, R.JOB_DELAY_OUTPUT_UNTIL_SPECIFIED)

_MOST_AT_ONCE = 1000
"""Jobs that one Cancel-My-Jobs or Cancel-Jobs without job-ids ends; more are ended by asking again."""


def _delays(template: tuple[Attribute, ...]) -> list[Attribute]:
    return [each for each in template if each.name in DELAYS]


def _check(job: Job, event: Event) -> None:
    try:
        after(job.state, event)
    except IllegalMove as error:
        raise NotPossible(f"job {job.id} is {keyword(job.state)}: {error}") from error


def _check_all(owner: str | None, queue_id: int | None, job_ids: Sequence[int], found: Sequence[Job]) -> None:
    good = {
        job.id
        for job in found
        if owner in (None, job.owner)
        and job.state not in TERMINAL
        and R.PROCESSING_TO_STOP_POINT not in job.reasons
        and queue_id in (None, job.queue_id)
    }
    if offenders := [job_id for job_id in job_ids if job_id not in good]:
        listed = ", ".join(map(str, offenders[:20]))
        why = "unknown or ended" if owner is None else "not yours, unknown or ended"
        raise Offenders(f"no job was cancelled: {listed} cannot be ({why})", offenders)


def _restless(job_id: int) -> Unavailable:
    return Unavailable(f"job {job_id} is moving at this moment; try again")
