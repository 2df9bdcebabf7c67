"""Release-Job (RFC 8011 section 4.3.6), with output-device-uuid as PWG 5100.18 has it: release and assign in one.

A job goes to a device, or to a group of which the gate chooses one, and may be changed on the way (late binding). The
first who releases it wins: to the same place once more is no error and no effect, to another one is refused.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from uuid import UUID

from ippgate.device.abilities import Abilities
from ippgate.device.fleet import Fleet
from ippgate.ipp import Attribute
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.device import Device
from ippgate.model.errors import NotAuthorized, NotFound, NotPossible, Unavailable
from ippgate.model.group import DeviceGroup
from ippgate.model.job import Caller, Job
from ippgate.model.job_password import JobPassword
from ippgate.model.lifecycle import TERMINAL, Event, keyword
from ippgate.observe import Event as Noted
from ippgate.observe import note
from ippgate.policy import Decision
from ippgate.release.binding import bind, merged
from ippgate.release.choice import Wanted, unbindable
from ippgate.release.fitness import Possible, check_fitness, facts_of, formats_of, obstacle, unconverted
from ippgate.release.guard import Guard
from ippgate.release.ruling import Ruling, overruled
from ippgate.release.target import Target
from ippgate.store.jobs import JobStore, Move

_TRIES = 5  # a job that moves under our hands is looked at again, so many times
_NAMED = 5  # devices that a refusal names as those that could
MAX_KEY = 255
"""Octets of the key of a release."""

Aim = Device | DeviceGroup | None
Template = tuple[Attribute, ...]


async def nobody_stands(_owner: str, _name: str) -> bool:
    """Where there are no delegates."""
    return False


class Release:
    """The service that lets jobs go. wake: called with the device's id once a job may go there; possible: what
    documents can be converted to on their way; stands: whether, for an owner, somebody else may release.
    """

    def __init__(
        self,
        jobs: JobStore,
        fleet: Fleet,
        abilities: Abilities,
        ruling: Ruling,
        guard: Guard,
        wake: Callable[[int], None],
        possible: Possible = unconverted,
        stands: Callable[[str, str], Awaitable[bool]] = nobody_stands,
    ) -> None:
        self._jobs, self._fleet, self._abilities, self._ruling, self._wake = jobs, fleet, abilities, ruling, wake
        self._guard, self._stands = guard, stands
        self._target, self._possible = Target(fleet, abilities, possible), possible

    async def release(
        self,
        job: int | Job,
        caller: Caller,
        device: str | UUID | None = None,
        *,
        group: str | None = None,
        changes: Iterable[Attribute] = (),
        password: JobPassword | None = None,
        keep: bool = False,
        key: str | None = None,
    ) -> Job:
        """Send a held job (its id, or as it was just read) to a device by its name or uuid, or to a group by its name
        or uuid; neither: to the device it is assigned to, or to one of its queue's group. changes: job template
        attributes that are bound now; they last until the job is held again. password: for a job that is held for one.
        keep: once it is printed it is held again, as its owner left it. key: what the caller's client calls this
        release; for a day the same key of the same caller for the same job is the same release, also of a job that was
        kept: it is answered with the job as it is by then, and nothing is printed. What was refused counts for nothing.

        Without any device only the job's own job-hold-until ends; it stays held for release. A job that goes there
        already is left alone. Raises NotFound, NotAuthorized, NotPossible (it goes elsewhere already), DeviceNotReady,
        FormatNotSupported, NotBindable, Forbidden when a rule refuses it, and what its release action asks for (Guard).
        """
        seen, changes = await self._read(job) if isinstance(job, int) else job, tuple(changes)
        once, admitted = _checked(key), False
        for _ in range(_TRIES):
            await self._check_theirs(seen, caller)
            if once is not None and await self._jobs.was_released(seen.id, caller.name, once):
                return await self._read(seen.id)
            _check_releasable(seen)
            if seen.state is not JobState.PENDING_HELD:
                _check_goes_there(seen, await self._aim(seen, device, group, None), changes, keep=keep)
                if once is not None:
                    await self._jobs.remember_release(seen.id, caller.name, once)
                return seen
            arrival = await self._ruling.on_arrival(seen, caller)
            aim = await self._aim(seen, device, group, arrival.send_to if arrival else None)
            if not admitted:
                _check_leads_somewhere(seen, aim, caller, password)
                if aim is not None or not caller.operator:
                    await self._guard.admit(seen, caller, password)
                admitted = True
            released = await self._released(seen, caller, aim, changes, arrival, keep=keep, once=once)
            if released is not None:
                names = " ".join(change.name for change in changes)
                by = {"user": caller.name, "owner": seen.owner}
                note(Noted.JOB_RELEASED, job=seen.id, **by, device=released.device or "", changes=names)
                return released
            seen = await self._read(seen.id)
        raise Unavailable(f"job {seen.id} is moving at this moment; try again")

    async def check_changes(self, job: Job, device: Device, changes: Iterable[Attribute]) -> None:
        """Hold against a device what is to be changed about a job before it is released there. Raises NotBindable."""
        await self._bindable(job, device, tuple(changes))

    async def _released(
        self,
        job: Job,
        caller: Caller,
        aim: Aim,
        changes: Template,
        arrival: Decision | None,
        *,
        keep: bool,
        once: str | None,
    ) -> Job | None:
        if aim is None:
            if changes:
                raise NotPossible("only where a job is printed it can be changed: name a device or a group")
            if keep:
                raise NotPossible("a job is kept where it is printed: name a device or a group")
            return await self._unhold(job)
        if job.incoming and keep:
            raise NotPossible(f"job {job.id} still arrives: print and keep it once its documents are here")
        if job.incoming and not job.documents:
            raise NotPossible(f"job {job.id} has no document yet: send it first")
        if isinstance(aim, DeviceGroup):
            wanted = Wanted(formats_of(job), job.template, changes, facts_of(job))
            device, bound = await self._target.of_group(aim, wanted)
        else:
            device, bound = aim, await self._bound(job, aim, changes)
        template = await self._ruling.at_device(job, device, bound, arrival, caller)
        if lost := overruled(changes, bound, template):
            raise NotPossible(f"a rule does not allow {', '.join(lost)} as it was asked for at {device.name}")
        reasons = (R.JOB_DATA_INSUFFICIENT,) if job.incoming else ()
        going = Move(job.id, Event.RELEASE, reasons, device_id=device.id, keep=keep)
        return await self._go(job, replace(going, released_by=caller.name, once=once), device, template)

    async def _go(self, job: Job, move: Move, device: Device, template: Template) -> Job | None:
        if template != job.template:
            move = replace(move, template=template, made_from=job.template)
        if await self._jobs.move(move) is None:
            return None
        self._wake(device.id)
        going = replace(job, state=JobState.PENDING, reasons=move.reasons, message="", hold_until=None, hold_ends=None)
        going = replace(going, template=template, keeps=move.keep, released_by=move.released_by or "")
        return replace(going, device_id=device.id, device=device.name, device_uuid=device.uuid)

    async def _bound(self, job: Job, device: Device, changes: Template) -> Template:
        """The job's template as this device gets it. Raises DeviceNotReady, FormatNotSupported, NotBindable."""
        check_fitness(job, device, self._possible)
        return await self._bindable(job, device, changes)

    async def _bindable(self, job: Job, device: Device, changes: Template) -> Template:
        binding = bind(job.template, changes, self._abilities.of_device(device), facts_of(job))
        if binding.impossible:
            raise unbindable(device, binding, await self._who_could(job, device, changes))
        return binding.template

    async def _who_could(self, job: Job, other_than: Device, changes: Template) -> str:
        could = [
            device.name
            for device in await self._fleet.devices()
            if device.id != other_than.id
            and obstacle(device, formats_of(job), self._possible) is None
            and not bind(job.template, changes, self._abilities.of_device(device), facts_of(job)).impossible
        ]
        if not could:
            return "; no other device could"
        more = len(could) - _NAMED
        return "; these could: " + ", ".join(could[:_NAMED]) + (f" and {more} more" if more > 0 else "")

    async def _unhold(self, job: Job) -> Job | None:
        reasons = tuple(reason for reason in job.reasons if reason != R.JOB_HOLD_UNTIL_SPECIFIED)
        wanted = replace(job, hold_until=None, hold_ends=None, reasons=reasons or (R.JOB_HELD_FOR_RELEASE,))
        return wanted if await self._jobs.change(wanted, seen=job) else None

    async def _aim(self, job: Job, device: str | UUID | None, group: str | None, sent_to: str | None) -> Aim:
        if device is not None and group is not None:
            raise NotPossible("a job goes to a device or to a group: name one of them")
        if group is not None:
            return await self._fleet.group(group)
        if device is not None:
            return await self._target.named(device)
        if job.device_id is not None:
            return await self._fleet.device_by_id(job.device_id)
        if sent_to is not None:  # a group: a device was assigned on arrival
            return await self._fleet.group(sent_to)
        queue = await self._fleet.queue(job.queue)
        return await self._fleet.group_by_id(queue.group_id) if queue.group_id is not None else None

    async def _check_theirs(self, job: Job, caller: Caller) -> None:
        """Raises NotAuthorized for whoever neither owns the job nor stands, proven, for its owner at this moment."""
        if caller.owns(job.owner):
            return
        if not (caller.proven and await self._stands(job.owner, caller.name)):
            raise NotAuthorized(f"job {job.id} belongs to somebody else")

    async def _read(self, job_id: int) -> Job:
        found = await self._jobs.get([job_id])
        if not found:
            raise NotFound(f"there is no job {job_id}")
        return found[0]


