"""What operators ask of a queue as a whole (RFC 8011 sections 4.2.7 and 4.2.8, RFC 3998 sections 3 and 4).

Whoever asks is looked at before the queue: somebody who may not ask learns nothing by it.
"""

from collections.abc import Awaitable, Callable

from ippgate.doors.ipp.answer import Answer
from ippgate.doors.ipp.exchange import Exchange
from ippgate.ipp import IppError, Status
from ippgate.ipp.registry import attributes as A
from ippgate.model.errors import NotPossible
from ippgate.model.queue import Queue


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


async def _switched(exchange: Exchange, switch: Callable[[str, str], Awaitable[Queue]]) -> Answer:
    exchange.check_operator()
    name = exchange.target().queue
    if name is None:
        sentence = "printer-uri names no queue: which one is meant?"
        raise IppError(Status.CLIENT_ERROR_NOT_FOUND, sentence)
    await switch(name, exchange.caller.name)
    return Answer()
