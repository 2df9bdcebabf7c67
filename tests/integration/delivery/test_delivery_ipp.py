"""Jobs go to IPP devices and are followed there: what the device says counts, and nothing is sent twice on a guess."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from functools import partial

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp import JobState, Operation, Range, Status, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.job import Job, NewDocument, NewJob
from tests.integration.gates import (
    ALICE,
    BOB,
    QUICK,
    QUICK_WIRES,
    Connection,
    attempts,
    hold_queue,
    job_of,
    register,
    serving,
    stream,
    submit,
    until,
)
from tests.rig.documents import random_document
from tests.rig.eventually import eventually
from tests.rig.hostile_device import HostileDevice
from tests.rig.ipp_printer import PrinterJob
from tests.rig.lies import Lie, without

DOCUMENT = random_document(100_000)
LARGE = random_document(5_000_000)
COMPLETED, HELD, CANCELED = JobState.COMPLETED, JobState.PENDING_HELD, JobState.CANCELED
REVIEW = ("job-held-for-review", "job-held-for-release")
Gates = Callable[..., Awaitable[Gate]]


@pytest.fixture
async def device() -> AsyncIterator[HostileDevice]:
    async with HostileDevice() as device:
        yield device


@pytest.fixture
def old_device(device: HostileDevice) -> HostileDevice:
    """One that has Print-Job alone: a job has no number there before its document has been sent."""
    spared = (Operation.CREATE_JOB, Operation.SEND_DOCUMENT)
    device.printer.operations = tuple(one for one in device.printer.operations if one not in spared)
    return device


async def released(
    gate: Gate, device: HostileDevice, document: bytes = DOCUMENT, *, resend_unknown: bool = False
) -> Job:
    """A job on its way to the device, which is registered as `printer`."""
    if not await gate.fleet.devices():
        await register(gate, device.uri, resend_unknown=resend_unknown)
        await hold_queue(gate)
    job = await submit(gate, await gate.fleet.queue("followme"), document)
    return await gate.release.release(job.id, ALICE, "printer")


def printed(device: HostileDevice, document: bytes = DOCUMENT) -> int:
    """How often the device has printed the whole document."""
    done = [job for job in device.jobs.values() if job.state is COMPLETED]
    return sum(job.document.data == document for job in done)


async def at_device(device: HostileDevice, number: int = 1) -> PrinterJob:
    """Wait for the device to have a whole document, and work on it."""

    def look() -> PrinterJob | None:
        working = [job for job in device.jobs.values() if not job.open]
        return working[number - 1] if len(working) >= number else None

    found = await eventually(look, "a job at the device")
    assert found is not None
    return found


# ── what goes well ──


@pytest.mark.parametrize("document", [b"", DOCUMENT, LARGE], ids=["empty", "small", "large"])
async def test_a_job_is_printed_and_completed_with_the_devices_own_count(
    gate: Gate, device: HostileDevice, document: bytes
) -> None:
    device.printer.impressions = 7
    async with serving(gate):
        done = await until(gate, await released(gate, device, document), COMPLETED)
    assert (done.impressions, done.reasons) == (7, ("job-completed-successfully",))
    assert printed(device, document) == 1
    [there] = device.jobs.values()
    assert there.user == "alice"
    assert f"ippgate-{done.uuid.hex[:16]}" in there.name
    assert await attempts(gate, done) == ["complete"]


async def test_a_device_with_print_job_alone_prints_as_well(gate: Gate, old_device: HostileDevice) -> None:
    async with serving(gate):
        await until(gate, await released(gate, old_device, LARGE), COMPLETED)
    assert printed(old_device, LARGE) == 1
    assert old_device.requests(Operation.CREATE_JOB) == []


async def test_wishes_for_single_pages_go_to_a_device_that_tells_pages_apart_and_to_no_other(
    gate: Gate, device: HostileDevice
) -> None:
    first = attribute(A.OVERRIDES, {A.PAGES: Range(1, 1), A.SIDES: "one-sided"})
    await register(gate, device.uri)
    queue = await hold_queue(gate)
    async with serving(gate):
        for able in (False, True):
            if able:
                device.printer.set(attribute(A.OVERRIDES_SUPPORTED, A.PAGES, A.SIDES))
                await gate.fleet.probe("printer")
            new = NewJob(queue.id, ALICE.name, f"able {able}", "", (first,))
            job = await gate.intake.submit(queue, new, NewDocument("application/pdf"), stream(DOCUMENT))
            await gate.release.release(job.id, ALICE, "printer")
            await until(gate, job, COMPLETED)
    assert [first in there.template for there in device.jobs.values()] == [False, True]


async def test_what_the_device_says_of_a_job_that_prints_is_seen(gate: Gate, device: HostileDevice) -> None:
    device.printer.at_once = False
    async with serving(gate):
        job = await released(gate, device)
        there = await at_device(device)
        seen = await until(gate, job, JobState.PROCESSING, where=lambda j: j.reasons == ("job-printing",))
        assert seen.processing_at is not None
        there.impressions, there.message = 2, "page 2"
        await until(gate, job, JobState.PROCESSING, where=lambda j: (j.impressions, j.message) == (2, "page 2"))
        there.state, there.reasons, there.message = JobState.PROCESSING_STOPPED, ("media-empty",), "add paper"
        stopped = await until(gate, job, JobState.PROCESSING_STOPPED)
        assert (stopped.reasons, stopped.message) == (("media-empty",), "add paper")
        there.state, there.reasons = JobState.PROCESSING, ("job-printing",)
        await until(gate, job, JobState.PROCESSING)
        device.printer.finish(there.id, impressions=9)
        assert (await until(gate, job, COMPLETED)).impressions == 9


async def test_the_next_job_is_sent_while_the_first_still_prints_up_to_a_bound(
    gate: Gate, device: HostileDevice
) -> None:
    device.printer.at_once = False
    async with serving(gate):
        jobs = [await released(gate, device, f"{n}".encode()) for n in range(QUICK.at_device + 2)]
        await at_device(device, QUICK.at_device)
        waits = jobs[QUICK.at_device]
        assert (await job_of(gate, waits)).state is JobState.PENDING
        assert len(device.jobs) == QUICK.at_device
        device.printer.at_once = True
        for there in list(device.jobs.values()):
            device.printer.finish(there.id)
        for job in jobs:
            await until(gate, job, COMPLETED)
    assert len(device.jobs) == len(jobs)


# ── a device that is not ready ──


@pytest.mark.parametrize("kind", ["new", "old"])
async def test_a_device_that_is_busy_a_few_times_gets_the_job_once(
    gate: Gate, device: HostileDevice, kind: str, request: pytest.FixtureRequest
) -> None:
    operation = Operation.CREATE_JOB
    if kind == "old":
        request.getfixturevalue("old_device")
        operation = Operation.PRINT_JOB
    async with serving(gate):
        device.lie(Lie(operation, refuse=Status.SERVER_ERROR_BUSY, times=2 * QUICK.attempts))
        job = await until(gate, await released(gate, device, LARGE), COMPLETED)
    assert printed(device, LARGE) == 1
    assert len(device.requests(operation)) == 2 * QUICK.attempts + 1
    assert (await attempts(gate, job))[-1] == "complete"
    assert set((await attempts(gate, job))[:-1]) <= {"retry"}


async def test_a_device_that_takes_one_job_at_a_time_gets_them_one_by_one(gates: Gates) -> None:
    gate = await gates(delivery=replace(QUICK, busy_limit=0.2))
    async with HostileDevice(at_once=False, single=True) as device, serving(gate):
        first, second = [await released(gate, device, f"{n}".encode()) for n in range(2)]
        await at_device(device)
        await device.hears(Operation.CREATE_JOB, number=8)  # far beyond the time that a busy device is waited for
        assert (await job_of(gate, second)).state is JobState.PENDING
        device.printer.finish(1)
        await at_device(device, 2)
        device.printer.finish(2)
        for job in (first, second):
            await until(gate, job, COMPLETED)


async def test_a_device_that_stays_busy_gets_the_job_held_with_the_reason(gates: Gates, device: HostileDevice) -> None:
    gate = await gates(delivery=replace(QUICK, busy_limit=0.3))
    device.lie(Lie(Operation.CREATE_JOB, refuse=Status.SERVER_ERROR_BUSY, times=None))
    async with serving(gate):
        job = await until(gate, await released(gate, device), HELD)
    assert job.reasons == ("job-held-for-release",)
    assert job.message == "printer could not take the job: the device answered server-error-busy"


async def test_a_sleeping_device_is_waited_for(gate: Gate, device: HostileDevice) -> None:
    async with serving(gate):
        await register(gate, device.uri)
        await hold_queue(gate)
        await device.sleep()
        job = await released(gate, device)
        await eventually(lambda: gate.dispatcher.open_lanes, "the lane to open")
        await device.wake()
        await until(gate, job, COMPLETED)
    assert printed(device) == 1


async def test_a_job_that_is_held_and_released_again_while_its_device_sleeps_is_printed_once(
    gate: Gate, device: HostileDevice, sql: Connection
) -> None:
    """The worker has it in hand twice then: as it was leased first, and as it is leased now."""
    device.printer.at_once = False
    async with serving(gate):
        await register(gate, device.uri)
        await hold_queue(gate)
        await device.sleep()
        job = await released(gate, device)
        for _ in range(2):
            leased = "SELECT true FROM job WHERE lease_worker IS NOT NULL"
            await eventually(partial(sql.fetchval, leased), "the job to be taken up")
            await gate.desk.hold(job.id, ALICE, None)
            await gate.release.release(job.id, ALICE, "printer")
        await device.wake()
        await until(gate, job, JobState.PROCESSING, where=lambda j: j.reasons == ("job-printing",))
        after = await released(gate, device, b"the next")
        await until(gate, after, JobState.PROCESSING, where=lambda j: j.reasons == ("job-printing",))
        taken = [one for one in device.jobs.values() if not one.ended]
        for one in taken:
            device.printer.finish(one.id)
        await until(gate, after, COMPLETED)
        await until(gate, job, COMPLETED)
    assert [one.document.data for one in taken] == [DOCUMENT, b"the next"]
    assert all(one in taken or not one.document.size for one in device.jobs.values())


# ── it says no ──


@pytest.mark.parametrize(
    "lie",
    [
        Lie(Operation.CREATE_JOB, refuse=Status.CLIENT_ERROR_NOT_AUTHORIZED),
        Lie(Operation.SEND_DOCUMENT, refuse=Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED),
        Lie(Operation.SEND_DOCUMENT, refuse=Status.CLIENT_ERROR_DOCUMENT_FORMAT_ERROR, refuse_early=True),
        Lie(Operation.CREATE_JOB, http_status="401 Unauthorized"),
        Lie(Operation.CREATE_JOB, raw=b"220 ftp ready\r\n"),
        Lie(Operation.CREATE_JOB, twist=without("job-id", "job-uri")),
    ],
    ids=["not authorized", "format", "format early", "http", "nonsense", "no job-id"],
)
async def test_a_refusal_holds_the_job_with_the_devices_words(gate: Gate, device: HostileDevice, lie: Lie) -> None:
    device.lie(lie)
    async with serving(gate):
        job = await until(gate, await released(gate, device, LARGE), HELD)
        assert job.reasons == ("job-held-for-release",)
        assert job.message.startswith("printer refused the job: the device ")
        assert printed(device, LARGE) == 0
        await gate.release.release(job.id, ALICE, "printer")
        await until(gate, job, COMPLETED)
    assert printed(device, LARGE) == 1


# ── the connection breaks ──


@pytest.mark.parametrize("kind", ["new", "old"])
@pytest.mark.parametrize("at_once", [True, False], ids=["printed at once", "prints a while"])
async def test_an_answer_that_is_lost_after_the_device_took_the_job_does_not_send_it_twice(
    gate: Gate, device: HostileDevice, kind: str, at_once: bool, request: pytest.FixtureRequest
) -> None:
    operation = Operation.SEND_DOCUMENT
    if kind == "old":
        request.getfixturevalue("old_device")
        operation = Operation.PRINT_JOB
    device.printer.at_once = at_once
    device.lie(Lie(operation, lose_answer=True))
    async with serving(gate):
        job = await released(gate, device)
        there = await at_device(device)
        if not at_once:
            await until(gate, job, JobState.PROCESSING, where=lambda j: j.reasons == ("job-printing",))
            device.printer.finish(there.id)
        await until(gate, job, COMPLETED)
    assert len(device.jobs) == 1
    assert len(device.requests(operation)) == 1
    assert await attempts(gate, job) == ["complete"]


async def test_an_answer_that_takes_too_long_does_not_send_it_twice(gates: Gates, device: HostileDevice) -> None:
    gate = await gates(wires=replace(QUICK_WIRES, answer_timeout=0.2, stall_timeout=0.2))
    device.lie(Lie(Operation.SEND_DOCUMENT, answer_after=30))
    async with serving(gate):
        await until(gate, await released(gate, device), COMPLETED)
    assert len(device.jobs) == 1


async def test_a_lost_answer_to_create_job_costs_an_empty_job_at_the_device_and_no_paper(
    gate: Gate, device: HostileDevice
) -> None:
    device.lie(Lie(Operation.CREATE_JOB, lose_answer=True))
    async with serving(gate):
        await until(gate, await released(gate, device), COMPLETED)
    assert [job.document.size for job in device.jobs.values()] == [0, len(DOCUMENT)]


@pytest.mark.parametrize("kind", ["new", "old"])
async def test_a_device_that_gives_up_a_job_whose_connection_broke_gets_it_held_with_the_reason(
    gate: Gate, device: HostileDevice, kind: str, request: pytest.FixtureRequest
) -> None:
    operation = Operation.SEND_DOCUMENT
    if kind == "old":
        request.getfixturevalue("old_device")
        operation = Operation.PRINT_JOB
    device.lie(Lie(operation, cut_after=1_000_000))
    async with serving(gate):
        job = await until(gate, await released(gate, device, LARGE), HELD)
    assert job.message.startswith("printer aborted the job: ")
    assert printed(device, LARGE) == 0


async def test_a_device_that_stalls_is_given_up_its_job_cleared_away_and_sent_again(
    gate: Gate, device: HostileDevice
) -> None:
    device.lie(Lie(Operation.SEND_DOCUMENT, stall_after=1_000_000))
    async with serving(gate):
        job = await until(gate, await released(gate, device, LARGE), COMPLETED)
    assert [there.state for there in device.jobs.values()] == [CANCELED, COMPLETED]
    assert await attempts(gate, job) == ["retry", "complete"]
    assert {one.message.operation.text(A.REQUESTING_USER_NAME) for one in device.requests(Operation.CANCEL_JOB)} == {
        "alice"
    }


async def test_a_device_that_forgot_the_job_leaves_the_outcome_unknown(gate: Gate, device: HostileDevice) -> None:
    device.printer.at_once = False
    async with serving(gate):
        job = await released(gate, device)
        there = await at_device(device)
        device.printer.forget(there.id)
        held = await until(gate, job, HELD)
    assert held.reasons == REVIEW
    assert held.message.startswith("outcome unknown: the device no longer knows the job")


async def test_a_device_that_is_switched_off_while_it_prints_is_waited_for(gate: Gate, device: HostileDevice) -> None:
    device.printer.at_once = False
    async with serving(gate):
        job = await released(gate, device)
        there = await at_device(device)
        await until(gate, job, JobState.PROCESSING, where=lambda j: j.reasons == ("job-printing",))
        await device.sleep()
        device.printer.finish(there.id)
        await device.wake()
        await until(gate, job, COMPLETED)


async def test_a_device_that_stays_silent_about_a_job_leaves_the_outcome_unknown(
    gates: Gates, device: HostileDevice
) -> None:
    gate = await gates(delivery=replace(QUICK, follow_limit=0.3))
    device.printer.at_once = False
    async with serving(gate):
        job = await released(gate, device)
        await at_device(device)
        await device.sleep()
        held = await until(gate, job, HELD)
    assert held.reasons == REVIEW
    assert "it has not answered since the job was sent" in held.message


@pytest.mark.parametrize("resend", [False, True])
async def test_a_device_that_hides_its_jobs_is_believed_nothing(
    gate: Gate, old_device: HostileDevice, resend: bool
) -> None:
    """It took the document, its answer was lost, and its list names no jobs: printed or not, nobody can know."""
    old_device.lie(
        Lie(Operation.PRINT_JOB, lose_answer=True), Lie(Operation.GET_JOBS, twist=without(A.JOB_NAME), times=None)
    )
    async with serving(gate):
        job = await released(gate, old_device, resend_unknown=resend)
        if resend:
            await until(gate, job, COMPLETED)
        else:
            held = await until(gate, job, HELD)
            assert held.reasons == REVIEW
    assert len(old_device.jobs) == 1 + resend


# ── it ends there otherwise ──


async def test_a_job_that_the_device_aborts_is_held_again_with_the_reason(gate: Gate, device: HostileDevice) -> None:
    device.printer.at_once = False
    async with serving(gate):
        job = await released(gate, device)
        there = await at_device(device)
        device.printer.abort(there.id, "aborted-by-system", message="out of toner")
        held = await until(gate, job, HELD)
        assert (held.reasons, held.message) == (("job-held-for-release",), "printer aborted the job: out of toner")
        device.printer.at_once = True
        await gate.release.release(job.id, ALICE, "printer")
        done = await until(gate, job, COMPLETED)
    assert done.message == ""
    assert await attempts(gate, job) == ["hold", "complete"]


async def test_a_job_that_is_cancelled_at_the_devices_panel_is_ended_and_not_sent_again(
    gate: Gate, device: HostileDevice
) -> None:
    device.printer.at_once = False
    async with serving(gate):
        job = await released(gate, device)
        there = await at_device(device)
        device.printer.cancel(there.id)
        ended = await until(gate, job, CANCELED)
        device.printer.at_once = True
        await until(gate, await released(gate, device, b"the next"), COMPLETED)
    assert ended.reasons == ("job-canceled-at-device",)
    assert len(device.jobs) == 2


async def test_a_job_that_is_cancelled_at_the_panel_while_it_is_sent_is_ended(
    gate: Gate, device: HostileDevice
) -> None:
    device.lie(Lie(Operation.SEND_DOCUMENT, stall_after=1_000_000))
    async with serving(gate):
        job = await released(gate, device, LARGE)
        await device.hears(Operation.SEND_DOCUMENT, octets=1_000_000)
        device.printer.cancel(1)
        device.resume()
        ended = await until(gate, job, CANCELED)
    assert ended.reasons == ("job-canceled-at-device",)


async def test_its_owner_cancels_a_job_that_prints(gate: Gate, device: HostileDevice) -> None:
    device.printer.at_once = False
    async with serving(gate):
        job = await released(gate, device)
        await at_device(device)
        await gate.desk.cancel(job.id, ALICE)
        ended = await until(gate, job, CANCELED)
    assert ended.reasons == ("job-canceled-by-user",)
    [asked] = device.requests(Operation.CANCEL_JOB)
    assert asked.message.operation.text(A.REQUESTING_USER_NAME) == "alice"
    assert device.jobs[1].state is CANCELED


async def test_its_owner_cancels_a_job_that_is_sent(gate: Gate, device: HostileDevice) -> None:
    device.lie(Lie(Operation.SEND_DOCUMENT, stall_after=1_000_000))
    async with serving(gate):
        job = await released(gate, device, LARGE)
        await device.hears(Operation.SEND_DOCUMENT, octets=1_000_000)
        await gate.desk.cancel(job.id, ALICE)
        ended = await until(gate, job, CANCELED)
        assert ended.reasons == ("job-canceled-by-user",)
        await eventually(lambda: device.jobs[1].state is CANCELED, "the device to be told")


async def test_a_cancel_that_comes_too_late_leaves_a_printed_job_printed(gate: Gate, device: HostileDevice) -> None:
    device.printer.at_once = False
    device.lie(Lie(Operation.CANCEL_JOB, refuse=Status.CLIENT_ERROR_NOT_POSSIBLE, times=None))
    async with serving(gate):
        job = await released(gate, device)
        there = await at_device(device)
        await gate.desk.cancel(job.id, ALICE)
        await device.hears(Operation.CANCEL_JOB)
        device.printer.finish(there.id, impressions=3)
        done = await until(gate, job, COMPLETED)
    assert done.impressions == 3


async def test_a_job_that_is_to_be_cancelled_and_aborts_there_is_cancelled(gate: Gate, device: HostileDevice) -> None:
    device.printer.at_once = False
    device.lie(Lie(Operation.CANCEL_JOB, refuse=Status.CLIENT_ERROR_NOT_POSSIBLE, times=None))
    async with serving(gate):
        job = await released(gate, device)
        there = await at_device(device)
        await gate.desk.cancel(job.id, ALICE)
        await device.hears(Operation.CANCEL_JOB)
        device.printer.abort(there.id)
        assert (await until(gate, job, CANCELED)).reasons == ("job-canceled-by-user",)


# ── around it ──


async def test_a_device_that_changes_its_address_is_followed_there(gate: Gate, device: HostileDevice) -> None:
    async with HostileDevice() as elsewhere, serving(gate):
        await until(gate, await released(gate, device), COMPLETED)
        await gate.fleet.move_device("printer", elsewhere.uri)
        await until(gate, await released(gate, device, b"the next"), COMPLETED)
        assert printed(elsewhere, b"the next") == 1


async def test_new_capabilities_are_used_and_old_wires_do_not_pile_up(gate: Gate, device: HostileDevice) -> None:
    """A printer's attributes change with every look at it: its up-time does."""
    async with serving(gate):
        for up_time in range(5):
            device.printer.set(attribute(A.PRINTER_UP_TIME, up_time + 1))
            job = await released(gate, device, f"{up_time}".encode())
            await until(gate, job, COMPLETED)
            await gate.fleet.probe("printer")
        [lane] = gate.dispatcher._lanes.values()
        assert len(lane._line._retired) <= 1


async def test_a_job_of_another_person_waits_its_turn_and_comes_out(gate: Gate, device: HostileDevice) -> None:
    async with serving(gate):
        mine = await released(gate, device)
        theirs = await submit(gate, await gate.fleet.queue("followme"), b"bob's", owner=BOB)
        await gate.release.release(theirs.id, BOB, "printer")
        await asyncio.gather(until(gate, mine, COMPLETED), until(gate, theirs, COMPLETED))
    assert [there.user for there in device.jobs.values()] == ["alice", "bob"]
