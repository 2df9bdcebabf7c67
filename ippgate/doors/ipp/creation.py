"""Print-Job, Validate-Job and Create-Job (RFC 8011 sections 4.2.1, 4.2.3 and 4.2.4): the same checks, three ends; and
Resubmit-Job (PWG 5100.7), which creates a job of another one.
"""

from collections.abc import Sequence
from typing import Final

from ippgate.doors.ipp.answer import Answer
from ippgate.doors.ipp.body import begun
from ippgate.doors.ipp.description import max_k_octets
from ippgate.doors.ipp.exchange import Exchange
from ippgate.doors.ipp.subscribing import answered, possible, tried, unmade, wishes_of
from ippgate.doors.ipp.welcome import check_welcome
from ippgate.intake.inflate import Compression, inflate, too_large
from ippgate.intake.release_wish import ReleaseWish, release_wish, wish_of_copy
from ippgate.intake.resubmission import check_copyable, copied
from ippgate.intake.storage_wish import storage_asked, storage_wish
from ippgate.intake.ticket import Ticket, compression, document_format, judge, not_supported
from ippgate.ipp import Group, IppError, Status
from ippgate.ipp.registry import attributes as A
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.model.queue import Queue
from ippgate.model.storage import Storage
from ippgate.notice.wish import Wish

UNTITLED: Final = "untitled"
NO_DOCUMENT: Final = "the request carries no document: send its octets after the attributes"

CREATED: Final = (A.JOB_URI, A.JOB_ID, A.JOB_STATE, A.JOB_STATE_REASONS, A.JOB_STATE_MESSAGE)
"""What a creation answers (RFC 8011 section 4.2.1.2)."""


async def print_job(exchange: Exchange) -> Answer:
    """A job and its document in one request."""
    queue = await _queue(exchange)
    document, packed = document_of(exchange, queue)
    ticket, wish = ticket_of(exchange, queue), wish_of(exchange, queue)
    subscriptions = wishes_of(exchange, of_job=True)
    storage_of(exchange)
    check_declared(exchange)
    await exchange.services.allowance.check(queue.id, exchange.caller.name, announced(exchange))
    settings = exchange.room.settings
    body = await begun(inflate(exchange.body, packed, settings.max_document, settings.inflate_ratio))
    if body is None:
        raise IppError(Status.CLIENT_ERROR_BAD_REQUEST, NO_DOCUMENT)
    new = _new(exchange, queue, ticket, wish, subscriptions)
    job = await exchange.services.intake.submit(queue, new, document, body)
    return await created(exchange, job, ticket, subscriptions)


async def validate_job(exchange: Exchange) -> Answer:
    """Whether Print-Job would be accepted."""
    queue = await _queue(exchange)
    document_of(exchange, queue)
    ticket = ticket_of(exchange, queue)
    wish_of(exchange, queue)
    storage_of(exchange)
    answer = Answer(ticket.status, _sentence(ticket), ticket.unsupported)
    return _subscribed(answer, *tried(wishes_of(exchange, of_job=True)))


async def create_job(exchange: Exchange) -> Answer:
    """A job whose document follows with Send-Document."""
    queue = await _queue(exchange)
    document_of(exchange, queue)
    ticket, wish = ticket_of(exchange, queue), wish_of(exchange, queue)
    subscriptions = wishes_of(exchange, of_job=True)
    job = await exchange.services.intake.create(queue, _new(exchange, queue, ticket, wish, subscriptions))
    return await created(exchange, job, ticket, subscriptions)


async def resubmit_job(exchange: Exchange) -> Answer:
    """A copy of an ended job whose documents are kept, asked for anew where the request says so (PWG 5100.7). Of a job
    that is stored for others they make copies of their own (PWG 5100.11).
    """
    source = await exchange.job()
    open_to = exchange.is_for_them(source)
    if not open_to:
        exchange.check_owns(source)
    queue = await exchange.services.fleet.queue(source.queue)
    check_welcome(exchange, queue)
    check_copyable(source, exchange.caller, open_to=open_to)
    if (stored := storage_asked(exchange.groups)) is not None:
        raise not_supported([stored])
    ticket = ticket_of(exchange, queue, copy=True)
    template = copied(source.template, ticket, exchange.capabilities(queue), exchange.room.clock())
    caller, name = exchange.caller, exchange.text(A.JOB_NAME) or source.name
    if theirs := not caller.owns(source.owner):
        exchange.check_may_print(queue)
    priority = ticket.priority if A.JOB_PRIORITY in exchange.job_group else source.priority
    asked = wish_of(exchange, queue)
    wish = wish_of_copy(exchange.groups, source.release_action, asked, by_operator=caller.operator)
    new = NewJob(
        *(queue.id, caller.name if theirs else source.owner, name, caller.host, template, priority, ticket.hold_until),
        release_action=wish.action,
        password=wish.password,
        said=caller.said if theirs and caller.said != caller.name else "",
        unclaimed=theirs and caller.unclaimed,
    )
    job = await exchange.services.resubmission.resubmit(source, caller, queue, new, open_to=open_to)
    return await created(exchange, job, ticket)


