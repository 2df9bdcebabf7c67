"""Jobs that rest at their devices (RFC 3998 section 4.3), with devices that can do that and others."""

from collections.abc import AsyncIterator

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp import JobState, Operation
from ippgate.ipp.registry import reasons as R
from ippgate.model.errors import DeviceNotReady, NotFound, NotPossible
from ippgate.model.job import Job
from tests.integration.gates import ALICE, direct_queue, hold_queue, job_of, register, serving, submit, until
from tests.rig.hostile_device import HostileDevice
from tests.rig.sink import Sink

OLGA = "olga"
PROCESSING, STOPPED, COMPLETED = JobState.PROCESSING, JobState.PROCESSING_STOPPED, JobState.COMPLETED


@pytest.fixture
async def device() -> AsyncIterator[HostileDevice]:
    """A device that lets jobs rest, and prints when it is told to."""
    async with HostileDevice() as device:
        device.printer.at_once = False
        device.printer.operations += (Operation.SUSPEND_CURRENT_JOB, Operation.RESUME_JOB)
        yield device


async def printing(gate: Gate, device: HostileDevice) -> Job:
    """A job that its device has as a whole, and prints."""
    job = await submit(gate, await direct_queue(gate, await register(gate, device.uri)), b"a page")
    return await until(gate, job, PROCESSING, where=lambda job: R.JOB_PRINTING in job.reasons)


async def test_a_job_rests_at_its_device_and_goes_on(gate: Gate, device: HostileDevice) -> None:
    async with serving(gate):
        job = await printing(gate, device)
        await gate.suspension.suspend(job.id, OLGA)
        assert [each.reasons for each in device.jobs.values()] == [("job-suspended",)]
        rests = await until(gate, job, STOPPED)
        assert R.JOB_SUSPENDED in rests.reasons
        with pytest.raises(NotPossible, match="only a job that is printed can be suspended"):
            await gate.suspension.suspend(job.id, OLGA)
        await gate.suspension.resume(job.id, OLGA)
        await until(gate, job, PROCESSING)
        device.printer.finish(next(iter(device.jobs)))
        await until(gate, job, COMPLETED)


async def test_a_job_that_rests_can_be_cancelled(gate: Gate, device: HostileDevice) -> None:
    async with serving(gate):
        job = await printing(gate, device)
        await gate.suspension.suspend(job.id, OLGA)
        await until(gate, job, STOPPED)
        await gate.desk.cancel(job.id, ALICE)
        await until(gate, job, JobState.CANCELED)


@pytest.mark.parametrize("left", [(), (Operation.SUSPEND_CURRENT_JOB,), (Operation.RESUME_JOB,)], ids=str)
async def test_a_device_that_lacks_one_of_the_two_is_not_asked(
    gate: Gate, device: HostileDevice, left: tuple[Operation, ...]
) -> None:
    device.printer.operations = (*type(device.printer)(device.uri).operations, *left)
    async with serving(gate):
        job = await printing(gate, device)
        with pytest.raises(DeviceNotReady, match="can suspend no jobs"):
            await gate.suspension.suspend(job.id, OLGA)
        assert (await job_of(gate, job)).state is PROCESSING
        assert [each.state for each in device.jobs.values()] == [PROCESSING]


async def test_what_a_device_answers_is_the_answer(gate: Gate, device: HostileDevice) -> None:
    """It has ended there a moment ago."""
    async with serving(gate):
        job = await printing(gate, device)
        device.jobs[next(iter(device.jobs))].state = JobState.PENDING
        with pytest.raises(DeviceNotReady, match="the device answered client-error-not-possible"):
            await gate.suspension.suspend(job.id, OLGA)


async def test_a_raw_device_can_suspend_nothing(gate: Gate, sink: Sink) -> None:
    job = await submit(gate, await direct_queue(gate, await register(gate, sink.uri)), b"a page")
    with pytest.raises(NotPossible, match="only a job that is printed"):
        await gate.suspension.suspend(job.id, OLGA)
    async with serving(gate):
        await until(gate, job, COMPLETED)
    with pytest.raises(NotPossible, match="is completed: only a job that is printed"):
        await gate.suspension.suspend(job.id, OLGA)


async def test_only_what_rests_goes_on(gate: Gate, device: HostileDevice) -> None:
    held = await submit(gate, await hold_queue(gate), b"a page")
    with pytest.raises(NotPossible, match="is pending-held, and not suspended"):
        await gate.suspension.resume(held.id, OLGA)
    with pytest.raises(NotFound):
        await gate.suspension.resume(999, OLGA)
    async with serving(gate):
        job = await printing(gate, device)
        with pytest.raises(NotPossible, match="is processing, and not suspended"):
            await gate.suspension.resume(job.id, OLGA)
