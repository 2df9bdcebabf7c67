"""Each situation that the standards have a status for, as one request, and that status exactly (IPP.md section 6.3).

A connection goes on after every one of them.
"""

import gzip
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from ippgate.doors.settings import DoorSettings
from ippgate.ipp import Attribute, Operation, Status, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model import errors
from tests.unit.doors.client import message_of, post, sentence_of, status_of
from tests.unit.doors.gate import ALICE, BOB, FOLLOWME, Gate

PDF = b"%PDF-1.7 a page"
LAST, FIDELITY = attribute(A.LAST_DOCUMENT, True), attribute(A.IPP_ATTRIBUTE_FIDELITY, True)
JOB = attribute(A.JOB_ID, 1)
PRINT, GET = Operation.PRINT_JOB, Operation.GET_PRINTER_ATTRIBUTES
MANY_COPIES = attribute(A.COPIES, 30_000)


def meanwhile(error: Exception) -> Callable[[Gate], None]:
    """The service refuses whatever is asked next."""

    def prepare(gate: Gate) -> None:
        gate.memory.failure = error

    return prepare


def rejecting(gate: Gate) -> None:
    gate.memory.all_queues[0] = replace(gate.memory.all_queues[0], accepting=False)


def unchanged(_gate: Gate) -> None:
    return


def asking(code: int, *operation: Attribute, job: tuple[Attribute, ...] = (), user: Attribute = ALICE) -> bytes:
    return message_of(code, FOLLOWME, user, *operation, job=job)


@dataclass(frozen=True, slots=True)
class Case:
    """A gate holds job 1 of alice, whose document is here; then `prepare`, then the request."""

    request: bytes
    status: Status
    prepare: Callable[[Gate], None] = unchanged


def gzipped(octets: bytes) -> bytes:
    return asking(PRINT, attribute(A.COMPRESSION, "gzip")) + octets


S = Status
CASES: dict[str, Case] = {
    "a required operation attribute is missing": Case(
        asking(Operation.SEND_DOCUMENT, JOB) + PDF, S.CLIENT_ERROR_BAD_REQUEST
    ),
    "what rules forbid": Case(asking(PRINT) + PDF, S.CLIENT_ERROR_FORBIDDEN, meanwhile(errors.Forbidden("no"))),
    "an operator's operation by nobody": Case(asking(Operation.PAUSE_PRINTER), S.CLIENT_ERROR_NOT_AUTHENTICATED),
    "somebody else's job": Case(asking(Operation.CANCEL_JOB, JOB, user=BOB), S.CLIENT_ERROR_NOT_AUTHORIZED),
    "the job's state forbids it": Case(asking(Operation.SEND_DOCUMENT, JOB, LAST) + PDF, S.CLIENT_ERROR_NOT_POSSIBLE),
    "the client was silent too long": Case(
        asking(Operation.CLOSE_JOB, JOB), S.CLIENT_ERROR_TIMEOUT, meanwhile(errors.TimedOut("too long"))
    ),
    "a job that is not there": Case(
        asking(Operation.GET_JOB_ATTRIBUTES, attribute(A.JOB_ID, 99)), S.CLIENT_ERROR_NOT_FOUND
    ),
    "a document that is too large": Case(asking(PRINT) + bytes(70_000), S.CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE),
    "a value of 32,767 octets": Case(
        asking(GET, Attribute(A.REQUESTED_ATTRIBUTES, (Value(Tag.KEYWORD, b"x" * 32_767),))),
        S.CLIENT_ERROR_REQUEST_VALUE_TOO_LONG,
    ),
    "an unknown attribute of 32,767 octets": Case(
        asking(GET, Attribute("x-octets", (Value(Tag.OCTET_STRING, b"x" * 32_767),))),
        S.CLIENT_ERROR_REQUEST_VALUE_TOO_LONG,
    ),
    "a format that cannot be printed": Case(
        asking(PRINT, attribute(A.DOCUMENT_FORMAT, "application/x-nobody")) + PDF,
        S.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED,
    ),
    "a wish that is insisted on": Case(
        asking(PRINT, FIDELITY, job=(MANY_COPIES,)) + PDF, S.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
    ),
    "the same wish, not insisted on": Case(
        asking(PRINT, job=(MANY_COPIES,)) + PDF, S.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
    ),
    "an operation attribute with a value that is not supported": Case(
        asking(Operation.GET_JOBS, attribute(A.WHICH_JOBS, "saved")), S.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
    ),
    "job-k-octets beyond what is supported": Case(
        asking(PRINT, attribute(A.JOB_K_OCTETS, 2**31 - 1)) + PDF, S.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
    ),
    "a scheme that nobody prints by": Case(
        message_of(GET, attribute(A.PRINTER_URI, "ftp://gate/ipp/print/followme")),
        S.CLIENT_ERROR_URI_SCHEME_NOT_SUPPORTED,
    ),
    "wishes that exclude each other": Case(
        asking(Operation.GET_JOBS, attribute(A.JOB_IDS, 1), attribute(A.LIMIT, 1)),
        S.CLIENT_ERROR_CONFLICTING_ATTRIBUTES,
    ),
    "a compression that is not known": Case(
        asking(PRINT, attribute(A.COMPRESSION, "compress")) + PDF, S.CLIENT_ERROR_COMPRESSION_NOT_SUPPORTED
    ),
    "gzip that was cut": Case(gzipped(gzip.compress(PDF * 100)[:-9]), S.CLIENT_ERROR_COMPRESSION_ERROR),
    "gzip with something after its end": Case(gzipped(gzip.compress(PDF) + b"more"), S.CLIENT_ERROR_COMPRESSION_ERROR),
    "what is no gzip at all": Case(gzipped(PDF), S.CLIENT_ERROR_COMPRESSION_ERROR),
    "an attribute that nobody may set": Case(
        asking(Operation.SET_JOB_ATTRIBUTES, JOB, job=(attribute(A.JOB_STATE, 9),)),
        S.CLIENT_ERROR_ATTRIBUTES_NOT_SETTABLE,
    ),
    "an operation that nobody knows": Case(asking(0x3FFF), S.SERVER_ERROR_OPERATION_NOT_SUPPORTED),
    "an operation that is refused on purpose": Case(
        asking(Operation.PRINT_URI, attribute(A.DOCUMENT_URI, "http://169.254.169.254/")),
        S.SERVER_ERROR_OPERATION_NOT_SUPPORTED,
    ),
    "a version that is not spoken": Case(
        message_of(GET, FOLLOWME, version=(3, 0)), S.SERVER_ERROR_VERSION_NOT_SUPPORTED
    ),
    "the database is away": Case(
        asking(PRINT) + PDF, S.SERVER_ERROR_TEMPORARY_ERROR, meanwhile(errors.Unavailable("away"))
    ),
    "the queue takes nothing": Case(asking(PRINT) + PDF, S.SERVER_ERROR_NOT_ACCEPTING_JOBS, rejecting),
    "the spool is full": Case(asking(PRINT) + PDF, S.SERVER_ERROR_BUSY, meanwhile(errors.SpoolFull("full"))),
    "too much at once": Case(asking(PRINT) + PDF, S.SERVER_ERROR_BUSY, meanwhile(errors.Busy("busy"))),
    "too many jobs": Case(asking(PRINT) + PDF, S.SERVER_ERROR_TOO_MANY_JOBS, meanwhile(errors.TooManyJobs("many"))),
    "a defect": Case(asking(PRINT) + PDF, S.SERVER_ERROR_INTERNAL_ERROR, meanwhile(RuntimeError("a bug"))),
}


