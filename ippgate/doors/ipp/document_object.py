"""Operations on the documents of a job (PWG 5100.5), and Validate-Document (PWG 5100.13).

A document has no ticket of its own here, so Document Template attributes are what no document can have: they are named
in the answer, or, where the client insists, the request is refused.
"""

from ippgate.doors.ipp.answer import Answer
from ippgate.doors.ipp.creation import document_of
from ippgate.doors.ipp.document_attributes import DocumentTeller
from ippgate.doors.ipp.exchange import Exchange
from ippgate.doors.ipp.requested import requested
from ippgate.doors.ipp.welcome import check_welcome
from ippgate.intake.changes import MAX_NAME
from ippgate.intake.ticket import not_supported
from ippgate.ipp import NOT_SETTABLE, UNSUPPORTED, Attribute, Group, IppError, Status, Tag
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.syntax import fits, groups_of
from ippgate.model.errors import NotFound
from ippgate.model.job import Document, Job
from ippgate.model.text import cut, plain

USUAL = (A.DOCUMENT_NUMBER,)
_READ_ONLY = frozenset({"Document Status", "Document Description"})


async def get_documents(exchange: Exchange) -> Answer:
    """The documents of a job, in their order, those that were cancelled included."""
    job = await exchange.job()
    limit = exchange.operation.integer(A.LIMIT)
    if limit is not None and limit < 1:
        raise IppError(Status.CLIENT_ERROR_BAD_REQUEST, f"limit {limit} is not greater than 0")
    teller = _teller(exchange, requested(exchange.operation) or USUAL)
    documents = _all_of(job)[:limit]
    return Answer(groups=[Group(Tag.DOCUMENT, teller.attributes(job, each)) for each in documents])


async def get_document_attributes(exchange: Exchange) -> Answer:
    """Anybody may ask; what is private is left out for others."""
    job, document = await _document(exchange)
    teller = _teller(exchange, requested(exchange.operation))
    return Answer(groups=[Group(Tag.DOCUMENT, teller.attributes(job, document))])


async def set_document_attributes(exchange: Exchange) -> Answer:
    """Name a document of a job that waits; all that is asked, or nothing (RFC 3380 section 4.2)."""
    job, document = await _own_document(exchange)
    wishes = _wishes(exchange)
    if not wishes:
        raise IppError(Status.CLIENT_ERROR_BAD_REQUEST, "there is nothing to set: send document attributes")
    _check_settable(wishes)
    unsupported = [wish for wish in wishes if wish.name == A.DOCUMENT_NAME and not (fits(wish) and _cleaned(wish))]
    unsupported += [Attribute(wish.name, (UNSUPPORTED,)) for wish in wishes if wish.name != A.DOCUMENT_NAME]
    if unsupported:
        raise not_supported(unsupported)
    await exchange.services.documents.rename(job.id, document.number, exchange.caller, _cleaned(wishes[0]))
    return Answer()


async def cancel_document(exchange: Exchange) -> Answer:
    """A document of a job that waits is not printed; with the last one left its job is cancelled."""
    job, document = await _own_document(exchange)
    await exchange.services.documents.cancel(job.id, document.number, exchange.caller)
    return Answer()


async def validate_document(exchange: Exchange) -> Answer:
    """Whether Send-Document would be accepted."""
    queue = await exchange.queue()
    check_welcome(exchange, queue)
    document_of(exchange, queue)
    return accepted_without(unsupported_of(exchange))


def unsupported_of(exchange: Exchange) -> list[Attribute]:
    """What the document group asks for and no document can have. Raises IppError where it is insisted on."""
    unsupported = [Attribute(wish.name, (UNSUPPORTED,)) for wish in _wishes(exchange) if wish.name != A.DOCUMENT_NAME]
    if unsupported and exchange.operation.boolean(A.IPP_ATTRIBUTE_FIDELITY):
        raise not_supported(unsupported)
    return unsupported


def accepted_without(unsupported: list[Attribute]) -> Answer:
    """The answer to a request that is done but for that."""
    if not unsupported:
        return Answer()
    sentence = "accepted without what is not possible here: see the unsupported attributes"
    return Answer(Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES, sentence, unsupported)


def _all_of(job: Job) -> list[Document]:
    return sorted((*job.documents, *job.canceled), key=lambda document: document.number)


async def _document(exchange: Exchange) -> tuple[Job, Document]:
    """The document that document-number names. Raises IppError and NotFound."""
    number = _number(exchange)
    job = await exchange.job()
    return job, _of(job, number)


async def _own_document(exchange: Exchange) -> tuple[Job, Document]:
    """One that the caller may touch: of somebody else's job nothing is told."""
    number = _number(exchange)
    job = await exchange.job()
    exchange.check_owns(job)
    check_welcome(exchange, await exchange.services.fleet.queue(job.queue))
    return job, _of(job, number)


def _number(exchange: Exchange) -> int:
    number = exchange.operation.integer(A.DOCUMENT_NUMBER)
    if number is None:
        sentence = "document-number is missing: send the job and the number of one of its documents"
        raise IppError(Status.CLIENT_ERROR_BAD_REQUEST, sentence)
    return number


def _of(job: Job, number: int) -> Document:
    found = next((each for each in _all_of(job) if each.number == number), None)
    if found is None:
        raise NotFound(f"job {job.id} has no document {number}")
    return found


def _teller(exchange: Exchange, asked: tuple[str, ...]) -> DocumentTeller:
    room = exchange.room
    return DocumentTeller(exchange.site, exchange.caller, room.clock(), asked, room.settings.privacy)


def _wishes(exchange: Exchange) -> list[Attribute]:
    """The document group; operation attributes that clients put there are no wishes."""
    group = exchange.message.group(Tag.DOCUMENT) or Group(Tag.DOCUMENT)
    return [wish for wish in group if wish.name == A.DOCUMENT_NAME or "Operation" not in groups_of(wish.name)]


def _check_settable(wishes: list[Attribute]) -> None:
    bad = [
        wish.name for wish in wishes if wish.name != A.DOCUMENT_NAME and _READ_ONLY.intersection(groups_of(wish.name))
    ]
    if bad:
        sentence = f"{', '.join(bad[:5])} cannot be set: of a document only its document-name can"
        offending = [Attribute(name, (NOT_SETTABLE,)) for name in bad]
        raise IppError(Status.CLIENT_ERROR_ATTRIBUTES_NOT_SETTABLE, sentence, offending)


def _cleaned(name: Attribute) -> str:
    return cut(plain(name.text() or "", MAX_NAME), MAX_NAME)
