"""SIGKILL of the server while documents arrive: what was acknowledged is there, and of the rest nothing stays."""

from collections.abc import Callable
from typing import Any

import pytest

from ippgate.ipp import JobState, Operation, attribute
from ippgate.ipp.registry import attributes as A
from tests.adversity.server.house import MIB, House, digest, document, receiving
from tests.rig.eventually import eventually
from tests.rig.hostile_device import HostileDevice
from tests.rig.sink import Sink


async def test_half_a_small_document_leaves_nothing(house: House) -> None:
    async with house.client.printing(house.queue) as sending:
        await sending.send(document(10_000))
        await house.gate.kill()
        with pytest.raises((ConnectionError, EOFError)):
            await sending.finish()
    await house.gate.start()
    assert await house.audit() == []


async def test_half_a_large_document_is_aborted_and_swept(house: House) -> None:
    async with house.client.printing(house.queue) as sending:
        for _ in range(3):
            await sending.send(document(MIB))
        await eventually(house.jobs, "the job to be open")
        await house.gate.kill()
        with pytest.raises((ConnectionError, EOFError)):
            await sending.finish()
    await house.gate.start()
    [job] = await house.audit()
    assert (job.state, job.message) == (JobState.ABORTED, "its documents did not come in time")


async def test_an_open_job_takes_its_document_after_the_crash(open_house: Callable[..., Any]) -> None:
    house: House = await open_house(env={"IPPGATE_INTAKE_MULTIPLE_OPERATION_TIME_OUT": "60"})
    opened = await house.client.ask(Operation.CREATE_JOB, queue=house.queue)
    await house.gate.start_again()
    octets = document(2 * MIB)
    last = attribute(A.LAST_DOCUMENT, True)
    answer = await house.client.ask(Operation.SEND_DOCUMENT, attribute(A.JOB_ID, opened.job_id), last, document=octets)
    assert answer.job_id == opened.job_id
    house.promised[digest(octets)] = opened.job_id
    [job] = await house.audit()
    assert job.state == JobState.PENDING_HELD


@pytest.mark.parametrize("kind", [Sink, HostileDevice], ids=["raw", "ipp"])
async def test_a_document_on_its_way_through_is_never_taken_for_whole(house: House, kind: type) -> None:
    async with kind() as device:
        direct = await house.passing_to(device)
        async with house.client.printing(direct) as sending:
            for _ in range(3):
                await sending.send(document(MIB))
            if isinstance(device, Sink):
                await receiving(device, MIB)
            else:
                await device.hears(Operation.SEND_DOCUMENT, octets=MIB)
            await house.gate.kill()
        await house.gate.start()
        [job] = await house.audit(device)
    assert job.state in (JobState.ABORTED, JobState.PENDING_HELD)
    assert job.message
    assert not house.promised


async def test_what_a_crowd_was_told_is_true_after_two_crashes(house: House) -> None:
    async with Sink(keep="hash") as sink:
        await house.add_device(sink)
        async with house.crowd([house.queue]):
            for _ in range(2):
                await house.acknowledged(40)
                await house.gate.start_again()
            await house.acknowledged(40)
        jobs = await house.audit()
        for job_id in house.promised.values():
            await house.release(job_id)
        jobs = await house.audit(sink)
    assert {job.id for job in jobs if job.state is JobState.COMPLETED} == set(house.promised.values())
    findings = {finding["subject"]: finding for finding in await house.gate.told("doctor")}
    assert findings["documents"]["found"] == "no large object without a job"
    assert {finding["verdict"] for finding in findings.values()} <= {"ok", "warn"}, findings
