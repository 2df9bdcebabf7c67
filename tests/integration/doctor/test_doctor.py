"""The doctor on a real gate: the causes are found there where they are."""

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp.registry import reasons as R
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import NotFound
from ippgate.model.finding import Finding, Verdict
from ippgate.model.lifecycle import Event
from ippgate.store.jobs import Move
from tests.integration.gates import ALICE, hold_queue, register, serving, submit, until
from tests.integration.stages import at_device
from tests.integration.stages import device as nowhere
from tests.rig.sink import Sink

PAGE = b"%PDF-1.7 a page"


def told(found: list[Finding]) -> str:
    return "\n".join(f"{each.verdict} {each.subject}: {each.found}" for each in found)


def troubles(found: list[Finding]) -> list[str]:
    assert all(each.remedy for each in found if each.verdict is not Verdict.OK), found
    return [each.found for each in found if each.verdict is not Verdict.OK]


async def test_a_released_job_that_waits_behind_another_and_no_server_is_at_work(gate: Gate) -> None:
    queue, here = await hold_queue(gate), await nowhere(gate)
    jobs = [await submit(gate, queue, PAGE) for _ in range(3)]
    for job in jobs[:2]:
        await gate.release.release(job.id, ALICE, here.name)
    found = await gate.doctor.job(jobs[1].id)
    assert troubles(found) == ["none is at work: jobs are held, none is delivered"]
    assert "1 jobs go to printer before it" in told(found)
    assert "was released by alice 0 minutes ago" in told(found)
    assert "2 jobs wait and 0 are at the device" in told(found)
    assert "waits until its owner releases it" in told(await gate.doctor.job(jobs[2].id))
    with pytest.raises(NotFound, match="there is no job 99"):
        await gate.doctor.job(99)


async def test_what_was_tried_and_why_it_is_held_again(gate: Gate) -> None:
    job = await at_device(gate)
    await gate.jobs.move(Move(job.id, Event.HOLD, (R.JOB_HELD_FOR_RELEASE,), "printer aborted the job: jam"))
    found = troubles(await gate.doctor.job(job.id))
    assert found[0] == "it is held: printer aborted the job: jam"
    assert found[1].endswith("hold (printer aborted the job: jam)")
    assert troubles(await gate.doctor.device("printer", ask=False))[-1].endswith("UTC: printer aborted the job: jam")


async def test_a_device_is_asked_and_one_that_does_not_answer_says_why(gate: Gate, sink: Sink) -> None:
    queue, well = await hold_queue(gate), await register(gate, sink.uri, "well")
    await nowhere(gate)
    [trouble, *_] = troubles(await gate.doctor.device("printer"))
    assert trouble.startswith("does not answer at socket://127.0.0.1:9 (printer does not answer: ")
    job = await submit(gate, queue, PAGE)
    async with serving(gate):
        await gate.release.release(job.id, ALICE, well.name)
        await until(gate, job, JobState.COMPLETED)
        found = await gate.doctor.device("well")
        assert troubles(found) == []
        assert "0 of the last 1 failed; the last was printed" in told(found)
        assert "was printed at well, released by alice" in told(await gate.doctor.job(job.id))
