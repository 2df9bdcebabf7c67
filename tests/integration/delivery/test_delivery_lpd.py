"""Jobs go to line printer daemons: the real one prints them octet for octet, and none is sent before it is whole."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp import JobState
from ippgate.model.errors import ClientGone, DeviceNotReady
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.spool.frame import FRAME
from tests.integration.gates import (
    ALICE,
    Feed,
    attempts,
    direct_queue,
    hold_queue,
    job_of,
    printed,
    register,
    serving,
    submit,
    until,
)
from tests.rig.cups_lpd import CupsLpd
from tests.rig.cupsd import Cupsd
from tests.rig.documents import random_document
from tests.rig.eventually import eventually
from tests.rig.lpd_device import LpdDevice, LpdManners
from tests.rig.sink import Manners, Sink

SMALL, LARGE = random_document(100_000), random_document(4 * FRAME + 11)
COMPLETED, HELD, ABORTED = JobState.COMPLETED, JobState.PENDING_HELD, JobState.ABORTED
REVIEW = ("job-held-for-review", "job-held-for-release")


@pytest.fixture
async def daemon() -> AsyncIterator[LpdDevice]:
    async with LpdDevice() as daemon:
        yield daemon


@pytest.fixture
async def cups_lpd(cupsd: Cupsd, rig_dir: Path, sink: Sink) -> AsyncIterator[CupsLpd]:
    """cups-lpd, whose queue `office` prints to the sink."""
    await cupsd.lpadmin("office", sink.uri)
    async with CupsLpd(rig_dir / "lpd", cupsd) as daemon:
        yield daemon


async def released(gate: Gate, uri: str, document: bytes = SMALL, *, resend_unknown: bool = False) -> Job:
    await register(gate, uri, resend_unknown=resend_unknown)
    job = await submit(gate, await hold_queue(gate), document)
    return await gate.release.release(job.id, ALICE, "printer")


@pytest.mark.parametrize("document", [b"x", SMALL, LARGE], ids=["tiny", "small", "large"])
async def test_a_released_job_comes_out_of_a_real_daemon_byte_for_byte(
    gate: Gate, cups_lpd: CupsLpd, sink: Sink, document: bytes
) -> None:
    async with serving(gate):
        job = await released(gate, cups_lpd.uri("office"), document)
        done = await until(gate, job, COMPLETED)
        [paper] = await printed(sink)
    assert paper.data == document
    assert done.reasons == ("queued-in-device", "job-completed-successfully")
    assert await attempts(gate, job) == ["complete"]


async def test_a_queue_that_the_daemon_does_not_have_is_not_registered(gate: Gate, cups_lpd: CupsLpd) -> None:
    with pytest.raises(DeviceNotReady, match=r"refused a job for the queue elsewhere \(it answered 1\)"):
        await gate.fleet.add_device("printer", cups_lpd.uri("elsewhere"))
    device = await gate.fleet.add_device("printer", cups_lpd.uri("office"))
    assert device.report.message == "office is ready"
    assert not device.pjl


async def test_a_document_that_still_arrives_is_sent_when_it_is_whole(gate: Gate, daemon: LpdDevice) -> None:
    async with serving(gate):
        queue, feed = await direct_queue(gate, await register(gate, daemon.uri)), Feed()
        new = NewJob(queue.id, ALICE.name, "report", "")
        sent = asyncio.create_task(gate.intake.submit(queue, new, NewDocument("application/pdf"), feed.body()))
        feed.send(LARGE[: 2 * FRAME + 1])
        await eventually(lambda: gate.dispatcher.open_lanes, "a lane to be open")
        feed.send(LARGE[2 * FRAME + 1 :])
        assert daemon.jobs == []
        feed.end()
        job = await until(gate, await sent, COMPLETED)
    assert (await daemon.job()).data == LARGE
    assert daemon.jobs[0].promised == len(LARGE)
    assert await attempts(gate, job) == ["complete"]


async def test_a_client_that_breaks_off_aborts_the_job_and_the_daemon_never_hears_of_it(
    gate: Gate, daemon: LpdDevice
) -> None:
    async with serving(gate):
        queue, feed = await direct_queue(gate, await register(gate, daemon.uri)), Feed()
        asked = list(daemon.commands)
        new = NewJob(queue.id, ALICE.name, "report", "")
        sent = asyncio.create_task(gate.intake.submit(queue, new, NewDocument("application/pdf"), feed.body()))
        feed.send(LARGE)
        await eventually(lambda: gate.dispatcher.open_lanes, "a lane to be open")
        feed.fail(ClientGone("the client cut"))
        with pytest.raises(ClientGone):
            await sent
        await until(gate, 1, ABORTED)
    assert daemon.commands == asked


async def test_a_closed_queue_is_waited_for(gate: Gate, daemon: LpdDevice) -> None:
    daemon.manners = LpdManners(answers={"job": b"\1"})
    async with serving(gate):
        job = await released(gate, daemon.uri)
        await eventually(lambda: daemon.commands.count(b"\2lp") >= 3, "the daemon to be asked again")
        daemon.manners = LpdManners()
        await until(gate, job, COMPLETED)
    assert [taken.data for taken in daemon.jobs] == [SMALL]


async def test_a_daemon_that_refuses_the_job_has_it_held_with_its_words(gate: Gate, daemon: LpdDevice) -> None:
    daemon.manners = LpdManners(answers={"control file": b"\1jake may not print here\n"})
    async with serving(gate):
        held = await until(gate, await released(gate, daemon.uri), HELD)
    assert held.reasons == ("job-held-for-release",)
    assert held.message.startswith("printer refused the job: the device at 127.0.0.1:")
    assert held.message.endswith("refused the control file (it answered 1): jake may not print here")


@pytest.mark.parametrize("manners", [LpdManners(cut_at="data file"), LpdManners(data=Manners(cut_after=50_000))])
async def test_a_document_that_is_not_acknowledged_is_held_for_review(
    gate: Gate, daemon: LpdDevice, manners: LpdManners
) -> None:
    daemon.manners = manners
    async with serving(gate):
        job = await released(gate, daemon.uri)
        held = await until(gate, job, HELD, where=lambda job: "job-held-for-review" in job.reasons)
    assert held.reasons == REVIEW
    assert held.message.startswith("outcome unknown: ")
    assert len(daemon.jobs) == 1


async def test_where_it_may_be_sent_again_it_is(gate: Gate, daemon: LpdDevice) -> None:
    daemon.manners = LpdManners(cut_at="data file")
    async with serving(gate):
        job = await released(gate, daemon.uri, resend_unknown=True)
        await daemon.job()
        daemon.manners = LpdManners()
        await until(gate, job, COMPLETED)
    assert (await job_of(gate, job)).state is COMPLETED
    assert [taken.ended for taken in daemon.jobs] == ["cut", "whole"]
