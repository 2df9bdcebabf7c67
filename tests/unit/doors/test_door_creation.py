"""Print-Job, Validate-Job, Create-Job, Send-Document and Close-Job (RFC 8011 sections 4.2 and 4.3, PWG 5100.7)."""

import gzip
import zlib
from dataclasses import replace

import pytest

from ippgate.doors import DoorSettings
from ippgate.ipp import UNSUPPORTED, Attribute, Group, JobState, Message, Operation, Range, Status, Tag, Value
from ippgate.ipp.builder import attribute, collection
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry import reasons as R
from ippgate.model.errors import Busy, SpoolFull, Unavailable
from ippgate.model.queue import QueueMode
from ippgate.model.queue_options import QueueOptions
from tests.unit.doors.client import Client, chunked, message_of, post, sentence_of, status_of, unsupported_of
from tests.unit.doors.gate import ALICE, BOB, FOLLOWME, HERE, Gate

PRINT, VALIDATE, CREATE = Operation.PRINT_JOB, Operation.VALIDATE_JOB, Operation.CREATE_JOB
SEND, CLOSE = Operation.SEND_DOCUMENT, Operation.CLOSE_JOB
OK, IGNORED = Status.SUCCESSFUL_OK, Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
CONFLICTING = Status.SUCCESSFUL_OK_CONFLICTING_ATTRIBUTES
PAGE = b"%PDF-1.7 one page"
INSIST = attribute(A.IPP_ATTRIBUTE_FIDELITY, True)
LAST = attribute(A.LAST_DOCUMENT, True)
MORE = attribute(A.LAST_DOCUMENT, False)
PDF = attribute(A.DOCUMENT_FORMAT, "application/pdf")


def job_of(answer: Message) -> Group:
    group = answer.group(Tag.JOB)
    assert group is not None, sentence_of(answer)
    return group


def id_of(answer: Message) -> int:
    job_id = job_of(answer).integer(A.JOB_ID)
    assert job_id is not None
    return job_id


def job_id(number: int) -> Attribute:
    return attribute(A.JOB_ID, number)


async def test_print_job_keeps_exactly_what_was_sent_and_names_the_job() -> None:
    async with Gate() as gate:
        answer = await gate.operate(PRINT, PDF, attribute(A.JOB_NAME, "Letter to Zoë"), document=PAGE)
        job = job_of(answer)
        assert status_of(answer) == OK
        assert answer.group(Tag.UNSUPPORTED_GROUP) is None
        assert job.text(A.JOB_URI) == f"{HERE}/jobs/1"
        assert job.integer(A.JOB_STATE) == JobState.PENDING_HELD
        assert job.texts(A.JOB_STATE_REASONS) == [R.JOB_HELD_FOR_RELEASE]
        kept = gate.memory.jobs[1]
        assert gate.memory.documents[1] == PAGE
        assert (kept.owner, kept.name, kept.host) == ("alice", "Letter to Zoë", "127.0.0.1")
        assert kept.documents[0].document_format == "application/pdf"


async def test_a_document_may_come_in_chunks_of_any_size() -> None:
    async with Gate() as gate, gate.client() as client:
        body = message_of(PRINT, FOLLOWME, ALICE) + PAGE * 5000
        for size in (1, 7, 100_000):
            some = message_of(PRINT, FOLLOWME, ALICE) + PAGE if size < 10 else body
            assert status_of((await client.ask(chunked(some, size=size))).ipp) == OK
        assert list(gate.memory.documents.values()) == [PAGE, PAGE, PAGE * 5000]


async def test_a_client_that_waits_for_continue_is_told_to_go_on() -> None:
    async with Gate() as gate, gate.client() as client:
        request = post(message_of(PRINT, FOLLOWME, ALICE) + PAGE, headers=["Expect: 100-continue"])
        head, _, body = request.partition(b"\r\n\r\n")
        await client.say(head + b"\r\n\r\n")
        assert (await client.hear()).status == 100
        assert status_of((await client.ask(body)).ipp) == OK


async def test_a_client_that_does_not_wait_for_continue_is_answered_all_the_same() -> None:
    async with Gate() as gate, gate.client() as client:
        await client.say(post(message_of(PRINT, FOLLOWME, ALICE) + PAGE, headers=["Expect: 100-continue"]))
        assert (await client.hear()).status == 100
        assert status_of((await client.hear()).ipp) == OK