def document_of(exchange: Exchange, queue: Queue) -> tuple[NewDocument, Compression]:
    """The document that is announced, and how it is packed. Raises IppError."""
    capabilities = exchange.capabilities(queue)
    packed = compression(exchange.operation, capabilities)
    document = NewDocument(document_format(exchange.operation, capabilities), exchange.text(A.DOCUMENT_NAME))
    return document, packed


def ticket_of(exchange: Exchange, queue: Queue, *, copy: bool = False) -> Ticket:
    """What is asked of the job, and what whoever prints prefers where it is not said. copy: of another job, which has
    said it. Raises IppError.
    """
    able, upper = exchange.capabilities(queue), max_k_octets(exchange.room.settings)
    preferred = () if copy else exchange.services.people.preferences(exchange.caller.name)
    return judge(exchange.operation, exchange.job_group, able, upper, exchange.room.clock(), preferred)


def wish_of(exchange: Exchange, queue: Queue) -> ReleaseWish:
    """How the job is to be released. Raises IppError."""
    return release_wish(
        exchange.groups,
        secure=exchange.site.secure,
        repertoire=queue.options.password_repertoire,
        default=queue.options.release_action.action,
    )


def storage_of(exchange: Exchange) -> Storage | None:
    """How the job is to be kept. Raises IppError."""
    return storage_wish(
        exchange.groups,
        offered=exchange.room.settings.storage_access,
        own_groups=exchange.groups_of_caller(),
        unclaimed=exchange.caller.unclaimed,
    )


def check_declared(exchange: Exchange) -> None:
    """A document that is announced to be too large is not read at all (SECURITY S16). Raises TooLarge."""
    settings = exchange.room.settings
    if exchange.declared is not None and exchange.declared > settings.max_document + settings.limits.header_octets:
        raise too_large(settings.max_document)


def announced(exchange: Exchange) -> int:
    """Octets that the document has at least, as far as they were announced: a compressed one only grows."""
    if exchange.declared is None:
        return 0
    return max(0, exchange.declared - exchange.room.settings.limits.header_octets)


async def created(exchange: Exchange, job: Job, ticket: Ticket, wishes: Sequence[Wish] = ()) -> Answer:
    """The answer that names the new job, and the subscriptions that were made with it."""
    told = await exchange.shown(job, *CREATED)
    answer = Answer(ticket.status, _sentence(ticket), ticket.unsupported, [told])
    if not wishes:
        return answer
    made = await exchange.services.notices.of_new_job(job.id) if possible(wishes) else []
    return _subscribed(answer, *answered(wishes, made))


def _subscribed(answer: Answer, groups: Sequence[Group], lacking: int) -> Answer:
    """A job is made whatever becomes of its subscriptions; that some were not is told first (RFC 3995 12.1)."""
    answer.groups += groups
    if lacking:
        answer.status = Status.SUCCESSFUL_OK_IGNORED_SUBSCRIPTIONS
        answer.message = "; ".join(filter(None, (unmade(lacking, len(groups)), answer.message)))
    return answer


async def _queue(exchange: Exchange) -> Queue:
    """The queue that takes the job of whoever asks. Raises NotFound and Forbidden."""
    queue = await exchange.queue()
    check_welcome(exchange, queue)
    exchange.check_may_print(queue)
    return queue


def _new(exchange: Exchange, queue: Queue, ticket: Ticket, wish: ReleaseWish, wishes: Sequence[Wish]) -> NewJob:
    name = exchange.text(A.JOB_NAME) or exchange.text(A.DOCUMENT_NAME, UNTITLED)
    caller = exchange.caller
    return NewJob(
        queue.id,
        caller.name,
        name,
        caller.host,
        ticket.template,
        ticket.priority,
        ticket.hold_until,
        release_action=wish.action,
        password=wish.password,
        said=caller.said if caller.said != caller.name else "",
        unclaimed=caller.unclaimed,
        storage=storage_of(exchange),
        subscriptions=possible(wishes),
    )


def _sentence(ticket: Ticket) -> str:
    if not ticket.unsupported:
        return ""
    return "accepted without what is not possible here: see the unsupported attributes"
