"""Operations on the documents of a job (PWG 5100.5), and Validate-Document (PWG 5100.13)."""

from dataclasses import replace

import pytest

from ippgate.doors.ipp.quick import integer
from ippgate.ipp import (
    NOT_SETTABLE,
    UNSUPPORTED,
    Attribute,
    DocumentState,
    Group,
    JobState,
    Message,
    Operation,
    Status,
    Tag,
    encode,
)
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry.syntaxes import SYNTAX
from ippgate.ipp.syntax import fits, groups_of
from ippgate.model.facts import DocumentFacts
from tests.unit.doors.client import CHARSET, LANGUAGE, sentence_of, status_of, unsupported_of
from tests.unit.doors.gate import ALICE, BOB, FOLLOWME, HERE, Gate

LIST, GET = Operation.GET_DOCUMENTS, Operation.GET_DOCUMENT_ATTRIBUTES
SET, CANCEL, VALIDATE = Operation.SET_DOCUMENT_ATTRIBUTES, Operation.CANCEL_DOCUMENT, Operation.VALIDATE_DOCUMENT
OK, IGNORED = Status.SUCCESSFUL_OK, Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
BAD, NOT_FOUND = Status.CLIENT_ERROR_BAD_REQUEST, Status.CLIENT_ERROR_NOT_FOUND
NOT_POSSIBLE, NOT_YOURS = Status.CLIENT_ERROR_NOT_POSSIBLE, Status.CLIENT_ERROR_NOT_AUTHORIZED
NOT_SUPPORTED = Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
JOB_1, FIRST = attribute(A.JOB_ID, 1), attribute(A.DOCUMENT_NUMBER, 1)
EVERYTHING = attribute(A.REQUESTED_ATTRIBUTES, "all")
PDF, NAMED = attribute(A.DOCUMENT_FORMAT, "application/pdf"), attribute(A.DOCUMENT_NAME, "one.pdf")
DUPLEX = attribute(A.SIDES, "two-sided-long-edge")


def documents_of(answer: Message) -> list[Group]:
    assert status_of(answer) == OK, sentence_of(answer)
    return list(answer.groups_of(Tag.DOCUMENT))


async def told(gate: Gate, *operation: Attribute, user: Attribute | None = ALICE) -> Group:
    [group] = documents_of(await gate.operate(GET, JOB_1, FIRST, *operation, user=user))
    return group


async def about(gate: Gate, code: int, *document: Attribute, operation: tuple[Attribute, ...] = ()) -> Message:
    """A request with a document group."""
    head = Group(Tag.OPERATION, [CHARSET, LANGUAGE, FOLLOWME, *operation])
    return await gate.ipp_ask(encode(Message((2, 0), code, 7, [head, Group(Tag.DOCUMENT, list(document))])))


async def set_to(gate: Gate, *document: Attribute, user: Attribute = ALICE, number: Attribute = FIRST) -> Message:
    return await about(gate, SET, *document, operation=(JOB_1, user, number))


# what a document tells


async def test_a_job_tells_the_number_of_its_document_when_nothing_more_is_asked() -> None:
    async with Gate() as gate:
        await gate.print()
        [group] = documents_of(await gate.operate(LIST, JOB_1))
        assert [(each.name, each.integer()) for each in group] == [(A.DOCUMENT_NUMBER, 1)]


async def test_a_document_tells_what_it_is_and_whose() -> None:
    async with Gate() as gate:
        await gate.print(b"%PDF-1.7" + bytes(2000), PDF, NAMED)
        group = await told(gate)
        job = gate.memory.jobs[1]
    assert group.text(A.DOCUMENT_NAME) == "one.pdf"
    assert group.text(A.DOCUMENT_FORMAT) == group.text(A.DOCUMENT_FORMAT_SUPPLIED) == "application/pdf"
    assert (group.integer(A.DOCUMENT_JOB_ID), group.text(A.DOCUMENT_JOB_URI)) == (1, f"{HERE}/jobs/1")
    assert group.text(A.DOCUMENT_PRINTER_URI) == f"{HERE}/ipp/print/followme"
    assert group.integer(A.K_OCTETS) == 2
    assert group.boolean(A.LAST_DOCUMENT) is True
    assert group.integer(A.TIME_AT_CREATION) == int(job.created_at.timestamp())
    assert (group.text(A.DOCUMENT_UUID) or "").startswith("urn:uuid:")
    assert A.DOCUMENT_FORMAT_DETECTED not in group  # nobody has looked