@pytest.mark.parametrize("name", CASES)
async def test_each_situation_has_its_status_and_the_connection_goes_on(name: str) -> None:
    case = CASES[name]
    async with Gate(DoorSettings(port=0, max_document=65_536)) as gate, gate.client() as client:
        await gate.print(PDF)
        case.prepare(gate)
        answer = (await client.ask(post(case.request))).ipp
        assert status_of(answer) == case.status, sentence_of(answer)
        assert 0 < len(sentence_of(answer).encode()) <= 255
        assert status_of((await client.ask(post(asking(GET)))).ipp) == Status.SUCCESSFUL_OK


async def test_what_follows_the_last_document_is_refused_and_changes_nothing() -> None:
    async with Gate() as gate, gate.client() as client:
        await client.ask(post(asking(Operation.CREATE_JOB)))
        first = await client.ask(post(asking(Operation.SEND_DOCUMENT, JOB, LAST) + PDF))
        assert status_of(first.ipp) == Status.SUCCESSFUL_OK
        for last in (True, False):
            more = asking(Operation.SEND_DOCUMENT, JOB, attribute(A.LAST_DOCUMENT, last)) + b"%PDF another"
            assert status_of((await client.ask(post(more))).ipp) == Status.CLIENT_ERROR_NOT_POSSIBLE
        closing = asking(Operation.SEND_DOCUMENT, JOB, LAST)
        assert status_of((await client.ask(post(closing))).ipp) == Status.CLIENT_ERROR_NOT_POSSIBLE
        assert gate.memory.documents == {1: PDF}


@pytest.mark.parametrize("code", [Operation.GET_PRINTER_ATTRIBUTES, Operation.GET_JOBS, Operation.CREATE_JOB])
async def test_octets_after_a_message_that_brings_no_document_do_no_harm(code: int) -> None:
    async with Gate() as gate, gate.client() as client:
        for more in (b"\x03", b"\x01" * 1000, asking(GET), bytes(100_000)):
            assert status_of((await client.ask(post(asking(code) + more))).ipp) == Status.SUCCESSFUL_OK
        assert not gate.memory.documents


async def test_on_one_connection_every_refusal_leaves_the_next_request_alone() -> None:
    async with Gate(DoorSettings(port=0, max_document=65_536)) as gate, gate.client() as client:
        await gate.print(PDF)
        for name, case in CASES.items():
            if case.prepare is unchanged:
                answer = (await client.ask(post(case.request))).ipp
                assert status_of(answer) == case.status, name
