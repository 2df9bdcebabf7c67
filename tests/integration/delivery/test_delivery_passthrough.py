"""A passthrough queue forwards a document while its client still sends it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp import JobState, Operation
from ippgate.model.errors import ClientGone, NotPossible
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.model.queue import Queue
from ippgate.spool.frame import FRAME
from ippgate.spool.sweep import Sweeper
from tests.integration.gates import (
    ALICE,
    Connection,
    Feed,
    direct_queue,
    job_of,
    papers,
    printed,
    register,
    serving,
    stream,
    submit,
    until,
)
from tests.rig.documents import random_document
from tests.rig.eventually import eventually
from tests.rig.hostile_device import HostileDevice
from tests.rig.sink import Manners, Sink

LARGE = random_document(4 * FRAME + 11)
PDF = NewDocument("application/pdf")
COMPLETED, CANCELED, ABORTED = JobState.COMPLETED, JobState.CANCELED, JobState.ABORTED


@pytest.fixture
async def device() -> AsyncIterator[HostileDevice]:
    async with HostileDevice() as device:
        yield device


async def to_sink(gate: Gate, sink: Sink) -> Queue:
    return await direct_queue(gate, await register(gate, sink.uri))


def request(gate: Gate, queue: Queue, feed: Feed) -> "asyncio.Task[Job]":
    new = NewJob(queue.id, ALICE.name, "report", "")
    return asyncio.create_task(gate.intake.submit(queue, new, PDF, feed.body()))


async def came(sink: Sink, octets: int) -> None:
    await eventually(lambda: any(job.size >= octets for job in sink.jobs), f"{octets} octets at the sink")


async def test_a_small_job_goes_straight_through(gate: Gate, sink: Sink) -> None:
    async with serving(gate):
        job = await submit(gate, await to_sink(gate, sink), b"small")
        await until(gate, job, COMPLETED)
    assert [paper.data for paper in papers(sink)] == [b"small"]


async def test_the_device_sees_the_first_octets_before_the_client_has_sent_the_last(gate: Gate, sink: Sink) -> None:
    async with serving(gate):
        queue, feed = await to_sink(gate, sink), Feed()
        sent = request(gate, queue, feed)
        feed.send(LARGE[: FRAME + 1])
        await came(sink, FRAME)
        feed.send(LARGE[FRAME + 1 : 3 * FRAME + 1])
        await came(sink, 3 * FRAME)
        assert not sent.done()
        feed.send(LARGE[3 * FRAME + 1 :])
        feed.end()
        job = await sent
        await until(gate, job, COMPLETED)
    [paper] = papers(sink)
    assert paper.data == LARGE


async def test_so_does_an_ipp_device(gate: Gate, device: HostileDevice) -> None:
    async with serving(gate):
        queue, feed = await direct_queue(gate, await register(gate, device.uri)), Feed()
        sent = request(gate, queue, feed)
        feed.send(LARGE[: FRAME + 1])
        await device.hears(Operation.SEND_DOCUMENT, octets=FRAME)
        feed.send(LARGE[FRAME + 1 :])
        feed.end()
        done = await until(gate, await sent, COMPLETED)
    assert (done.impressions, device.jobs[1].document.data == LARGE) == (1, True)


async def test_a_slow_client_does_not_make_the_device_look_dead(gate: Gate, sink: Sink) -> None:
    """A device that takes what it gets is waited for; one whose document pauses is not to blame."""
    async with serving(gate):
        queue, feed = await to_sink(gate, sink), Feed()
        sent = request(gate, queue, feed)
        feed.send(LARGE[: 2 * FRAME + 1])
        await came(sink, 2 * FRAME)
        await asyncio.sleep(1.5)  # longer than a device may take nothing; nothing else shows that nothing happens
        feed.send(LARGE[2 * FRAME + 1 :])
        feed.end()
        await until(gate, await sent, COMPLETED)
    assert len(papers(sink)) == 1


async def test_a_client_that_breaks_off_aborts_the_job_and_the_device_gets_no_whole_document(
    gate: Gate, sink: Sink, sql: Connection
) -> None:
    async with serving(gate):
        queue, feed = await to_sink(gate, sink), Feed()
        sent = request(gate, queue, feed)
        feed.send(LARGE[: 2 * FRAME + 1])
        await came(sink, 2 * FRAME)
        feed.fail(ClientGone("the client closed the connection"))
        with pytest.raises(ClientGone):
            await sent
        job = await until(gate, 1, ABORTED)
        assert job.reasons == ("aborted-by-system", "submission-interrupted")
        await eventually(lambda: all(one.ended != "open" for one in sink.jobs), "the device to be cut off")
        assert [one.ended for one in sink.jobs if one.size] == ["lost"]
        after = await submit(gate, queue, b"the next")
        await until(gate, after, COMPLETED)
    await Sweeper(gate.database, gate.jobs, gate.lanes, interval=1).sweep()
    assert await sql.fetchval("SELECT count(*) FROM pg_largeobject_metadata") == 0


async def test_a_client_that_breaks_off_leaves_no_job_at_an_ipp_device(gate: Gate, device: HostileDevice) -> None:
    async with serving(gate):
        queue, feed = await direct_queue(gate, await register(gate, device.uri)), Feed()
        sent = request(gate, queue, feed)
        feed.send(LARGE[: FRAME + 1])
        await device.hears(Operation.SEND_DOCUMENT, octets=FRAME)
        feed.fail(ClientGone("the client closed the connection"))
        with pytest.raises(ClientGone):
            await sent
        await until(gate, 1, ABORTED)
        await eventually(lambda: device.jobs[1].state in (CANCELED, ABORTED), "the device to give it up")


async def test_a_job_is_cancelled_while_it_is_forwarded(gate: Gate, sink: Sink) -> None:
    async with serving(gate):
        queue, feed = await to_sink(gate, sink), Feed()
        sent = request(gate, queue, feed)
        feed.send(LARGE[: FRAME + 1])
        await came(sink, FRAME)
        await gate.desk.cancel(1, ALICE)
        await until(gate, 1, CANCELED)
        await Sweeper(gate.database, gate.jobs, gate.lanes, interval=1).sweep()
        feed.send(LARGE)
        feed.end()
        with pytest.raises(NotPossible, match="ended while its document arrived"):
            await sent


async def test_a_device_that_breaks_off_leaves_the_document_held_and_the_client_content(gate: Gate, sink: Sink) -> None:
    """The gate has the document: what became of half of it at the device is for its owner to see."""
    async with serving(gate):
        queue, feed = await to_sink(gate, sink), Feed()
        sink.next_manners = [Manners(cut_after=FRAME)]
        sent = request(gate, queue, feed)
        feed.send(LARGE[: 2 * FRAME + 1])
        [job_id] = await eventually(lambda: gate.jobs.waiting(limit=1), "the job to be there")
        held = await until(gate, job_id, JobState.PENDING_HELD)
        assert held.reasons == ("job-held-for-review", "job-held-for-release")
        feed.send(LARGE[2 * FRAME + 1 :])
        feed.end()
        job = await sent
        assert (job.state, job.incoming) == (JobState.PENDING_HELD, False)
        await gate.release.release(job.id, ALICE)
        await until(gate, job, COMPLETED)
    assert papers(sink)[-1].data == LARGE


async def test_a_held_job_of_a_passthrough_queue_waits_and_then_goes(gate: Gate, sink: Sink) -> None:
    async with serving(gate):
        queue = await to_sink(gate, sink)
        held = NewJob(queue.id, ALICE.name, "later", "", hold_until="indefinite")
        job = await gate.intake.submit(queue, held, PDF, stream(LARGE))
        assert (await job_of(gate, job)).state is JobState.PENDING_HELD
        await gate.release.release(job.id, ALICE)
        await printed(sink)
        await until(gate, job, COMPLETED)


async def test_jobs_of_create_job_and_send_document_go_as_well(gate: Gate, sink: Sink) -> None:
    async with serving(gate):
        queue = await to_sink(gate, sink)
        for document in (b"small", LARGE):
            job = await gate.intake.create(queue, NewJob(queue.id, ALICE.name, "report", ""))
            assert (job.state, job.reasons) == (JobState.PENDING, ("job-data-insufficient",))
            await gate.intake.add_document(job.id, ALICE, PDF, stream(document), True)
            await until(gate, job, COMPLETED)
    assert [paper.data for paper in papers(sink)] == [b"small", LARGE]
