"""Send-Document and Close-Job (RFC 8011 section 4.3.1, PWG 5100.7 section 4.2)."""

from ippgate.doors.ipp.answer import Answer
from ippgate.doors.ipp.body import begun
from ippgate.doors.ipp.creation import CREATED, NO_DOCUMENT, announced, check_declared, document_of
from ippgate.doors.ipp.document_object import accepted_without, unsupported_of
from ippgate.doors.ipp.exchange import Exchange
from ippgate.doors.ipp.welcome import check_welcome
from ippgate.intake.inflate import inflate
from ippgate.ipp import IppError, Status
from ippgate.ipp.registry import attributes as A
from ippgate.model.job import Job


async def send_document(exchange: Exchange) -> Answer:
    """A document of a job made by Create-Job. Without a document and with last-document true, it closes the job."""
    job = await exchange.job()
    queue = await exchange.services.fleet.queue(job.queue)
    check_welcome(exchange, queue)
    last = exchange.operation.boolean(A.LAST_DOCUMENT)
    if last is None and not queue.options.lenient:
        sentence = "last-document is missing: send true with the last document, false with others"
        raise IppError(Status.CLIENT_ERROR_BAD_REQUEST, sentence)
    document, packed = document_of(exchange, queue)
    unsupported = unsupported_of(exchange)
    check_declared(exchange)
    await exchange.services.allowance.check(job.queue_id, job.owner, announced(exchange), jobs=0)
    settings = exchange.room.settings
    raw = await begun(exchange.body)
    if raw is None and not last:
        raise IppError(Status.CLIENT_ERROR_BAD_REQUEST, NO_DOCUMENT)
    if raw is None:
        return await _told(exchange, await exchange.services.intake.close(job.id, exchange.caller))
    body = inflate(raw, packed, settings.max_document, settings.inflate_ratio)
    intake = exchange.services.intake
    job = await intake.add_document(job.id, exchange.caller, document, body, last=bool(last))
    return await _told(exchange, job, accepted_without(unsupported))


async def close_job(exchange: Exchange) -> Answer:
    """No more documents follow."""
    job = await exchange.job()
    check_welcome(exchange, await exchange.services.fleet.queue(job.queue))
    return await _told(exchange, await exchange.services.intake.close(job.id, exchange.caller))


async def _told(exchange: Exchange, job: Job, answer: Answer | None = None) -> Answer:
    answer = answer or Answer()
    answer.groups.append(await exchange.shown(job, *CREATED))
    return answer