@pytest.mark.parametrize("code", [PRINT, SEND])
async def test_a_request_without_a_document_is_refused(code: Operation) -> None:
    async with Gate() as gate:
        created = id_of(await gate.operate(CREATE))
        answer = await gate.operate(code, job_id(created), MORE)
        assert status_of(answer) == Status.CLIENT_ERROR_BAD_REQUEST
        assert "document" in sentence_of(answer)


async def test_a_job_without_a_name_is_named_after_its_document_and_else_untitled() -> None:
    async with Gate() as gate:
        await gate.print(PAGE, attribute(A.DOCUMENT_NAME, "report.pdf"))
        await gate.print(PAGE)
        assert [job.name for job in gate.memory.jobs.values()] == ["report.pdf", "untitled"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (None, "anonymous"),
        ("", "anonymous"),
        ("  jake  ", "jake"),
        ("CORP\\jake", "jake"),
        ("ja\x00ke\x1b[31m", "jake[31m"),
        ("evil\r\nlog line", "evil log line"),
        ("\u202eekaj", "ekaj"),
        ("ü" * 127, "ü" * 127),
    ],
)
async def test_who_asks_is_kept_without_control_and_direction_signs(said: str | None, kept: str) -> None:
    user = None if said is None else Attribute(A.REQUESTING_USER_NAME, (Value(Tag.NAME, said.encode()),))
    async with Gate() as gate:
        assert status_of(await gate.operate(PRINT, document=PAGE, user=user)) == OK
        assert gate.memory.jobs[1].owner == kept


# fidelity

UNKNOWN_WISH = attribute("x-glitter", "much", tag=Tag.KEYWORD)
TOO_MANY = attribute(A.COPIES, 1000)
STAPLE = attribute(A.FINISHINGS, 3, 4)


async def test_impossible_wishes_are_dropped_and_named_exactly() -> None:
    async with Gate() as gate:
        wishes = (UNKNOWN_WISH, TOO_MANY, STAPLE, attribute(A.SIDES, "two-sided-long-edge"))
        answer = await gate.operate(PRINT, job=wishes, document=PAGE)
        named = unsupported_of(answer)
        assert status_of(answer) == IGNORED
        assert [each.name for each in named] == ["x-glitter", A.COPIES, A.FINISHINGS]
        assert named.attributes[0].values == (UNSUPPORTED,)
        assert [each.integers() for each in named.attributes[1:]] == [[1000], [4]]
        template = gate.memory.jobs[1].template
        assert {each.name: [value.python for value in each.values] for each in template} == {
            A.FINISHINGS: [3],
            A.SIDES: ["two-sided-long-edge"],
        }


@pytest.mark.parametrize("code", [PRINT, VALIDATE, CREATE])
@pytest.mark.parametrize("wish", [UNKNOWN_WISH, TOO_MANY, STAPLE])
async def test_impossible_wishes_that_are_insisted_on_are_refused(code: Operation, wish: Attribute) -> None:
    async with Gate() as gate:
        answer = await gate.operate(code, INSIST, job=(wish,), document=PAGE)
        assert status_of(answer) == Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
        assert [each.name for each in unsupported_of(answer)] == [wish.name]
        assert not gate.memory.jobs


async def test_single_wishes_can_be_insisted_on_unless_fidelity_speaks_for_all() -> None:
    mandatory = attribute(A.JOB_MANDATORY_ATTRIBUTES, A.COPIES)
    async with Gate() as gate:
        refused = await gate.operate(VALIDATE, mandatory, job=(TOO_MANY, STAPLE))
        assert status_of(refused) == Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
        assert [each.name for each in unsupported_of(refused)] == [A.COPIES]
        assert status_of(await gate.operate(VALIDATE, mandatory, job=(STAPLE,))) == IGNORED
        fidelity = attribute(A.IPP_ATTRIBUTE_FIDELITY, False)
        assert status_of(await gate.operate(VALIDATE, mandatory, fidelity, job=(TOO_MANY,))) == IGNORED


BOTH = (
    attribute(A.MEDIA, "na_letter_8.5x11in"),
    Attribute(A.MEDIA_COL, (collection({A.MEDIA_SIZE: {A.X_DIMENSION: 21000, A.Y_DIMENSION: 29700}}, A.MEDIA_COL),)),
)


