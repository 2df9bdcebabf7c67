"""Release-Job (RFC 8011 section 4.3.6), with output-device-uuid as PWG 5100.18 has it: release and assign in one."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from ippgate.device.fleet import Fleet
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.device import Device
from ippgate.model.errors import NotAuthorized, NotFound, NotPossible, Unavailable
from ippgate.model.job import Caller, Job
from ippgate.model.lifecycle import TERMINAL, Event, keyword
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.release.fitness import check_fitness
from ippgate.store.jobs import JobStore, Move

_TRIES = 5  # a job that moves under our hands is looked at again, so many times


class Release:
    """The service that lets jobs go. wake: called with the device's id once a job may go there."""

    def __init__(self, jobs: JobStore, fleet: Fleet, wake: Callable[[int], None]) -> None:
        self._jobs, self._fleet, self._wake = jobs, fleet, wake

    async def release(self, job: int | Job, caller: Caller, device: str | UUID | None = None) -> Job:
        """Send a held job (its id, or as it was just read) to a device, by its name or uuid; None: to the device it is
        assigned to.

        Without any device only the job's own job-hold-until ends; it stays held for release. A job that goes already is
        left alone. Raises NotFound, NotAuthorized, NotPossible, DeviceNotReady, FormatNotSupported.
        """
        seen = await self._read(job) if isinstance(job, int) else job
        for _ in range(_TRIES):
            _check_releasable(seen, caller)
            if seen.state is not JobState.PENDING_HELD:
                return seen
            target = await self._target(seen, device)
            released = await self._unhold(seen) if target is None else await self._go(seen, target)
            if released is not None:
                note(Noted.JOB_RELEASED, job=seen.id, user=caller.name, device=target.name if target else "")
                return released
            seen = await self._read(seen.id)
        raise Unavailable(f"job {seen.id} is moving at this moment; try again")

    async def _go(self, job: Job, device: Device) -> Job | None:
        if job.incoming and not job.documents:
            raise NotPossible(f"job {job.id} has no document yet: send it first")
        check_fitness(job, device)
        reasons = (R.JOB_DATA_INSUFFICIENT,) if job.incoming else ()
        if await self._jobs.move(Move(job.id, Event.RELEASE, reasons, device_id=device.id)) is None:
            return None
        self._wake(device.id)
        going = replace(job, state=JobState.PENDING, reasons=reasons, message="", hold_until=None)
        return replace(going, device_id=device.id, device=device.name, device_uuid=device.uuid)

    async def _unhold(self, job: Job) -> Job | None:
        reasons = tuple(reason for reason in job.reasons if reason != R.JOB_HOLD_UNTIL_SPECIFIED)
        wanted = replace(job, hold_until=None, reasons=reasons or (R.JOB_HELD_FOR_RELEASE,))
        return wanted if await self._jobs.change(wanted, seen=job) else None

    async def _target(self, job: Job, device: str | UUID | None) -> Device | None:
        if isinstance(device, UUID):
            return await self._fleet.device_by_uuid(device)
        if device is not None:
            return await self._fleet.device(device)
        return await self._fleet.device_by_id(job.device_id) if job.device_id is not None else None

    async def _read(self, job_id: int) -> Job:
        found = await self._jobs.get([job_id])
        if not found:
            raise NotFound(f"there is no job {job_id}")
        return found[0]


def _check_releasable(job: Job, caller: Caller) -> None:
    if not caller.owns(job.owner):
        raise NotAuthorized(f"job {job.id} belongs to somebody else")
    if job.state in TERMINAL:
        raise NotPossible(f"job {job.id} is {keyword(job.state)}: it cannot be released")
