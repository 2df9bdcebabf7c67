"""What a client is shown of its own held job after it was submitted, by what kind of client it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ippgate.doors.ipp.client_type import ClientType, client_names, client_type
from ippgate.doors.ipp.shown import HELD_AT_LEAST, shown
from ippgate.ipp import Group, JobState, Operation, Tag
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from ippgate.ipp.registry import reasons as R
from ippgate.model.job import Caller
from ippgate.model.queue import Queue, QueueMode
from ippgate.model.queue_options import QueueOptions, Shown
from ippgate.model.release_action import ReleaseAction, action_reasons
from tests.unit.doors.client import message_of, post
from tests.unit.doors.gate import ALICE, BOB, FOLLOWME, Gate
from tests.unit.model.nouns import NOON
from tests.unit.model.nouns import job as a_job
from tests.unit.model.nouns import queue as a_queue

AGENTS = {
    "Internet Print Provider": ClientType.WINDOWS,
    "Microsoft IPP Class Driver": ClientType.WINDOWS,
    "MSIPP/1.0 (Windows NT 10.0)": ClientType.WINDOWS,
    "CUPS/2.3.4 (iOS 17.1; arm64) IPP/2.0": ClientType.IOS,
    "CUPS/2.0 (Darwin 22.1.0; iPhone14,5) IPP/2.0": ClientType.IOS,
    "CUPS/2.3.4 (iPadOS 17.1; arm64) IPP/2.0": ClientType.IOS,
    "CUPS/2.3.4 (macOS 13.1; arm64) IPP/2.0": ClientType.MACOS,
    "CUPS/2.2.9 (Darwin 18.7.0; x86_64) IPP/2.0": ClientType.MACOS,
    "CUPS/2.4.2 (Linux 6.1.0; x86_64) IPP/2.0": ClientType.CUPS,
    "CUPS/2.3.3op2 (CrOS; x86_64) IPP/2.0": ClientType.CHROMEOS,
    "wPrintAndroid/1.0": ClientType.ANDROID,
    "CUPS/2.3 (Android 14; arm64) IPP/2.0": ClientType.ANDROID,
    "curl/8.0": ClientType.OTHER,
    "": ClientType.OTHER,
    "x" * 100_000 + " Windows": ClientType.OTHER,
}


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent[:40])
def test_a_client_is_known_by_its_user_agent(agent: str) -> None:
    assert client_type(agent, (2, 0)) is AGENTS[agent]


def test_only_windows_still_speaks_ipp_1_0() -> None:
    assert client_type("", (1, 0)) is ClientType.WINDOWS
    assert client_type("CUPS/1.1 (macOS 10.2)", (1, 0)) is ClientType.MACOS


def test_client_info_says_more_than_a_library_s_user_agent() -> None:
    info = attribute(
        A.CLIENT_INFO,
        {A.CLIENT_NAME: "ChromeOS", A.CLIENT_TYPE: 4, A.CLIENT_STRING_VERSION: "120"},
        {A.CLIENT_NAME: "some app", A.CLIENT_TYPE: 3, A.CLIENT_STRING_VERSION: "1"},
    )
    names = client_names(Group(Tag.OPERATION, [info]))
    assert names == ["ChromeOS", "some app"]
    assert client_type("CUPS/2.3.3 (Linux 5.10; x86_64) IPP/2.0", (2, 0), names) is ClientType.CHROMEOS
    assert client_names(Group(Tag.OPERATION)) == []


HELD = replace(a_job(), reasons=(R.JOB_HELD_FOR_RELEASE,))
DONE = (JobState.COMPLETED, (R.JOB_COMPLETED_SUCCESSFULLY,))
HOLDS = a_queue()
HIDES = replace(HOLDS, options=QueueOptions(shown=Shown.COMPLETED))
PASSES = replace(HIDES, mode=QueueMode.PASSTHROUGH, device_id=1)
OWNER, OTHER, ROOT = Caller("alice"), Caller("bob"), Caller("root", operator=True)
PIN = replace(HELD, release_action=ReleaseAction.JOB_PASSWORD, reasons=action_reasons(ReleaseAction.JOB_PASSWORD))


def seen(
    job: object = HELD,
    queue: Queue = HIDES,
    client: ClientType = ClientType.WINDOWS,
    caller: Caller = OWNER,
    after: float = 1,
) -> tuple[JobState, tuple[str, ...]]:
    told = shown(job, queue, client, caller, NOON + timedelta(seconds=after))  # type: ignore[arg-type]  # a job
    return told.state, told.reasons


@pytest.mark.parametrize("client", ClientType)
def test_where_the_queue_says_so_windows_and_nobody_else_is_told_that_a_held_job_is_done(client: ClientType) -> None:
    truth = (HELD.state, HELD.reasons)
    assert seen(client=client) == (DONE if client is ClientType.WINDOWS else truth)
    assert seen(client=client, queue=HOLDS) == truth


def test_operators_and_others_are_told_the_truth() -> None:
    assert seen(caller=ROOT) == seen(caller=OTHER) == (HELD.state, HELD.reasons)


def test_what_was_told_done_stays_so_until_it_has_ended_one_way_or_the_other() -> None:
    for state in (JobState.PENDING, JobState.PROCESSING, JobState.PROCESSING_STOPPED):
        assert seen(replace(HELD, state=state, reasons=())) == DONE
    for state in (JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED):
        assert seen(replace(HELD, state=state, reasons=("x",))) == (state, ("x",))


def test_a_job_whose_document_still_arrives_is_not_done() -> None:
    assert seen(replace(HELD, incoming=True)) == (HELD.state, HELD.reasons)


def test_a_queue_that_prints_at_once_tells_the_truth_but_of_jobs_with_an_action() -> None:
    going = replace(HELD, state=JobState.PENDING, reasons=())
    assert seen(going, PASSES) == (JobState.PENDING, ())
    assert seen(PIN, PASSES) == DONE


def test_ios_sees_a_job_with_a_password_held_for_a_while_however_soon_it_was_released() -> None:
    still, reasons = HELD_AT_LEAST.total_seconds(), action_reasons(ReleaseAction.JOB_PASSWORD)
    assert still >= 15
    for state in (JobState.PENDING, JobState.PROCESSING, JobState.COMPLETED):
        job = replace(PIN, state=state, reasons=())
        assert seen(job, HOLDS, ClientType.IOS, after=still - 1) == (JobState.PENDING_HELD, reasons)
        assert seen(job, HOLDS, ClientType.IOS, after=still) == (state, ())
        assert seen(job, HOLDS, ClientType.MACOS, after=1) == (state, ())
        assert seen(replace(job, release_action=None), HOLDS, ClientType.IOS, after=1) == (state, ())
    canceled = replace(PIN, state=JobState.CANCELED, reasons=())
    assert seen(canceled, HOLDS, ClientType.IOS, after=1) == (JobState.CANCELED, ())
    both = replace(PIN, reasons=(R.JOB_HOLD_UNTIL_SPECIFIED, *PIN.reasons))
    assert seen(both, HOLDS, ClientType.IOS, after=1) == (both.state, both.reasons)


async def told(gate: Gate, code: int, agent: str, *more: object, user: object = ALICE, document: bytes = b"") -> Group:
    body = message_of(code, FOLLOWME, *more, user)  # type: ignore[arg-type]  # attributes
    reply = await gate.ask(post(body + document, headers=[f"User-Agent: {agent}"]))
    group = reply.ipp.group(Tag.JOB)
    assert group is not None
    return group


async def test_at_the_door_windows_is_told_done_and_the_list_of_jobs_tells_the_truth() -> None:
    windows, linux = "Microsoft IPP Class Driver", "CUPS/2.4.2 (Linux 6.1.0; x86_64) IPP/2.0"
    async with Gate() as gate:
        gate.memory.all_queues[0] = replace(gate.memory.all_queues[0], options=HIDES.options)
        printed = await told(gate, Operation.PRINT_JOB, windows, document=b"%PDF")
        assert printed.integer(A.JOB_STATE) == JobState.COMPLETED
        assert printed.texts(A.JOB_STATE_REASONS) == [R.JOB_COMPLETED_SUCCESSFULLY]
        job_id = attribute(A.JOB_ID, 1)
        assert gate.memory.jobs[1].state is JobState.PENDING_HELD
        asked = [
            await told(gate, Operation.GET_JOB_ATTRIBUTES, windows, job_id),
            await told(gate, Operation.GET_JOB_ATTRIBUTES, windows, job_id, user=BOB),
            await told(gate, Operation.GET_JOB_ATTRIBUTES, linux, job_id),
            await told(gate, Operation.GET_JOBS, windows, attribute(A.REQUESTED_ATTRIBUTES, A.JOB_STATE)),
        ]
        held = JobState.PENDING_HELD
        assert [each.integer(A.JOB_STATE) for each in asked] == [JobState.COMPLETED, held, held, held]


async def test_at_the_door_windows_is_told_done_once_its_document_is_here() -> None:
    async with Gate() as gate:
        gate.memory.all_queues[0] = replace(gate.memory.all_queues[0], options=HIDES.options)
        agent = "Internet Print Provider"
        created = await told(gate, Operation.CREATE_JOB, agent)
        assert created.integer(A.JOB_STATE) == JobState.PENDING_HELD
        last = attribute(A.LAST_DOCUMENT, True)
        job_id = attribute(A.JOB_ID, 1)
        sent = await told(gate, Operation.SEND_DOCUMENT, agent, job_id, last, document=b"%PDF")
        assert sent.integer(A.JOB_STATE) == JobState.COMPLETED


async def test_at_the_door_ios_is_told_held() -> None:
    agent = "CUPS/2.3.4 (iOS 17.1; arm64) IPP/2.0"
    async with Gate() as gate:
        await told(gate, Operation.PRINT_JOB, agent, document=b"%PDF")
        job = replace(gate.memory.jobs[1], release_action=ReleaseAction.JOB_PASSWORD, created_at=datetime.now(UTC))
        gate.memory.jobs[1] = replace(job, state=JobState.COMPLETED, reasons=(), completed_at=datetime.now(UTC))
        asked = await told(gate, Operation.GET_JOB_ATTRIBUTES, agent, attribute(A.JOB_ID, 1))
        assert asked.integer(A.JOB_STATE) == JobState.PENDING_HELD
        assert asked.texts(A.JOB_STATE_REASONS) == [R.JOB_PASSWORD_WAIT, R.JOB_HELD_FOR_RELEASE]
