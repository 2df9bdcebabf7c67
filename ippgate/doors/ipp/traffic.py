"""What operators ask of a queue as a whole, and in which order its jobs go (RFC 8011 sections 4.2.7 and 4.2.8, RFC 3998
sections 3 and 4).

Whoever asks is looked at before the queue: somebody who may not ask learns nothing by it.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from ippgate.doors.ipp.answer import Answer
from ippgate.doors.ipp.exchange import Exchange
from ippgate.doors.ipp.uri import is_job_id
from ippgate.ipp import IppError, Status, Tag
from ippgate.ipp.registry import attributes as A
from ippgate.model.errors import NotPossible
from ippgate.model.queue import Queue

PREDECESSOR_JOB_ID: Final = "predecessor-job-id"
"""An operation attribute of RFC 3998 that the registry leaves out."""


async def pause_printer(exchange: Exchange) -> Answer:
    """No job begins to go to a device; what is being sent goes on."""
    return await _switched(exchange, exchange.services.traffic.pause)


async def resume_printer(exchange: Exchange) -> Answer:
    """Jobs go again."""
    return await _switched(exchange, exchange.services.traffic.resume)


async def enable_printer(exchange: Exchange) -> Answer:
    """The queue takes jobs."""
    return await _switched(exchange, exchange.services.traffic.enable)


async def disable_printer(exchange: Exchange) -> Answer:
    """The queue takes none; Validate-Job and Send-Document work on."""
    return await _switched(exchange, exchange.services.traffic.disable)


async def hold_new_jobs(exchange: Exchange) -> Answer:
    """Jobs that come from now on wait."""
    return await _switched(exchange, exchange.services.traffic.hold_new)


async def release_held_new_jobs(exchange: Exchange) -> Answer:
    """They wait no longer, nor do those that come."""
    return await _switched(exchange, exchange.services.traffic.take_new)


async def cancel_current_job(exchange: Exchange) -> Answer:
    """The job that its device prints; with job-id only if it is that one (RFC 3998 section 4.2)."""
    exchange.check_operator()
    queue = await exchange.queue()
    current, asked = await exchange.services.traffic.current(queue), exchange.operation.integer(A.JOB_ID)
    if asked not in (None, current):
        raise NotPossible(f"job {asked} is not the one that is printed at this moment")
    await exchange.services.desk.cancel(current, exchange.caller)
    return Answer()


async def suspend_current_job(exchange: Exchange) -> Answer:
    """The job that its device prints rests there, if the device can do that; with job-id only if it is at a device."""
    exchange.check_operator()
    queue = await exchange.queue()
    asked = exchange.operation.integer(A.JOB_ID)
    current = await exchange.services.traffic.current(queue) if asked is None else (await exchange.job()).id
    await exchange.services.suspension.suspend(current, exchange.caller.name)
    return Answer()


async def promote_job(exchange: Exchange) -> Answer:
    """A pending job is the next to go to its device."""
    exchange.check_operator()
    job = await exchange.job()
    await exchange.services.traffic.schedule(job.id, None, exchange.caller.name)
    return Answer()


async def schedule_job_after(exchange: Exchange) -> Answer:
    """A pending job goes right after another; after none: it is the next (RFC 3998 section 4.4)."""
    exchange.check_operator()
    job = await exchange.job()
    given = exchange.operation.get(PREDECESSOR_JOB_ID)
    after = given.integer() if given is not None else None
    if given is not None and (len(given.values) > 1 or given.first.tag != Tag.INTEGER or not is_job_id(after)):
        sentence = f"{PREDECESSOR_JOB_ID} is one number greater than 0: that of the job to come after"
        raise IppError(Status.CLIENT_ERROR_BAD_REQUEST, sentence, [given])
    await exchange.services.traffic.schedule(job.id, after, exchange.caller.name)
    return Answer()


async def _switched(exchange: Exchange, switch: Callable[[str, str], Awaitable[Queue]]) -> Answer:
    exchange.check_operator()
    queue = await exchange.named_queue()
    await switch(queue.name, exchange.caller.name)
    return Answer()
