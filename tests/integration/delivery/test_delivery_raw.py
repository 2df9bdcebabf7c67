"""Jobs go to raw devices."""

from ippgate.app.gate import Gate
from ippgate.ipp.registry.enums import JobState
from tests.integration.gates import ALICE, hold_queue, printed, register, serving, submit, until
from tests.rig.documents import random_document
from tests.rig.sink import Sink


async def test_a_released_job_comes_out_byte_for_byte_and_is_completed(gate: Gate, sink: Sink) -> None:
    queue, device = await hold_queue(gate), await register(gate, sink.uri)
    document = random_document(100_000)
    async with serving(gate):
        job = await submit(gate, queue, document)
        assert job.state is JobState.PENDING_HELD
        await gate.release.release(job.id, ALICE, device.name)
        assert (await printed(sink))[0].data == document
        done = await until(gate, job, JobState.COMPLETED)
    assert "queued-in-device" in done.reasons
