"""A held job goes to the device that somebody names, if it can (RFC 8011 section 4.3.6, PWG 5100.18; IPP.md 2.2)."""

import asyncio
from uuid import uuid4

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp.registry.enums import JobState, PrinterState
from ippgate.model.device import DeviceReport
from ippgate.model.errors import DeviceNotReady, FormatNotSupported, NotFound, NotPossible
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.model.lifecycle import TERMINAL
from tests.integration.gates import ALICE, BOB, OPERATOR, direct_queue, hold_queue, job_of, stream, submit
from tests.integration.store.births import a_device, a_queue, born, in_state

HELD, RELEASED = JobState.PENDING_HELD, JobState.PENDING
RELEASE, SPECIFIED = "job-held-for-release", "job-hold-until-specified"


async def test_a_held_job_goes_to_the_device_that_is_named(gate: Gate) -> None:
    device = await a_device(gate)
    for named in (device.name, device.uuid):
        job = await gate.release.release(await born(gate), ALICE, named)
        assert (job.state, job.reasons, job.device) == (RELEASED, (), device.name)


@pytest.mark.parametrize("state", [RELEASED, JobState.PROCESSING, JobState.PROCESSING_STOPPED], ids=str)
async def test_a_job_that_goes_already_is_left_alone(gate: Gate, state: JobState) -> None:
    job_id, _ = await in_state(gate, state)
    before = await job_of(gate, job_id)
    assert await gate.release.release(job_id, ALICE, "printer") == before


@pytest.mark.parametrize("state", sorted(TERMINAL), ids=str)
async def test_an_ended_job_cannot_be_released(gate: Gate, state: JobState) -> None:
    job_id, _ = await in_state(gate, state)
    with pytest.raises(NotPossible, match="it cannot be released"):
        await gate.release.release(job_id, ALICE, "printer")


async def test_without_a_device_only_the_jobs_own_hold_ends(gate: Gate) -> None:
    job_id = await born(gate)
    await gate.desk.hold(job_id, ALICE, "23:59:59")
    job = await gate.release.release(job_id, ALICE)
    assert (job.state, job.reasons, job.hold_until) == (HELD, (RELEASE,), None)
    assert (await gate.release.release(job_id, ALICE)).reasons == (RELEASE,)


async def test_release_with_a_device_ends_both_holds(gate: Gate) -> None:
    device, job_id = await a_device(gate), await born(gate)
    await gate.desk.hold(job_id, ALICE, "23:59:59")
    job = await gate.release.release(job_id, ALICE, device.name)
    assert (job.state, job.reasons, job.hold_until) == (RELEASED, (), None)


async def test_a_held_passthrough_job_goes_to_its_queues_device(gate: Gate) -> None:
    device = await a_device(gate)
    job = await submit(gate, await direct_queue(gate, device), b"x")
    await gate.desk.hold(job.id, ALICE, None)
    assert (await gate.release.release(job.id, ALICE)).state is RELEASED


async def test_two_panels_release_a_job_once(gate: Gate) -> None:
    here, there = await a_device(gate, "here"), await a_device(gate, "there")
    job_id = await born(gate)
    told = await asyncio.gather(
        *(gate.release.release(job_id, ALICE, device.name) for device in (here, there) for _ in range(10)),
        return_exceptions=True,
    )
    released = [answer for answer in told if isinstance(answer, Job)]
    refused = [answer for answer in told if isinstance(answer, NotPossible)]
    assert (len(released), len(refused)) == (10, 10)
    assert len({job.device for job in released}) == 1
    assert all(job.state is RELEASED for job in released)
    assert {str(error) for error in refused} <= {
        f"job {job_id} is on its way to {one} already: it cannot go to {other} as well"
        for one, other in (("here", "there"), ("there", "here"))
    }
    await gate.lanes.beat()
    claimed = [await gate.lanes.claim(device.id, 10) for device in (here, there)]
    assert sorted(len(loads) for loads in claimed) == [0, 1]


