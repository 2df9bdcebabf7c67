"""Who may release what, to where, and what is refused before anything is sent."""

import asyncio
from uuid import uuid4

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState, PrinterState
from ippgate.model.device import DeviceReport
from ippgate.model.errors import DeviceNotReady, FormatNotSupported, NotAuthorized, NotFound, NotPossible, Refusal
from ippgate.model.job import Job
from tests.integration.gates import ALICE, BOB, OPERATOR, job_of
from tests.integration.stages import ENDED, at_device, device, ended, held, waiting

STOPPED = DeviceReport(PrinterState.STOPPED, ("media-jam",), "Paper jam in tray 2")
CLOSED = DeviceReport(PrinterState.IDLE, accepting=False)
POSTSCRIPT_ONLY = DeviceReport(PrinterState.IDLE, formats=("application/postscript",))


@pytest.mark.parametrize("named_by", ["name", "uuid"])
async def test_a_held_job_goes_to_the_device_that_is_named(gate: Gate, named_by: str) -> None:
    target, job = await device(gate), await held(gate)
    released = await gate.release.release(job.id, ALICE, target.name if named_by == "name" else target.uuid)
    assert released == await job_of(gate, job)
    assert (released.state, released.device, released.device_uuid) == (JobState.PENDING, target.name, target.uuid)


async def test_without_a_device_only_the_hold_ends(gate: Gate) -> None:
    job = await gate.desk.hold((await held(gate)).id, ALICE, "23:59:59")
    released = await gate.release.release(job.id, ALICE)
    assert released == await job_of(gate, job)
    assert (released.state, released.reasons) == (JobState.PENDING_HELD, (R.JOB_HELD_FOR_RELEASE,))


async def test_a_held_passthrough_job_goes_to_its_queues_device(gate: Gate) -> None:
    job = await gate.desk.hold((await waiting(gate)).id, ALICE, None)
    released = await gate.release.release(job.id, ALICE)
    assert (released.state, released.reasons, released.hold_until) == (JobState.PENDING, (), None)


async def test_a_job_that_waits_for_its_device_is_left_alone(gate: Gate) -> None:
    job = await waiting(gate)
    assert await gate.release.release(job.id, ALICE, "printer") == await job_of(gate, job)


async def test_a_job_at_its_device_is_left_alone(gate: Gate) -> None:
    job = await at_device(gate)
    assert await gate.release.release(job.id, ALICE, "printer") == job


@pytest.mark.parametrize("state", ENDED)
async def test_an_ended_job_is_not_released(gate: Gate, state: JobState) -> None:
    job = await ended(gate, state)
    with pytest.raises(NotPossible, match="it cannot be released"):
        await gate.release.release(job.id, ALICE, "printer")


@pytest.mark.parametrize(
    ("report", "error", "sentence"),
    [
        (STOPPED, DeviceNotReady, r"printer is stopped \(Paper jam in tray 2\): choose another device"),
        (CLOSED, DeviceNotReady, "printer takes no jobs at the moment"),
        (POSTSCRIPT_ONLY, FormatNotSupported, "printer cannot print application/pdf; it takes application/postscript"),
    ],
)
async def test_a_device_that_cannot_is_refused_before_anything_is_sent(
    gate: Gate, report: DeviceReport, error: type[Refusal], sentence: str
) -> None:
    await device(gate, report=report)
    job = await held(gate)
    with pytest.raises(error, match=sentence):
        await gate.release.release(job.id, ALICE, "printer")
    assert (await job_of(gate, job)).state is JobState.PENDING_HELD


async def test_a_device_that_does_not_answer_is_waited_for_and_not_refused(gate: Gate) -> None:
    silent = DeviceReport(PrinterState.STOPPED, ("connecting-to-device",), "it does not answer")
    target, job = await device(gate, report=silent), await held(gate)
    assert (await gate.release.release(job.id, ALICE, target.name)).state is JobState.PENDING


async def test_a_device_that_nobody_registered_is_not_found(gate: Gate) -> None:
    job = await held(gate)
    with pytest.raises(NotFound, match="there is no device nowhere"):
        await gate.release.release(job.id, ALICE, "nowhere")
    with pytest.raises(NotFound, match="there is no device urn:uuid:"):
        await gate.release.release(job.id, ALICE, uuid4())
    with pytest.raises(NotFound, match="there is no job 4711"):
        await gate.release.release(4711, ALICE, "nowhere")


async def test_only_its_owner_and_operators_release_a_job(gate: Gate) -> None:
    target, job = await device(gate), await held(gate)
    with pytest.raises(NotAuthorized, match="belongs to somebody else"):
        await gate.release.release(job.id, BOB, target.name)
    assert (await gate.release.release(job.id, OPERATOR, target.name)).state is JobState.PENDING


async def test_twenty_panels_that_release_one_job_at_once_release_it_once(gate: Gate) -> None:
    left, right = await device(gate, "left"), await device(gate, "right")
    job = await held(gate)
    targets = [left, right] * 10
    told = await asyncio.gather(
        *(gate.release.release(job.id, ALICE, target.name) for target in targets), return_exceptions=True
    )
    kept = await job_of(gate, job)
    for target, answer in zip(targets, told, strict=True):
        if target.id == kept.device_id:
            assert isinstance(answer, Job)
            assert answer.device == kept.device
        else:
            assert isinstance(answer, NotPossible)
    leased = [load.parcel.job_id for target in (left, right) for load in await gate.lanes.claim(target.id, 16)]
    assert leased == [job.id]
