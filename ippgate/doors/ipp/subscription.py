"""Operations on subscriptions (RFC 3995 section 11): create, look at, renew, cancel.

Anybody may subscribe to a printer: what is told is what Get-Jobs and Get-Printer-Attributes tell anybody, and there
are bounds. A subscription is its owner's and operators' alone: others are shown nothing of it.
"""

from typing import Final

from ippgate.doors.ipp import quick
from ippgate.doors.ipp.answer import Answer
from ippgate.doors.ipp.exchange import Exchange
from ippgate.doors.ipp.listing import check_named
from ippgate.doors.ipp.requested import ALL, requested
from ippgate.doors.ipp.subscribing import answered, possible, unmade, wishes_of
from ippgate.doors.ipp.subscription_attributes import told
from ippgate.doors.ipp.uri import is_job_id
from ippgate.ipp import UNSUPPORTED, Attribute, Group, IppError, Status, Tag
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.validate import operation_name
from ippgate.model.errors import NotAuthorized, NotFound
from ippgate.model.job import Job
from ippgate.notice.wish import lease_of

USUAL: Final = (A.NOTIFY_SUBSCRIPTION_ID,)
_BAD: Final = Status.CLIENT_ERROR_BAD_REQUEST
_IGNORED: Final = Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES


async def create_printer_subscriptions(exchange: Exchange) -> Answer:
    """Subscriptions that last as long as their leases."""
    queue = await exchange.queue()
    misplaced = exchange.operation.get(A.NOTIFY_JOB_ID)
    unsupported = [Attribute(misplaced.name, (UNSUPPORTED,))] if misplaced else []
    return await _created(exchange, queue.id, None, unsupported)


async def create_job_subscriptions(exchange: Exchange) -> Answer:
    """Subscriptions that last as long as a job that has not ended."""
    job = await _job(exchange)
    if not exchange.caller.owns(job.owner):
        raise NotAuthorized(f"job {job.id} belongs to somebody else")
    return await _created(exchange, job.queue_id, job.id, [])


async def get_subscriptions(exchange: Exchange) -> Answer:
    """The subscriptions of a job, or else of printers, that the caller may see."""
    queue, operation = await exchange.queue_or_all(), exchange.operation
    job = await _job(exchange) if A.NOTIFY_JOB_ID in operation else None
    limit, mine = operation.integer(A.LIMIT), bool(operation.boolean(A.MY_SUBSCRIPTIONS))
    if limit is not None and limit < 1:
        raise IppError(_BAD, f"limit {limit} is not greater than 0")
    if mine:
        check_named(exchange, A.MY_SUBSCRIPTIONS)
    found = await exchange.services.notices.listing(
        None if job or queue is None else queue.id, job.id if job else None, exchange.caller, mine=mine, limit=limit
    )
    at, asked = exchange.room.clock(), requested(operation) or USUAL
    return Answer(groups=[told(each, at, asked) for each in found])


async def get_subscription_attributes(exchange: Exchange) -> Answer:
    """One subscription, for its owner."""
    subscription = await exchange.services.notices.get(await _named(exchange), exchange.caller)
    asked = requested(exchange.operation) or (ALL,)
    return Answer(groups=[told(subscription, exchange.room.clock(), asked)])


async def renew_subscription(exchange: Exchange) -> Answer:
    """Another lease from now. Its duration comes in a group of its own; CUPS puts it among the operation attributes."""
    subscription_id = await _named(exchange)
    group = exchange.message.group(Tag.SUBSCRIPTION) or exchange.operation
    asked = group.get(A.NOTIFY_LEASE_DURATION)
    lease = lease_of(asked.integer() if asked else None, exchange.room.settings.notices)
    await exchange.services.notices.renew(subscription_id, exchange.caller, lease)
    answer = Answer(groups=[Group(Tag.SUBSCRIPTION, [quick.integer(A.NOTIFY_LEASE_DURATION, lease)])])
    if asked is not None and asked.integer() != lease:
        answer.status, answer.unsupported = _IGNORED, [asked]
        answer.message = f"the lease is {lease} seconds: see notify-lease-duration-supported"
    return answer


async def cancel_subscription(exchange: Exchange) -> Answer:
    """It is gone at once, and what was not fetched with it."""
    await exchange.services.notices.cancel(await _named(exchange), exchange.caller)
    return Answer()


async def _created(exchange: Exchange, queue_id: int, job_id: int | None, unsupported: list[Attribute]) -> Answer:
    wishes = wishes_of(exchange, of_job=job_id is not None)
    if not wishes:
        name = operation_name(exchange.message.code)
        raise IppError(_BAD, f"{name} without a group of subscription attributes asks for nothing: send one")
    made = await exchange.services.notices.subscribe(queue_id, exchange.caller, possible(wishes), job_id)
    groups, lacking = answered(wishes, made)
    status = _IGNORED if unsupported else Status.SUCCESSFUL_OK
    if not lacking:
        return Answer(status, "", unsupported, groups)
    status = Status.SUCCESSFUL_OK_IGNORED_SUBSCRIPTIONS if made else Status.CLIENT_ERROR_IGNORED_ALL_SUBSCRIPTIONS
    return Answer(status, unmade(lacking, len(wishes)), unsupported, groups)


async def _named(exchange: Exchange) -> int:
    """notify-subscription-id. Raises IppError, and NotFound for a queue that is not there."""
    await exchange.queue_or_all()
    subscription_id = exchange.operation.integer(A.NOTIFY_SUBSCRIPTION_ID)
    if subscription_id is None:
        raise IppError(_BAD, f"{A.NOTIFY_SUBSCRIPTION_ID} is missing: which subscription is meant?")
    if not is_job_id(subscription_id):
        raise NotFound(f"there is no subscription {subscription_id}")
    return subscription_id


async def _job(exchange: Exchange) -> Job:
    """The job that notify-job-id names. Raises IppError and NotFound."""
    queue, job_id = await exchange.queue_or_all(), exchange.operation.integer(A.NOTIFY_JOB_ID)
    if job_id is None:
        raise IppError(_BAD, f"{A.NOTIFY_JOB_ID} is missing: which job is meant?")
    if not is_job_id(job_id):
        raise NotFound(f"there is no job {job_id}")
    job = await exchange.services.desk.get(job_id, exchange.caller)
    if queue is not None and queue.id != job.queue_id:
        raise NotFound(f"there is no job {job_id} in {queue.name}")
    return job
