"""SIGKILL of the server between two documents of a job that go by themselves: each comes out once, none is left out."""

import pytest

from ippgate.ipp import JobState, Operation
from tests.adversity.server.house import House, digest, document, printed, receiving
from tests.rig.hostile_device import HostileDevice
from tests.rig.lies import Lie
from tests.rig.sink import Manners, Sink

SIZE = 300_000


async def test_a_raw_device_gets_the_next_document_from_the_next_server(house: House) -> None:
    documents = [document(SIZE), document(SIZE + 1), document(SIZE + 2)]
    async with Sink(keep="hash") as sink:
        await house.add_device(sink)
        sink.manners = Manners(stall_after=SIZE)
        job_id = await house.held_several(*documents)
        await house.release(job_id)
        await receiving(sink, SIZE)
        await sink.sleep()  # nobody takes the second one
        sink.manners = Manners()
        sink.resume()
        await sink.whole_jobs(1)
        await house.gate.logged("delivery.waiting", job=job_id)
        await house.gate.kill()
        assert (await house.job(job_id)).state is JobState.PENDING
        sink.wake()
        await house.gate.start()
        await house.job_in(job_id, JobState.COMPLETED)
        await house.audit(sink)
        assert printed(sink) == {digest(each): 1 for each in documents}


@pytest.mark.parametrize("killed", [1, 2], ids=["once", "twice"])
async def test_an_ipp_device_that_thinks_about_the_second_job_prints_each_document_once(
    house: House, killed: int
) -> None:
    documents = [document(SIZE), document(SIZE + 1)]
    async with HostileDevice(keep="hash", impressions=3) as device:
        await house.add_device(device)
        job_id = await house.held_several(*documents)
        device.printer.at_once = False
        await house.release(job_id)
        await house.gate.logged("delivery.sent", job=job_id)
        for _ in range(killed):
            device.lie(Lie(Operation.CREATE_JOB, answer_after=1.5))
        device.printer.finish(1)
        device.printer.at_once = True
        for asked in range(2, killed + 2):
            await device.hears(Operation.CREATE_JOB, number=asked)
            await house.gate.kill()
            await house.gate.start()
        job = await house.job_in(job_id, JobState.COMPLETED)
        assert job.impressions == 6
        await house.audit(device)
        assert printed(device) == {digest(each): 1 for each in documents}