async def test_of_two_wishes_that_contradict_each_other_the_fuller_one_counts() -> None:
    async with Gate() as gate:
        answer = await gate.operate(PRINT, job=BOTH, document=PAGE)
        assert status_of(answer) == CONFLICTING
        assert [each.name for each in unsupported_of(answer)] == [A.MEDIA]
        assert [each.name for each in gate.memory.jobs[1].template] == [A.MEDIA_COL]


async def test_wishes_that_contradict_each_other_and_are_insisted_on_are_refused() -> None:
    async with Gate() as gate:
        answer = await gate.operate(PRINT, INSIST, job=BOTH, document=PAGE)
        assert status_of(answer) == Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES
        assert {each.name for each in unsupported_of(answer)} == {A.MEDIA, A.MEDIA_COL}


@pytest.mark.parametrize("fidelity", [(), (INSIST,), (attribute(A.IPP_ATTRIBUTE_FIDELITY, False),)])
@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        (attribute(A.DOCUMENT_FORMAT, "application/x-msdownload"), Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED),
        (attribute(A.COMPRESSION, "compress"), Status.CLIENT_ERROR_COMPRESSION_NOT_SUPPORTED),
        (attribute(A.COMPRESSION, "br"), Status.CLIENT_ERROR_COMPRESSION_NOT_SUPPORTED),
        (attribute(A.JOB_K_OCTETS, 2**31 - 1), Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED),
        (
            Attribute(A.JOB_IMPRESSIONS, (Value(Tag.INTEGER, b"\xff\xff\xff\xff"),)),
            Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED,
        ),
    ],
)
async def test_what_cannot_be_printed_at_all_is_refused_whatever_the_fidelity(
    wrong: Attribute, status: Status, fidelity: tuple[Attribute, ...]
) -> None:
    async with Gate() as gate:
        for code in (PRINT, VALIDATE):
            answer = await gate.operate(code, wrong, *fidelity, document=PAGE)
            assert status_of(answer) == status
            assert unsupported_of(answer).attributes == [wrong]
        assert not gate.memory.jobs


@pytest.mark.parametrize("said", ["application/PDF", "text/plain; charset=utf-8", "IMAGE/JPEG"])
async def test_case_and_parameters_of_a_format_do_not_count(said: str) -> None:
    async with Gate() as gate:
        assert status_of(await gate.operate(VALIDATE, attribute(A.DOCUMENT_FORMAT, said))) == OK


async def test_operation_attributes_among_the_jobs_are_no_wishes() -> None:
    misplaced = (attribute(A.IDENTIFY_ACTIONS, "display"), attribute(A.JOB_IMPRESSIONS, 3))
    async with Gate() as gate:
        answer = await gate.operate(PRINT, INSIST, job=misplaced, document=PAGE)
        assert status_of(answer) == OK
        assert gate.memory.jobs[1].template == ()


@pytest.mark.parametrize("place", ["operation", "job"])
async def test_a_hold_may_be_asked_for_in_either_group(place: str) -> None:
    hold = attribute(A.JOB_HOLD_UNTIL, "indefinite")
    async with Gate() as gate:
        gate.memory.add_device("mfp")
        gate.memory.add_queue("direct", QueueMode.PASSTHROUGH, device_id=1)
        direct = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/direct")
        given = {"operation": ((hold,), ()), "job": ((), (hold,))}[place]
        answer = await gate.operate(PRINT, *given[0], job=given[1], document=PAGE, target=direct)
        assert job_of(answer).texts(A.JOB_STATE_REASONS) == [R.JOB_HOLD_UNTIL_SPECIFIED]
        assert gate.memory.jobs[1].hold_until == "indefinite"


async def test_priority_and_pages_are_kept() -> None:
    async with Gate() as gate:
        wishes = (attribute(A.JOB_PRIORITY, 80), attribute(A.PAGE_RANGES, Range(2, 3)))
        assert status_of(await gate.operate(PRINT, job=wishes, document=PAGE)) == OK
        assert gate.memory.jobs[1].priority == 80
        assert [each.name for each in gate.memory.jobs[1].template] == [A.PAGE_RANGES]


async def test_validate_job_makes_no_job() -> None:
    async with Gate() as gate:
        answer = await gate.operate(VALIDATE, PDF, job=(attribute(A.COPIES, 2),))
        assert status_of(answer) == OK
        assert answer.group(Tag.JOB) is None
        assert not gate.memory.jobs


