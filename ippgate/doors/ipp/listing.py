"""Get-Jobs, Cancel-My-Jobs and Cancel-Jobs: operations on many jobs at once (RFC 8011 section 4.2.6, PWG 5100.7)."""

import asyncio
from collections.abc import Collection
from typing import Final

from ippgate.doors.ipp.answer import Answer
from ippgate.doors.ipp.exchange import Exchange
from ippgate.doors.ipp.place import Place
from ippgate.doors.ipp.requested import requested
from ippgate.doors.ipp.uri import is_job_id, uuid_of
from ippgate.doors.ipp.which_jobs import NOT_COMPLETED, STATES, STORED, which_jobs
from ippgate.ipp import Group, IppError, JobState, Status, Tag, encode_group
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.job import Job
from ippgate.model.storage import Access

MAX_LISTED: Final = 1000
"""Jobs in one answer, whatever limit the client sends: half a megabyte when it asks for everything."""

AT_ONCE: Final = 50
"""Jobs that are told before other connections have their turn: about a millisecond."""

USUAL: Final = (A.JOB_URI, A.JOB_ID)
_BAD: Final = Status.CLIENT_ERROR_BAD_REQUEST


async def get_jobs(exchange: Exchange) -> Answer:
    """Jobs of a queue, or of all queues: waiting ones oldest first, then ended ones newest first. At a device: of all
    queues, what whoever stands there may release, and what goes or went there.
    """
    queue = await exchange.queue_or_all()
    queue_id = queue.id if queue else None
    wanted = _job_ids(exchange)
    if wanted is not None:
        jobs = await _named(exchange, queue_id, wanted)
    else:
        jobs = await _filtered(exchange, queue_id)
    jobs = [job for job in jobs if exchange.finds(job)]
    teller = exchange.teller(*(requested(exchange.operation) or USUAL))
    parts = []
    for number, job in enumerate(jobs, 1):
        parts.append(encode_group(Group(Tag.JOB, teller.attributes(job))))
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
    exchange.note_looks(teller)
    return Answer(encoded=b"".join(parts))


async def cancel_my_jobs(exchange: Exchange) -> Answer:
    """The caller's own jobs, or those of them that are named: all or none."""
    queue = await exchange.queue_or_all()
    check_named(exchange, "Cancel-My-Jobs")
    await exchange.services.desk.cancel_mine(exchange.caller, queue.id if queue else None, _job_ids(exchange))
    return Answer()


async def cancel_jobs(exchange: Exchange) -> Answer:
    """Whoever's jobs, for operators: those that are named, all or none, or all of a queue (PWG 5100.7)."""
    exchange.check_operator()
    queue = await exchange.queue_or_all()
    await exchange.services.desk.cancel_all(exchange.caller, queue.id if queue else None, _job_ids(exchange))
    return Answer()


async def _filtered(exchange: Exchange, queue_id: int | None) -> list[Job]:
    if (access := _access(exchange)) is not None:
        return await _stored(exchange, queue_id, access)
    return await (_listed(exchange, queue_id) if exchange.place is None else _listed_at(exchange, exchange.place))


async def _stored(exchange: Exchange, queue_id: int | None, access: Access) -> list[Job]:
    """Stored jobs with this access that are for the caller. One's own stored-owner needs to be known whose that is."""
    operation, asked = exchange.operation, exchange.operation.get(A.JOB_STORAGE_GROUP)
    mine = access is Access.OWNER or bool(operation.boolean(A.MY_JOBS))
    if mine:
        check_named(exchange, "which-jobs stored-owner" if access is Access.OWNER else A.MY_JOBS)
    group = None
    if access is Access.GROUP:
        group = asked.text() if asked is not None else None
        if asked is None or group is None:
            raise IppError(_BAD, "which-jobs stored-group needs job-storage-group: whose jobs are meant?")
        if group not in exchange.groups_of_caller() and not exchange.caller.operator:
            sentence = "job-storage-group has to be a group of your own"
            raise IppError(Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, sentence, [asked])
    owner = exchange.caller.name if mine else None
    return await exchange.services.desk.stored(
        access, owner=owner, group=group, queue_id=queue_id, limit=_limit(exchange)
    )