def _checked(key: str | None) -> str | None:
    """Raises NotPossible for what is no key."""
    if key is not None and not (key and key.isprintable() and len(key.encode()) <= MAX_KEY):
        raise NotPossible(f"a release's key is something to see, of {MAX_KEY} octets at most")
    return key


def _check_releasable(job: Job) -> None:
    if job.state in TERMINAL:
        raise NotPossible(f"job {job.id} is {keyword(job.state)}: it cannot be released")
    if job.only_stored:
        raise NotPossible(f"job {job.id} is only stored: print a copy of it (Resubmit-Job)")
    if job.unclaimed:
        raise NotPossible(f"job {job.id} is nobody's yet: an operator gives it to its owner (ippgate job claim)")


def _check_leads_somewhere(job: Job, aim: Aim, caller: Caller, password: JobPassword | None) -> None:
    """A password is good for one release: where that leads nowhere it is not asked for. A hold of its owner's is not
    ended by whoever stands for them.
    """
    if aim is None and not caller.owns(job.owner):
        raise NotPossible(f"job {job.id} has no device to go to: name one (output-device-uuid)")
    if aim is None and password is not None and job.release_action is not None:
        raise NotPossible(f"job {job.id} has no device to go to: name one (output-device-uuid) with its password")


def _check_goes_there(job: Job, aim: Aim, changes: Template, *, keep: bool) -> None:
    """The second who releases a job: to the same place it is done already, to another one it is too late."""
    there = aim is None or job.device_id in (aim.members if isinstance(aim, DeviceGroup) else (aim.id,))
    if not there and aim is not None:
        raise NotPossible(f"job {job.id} is on its way to {job.device} already: it cannot go to {aim.name} as well")
    if keep and not job.keeps:
        raise NotPossible(f"job {job.id} is on its way to {job.device} already: it is too late to keep it")
    if merged(job.template, changes) != job.template:
        raise NotPossible(f"job {job.id} is on its way to {job.device} already: it is too late to change it")