async def test_a_queue_that_takes_no_jobs_refuses_creation_but_not_validation() -> None:
    async with Gate() as gate:
        gate.memory.add_queue("closed", accepting=False)
        closed = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/closed")
        for code in (PRINT, CREATE):
            answer = await gate.operate(code, document=PAGE, target=closed)
            assert status_of(answer) == Status.SERVER_ERROR_NOT_ACCEPTING_JOBS
        assert status_of(await gate.operate(VALIDATE, target=closed)) == OK


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (Unavailable("the database is away: try again"), Status.SERVER_ERROR_TEMPORARY_ERROR),
        (Busy("too many documents arrive at this moment"), Status.SERVER_ERROR_BUSY),
        (SpoolFull("there is no room"), Status.SERVER_ERROR_BUSY),
        (ZeroDivisionError("secret detail"), Status.SERVER_ERROR_INTERNAL_ERROR),
    ],
)
async def test_what_goes_wrong_here_is_answered_by_ipp_and_the_connection_lives_on(
    failure: Exception, status: Status
) -> None:
    async with Gate() as gate, gate.client() as client:
        gate.memory.failure = failure
        answer = (await client.ask(post(message_of(PRINT, FOLLOWME, ALICE) + PAGE * 2000))).ipp
        assert status_of(answer) == status
        assert "secret" not in sentence_of(answer)
        assert status_of((await client.ask(post(message_of(PRINT, FOLLOWME, ALICE) + PAGE))).ipp) == OK


# compression


def packed(document: bytes, kind: str) -> bytes:
    if kind == "gzip":
        return gzip.compress(document)
    packer = zlib.compressobj(wbits={"deflate": 15, "raw deflate": -11}[kind])
    return packer.compress(document) + packer.flush()


@pytest.mark.parametrize("kind", ["gzip", "deflate", "raw deflate"])
async def test_a_compressed_document_is_kept_as_it_was_before(kind: str) -> None:
    document = PAGE * 30_000
    async with Gate() as gate:
        name = attribute(A.COMPRESSION, "gzip" if kind == "gzip" else "deflate")
        created = id_of(await gate.operate(CREATE))
        answer = await gate.operate(SEND, job_id(created), name, LAST, document=packed(document, kind))
        assert status_of(answer) == OK, sentence_of(answer)
        await gate.print(packed(document, kind), name)
        assert gate.memory.documents == {1: document, 2: document}


@pytest.mark.parametrize("kind", ["gzip", "deflate", "raw deflate"])
@pytest.mark.parametrize("harm", ["cut", "flipped", "followed", "not compressed"])
async def test_a_damaged_compressed_document_makes_no_job(kind: str, harm: str) -> None:
    good = packed(PAGE * 30_000, kind)
    bad = {
        "cut": good[:-9],
        "flipped": good[:20] + bytes(octet ^ 0xFF for octet in good[20:40]) + good[40:],
        "followed": good + b"and more of it",
        "not compressed": b"\xff" + PAGE * 10,
    }[harm]
    async with Gate() as gate:
        name = attribute(A.COMPRESSION, "gzip" if kind == "gzip" else "deflate")
        answer = await gate.operate(PRINT, name, document=bad)
        assert status_of(answer) == Status.CLIENT_ERROR_COMPRESSION_ERROR
        assert "none" in sentence_of(answer)
        assert not gate.memory.jobs


# Create-Job, Send-Document, Close-Job


async def test_a_job_made_in_two_steps_is_open_until_its_last_document() -> None:
    async with Gate() as gate:
        created = await gate.operate(CREATE, attribute(A.JOB_NAME, "two steps"))
        number = id_of(created)
        assert R.JOB_INCOMING in job_of(created).texts(A.JOB_STATE_REASONS)
        assert gate.memory.jobs[number].incoming
        answer = await gate.operate(SEND, job_id(number), LAST, PDF, document=PAGE)
        assert status_of(answer) == OK
        assert R.JOB_INCOMING not in job_of(answer).texts(A.JOB_STATE_REASONS)
        assert gate.memory.documents[number] == PAGE


async def test_send_document_takes_the_job_by_its_own_uri_as_well() -> None:
    async with Gate() as gate:
        number = id_of(await gate.operate(CREATE))
        target = attribute(A.JOB_URI, f"{HERE}/jobs/{number}")
        assert status_of(await gate.operate(SEND, LAST, document=PAGE, target=target)) == OK


