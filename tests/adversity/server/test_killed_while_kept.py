"""SIGKILL of the server while a job is printed that is to be kept: printed once, and there once."""

import pytest

from ippgate.doors.ipp.job import KEEP
from ippgate.ipp import Attribute, JobState, Operation, Tag, Value
from ippgate.ipp.builder import attribute
from ippgate.ipp.registry import attributes as A
from tests.adversity.server.house import House, digest, document, printed
from tests.rig.hostile_device import HostileDevice


async def keeping(house: House, job_id: int) -> None:
    """Release-Job as a client asks it to be kept."""
    uuid = (await house.services.fleet.device(house.device)).uuid
    where = attribute(A.OUTPUT_DEVICE_UUID, f"urn:uuid:{uuid}")
    keep = Attribute(KEEP, (Value(Tag.BOOLEAN, b"\x01"),))
    answer = await house.client.ask(Operation.RELEASE_JOB, attribute(A.JOB_ID, job_id), where, keep)
    assert answer.ok, answer


@pytest.mark.parametrize("finishes", ["while it is away", "before an heir"])
async def test_a_kept_job_is_printed_once_and_there_once(house: House, finishes: str) -> None:
    octets = document(50_000)
    async with HostileDevice(keep="hash", at_once=False, impressions=7) as device:
        await house.add_device(device)
        job_id = await house.held(octets)
        await keeping(house, job_id)
        await house.gate.logged("delivery.sent", job=job_id)
        await house.gate.kill()
        if finishes == "while it is away":
            device.printer.finish(1)
        await house.gate.start()
        await house.gate.logged("delivery.inherited", job=job_id)
        if finishes != "while it is away":
            assert (await house.job(job_id)).keeps
            device.printer.finish(1)
        kept = await house.job_in(job_id, JobState.PENDING_HELD)
        assert (kept.message, kept.impressions) == ("it was printed, and is kept", 7)
        [attempt] = await house.services.jobs.attempts(job_id)
        assert (attempt["outcome"], attempt["impressions"]) == ("complete", 7)
        assert printed(device) == {digest(octets): 1}
        assert [job.id for job in await house.settled() if job.id > house.since] == [job_id]
        device.printer.at_once = True
        await house.release(job_id)
        await house.job_in(job_id, JobState.COMPLETED)
        assert printed(device) == {digest(octets): 2}
