"""SIGKILL of the server at each edge of a delivery: printed once, or held and said; never printed twice."""

from collections.abc import Awaitable, Callable

import pytest

from ippgate.ipp import JobState, Operation
from ippgate.ipp.registry import reasons as R
from tests.adversity.server.house import House, digest, document, documents, printed, receiving
from tests.rig.hostile_device import HostileDevice
from tests.rig.lies import Lie
from tests.rig.sink import Manners, Sink

SIZE = 2_000_000  # more than the kernels of both sides hold


async def released(house: House, device: Sink | HostileDevice, octets: bytes) -> int:
    """A job on its way to a device."""
    await house.add_device(device)
    job_id = await house.held(octets)
    await house.release(job_id)
    return job_id


async def test_a_job_that_was_not_begun_is_sent_by_the_next_server(house: House) -> None:
    octets = document(SIZE)
    async with Sink(keep="hash") as sink:
        await house.add_device(sink)
        await sink.sleep()
        job_id = await house.held(octets)
        await house.release(job_id)
        await house.gate.logged("delivery.waiting", job=job_id)
        await house.gate.kill()
        sink.wake()
        await house.gate.start()
        await house.job_in(job_id, JobState.COMPLETED)
        await house.audit(sink)
        assert printed(sink) == {digest(octets): 1}


@pytest.mark.parametrize("taken", [0, 1, SIZE // 2, SIZE], ids=["connected", "first octet", "half", "all but the end"])
async def test_what_a_raw_device_got_of_a_document_nobody_knows(house: House, taken: int) -> None:
    octets = document(SIZE)
    async with Sink() as sink:
        await house.add_device(sink)
        sink.manners = Manners(stall_after=taken)
        job_id = await house.held(octets)
        await house.release(job_id)
        await receiving(sink, taken) if taken else await house.gate.logged("delivery.started", job=job_id)
        await house.gate.kill()
        sink.manners = Manners()
        sink.resume()
        await house.gate.start()
        job = await house.job_in(job_id, JobState.PENDING_HELD)
        assert job.message.startswith("outcome unknown: ")
        assert set(job.reasons) == {R.JOB_HELD_FOR_REVIEW, R.JOB_HELD_FOR_RELEASE}
        assert len(documents(sink)) <= 1
        [attempt] = await house.services.jobs.attempts(job_id)
        assert (attempt["device"], attempt["outcome"]) == (house.device, "hold")
        if taken < SIZE:  # somebody has looked, found no paper, and wants it again
            assert not printed(sink)
            await house.release(job_id)
            await house.job_in(job_id, JobState.COMPLETED)
        await house.audit(sink)
        assert printed(sink) == {digest(octets): 1}


Edge = Callable[[House, HostileDevice, bytes], Awaitable[None]]


async def device_thinks_about_the_job(house: House, device: HostileDevice, octets: bytes) -> None:
    device.lie(Lie(Operation.CREATE_JOB, answer_after=1.5))
    await released(house, device, octets)
    await device.hears(Operation.CREATE_JOB)
    await house.gate.kill()


async def device_has_half(house: House, device: HostileDevice, octets: bytes) -> None:
    device.lie(Lie(Operation.SEND_DOCUMENT, stall_after=SIZE // 2))
    await released(house, device, octets)
    await device.hears(Operation.SEND_DOCUMENT, octets=SIZE // 2)
    await house.gate.kill()
    device.resume()
    await device.job()  # it noticed that the rest does not come


async def device_has_half_and_waits_for_the_rest(house: House, device: HostileDevice, octets: bytes) -> None:
    device.lie(Lie(Operation.SEND_DOCUMENT, stall_after=SIZE // 2))
    await released(house, device, octets)
    await device.hears(Operation.SEND_DOCUMENT, octets=SIZE // 2)
    await house.gate.kill()


async def device_has_all_and_did_not_answer(house: House, device: HostileDevice, octets: bytes) -> None:
    device.lie(Lie(Operation.SEND_DOCUMENT, answer_after=1.5))
    await released(house, device, octets)
    await device.job()
    await house.gate.kill()


async def device_prints(house: House, device: HostileDevice, octets: bytes) -> None:
    device.printer.at_once = False
    job_id = await released(house, device, octets)
    await house.gate.logged("delivery.sent", job=job_id)
    await house.gate.kill()
    await house.gate.start()
    await house.gate.logged("delivery.inherited", job=job_id)
    device.printer.finish(1)


async def device_finishes_meanwhile(house: House, device: HostileDevice, octets: bytes) -> None:
    device.printer.at_once = False
    job_id = await released(house, device, octets)
    await house.gate.logged("delivery.sent", job=job_id)
    await house.gate.kill()
    device.printer.finish(1)


EDGES: tuple[Edge, ...] = (
    device_thinks_about_the_job,
    device_has_half,
    device_has_half_and_waits_for_the_rest,
    device_has_all_and_did_not_answer,
    device_prints,
    device_finishes_meanwhile,
)


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: edge.__name__.replace("_", " "))
async def test_an_ipp_device_is_asked_and_the_job_comes_out_once(house: House, edge: Edge) -> None:
    octets = document(SIZE)
    async with HostileDevice(keep="hash", impressions=7) as device:
        await edge(house, device, octets)
        if not house.gate.alive:
            await house.gate.start()
        [job_id] = house.promised.values()
        job = await house.job_in(job_id, JobState.COMPLETED, JobState.PENDING_HELD)
        if job.state is JobState.PENDING_HELD:  # the device gave it up: it is held with the reason, and released again
            assert "aborted the job" in job.message
            await house.release(job_id)
            job = await house.job_in(job_id, JobState.COMPLETED)
        assert job.impressions == 7
        await house.audit(device)
        assert printed(device) == {digest(octets): 1}


async def test_a_device_that_forgot_meanwhile_leaves_the_outcome_unknown(house: House) -> None:
    async with HostileDevice(at_once=False) as device:
        job_id = await released(house, device, document())
        await house.gate.logged("delivery.sent", job=job_id)
        await house.gate.kill()
        device.printer.forget(1)
        await house.gate.start()
        job = await house.job_in(job_id, JobState.PENDING_HELD)
        assert job.message.startswith("outcome unknown: the device no longer knows the job")
        await house.audit(device)
        assert len(device.requests(Operation.SEND_DOCUMENT)) == 1


async def test_a_job_cancelled_while_the_server_was_down_is_cancelled_at_the_device(house: House) -> None:
    async with HostileDevice(at_once=False) as device:
        job_id = await released(house, device, document())
        await house.gate.logged("delivery.sent", job=job_id)
        await house.gate.kill()
        await house.gate.cli("job", "cancel", job_id)
        await house.gate.start()
        job = await house.job_in(job_id, JobState.CANCELED)
        assert job.reasons == (R.JOB_CANCELED_BY_OPERATOR,)
        assert [one.state for one in device.jobs.values()] == [JobState.CANCELED]
        await house.audit(device)