async def test_what_was_found_in_a_document_is_told() -> None:
    async with Gate() as gate:
        await gate.print()
        job = gate.memory.jobs[1]
        facts = DocumentFacts("application/pdf", pages=3, color_pages=0)
        gate.memory.jobs[1] = replace(job, documents=(replace(job.documents[0], facts=facts),))
        group = await told(gate)
    assert group.text(A.DOCUMENT_FORMAT_DETECTED) == "application/pdf"
    assert (group.integer(A.PAGES), group.integer(A.IMPRESSIONS)) == (3, 3)


async def test_the_uuid_of_a_document_stays_the_same() -> None:
    async with Gate() as gate:
        await gate.print()
        assert (await told(gate)).text(A.DOCUMENT_UUID) == (await told(gate)).text(A.DOCUMENT_UUID)


async def test_everything_that_is_told_has_the_syntax_and_group_of_the_registry() -> None:
    async with Gate() as gate:
        await gate.print(b"%PDF", PDF, NAMED)
        group = await told(gate, EVERYTHING)
    for each in group:
        assert each.name in SYNTAX
        assert fits(each), each
        assert any(kind.startswith("Document") for kind in groups_of(each.name)), each.name


@pytest.mark.parametrize(
    ("state", "reasons", "expected", "said"),
    [
        (JobState.PENDING_HELD, ("job-held-for-release",), DocumentState.PENDING, ["none"]),
        (JobState.PENDING, (), DocumentState.PENDING, ["none"]),
        (JobState.PROCESSING, ("job-outgoing",), DocumentState.PROCESSING, ["outgoing"]),
        (JobState.PROCESSING_STOPPED, ("media-jam",), DocumentState.PROCESSING_STOPPED, ["none"]),
        (JobState.CANCELED, ("job-canceled-by-operator",), DocumentState.CANCELED, ["canceled-by-operator"]),
        (
            JobState.ABORTED,
            ("aborted-by-system", "submission-interrupted"),
            DocumentState.ABORTED,
            ["aborted-by-system", "submission-interrupted"],
        ),
        (
            JobState.COMPLETED,
            ("queued-in-device", "job-completed-successfully"),
            DocumentState.COMPLETED,
            ["queued-in-device", "completed-successfully"],
        ),
    ],
)
async def test_a_document_stands_where_its_job_does(
    state: JobState, reasons: tuple[str, ...], expected: DocumentState, said: list[str]
) -> None:
    async with Gate() as gate:
        await gate.print()
        gate.memory.jobs[1] = replace(gate.memory.jobs[1], state=state, reasons=reasons)
        group = await told(gate, attribute(A.REQUESTED_ATTRIBUTES, A.DOCUMENT_STATE, A.DOCUMENT_STATE_REASONS))
    assert group.integer(A.DOCUMENT_STATE) == expected
    assert group.texts(A.DOCUMENT_STATE_REASONS) == said


@pytest.mark.parametrize(
    ("asked", "in_it", "not_in_it"),
    [
        ("document-description", A.DOCUMENT_STATE, None),
        (A.DOCUMENT_STATE, A.DOCUMENT_STATE, A.DOCUMENT_NUMBER),
        ("document-template", None, A.DOCUMENT_STATE),
        ("no-such-attribute", None, A.DOCUMENT_STATE),
    ],
)
async def test_groups_and_names_may_be_asked_for(asked: str, in_it: str | None, not_in_it: str | None) -> None:
    async with Gate() as gate:
        await gate.print()
        group = await told(gate, attribute(A.REQUESTED_ATTRIBUTES, asked))
    assert in_it is None or in_it in group
    assert not_in_it is None or not_in_it not in group


