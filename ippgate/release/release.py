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

    async def release(self, job_id: int, caller: Caller, device: str | UUID | None = None) -> Job:
        """Send a held job to a device, by its name or uuid; None: to the device it is assigned to.

        Without any device only the job's own job-hold-until ends; it stays held for release. A job that goes already is
        left alone. Raises NotFound, NotAuthorized, NotPossible, DeviceNotReady, FormatNotSupported.
        """
        for _ in range(_TRIES):
            job = await self._owned(job_id, caller)
            if job.state in TERMINAL:
                raise NotPossible(f"job {job_id} is {keyword(job.state)}: it cannot be released")
            if job.state is not JobState.PENDING_HELD:
                return job
            target = await self._target(job, device)
            done = await self._unhold(job) if target is None else await self._go(job, target)
            if done:
                note(Noted.JOB_RELEASED, job=job_id, user=caller.name, device=target.name if target else "")
                return (await self._jobs.get([job_id]))[0]
        raise Unavailable(f"job {job_id} is moving at this moment; try again")

    async def _go(self, job: Job, device: Device) -> bool:
        if job.incoming and not job.documents:
            raise NotPossible(f"job {job.id} has no document yet: send it first")
        check_fitness(job, device)
        reasons = (R.JOB_DATA_INSUFFICIENT,) if job.incoming else ()
        moved = await self._jobs.move(Move(job.id, Event.RELEASE, reasons, device_id=device.id))
        if moved is not None:
            self._wake(device.id)
        return moved is not None

    async def _unhold(self, job: Job) -> bool:
        reasons = tuple(reason for reason in job.reasons if reason != R.JOB_HOLD_UNTIL_SPECIFIED)
        wanted = replace(job, hold_until=None, reasons=reasons or (R.JOB_HELD_FOR_RELEASE,))
        return await self._jobs.change(wanted, seen=job)

    async def _target(self, job: Job, device: str | UUID | None) -> Device | None:
        if isinstance(device, UUID):
            return await self._fleet.device_by_uuid(device)
        if device is not None:
            return await self._fleet.device(device)
        return await self._fleet.device_by_id(job.device_id) if job.device_id is not None else None

    async def _owned(self, job_id: int, caller: Caller) -> Job:
        found = await self._jobs.get([job_id])
        if not found:
            raise NotFound(f"there is no job {job_id}")
        if not caller.owns(found[0].owner):
            raise NotAuthorized(f"job {job_id} belongs to somebody else")
        return found[0]
