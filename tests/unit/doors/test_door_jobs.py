"""Operations on jobs: hold and release, lists, privacy, changes (RFC 8011 section 4.3, RFC 3380, PWG 5100.7)."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from ippgate.doors.ipp.listing import MAX_LISTED
from ippgate.ipp import (
    DELETE_ATTRIBUTE,
    NOT_SETTABLE,
    UNSUPPORTED,
    Attribute,
    Group,
    JobState,
    Message,
    Operation,
    PrinterState,
    Status,
    Tag,
    Value,
)
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry import reasons as R
from ippgate.model.errors import NotBindable
from ippgate.model.job import Caller
from ippgate.model.queue import QueueMode
from tests.unit.doors.client import message_of, sentence_of, status_of, unsupported_of
from tests.unit.doors.gate import BOB, FOLLOWME, HERE, Gate
from tests.unit.doors.memory import Memory

GET, SET, LIST = Operation.GET_JOB_ATTRIBUTES, Operation.SET_JOB_ATTRIBUTES, Operation.GET_JOBS
HOLD, RELEASE, CANCEL = Operation.HOLD_JOB, Operation.RELEASE_JOB, Operation.CANCEL_JOB
CANCEL_MINE = Operation.CANCEL_MY_JOBS
OK, IGNORED = Status.SUCCESSFUL_OK, Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
BAD, NOT_POSSIBLE, NOT_FOUND = (
    Status.CLIENT_ERROR_BAD_REQUEST,
    Status.CLIENT_ERROR_NOT_POSSIBLE,
    Status.CLIENT_ERROR_NOT_FOUND,
)
NOT_SUPPORTED = Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
CONFLICT = Status.CLIENT_ERROR_CONFLICTING_ATTRIBUTES
ROOT = attribute(A.PRINTER_URI, "ipp://localhost/")
DIRECT = attribute(A.PRINTER_URI, f"{HERE}/ipp/print/direct")
MINE = attribute(A.MY_JOBS, True)
EVERYTHING = attribute(A.REQUESTED_ATTRIBUTES, "all")


def job_id(number: int) -> Attribute:
    return attribute(A.JOB_ID, number)


def uri(text: str) -> Attribute:
    return attribute(A.JOB_URI, text)


def jobs_of(answer: Message) -> list[Group]:
    return list(answer.groups_of(Tag.JOB))


def ids_of(answer: Message) -> list[int | None]:
    assert status_of(answer) == OK, sentence_of(answer)
    return [group.integer(A.JOB_ID) for group in jobs_of(answer)]


def two_queues(*, patient: bool = False) -> Gate:
    gate = Gate(memory=Memory(patient=patient))
    gate.memory.add_device("mfp")
    gate.memory.add_queue("direct", QueueMode.PASSTHROUGH, device_id=1)
    return gate


# the two ways to name a job


@pytest.mark.parametrize(
    "target",
    [
        (attribute(A.PRINTER_URI, f"{HERE}/ipp/print/followme"), job_id(1)),
        (attribute(A.PRINTER_URI, f"{HERE}/printers/FollowMe"), job_id(1)),
        (attribute(A.PRINTER_URI, "http://elsewhere:80/printers/followme"), job_id(1)),
        (ROOT, job_id(1)),
        (attribute(A.PRINTER_URI, "ipp://localhost/jobs/"), job_id(1)),
        (uri("ipp://localhost/jobs/1"),),
        (uri(f"{HERE}/ipp/print/followme/1"),),
        (uri(f"{HERE}/printers/followme/1"),),
    ],
)
async def test_a_job_is_found_by_either_form_of_its_name(target: tuple[Attribute, ...]) -> None:
    async with Gate() as gate:
        await gate.print()
        answer = await gate.operate(GET, *target[1:], target=target[0])
        assert ids_of(answer) == [1]


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ((uri("ipp://localhost/jobs/1"), job_id(1)), BAD),
        ((ROOT,), BAD),
        ((job_id(1),), BAD),
        ((), BAD),
        ((ROOT, job_id(2)), NOT_FOUND),
        ((ROOT, job_id(2**31 - 1)), NOT_FOUND),
        ((ROOT, Attribute(A.JOB_ID, (Value(Tag.INTEGER, b"\xff\xff\xff\xff"),))), NOT_FOUND),
        ((ROOT, Attribute(A.JOB_ID, (Value(Tag.INTEGER, bytes(4)),))), NOT_FOUND),
        ((DIRECT, job_id(1)), NOT_FOUND),
        ((uri(f"{HERE}/ipp/print/direct/1"),), NOT_FOUND),
        ((uri("ipp://localhost/jobs/01"),), NOT_FOUND),
        ((uri("ipp://localhost/jobs/1/2"),), NOT_FOUND),
        ((uri("ipp://localhost/jobs/99999999999"),), NOT_FOUND),
        ((uri("ipp://localhost/ipp/print/followme"),), NOT_FOUND),
        ((uri("ipp://localhost/jobs/%31"),), NOT_FOUND),
        ((uri("ipp://localhost/jobs/../jobs/1"),), NOT_FOUND),
        ((uri("ipp://localhost//jobs/1"),), NOT_FOUND),
        ((uri("ipp://localhost/jobs/1?x"),), NOT_FOUND),
        ((uri("ipp://localhost/jobs/1;x"),), NOT_FOUND),
        ((uri("lpd://localhost/jobs/1"),), Status.CLIENT_ERROR_URI_SCHEME_NOT_SUPPORTED),
    ],
)
async def test_any_other_name_is_refused(target: tuple[Attribute, ...], status: Status) -> None:
    async with two_queues() as gate:
        await gate.print()
        answer = await gate.operate(GET, *target, target=None)
        assert status_of(answer) == status


# attributes


async def test_a_job_tells_everything_about_itself() -> None:
    async with Gate() as gate:
        device = gate.memory.add_device("mfp")
        number = await gate.print(b"x" * 1025, attribute(A.JOB_NAME, "Letter"), attribute(A.DOCUMENT_NAME, "l.pdf"))
        caller = Caller("alice")
        await gate.memory.release(number, caller, device.uuid)
        answer = await gate.operate(GET, job_id(number))
        (job,) = jobs_of(answer)
        kept = gate.memory.jobs[number]
        assert {each.name: each.values[0].python for each in job if each.values[0].tag in (0x21, 0x23, 0x42, 0x45)} | {
            A.TIME_AT_CREATION: 0,
            A.TIME_AT_PROCESSING: 0,
            A.TIME_AT_COMPLETED: 0,
            A.JOB_PRINTER_UP_TIME: 0,
        } == {
            A.JOB_ID: number,
            A.JOB_URI: f"{HERE}/jobs/{number}",
            A.JOB_UUID: f"urn:uuid:{kept.uuid}",
            A.JOB_PRINTER_URI: f"{HERE}/ipp/print/followme",
            A.JOB_NAME: "Letter",
            A.DOCUMENT_NAME_SUPPLIED: "l.pdf",
            A.JOB_ORIGINATING_USER_NAME: "alice",
            A.ORIGINAL_REQUESTING_USER_NAME: "alice",
            A.JOB_STATE: JobState.COMPLETED,
            A.JOB_PRIORITY: 50,
            A.JOB_K_OCTETS: 2,
            A.JOB_K_OCTETS_PROCESSED: 2,
            A.JOB_IMPRESSIONS_COMPLETED: 1,
            A.JOB_MEDIA_SHEETS_COMPLETED: 1,
            A.NUMBER_OF_DOCUMENTS: 1,
            A.OUTPUT_DEVICE_ASSIGNED: "mfp",
            A.OUTPUT_DEVICE_UUID_ASSIGNED: f"urn:uuid:{device.uuid}",
            A.TIME_AT_CREATION: 0,
            A.TIME_AT_PROCESSING: 0,
            A.TIME_AT_COMPLETED: 0,
            A.JOB_PRINTER_UP_TIME: 0,
        }
        created, processing = job.integer(A.TIME_AT_CREATION), job.integer(A.TIME_AT_PROCESSING)
        completed, now = job.integer(A.TIME_AT_COMPLETED), job.integer(A.JOB_PRINTER_UP_TIME)
        assert 0 < (created or 0) <= (processing or 0) <= (completed or 0) <= (now or 0)


async def test_what_has_not_happened_yet_has_no_value() -> None:
    async with Gate() as gate:
        number = await gate.print()
        (job,) = jobs_of(await gate.operate(GET, job_id(number)))
        for name in (A.TIME_AT_PROCESSING, A.TIME_AT_COMPLETED, A.DATE_TIME_AT_PROCESSING, A.DATE_TIME_AT_COMPLETED):
            asked = job.get(name)
            assert asked is not None
            assert asked.first.tag == Tag.NO_VALUE
        assert (job.integer(A.JOB_IMPRESSIONS_COMPLETED), job.integer(A.JOB_K_OCTETS_PROCESSED)) == (0, 0)
        assert A.OUTPUT_DEVICE_ASSIGNED not in job


async def test_titles_are_told_to_their_owner_only() -> None:
    async with Gate() as gate:
        number = await gate.print(b"x", attribute(A.JOB_NAME, "Resignation"), attribute(A.DOCUMENT_NAME, "bye.pdf"))
        asked = (attribute(A.REQUESTED_ATTRIBUTES, A.JOB_NAME, A.DOCUMENT_NAME_SUPPLIED, A.JOB_STATE),)
        (mine,) = jobs_of(await gate.operate(GET, job_id(number), *asked))
        (theirs,) = jobs_of(await gate.operate(GET, job_id(number), *asked, user=BOB))
        (listed,) = jobs_of(await gate.operate(LIST, EVERYTHING, user=BOB))
        assert {each.name for each in mine} == {A.JOB_NAME, A.DOCUMENT_NAME_SUPPLIED, A.JOB_STATE}
        assert {each.name for each in theirs} == {A.JOB_STATE}
        assert A.JOB_NAME not in listed


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ((A.JOB_ID,), {A.JOB_ID}),
        ((A.COPIES, A.JOB_ID, "x-unknown"), {A.COPIES, A.JOB_ID}),
        (("job-template",), {A.COPIES, A.SIDES, A.JOB_PRIORITY, A.JOB_HOLD_UNTIL}),
        (("x-unknown",), set()),
    ],
)
async def test_only_what_is_asked_for_is_told(asked: tuple[str, ...], told: set[str]) -> None:
    async with Gate() as gate:
        wishes = (attribute(A.COPIES, 2), attribute(A.SIDES, "two-sided-long-edge"))
        await gate.operate(Operation.PRINT_JOB, job=wishes, document=b"x")
        (job,) = jobs_of(await gate.operate(GET, job_id(1), attribute(A.REQUESTED_ATTRIBUTES, *asked)))
        assert {each.name for each in job} == told


async def test_the_group_job_description_leaves_the_ticket_out() -> None:
    async with Gate() as gate:
        await gate.operate(Operation.PRINT_JOB, job=(attribute(A.COPIES, 2),), document=b"x")
        asked = attribute(A.REQUESTED_ATTRIBUTES, "job-description")
        (job,) = jobs_of(await gate.operate(GET, job_id(1), asked))
        assert A.JOB_STATE in job
        assert A.COPIES not in job
        assert A.JOB_PRIORITY not in job


# Get-Jobs


async def test_a_list_tells_uri_and_id_unless_more_is_asked_for() -> None:
    async with Gate() as gate:
        await gate.print()
        await gate.print(user=BOB)
        answer = await gate.operate(LIST)
        assert [[each.name for each in group] for group in jobs_of(answer)] == [[A.JOB_ID, A.JOB_URI]] * 2
        assert ids_of(answer) == [1, 2]


async def test_an_empty_list_is_no_error() -> None:
    async with Gate() as gate:
        assert ids_of(await gate.operate(LIST)) == []


async def test_a_queue_lists_its_own_jobs_and_the_gate_lists_all() -> None:
    async with two_queues() as gate:
        await gate.print()
        await gate.operate(Operation.PRINT_JOB, attribute(A.JOB_HOLD_UNTIL, "indefinite"), document=b"x", target=DIRECT)
        assert ids_of(await gate.operate(LIST)) == [1]
        assert ids_of(await gate.operate(LIST, target=DIRECT)) == [2]
        assert ids_of(await gate.operate(LIST, target=ROOT)) == [1, 2]


async def test_my_jobs_are_mine() -> None:
    async with Gate() as gate:
        await gate.print()
        await gate.print(user=BOB)
        assert ids_of(await gate.operate(LIST, MINE)) == [1]
        assert ids_of(await gate.operate(LIST, attribute(A.MY_JOBS, False))) == [1, 2]
        assert status_of(await gate.operate(LIST, MINE, user=None)) == BAD


@pytest.mark.parametrize(
    ("which", "listed"),
    [
        (None, [1, 2]),
        ("not-completed", [1, 2]),
        ("completed", [4, 3]),
        ("all", [1, 2, 4, 3]),
        ("pending-held", [1, 2]),
        ("pending", []),
        ("processing", []),
        ("processing-stopped", []),
        ("canceled", [3]),
        ("aborted", []),
    ],
)
async def test_which_jobs_chooses_by_state_waiting_ones_first(which: str | None, listed: list[int]) -> None:
    async with Gate() as gate:
        gate.memory.add_device("mfp")
        for _ in range(4):
            await gate.print()
        await gate.memory.cancel(3, Caller("alice"))
        await gate.memory.release(4, Caller("alice"), gate.memory.all_devices[0].uuid)
        asked = () if which is None else (attribute(A.WHICH_JOBS, which),)
        assert ids_of(await gate.operate(LIST, *asked)) == listed


@pytest.mark.parametrize("which", ["saved", "fetchable", "stored-group", "proof-print", "nonsense"])
async def test_which_jobs_that_is_not_supported_is_refused(which: str) -> None:
    async with Gate() as gate:
        answer = await gate.operate(LIST, attribute(A.WHICH_JOBS, which))
        assert status_of(answer) == NOT_SUPPORTED
        assert unsupported_of(answer).texts(A.WHICH_JOBS) == [which]


async def test_a_limit_is_kept_and_there_is_one_anyway() -> None:
    async with Gate() as gate:
        for _ in range(5):
            await gate.print()
        assert ids_of(await gate.operate(LIST, attribute(A.LIMIT, 2))) == [1, 2]
        assert status_of(await gate.operate(LIST, Attribute(A.LIMIT, (Value(Tag.INTEGER, bytes(4)),)))) == BAD
        queue = gate.memory.all_queues[0]
        template = gate.memory.jobs[1]
        for number in range(6, MAX_LISTED + 50):
            gate.memory.jobs[number] = type(template)(
                number, uuid4(), queue.id, queue.name, "alice", "x", JobState.PENDING_HELD, (), template.created_at
            )
        assert len(ids_of(await gate.operate(LIST))) == MAX_LISTED
        assert len(ids_of(await gate.operate(LIST, attribute(A.LIMIT, 2**31 - 1)))) == MAX_LISTED
        ascii_only = message_of(LIST, FOLLOWME, EVERYTHING).replace(b"\0\5utf-8", b"\0\x08us-ascii")
        assert len(ids_of(await gate.ipp_ask(ascii_only))) == MAX_LISTED


async def test_jobs_are_listed_by_their_ids() -> None:
    async with two_queues() as gate:
        for _ in range(3):
            await gate.print()
        assert ids_of(await gate.operate(LIST, attribute(A.JOB_IDS, 3, 1, 3))) == [3, 1]
        missing = await gate.operate(LIST, attribute(A.JOB_IDS, 1, 9))
        assert status_of(missing) == NOT_FOUND
        assert unsupported_of(missing).attributes == [attribute(A.JOB_IDS, 9)]
        elsewhere = await gate.operate(LIST, attribute(A.JOB_IDS, 1), target=DIRECT)
        assert status_of(elsewhere) == NOT_FOUND


@pytest.mark.parametrize("also", [attribute(A.LIMIT, 5), MINE, attribute(A.WHICH_JOBS, "completed")])
async def test_job_ids_leaves_nothing_else_to_choose(also: Attribute) -> None:
    async with Gate() as gate:
        answer = await gate.operate(LIST, attribute(A.JOB_IDS, 1), also)
        assert status_of(answer) == CONFLICT
        assert unsupported_of(answer).attributes == [also]


async def test_jobs_are_listed_by_the_device_they_are_assigned_to() -> None:
    async with two_queues(patient=True) as gate:
        await gate.print()
        await gate.operate(Operation.PRINT_JOB, document=b"x", target=DIRECT)
        there = attribute(A.OUTPUT_DEVICE_UUID, f"urn:uuid:{gate.memory.all_devices[0].uuid}")
        assert ids_of(await gate.operate(LIST, there, target=ROOT)) == [2]
        unknown = attribute(A.OUTPUT_DEVICE_UUID, f"urn:uuid:{uuid4()}")
        assert status_of(await gate.operate(LIST, unknown)) == NOT_FOUND
        assert status_of(await gate.operate(LIST, attribute(A.OUTPUT_DEVICE_UUID, "urn:uuid:nonsense"))) == BAD


# hold and release


async def test_a_held_job_is_held_for_another_reason_until_that_one_ends() -> None:
    async with Gate() as gate:
        number = await gate.print()
        assert status_of(await gate.operate(HOLD, job_id(number))) == OK
        assert gate.memory.jobs[number].hold_until == "indefinite"
        assert set(gate.memory.jobs[number].reasons) == {R.JOB_HELD_FOR_RELEASE, R.JOB_HOLD_UNTIL_SPECIFIED}
        assert status_of(await gate.operate(RELEASE, job_id(number))) == OK
        assert gate.memory.jobs[number].reasons == (R.JOB_HELD_FOR_RELEASE,)
        assert gate.memory.jobs[number].state is JobState.PENDING_HELD


async def test_a_pending_job_is_held() -> None:
    async with two_queues(patient=True) as gate:
        await gate.operate(Operation.PRINT_JOB, document=b"x", target=DIRECT)
        answer = await gate.operate(HOLD, job_id(1), attribute(A.JOB_HOLD_UNTIL, "indefinite"), target=DIRECT)
        assert status_of(answer) == OK
        assert gate.memory.jobs[1].state is JobState.PENDING_HELD


@pytest.mark.parametrize("until", ["full-moon", "no-hold", "25:00"])
async def test_a_hold_that_is_not_possible_becomes_an_indefinite_one(until: str) -> None:
    async with Gate() as gate:
        number = await gate.print()
        answer = await gate.operate(HOLD, job_id(number), attribute(A.JOB_HOLD_UNTIL, until))
        assert status_of(answer) == IGNORED
        assert unsupported_of(answer).texts(A.JOB_HOLD_UNTIL) == [until]
        assert gate.memory.jobs[number].hold_until == "indefinite"


@pytest.mark.parametrize("until", ["day-time", "evening", "night", "weekend", "second-shift", "third-shift", "18:30"])
async def test_a_job_is_held_until_hours_that_have_a_name(until: str) -> None:
    async with Gate() as gate:
        number = await gate.print()
        assert status_of(await gate.operate(HOLD, job_id(number), attribute(A.JOB_HOLD_UNTIL, until))) == OK
        assert gate.memory.jobs[number].hold_until == until
        (job,) = jobs_of(await gate.operate(GET, job_id(number)))
        assert (job.text(A.JOB_HOLD_UNTIL), job.text(A.JOB_HOLD_UNTIL_ACTUAL)) == (until, until)
        assert A.JOB_HOLD_UNTIL_TIME not in job


async def test_a_hold_until_a_moment_excludes_one_with_a_name() -> None:
    when = datetime(2026, 11, 20, 10, tzinfo=UTC)
    moment = attribute(A.JOB_HOLD_UNTIL_TIME, when)
    async with Gate() as gate:
        number = await gate.print()
        assert status_of(await gate.operate(HOLD, job_id(number), moment)) == OK
        assert gate.memory.jobs[number].hold_until == when
        (job,) = jobs_of(await gate.operate(GET, job_id(number)))
        assert job.get(A.JOB_HOLD_UNTIL_TIME) == moment
        assert job.text(A.JOB_HOLD_UNTIL_ACTUAL) == "2026-11-20T10:00:00Z"
        assert A.JOB_HOLD_UNTIL not in job
        both = await gate.operate(HOLD, job_id(number), moment, attribute(A.JOB_HOLD_UNTIL, "indefinite"))
        assert status_of(both) == CONFLICT
        assert "exclude each other" in sentence_of(both)


async def test_a_moment_that_is_none_is_a_bad_request_and_one_too_far_away_an_indefinite_hold() -> None:
    no_date = Attribute(A.JOB_HOLD_UNTIL_TIME, (Value(Tag.DATE_TIME, bytes.fromhex("07ea0d140a0000002b0000")),))
    never = attribute(A.JOB_HOLD_UNTIL_TIME, datetime(9999, 12, 31, tzinfo=UTC))
    async with Gate() as gate:
        number = await gate.print()
        assert status_of(await gate.operate(HOLD, job_id(number), no_date)) == BAD
        answer = await gate.operate(HOLD, job_id(number), never)
        assert (status_of(answer), unsupported_of(answer).attributes) == (IGNORED, [never])
        assert gate.memory.jobs[number].hold_until == "indefinite"


async def test_release_to_a_device_sends_the_job_there() -> None:
    async with Gate() as gate:
        device = gate.memory.add_device("mfp")
        number = await gate.print()
        there = attribute(A.OUTPUT_DEVICE_UUID, f"urn:uuid:{device.uuid}")
        assert status_of(await gate.operate(RELEASE, job_id(number), there)) == OK
        assert gate.memory.jobs[number].state is JobState.COMPLETED
        assert gate.memory.jobs[number].device_uuid == device.uuid


async def test_release_to_a_device_that_cannot_is_refused_with_the_reason() -> None:
    async with Gate() as gate:
        stopped = gate.memory.add_device("jammed", PrinterState.STOPPED)
        number = await gate.print()
        there = attribute(A.OUTPUT_DEVICE_UUID, f"urn:uuid:{stopped.uuid}")
        answer = await gate.operate(RELEASE, job_id(number), there)
        assert status_of(answer) == NOT_POSSIBLE
        assert "jammed is stopped" in sentence_of(answer)
        nowhere = attribute(A.OUTPUT_DEVICE_UUID, f"urn:uuid:{uuid4()}")
        assert status_of(await gate.operate(RELEASE, job_id(number), nowhere)) == NOT_FOUND
        assert status_of(await gate.operate(RELEASE, job_id(number), attribute(A.OUTPUT_DEVICE_UUID, "x:y"))) == BAD
        assert gate.memory.jobs[number].state is JobState.PENDING_HELD


async def test_job_attributes_of_a_release_change_the_job_on_its_way() -> None:
    wishes = (attribute(A.COPIES, 2), attribute(A.SIDES, "two-sided-long-edge"))
    async with Gate() as gate:
        device = gate.memory.add_device("mfp")
        number = await gate.print()
        there = attribute(A.OUTPUT_DEVICE_UUID, f"urn:uuid:{device.uuid}")
        assert status_of(await gate.operate(RELEASE, job_id(number), there, job=wishes)) == OK
        assert gate.memory.changes == list(wishes)


async def test_changes_that_the_device_cannot_do_are_the_unsupported_group() -> None:
    wish = attribute(A.SIDES, "two-sided-long-edge")
    unknown = Attribute("x-fold", (UNSUPPORTED,))
    async with Gate() as gate:
        number = await gate.print()
        gate.memory.failure = NotBindable("mfp cannot do that", (wish, unknown))
        answer = await gate.operate(RELEASE, job_id(number), job=(wish,))
        assert (status_of(answer), sentence_of(answer)) == (NOT_SUPPORTED, "mfp cannot do that")
        assert unsupported_of(answer).attributes == [wish, unknown]


async def test_a_job_that_goes_already_needs_no_release() -> None:
    async with two_queues(patient=True) as gate:
        await gate.operate(Operation.PRINT_JOB, document=b"x", target=DIRECT)
        assert status_of(await gate.operate(RELEASE, job_id(1), target=DIRECT)) == OK
        assert gate.memory.jobs[1].state is JobState.PENDING


@pytest.mark.parametrize("code", [HOLD, RELEASE, CANCEL, SET])
async def test_an_ended_job_stays_as_it_is(code: Operation) -> None:
    async with Gate() as gate:
        number = await gate.print()
        await gate.memory.cancel(number, Caller("alice"))
        answer = await gate.operate(code, job_id(number), job=(attribute(A.COPIES, 2),))
        assert status_of(answer) == NOT_POSSIBLE
        assert gate.memory.jobs[number].state is JobState.CANCELED


@pytest.mark.parametrize("code", [HOLD, RELEASE, CANCEL, SET])
async def test_somebody_elses_job_is_not_touched(code: Operation) -> None:
    async with Gate() as gate:
        number = await gate.print()
        before = gate.memory.jobs[number]
        answer = await gate.operate(code, job_id(number), job=(attribute("x-unknown", 1, tag=Tag.INTEGER),), user=BOB)
        assert status_of(answer) == Status.CLIENT_ERROR_NOT_AUTHORIZED
        assert gate.memory.jobs[number] == before


@pytest.mark.parametrize("code", [GET, SET, HOLD, RELEASE, CANCEL])
async def test_a_job_that_does_not_exist_is_not_found(code: Operation) -> None:
    async with Gate() as gate:
        answer = await gate.operate(code, job_id(5), job=(attribute(A.COPIES, 2),))
        assert status_of(answer) == NOT_FOUND


# cancel


async def test_cancel_ends_a_job_once() -> None:
    async with Gate() as gate:
        number = await gate.print()
        assert status_of(await gate.operate(CANCEL, job_id(number), attribute(A.MESSAGE, "no need"))) == OK
        assert gate.memory.jobs[number].state is JobState.CANCELED
        assert status_of(await gate.operate(CANCEL, job_id(number))) == NOT_POSSIBLE


async def test_cancel_my_jobs_ends_mine_and_nobody_elses() -> None:
    async with two_queues(patient=True) as gate:
        await gate.print()
        await gate.print(user=BOB)
        await gate.operate(Operation.PRINT_JOB, document=b"x", target=DIRECT)
        assert status_of(await gate.operate(CANCEL_MINE)) == OK
        states = [job.state for job in gate.memory.jobs.values()]
        assert states == [JobState.CANCELED, JobState.PENDING_HELD, JobState.PENDING]
        assert status_of(await gate.operate(CANCEL_MINE, target=ROOT)) == OK
        assert gate.memory.jobs[3].state is JobState.CANCELED


async def test_cancel_my_jobs_is_all_or_nothing() -> None:
    async with Gate() as gate:
        await gate.print()
        await gate.print(user=BOB)
        answer = await gate.operate(CANCEL_MINE, attribute(A.JOB_IDS, 1, 2, 9))
        assert status_of(answer) == NOT_POSSIBLE
        assert unsupported_of(answer).attributes == [attribute(A.JOB_IDS, 2, 9)]
        assert all(job.state is JobState.PENDING_HELD for job in gate.memory.jobs.values())
        assert status_of(await gate.operate(CANCEL_MINE, attribute(A.JOB_IDS, 1))) == OK
        assert status_of(await gate.operate(CANCEL_MINE, user=None)) == BAD


# Set-Job-Attributes


async def test_a_waiting_job_is_changed() -> None:
    async with Gate() as gate:
        await gate.operate(Operation.PRINT_JOB, job=(attribute(A.COPIES, 2), attribute(A.NUMBER_UP, 1)), document=b"x")
        wishes = (
            attribute(A.COPIES, 5),
            attribute(A.SIDES, "two-sided-short-edge"),
            attribute(A.JOB_PRIORITY, 99),
            attribute(A.JOB_HOLD_UNTIL, "indefinite"),
            attribute(A.JOB_NAME, "Renamed"),
            Attribute(A.NUMBER_UP, (DELETE_ATTRIBUTE,)),
        )
        assert status_of(await gate.operate(SET, job_id(1), job=wishes)) == OK
        job = gate.memory.jobs[1]
        assert (job.name, job.priority, job.hold_until) == ("Renamed", 99, "indefinite")
        assert {each.name: each.values[0].python for each in job.template} == {
            A.COPIES: 5,
            A.SIDES: "two-sided-short-edge",
        }


async def test_deleting_hold_and_priority_brings_their_defaults_back() -> None:
    async with Gate() as gate:
        wishes = (attribute(A.JOB_PRIORITY, 99), attribute(A.JOB_HOLD_UNTIL, "indefinite"))
        await gate.operate(Operation.PRINT_JOB, job=wishes, document=b"x")
        deletions = tuple(Attribute(name, (DELETE_ATTRIBUTE,)) for name in (A.JOB_PRIORITY, A.JOB_HOLD_UNTIL))
        assert status_of(await gate.operate(SET, job_id(1), job=deletions)) == OK
        assert (gate.memory.jobs[1].priority, gate.memory.jobs[1].hold_until) == (50, None)


@pytest.mark.parametrize(
    ("wish", "status", "named"),
    [
        (attribute(A.JOB_STATE, 9), Status.CLIENT_ERROR_ATTRIBUTES_NOT_SETTABLE, NOT_SETTABLE),
        (attribute(A.JOB_ID, 9), Status.CLIENT_ERROR_ATTRIBUTES_NOT_SETTABLE, NOT_SETTABLE),
        (
            attribute(A.JOB_ORIGINATING_USER_NAME, "bob"),
            Status.CLIENT_ERROR_ATTRIBUTES_NOT_SETTABLE,
            NOT_SETTABLE,
        ),
        (attribute("x-unknown", 1, tag=Tag.INTEGER), NOT_SUPPORTED, UNSUPPORTED),
        (Attribute("x-unknown", (DELETE_ATTRIBUTE,)), NOT_SUPPORTED, UNSUPPORTED),
        (attribute(A.SIDES, "three-sided", tag=Tag.KEYWORD), NOT_SUPPORTED, Value(Tag.KEYWORD, b"three-sided")),
        (Attribute(A.JOB_NAME, (DELETE_ATTRIBUTE,)), NOT_SUPPORTED, DELETE_ATTRIBUTE),
        (Attribute(A.JOB_NAME, (Value(Tag.NAME, b"\x01\x02"),)), NOT_SUPPORTED, Value(Tag.NAME, b"\x01\x02")),
    ],
)
async def test_a_change_that_is_not_possible_leaves_the_job_as_it_was(
    wish: Attribute, status: Status, named: Value
) -> None:
    async with Gate() as gate:
        number = await gate.print()
        before = gate.memory.jobs[number]
        answer = await gate.operate(SET, job_id(number), job=(attribute(A.COPIES, 7), wish))
        assert status_of(answer) == status
        assert unsupported_of(answer).attributes == [Attribute(wish.name, (named,))]
        assert gate.memory.jobs[number] == before


async def test_a_change_of_nothing_is_no_request() -> None:
    async with Gate() as gate:
        number = await gate.print()
        assert status_of(await gate.operate(SET, job_id(number))) == BAD