async def test_a_document_is_named_with_the_uri_of_its_job_too() -> None:
    async with Gate() as gate:
        await gate.print()
        answer = await gate.operate(GET, attribute(A.JOB_URI, f"{HERE}/jobs/1"), FIRST, target=None)
        assert documents_of(answer)


async def test_others_see_no_name_of_a_document() -> None:
    async with Gate() as gate:
        await gate.print(b"%PDF", NAMED)
        group = await told(gate, user=BOB)
        assert A.DOCUMENT_NAME not in group
        assert group.integer(A.DOCUMENT_NUMBER) == 1


# what is refused


@pytest.mark.parametrize("code", [GET, SET, CANCEL])
async def test_a_document_has_to_be_named(code: Operation) -> None:
    async with Gate() as gate:
        await gate.print()
        answer = await gate.operate(code, JOB_1)
        assert status_of(answer) == BAD
        assert sentence_of(answer) == "document-number is missing: send the job and the number of one of its documents"
        answer = await gate.operate(code, FIRST)
        assert status_of(answer) == BAD
        assert sentence_of(answer) == "the job is missing: send printer-uri and job-id, or job-uri"


@pytest.mark.parametrize("number", [0, 2, -1, 2**31 - 1])
@pytest.mark.parametrize("code", [GET, SET, CANCEL])
async def test_a_document_that_is_not_there_is_not_found(code: Operation, number: int) -> None:
    async with Gate() as gate:
        await gate.print()
        answer = await gate.operate(code, JOB_1, integer(A.DOCUMENT_NUMBER, number))
        assert (status_of(answer), sentence_of(answer)) == (NOT_FOUND, f"job 1 has no document {number}")


async def test_a_number_that_is_no_number_is_a_bad_request() -> None:
    async with Gate() as gate:
        await gate.print()
        answer = await gate.operate(GET, JOB_1, attribute(A.DOCUMENT_NUMBER, "1", tag=Tag.KEYWORD))
        assert status_of(answer) == BAD
        assert sentence_of(answer) == "operation attribute document-number does not take keyword"


@pytest.mark.parametrize("code", [LIST, GET, SET, CANCEL])
async def test_documents_of_no_job_are_not_found(code: Operation) -> None:
    async with Gate() as gate:
        answer = await gate.operate(code, JOB_1, FIRST)
        assert (status_of(answer), sentence_of(answer)) == (NOT_FOUND, "there is no job 1")


async def test_a_limit_of_documents_is_greater_than_nothing() -> None:
    async with Gate() as gate:
        await gate.print()
        answer = await gate.operate(LIST, JOB_1, integer(A.LIMIT, 0))
        assert status_of(answer) == BAD
        assert sentence_of(answer) == "limit 0 is not greater than 0"
        assert len(documents_of(await gate.operate(LIST, JOB_1, attribute(A.LIMIT, 1)))) == 1


# changes


async def test_a_document_of_a_held_job_gets_another_name() -> None:
    async with Gate() as gate:
        await gate.print(b"%PDF", NAMED)
        answer = await set_to(gate, attribute(A.DOCUMENT_NAME, "two\r\n.pdf"))
        assert status_of(answer) == OK, sentence_of(answer)
        assert (await told(gate)).text(A.DOCUMENT_NAME) == "two .pdf"