async def test_last_document_must_be_there() -> None:
    async with Gate() as gate:
        number = id_of(await gate.operate(CREATE))
        answer = await gate.operate(SEND, job_id(number), document=PAGE)
        assert status_of(answer) == Status.CLIENT_ERROR_BAD_REQUEST
        assert "last-document" in sentence_of(answer)
        assert gate.memory.jobs[number].incoming


async def test_a_lenient_queue_takes_a_document_that_does_not_say_whether_more_follow() -> None:
    async with Gate() as gate:
        gate.memory.all_queues[0] = replace(gate.memory.all_queues[0], options=QueueOptions(lenient=True))
        number = id_of(await gate.operate(CREATE))
        answer = await gate.operate(SEND, job_id(number), document=PAGE)
        assert status_of(answer) == OK
        assert R.JOB_INCOMING in job_of(answer).texts(A.JOB_STATE_REASONS)
        assert gate.memory.documents[number] == PAGE
        assert gate.memory.jobs[number].incoming
        empty = await gate.operate(SEND, job_id(number))
        assert status_of(empty) == Status.CLIENT_ERROR_BAD_REQUEST


async def test_a_job_has_several_documents_and_a_bound() -> None:
    async with Gate() as gate:
        number = id_of(await gate.operate(CREATE))
        for _ in range(gate.memory.most):
            assert status_of(await gate.operate(SEND, job_id(number), MORE, document=PAGE)) == OK
        further = await gate.operate(SEND, job_id(number), LAST, document=PAGE)
        assert status_of(further) == Status.SERVER_ERROR_TOO_MANY_DOCUMENTS
        assert sentence_of(further) == "this printer takes 3 documents in a job: send the others by themselves"
        assert len(gate.memory.jobs[number].documents) == 3
        assert gate.memory.jobs[number].incoming


async def test_where_a_job_has_one_document_the_printer_says_so() -> None:
    for several in (True, False):
        async with Gate(DoorSettings(port=0, several_documents=several)) as gate:
            answer = await gate.operate(Operation.GET_PRINTER_ATTRIBUTES)
            group = answer.group(Tag.PRINTER)
            assert group is not None
            assert group.boolean(A.MULTIPLE_DOCUMENT_JOBS_SUPPORTED) is several


@pytest.mark.parametrize("code", [SEND, CLOSE])
async def test_a_job_is_closed_without_another_document(code: Operation) -> None:
    async with Gate() as gate:
        number = id_of(await gate.operate(CREATE))
        await gate.operate(SEND, job_id(number), MORE, document=PAGE)
        assert status_of(await gate.operate(code, job_id(number), LAST)) == OK
        assert not gate.memory.jobs[number].incoming
        again = await gate.operate(code, job_id(number), LAST)
        assert status_of(again) == Status.CLIENT_ERROR_NOT_POSSIBLE


@pytest.mark.parametrize("code", [SEND, CLOSE])
async def test_somebody_elses_job_takes_no_document_of_mine(code: Operation) -> None:
    async with Gate() as gate:
        number = id_of(await gate.operate(CREATE))
        answer = await gate.operate(code, job_id(number), LAST, document=PAGE, user=BOB)
        assert status_of(answer) == Status.CLIENT_ERROR_NOT_AUTHORIZED
        assert gate.memory.jobs[number].incoming


@pytest.mark.parametrize("code", [SEND, CLOSE])
async def test_a_job_that_does_not_exist_takes_no_document(code: Operation) -> None:
    async with Gate() as gate:
        answer = await gate.operate(code, job_id(77), LAST, document=PAGE)
        assert status_of(answer) == Status.CLIENT_ERROR_NOT_FOUND


async def test_many_requests_go_through_one_connection() -> None:
    async with Gate() as gate, gate.client() as client:
        for number in range(1, 30):
            assert id_of((await client.ask(post(message_of(PRINT, FOLLOWME, ALICE) + PAGE))).ipp) == number


async def test_requests_sent_before_the_answers_are_answered_in_order() -> None:
    async with Gate() as gate, Client(gate.server.port) as client:
        bodies = [message_of(PRINT, FOLLOWME, ALICE, request_id=number) + PAGE * number for number in range(1, 40)]
        await client.say(b"".join(map(post, bodies)))
        answers = [(await client.hear()).ipp for _ in bodies]
        assert [answer.request_id for answer in answers] == list(range(1, 40))
        assert [len(each) for each in gate.memory.documents.values()] == [len(PAGE) * n for n in range(1, 40)]
