"""Operations on one job: Get- and Set-Job-Attributes, Hold-, Release-, Resume- and Cancel-Job."""

from typing import Final

from ippgate.doors.ipp.answer import Answer
from ippgate.doors.ipp.exchange import Exchange
from ippgate.doors.ipp.requested import requested
from ippgate.doors.ipp.uri import uuid_of
from ippgate.doors.ipp.welcome import check_welcome
from ippgate.intake.changes import check_said_once, is_late, judge_changes
from ippgate.intake.release_wish import offered_password, without_secrets
from ippgate.ipp import UNSUPPORTED, Attribute, Group, IppError, Status, Tag
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import fits
from ippgate.model.job import Job
from ippgate.model.until import NO_HOLD, Until, hold_of

KEEP: Final = "ippgate-keep-job"
"""Of Release-Job, boolean, the gate's own, for no standard has one: once it is printed the job is held again."""


async def get_job_attributes(exchange: Exchange) -> Answer:
    """Anybody may ask; what is private is left out for others (RFC 8011 section 4.3.4)."""
    job = await exchange.job()
    return Answer(groups=[await exchange.shown(job, *requested(exchange.operation))])


async def set_job_attributes(exchange: Exchange) -> Answer:
    """Change a job that waits: all that is asked, or nothing (RFC 3380 section 4.2). At a device it is changed for what
    that can do.
    """
    job = await _own_job(exchange)
    if not exchange.job_group.attributes:
        raise IppError(Status.CLIENT_ERROR_BAD_REQUEST, "there is nothing to set: send job attributes")
    if exchange.place is None:
        queue = await exchange.services.fleet.queue(job.queue)
    else:
        queue = exchange.place.queue
        check_said_once(exchange.job_group)
        late = [wish for wish in exchange.job_group if is_late(wish)]
        await exchange.services.release.check_changes(job, exchange.place.device, late)
    changes = judge_changes(exchange.job_group, job.template, exchange.capabilities(queue), exchange.room.clock())
    await exchange.services.desk.change(
        job.id,
        exchange.caller,
        template=changes.template,
        name=changes.name,
        priority=changes.priority,
        hold_until=changes.hold_until,
    )
    return Answer()


async def hold_job(exchange: Exchange) -> Answer:
    """Hold a job that waits. A hold that is not possible here becomes an indefinite one (RFC 8011 section 4.3.5)."""
    job = await _own_job(exchange)
    both = [each for each in exchange.operation if each.name in (A.JOB_HOLD_UNTIL, A.JOB_HOLD_UNTIL_TIME)]
    if len(both) > 1:
        sentence = "job-hold-until and job-hold-until-time exclude each other: send one of them"
        raise IppError(Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES, sentence, both)
    until, unsupported = await _hold_until(exchange, job, both[0] if both else None)
    await exchange.services.desk.hold(job.id, exchange.caller, until)
    if not unsupported:
        return Answer()
    sentence = "held until it is released: that hold is not possible here"
    return Answer(Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES, sentence, unsupported)


async def release_job(exchange: Exchange) -> Answer:
    """Let a held job go: to the device that output-device-uuid names (PWG 5100.18), or to the one it is meant for.

    The uuid may be a group's: the gate chooses. At a device it goes there. Job attributes, which no standard has here,
    change the job for this release alone: all of them, or it is refused with
    client-error-attributes-or-values-not-supported. A job that is held for a password goes with job-password and
    job-password-encryption (PWG 5100.11); a wrong one is an invalid value, client-error-bad-request. With
    ippgate-keep-job the job is held again once it is printed. Whoever stands for its owner releases it as themselves.
    """
    job = await exchange.job()
    exchange.check_may_release(job)
    check_welcome(exchange, await exchange.services.fleet.queue(job.queue))
    asked = exchange.operation.text(A.OUTPUT_DEVICE_UUID)
    target = None if asked is None else uuid_of(asked)
    if exchange.place is not None:
        target = exchange.place.only_here(target, exchange.operation.get(A.OUTPUT_DEVICE_UUID))
    password = offered_password(exchange.groups, secure=exchange.site.secure)
    changes = without_secrets(exchange.job_group)
    check_said_once(changes)
    keep = _keep(exchange.operation)
    await exchange.services.release.release(job, exchange.caller, target, changes=changes, password=password, keep=keep)
    return Answer()


def _keep(operation: Group) -> bool:
    """Whether the job is to be kept. Raises IppError 0x0400: that is no boolean."""
    given = operation.get(KEEP)
    if given is None:
        return False
    if len(given.values) != 1 or given.first.tag != Tag.BOOLEAN:
        raise IppError(Status.CLIENT_ERROR_BAD_REQUEST, f"{KEEP} is one boolean", [given])
    return given.first.python is True


async def resume_job(exchange: Exchange) -> Answer:
    """A job that rests at its device goes on there (RFC 3998 section 4.3)."""
    job = await _own_job(exchange)
    await exchange.services.suspension.resume(job.id, exchange.caller.name)
    return Answer()


async def cancel_job(exchange: Exchange) -> Answer:
    """End a job; one at its device ends when the device has said so (RFC 8011 section 4.3.3)."""
    job = await _own_job(exchange)
    await exchange.services.desk.cancel(job.id, exchange.caller)
    return Answer()


async def _own_job(exchange: Exchange) -> Job:
    """A job that the caller may touch."""
    job = await exchange.job()
    exchange.check_owns(job)
    check_welcome(exchange, await exchange.services.fleet.queue(job.queue))
    return job


async def _hold_until(exchange: Exchange, job: Job, asked: Attribute | None) -> tuple[Until | None, list[Attribute]]:
    """Until when; None: indefinitely; and what was asked for but is not possible."""
    if asked is None:
        return None, []
    queue = await exchange.services.fleet.queue(job.queue)
    offer = exchange.capabilities(queue).offer(asked.name)
    if offer is None:
        return None, [Attribute(asked.name, (UNSUPPORTED,))]
    accepted = offer.rule.accepted(asked.first) if fits(asked) else None
    until = hold_of(Group(Tag.OPERATION, [Attribute(asked.name, (accepted,))])) if accepted else None
    return (None, [asked]) if until is None or until == NO_HOLD else (until, [])