async def test_what_cannot_be_set_changes_nothing() -> None:
    async with Gate() as gate:
        await gate.print(b"%PDF", NAMED)
        number = attribute(A.DOCUMENT_STATE, DocumentState.COMPLETED)
        answer = await set_to(gate, attribute(A.DOCUMENT_NAME, "two"), number)
        assert status_of(answer) == Status.CLIENT_ERROR_ATTRIBUTES_NOT_SETTABLE
        assert sentence_of(answer) == "document-state cannot be set: of a document only its document-name can"
        assert unsupported_of(answer).attributes == [Attribute(A.DOCUMENT_STATE, (NOT_SETTABLE,))]
        answer = await set_to(gate, attribute(A.DOCUMENT_NAME, "two"), DUPLEX)
        assert status_of(answer) == NOT_SUPPORTED
        assert unsupported_of(answer).attributes == [Attribute(A.SIDES, (UNSUPPORTED,))]
        answer = await set_to(gate, attribute(A.DOCUMENT_NAME, " \t "))
        assert status_of(answer) == NOT_SUPPORTED
        assert unsupported_of(answer).text(A.DOCUMENT_NAME) == " \t "
        answer = await gate.operate(SET, JOB_1, FIRST)
        assert (status_of(answer), sentence_of(answer)) == (
            BAD,
            "there is nothing to set: send document attributes",
        )
        assert (await told(gate)).text(A.DOCUMENT_NAME) == "one.pdf"


async def test_nobody_else_changes_a_document() -> None:
    async with Gate() as gate:
        await gate.print(b"%PDF", NAMED)
        for answer in (
            await set_to(gate, attribute(A.DOCUMENT_NAME, "mine"), user=BOB),
            await gate.operate(CANCEL, JOB_1, FIRST, user=BOB),
        ):
            assert status_of(answer) == NOT_YOURS
            assert sentence_of(answer) == "job 1 belongs to somebody else"
        assert (await told(gate)).text(A.DOCUMENT_NAME) == "one.pdf"


async def test_with_its_last_document_a_job_is_cancelled() -> None:
    async with Gate() as gate:
        await gate.print()
        assert status_of(await gate.operate(CANCEL, JOB_1, FIRST)) == OK
        assert gate.memory.jobs[1].state is JobState.CANCELED
        group = await told(gate)
        assert group.integer(A.DOCUMENT_STATE) == DocumentState.CANCELED
        answer = await gate.operate(CANCEL, JOB_1, FIRST)
        assert status_of(answer) == NOT_POSSIBLE
        assert "only documents of a job that waits can be changed" in sentence_of(answer)


# Validate-Document


async def test_a_document_that_can_be_sent_is_valid() -> None:
    async with Gate() as gate:
        assert status_of(await gate.operate(VALIDATE, PDF, attribute(A.COMPRESSION, "gzip"))) == OK
        assert not gate.memory.jobs


async def test_a_document_that_cannot_be_sent_is_not_valid() -> None:
    async with Gate() as gate:
        answer = await gate.operate(VALIDATE, attribute(A.DOCUMENT_FORMAT, "video/mp4"))
        assert status_of(answer) == Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED
        answer = await gate.operate(VALIDATE, attribute(A.COMPRESSION, "rar"))
        assert status_of(answer) == Status.CLIENT_ERROR_COMPRESSION_NOT_SUPPORTED


async def test_a_ticket_of_its_own_no_document_has() -> None:
    async with Gate() as gate:
        answer = await about(gate, VALIDATE, DUPLEX, operation=(ALICE, PDF))
        assert status_of(answer) == IGNORED
        assert unsupported_of(answer).attributes == [Attribute(A.SIDES, (UNSUPPORTED,))]
        insisting = attribute(A.IPP_ATTRIBUTE_FIDELITY, True)
        answer = await about(gate, VALIDATE, DUPLEX, operation=(ALICE, PDF, insisting))
        assert status_of(answer) == NOT_SUPPORTED


async def test_the_printer_tells_that_it_knows_documents() -> None:
    async with Gate() as gate:
        answer = await gate.operate(Operation.GET_PRINTER_ATTRIBUTES)
        group = answer.group(Tag.PRINTER)
        assert group is not None
        assert "document-object" in group.texts(A.IPP_FEATURES_SUPPORTED)
        operations = group.get(A.OPERATIONS_SUPPORTED)
        assert operations is not None
        assert {LIST, GET, SET, CANCEL, VALIDATE} <= set(operations.integers())