@pytest.mark.parametrize("state", [RELEASED, JobState.PROCESSING, JobState.PROCESSING_STOPPED], ids=str)
async def test_a_job_that_goes_already_cannot_go_elsewhere_as_well(gate: Gate, state: JobState) -> None:
    job_id, _ = await in_state(gate, state)
    other = await a_device(gate, "other")
    before = await job_of(gate, job_id)
    for named in (other.name, other.uuid):
        with pytest.raises(NotPossible, match="is on its way to printer already: it cannot go to other as well"):
            await gate.release.release(job_id, ALICE, named)
    assert await job_of(gate, job_id) == before
    assert await gate.release.release(job_id, ALICE) == before


async def test_an_operator_releases_anybodys_job(gate: Gate) -> None:
    device = await a_device(gate)
    assert (await gate.release.release(await born(gate), OPERATOR, device.name)).state is RELEASED


async def test_unknown_devices_are_not_found(gate: Gate) -> None:
    job_id = await born(gate)
    with pytest.raises(NotFound, match="there is no device attic"):
        await gate.release.release(job_id, ALICE, "attic")
    with pytest.raises(NotFound, match="urn:uuid:"):
        await gate.release.release(job_id, ALICE, uuid4())
    assert (await job_of(gate, job_id)).state is HELD


@pytest.mark.parametrize(
    ("report", "refusal", "sentence"),
    [
        (DeviceReport(PrinterState.STOPPED, ("media-jam",)), DeviceNotReady, "printer is stopped .media-jam."),
        (DeviceReport(PrinterState.IDLE, accepting=False), DeviceNotReady, "printer takes no jobs at the moment"),
        (DeviceReport(PrinterState.IDLE, formats=("image/urf",)), FormatNotSupported, "cannot print application/pdf"),
    ],
)
async def test_a_device_that_is_not_fit_is_refused_before_anything_is_sent(
    gate: Gate, report: DeviceReport, refusal: type[Exception], sentence: str
) -> None:
    device, job_id = await a_device(gate), await born(gate)
    await gate.fleet.keep_report(device, report)
    gate.fleet.forget()
    before = await job_of(gate, job_id)
    with pytest.raises(refusal, match=sentence):
        await gate.release.release(job_id, ALICE, device.name)
    assert await job_of(gate, job_id) == before


async def test_a_job_without_a_document_waits_for_one(gate: Gate) -> None:
    device, queue = await a_device(gate), await a_queue(gate)
    job = await gate.intake.create(queue, NewJob(queue.id, "alice", "report", ""))
    with pytest.raises(NotPossible, match="has no document yet: send it first"):
        await gate.release.release(job.id, ALICE, device.name)


async def test_a_job_may_be_released_while_its_document_arrives_and_goes_when_it_is_there(gate: Gate) -> None:
    device, queue = await a_device(gate), await a_queue(gate)
    job = await gate.intake.create(queue, NewJob(queue.id, "alice", "report", ""))
    await gate.intake.add_document(job.id, ALICE, NewDocument(), stream(b"x"), False)
    released = await gate.release.release(job.id, ALICE, device.name)
    assert (released.state, released.reasons) == (RELEASED, ("job-data-insufficient",))
    await gate.lanes.beat()
    assert await gate.lanes.claim(device.id, 1) == []
    closed = await gate.intake.close(job.id, ALICE)
    assert closed.reasons == ()
    [load] = await gate.lanes.claim(device.id, 1)
    assert load.parcel.job_id == job.id


async def test_the_lane_of_the_device_is_woken(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(gate.release, "_wake", woken.append)
    device, job_id = await a_device(gate), await born(gate)
    await gate.release.release(job_id, ALICE)
    assert woken == []
    await gate.release.release(job_id, ALICE, device.name)
    assert woken == [device.id]


async def test_each_person_releases_their_own(gate: Gate) -> None:
    device, queue = await a_device(gate), await hold_queue(gate)
    mine, theirs = [await submit(gate, queue, b"x", owner=who) for who in (ALICE, BOB)]
    for job, who in ((mine, ALICE), (theirs, BOB)):
        assert (await gate.release.release(job.id, who, device.name)).state is RELEASED