def _access(exchange: Exchange) -> Access | None:
    """The access that which-jobs asks for, where jobs are stored for it."""
    access = STORED.get(exchange.operation.text(A.WHICH_JOBS) or "")
    return access if access in exchange.room.settings.storage_access else None


async def _listed_at(exchange: Exchange, place: Place) -> list[Job]:
    operation, caller, limit = exchange.operation, exchange.caller, _limit(exchange)
    everybody_s = caller.operator and not operation.boolean(A.MY_JOBS)
    states, owner = _states(exchange), None if everybody_s else caller.name
    others = frozenset() if everybody_s or operation.boolean(A.MY_JOBS) else caller.stands_for
    return await exchange.services.desk.listing_at(place.device.id, states, owner, limit, others)


async def _listed(exchange: Exchange, queue_id: int | None) -> list[Job]:
    operation, fleet, limit = exchange.operation, exchange.services.fleet, _limit(exchange)
    mine = operation.boolean(A.MY_JOBS)
    if mine:
        check_named(exchange, A.MY_JOBS)
    uuid = operation.text(A.OUTPUT_DEVICE_UUID)
    device = await fleet.device_by_uuid(uuid_of(uuid)) if uuid is not None else None
    return await exchange.services.desk.listing(
        queue_id,
        _states(exchange),
        exchange.caller.name if mine else None,
        limit,
        device.id if device else None,
    )


def _limit(exchange: Exchange) -> int:
    limit = exchange.operation.integer(A.LIMIT)
    if limit is not None and limit < 1:
        raise IppError(_BAD, f"limit {limit} is not greater than 0")
    return min(limit or MAX_LISTED, MAX_LISTED)


async def _named(exchange: Exchange, queue_id: int | None, wanted: list[int]) -> list[Job]:
    """job-ids leaves nothing to limit, my-jobs or which-jobs (PWG 5100.7 section 4.1)."""
    if also := [each for each in exchange.operation if each.name in (A.LIMIT, A.MY_JOBS, A.WHICH_JOBS)]:
        sentence = f"job-ids excludes {', '.join(each.name for each in also)}: send one or the other"
        raise IppError(Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES, sentence, also)
    jobs = [job for job in await exchange.services.desk.get_many(wanted) if queue_id in (None, job.queue_id)]
    jobs = [job for job in jobs if exchange.finds(job)]
    found = {job.id for job in jobs}
    if missing := [job_id for job_id in wanted if job_id not in found]:
        sentence = f"there is no job {', '.join(map(str, missing[:10]))} here"
        raise IppError(Status.CLIENT_ERROR_NOT_FOUND, sentence, [attribute(A.JOB_IDS, *missing)])
    return jobs


def _states(exchange: Exchange) -> Collection[JobState]:
    which = exchange.operation.get(A.WHICH_JOBS)
    states = STATES.get((which.text() if which else None) or NOT_COMPLETED)
    if states is None:
        assert which is not None
        supported = which_jobs(exchange.room.settings.storage_access)
        sentence = f"which-jobs {which.text()} is not supported: use {', '.join(supported)}"
        raise IppError(Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED, sentence, [which])
    return states


def _job_ids(exchange: Exchange) -> list[int] | None:
    """job-ids, each once; None if it is absent."""
    asked = exchange.operation.get(A.JOB_IDS)
    if asked is None:
        return None
    wanted = list(dict.fromkeys(asked.integers()))
    if not wanted or not all(map(is_job_id, wanted)):
        raise IppError(_BAD, "job-ids takes numbers greater than 0")
    return wanted


def check_named(exchange: Exchange, what: str) -> None:
    """Raises IppError 0x0400 unless the request says who asks; `what` needs that."""
    if not exchange.named:
        raise IppError(_BAD, f"{what} needs requesting-user-name: whose jobs are meant?")
