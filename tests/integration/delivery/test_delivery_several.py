"""Jobs of several documents reach their device: all, in order, each once; what cannot be known is held and said."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from ippgate.app.gate import Gate
from ippgate.ipp import Attribute, DocumentState, JobState, Operation, Status, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.document_state import state_of
from ippgate.model.errors import NotPossible
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.spool.frame import FRAME
from ippgate.store.jobs import JobStore, Move, Moved
from tests.integration.gates import (
    ALICE,
    Connection,
    attempts,
    hold_queue,
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
from tests.rig.lies import Lie
from tests.rig.sink import Manners, Sink

ONE, TWO, THREE = b"%PDF one " + random_document(3000), b"%PDF two " + random_document(2 * FRAME), b"%PDF three"
COMPLETED, HELD, PENDING, CANCELED = JobState.COMPLETED, JobState.PENDING_HELD, JobState.PENDING, JobState.CANCELED
REVIEW = ("job-held-for-review", "job-held-for-release")
PDF = NewDocument("application/pdf")
TWICE = attribute(A.COPIES, 2)
Gates = Callable[..., Awaitable[Gate]]


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with Sink() as sink:
        yield sink


@pytest.fixture
async def device() -> AsyncIterator[HostileDevice]:
    """One that takes a document in a job, as most do."""
    async with HostileDevice(impressions=2) as device:
        yield device


@pytest.fixture
async def able() -> AsyncIterator[HostileDevice]:
    """One that takes several."""
    async with HostileDevice(several=True, impressions=5) as device:
        yield device


async def held(gate: Gate, uri: str, *documents: bytes, template: tuple[Attribute, ...] = ()) -> Job:
    """A held job of these documents; its device is registered as `printer`."""
    if not await gate.fleet.devices():
        await register(gate, uri)
        await hold_queue(gate)
    queue = await gate.fleet.queue("followme")
    job = await gate.intake.create(queue, NewJob(queue.id, ALICE.name, "report", ALICE.host, template))
    for document in documents:
        job = await gate.intake.add_document(job.id, ALICE, PDF, stream(document), document is documents[-1])
    return job


async def released(gate: Gate, uri: str, *documents: bytes, template: tuple[Attribute, ...] = ()) -> Job:
    job = await held(gate, uri, *documents, template=template)
    return await gate.release.release(job.id, ALICE, "printer")


def whole(device: HostileDevice) -> list[list[bytes]]:
    """The documents of each job that the device completed, in the order in which the jobs were made."""
    return [job.documents for job in device.jobs.values() if job.state is COMPLETED]


async def states(gate: Gate, job: Job) -> list[DocumentState]:
    seen = await job_of(gate, job)
    everything = sorted((*seen.documents, *seen.canceled), key=lambda document: document.number)
    return [state_of(seen, document) for document in everything]


# ── they come out ──


async def test_a_raw_device_gets_one_after_the_other(gate: Gate, sink: Sink) -> None:
    job = await released(gate, sink.uri, ONE, TWO, THREE)
    async with serving(gate):
        done = await until(gate, job, COMPLETED)
        assert [paper.data for paper in await printed(sink, 3)] == [ONE, TWO, THREE]
    assert done.reasons == ("queued-in-device", "job-completed-successfully")
    assert await states(gate, job) == [DocumentState.COMPLETED] * 3
    assert await attempts(gate, job) == ["retry", "retry", "complete"]


async def test_a_device_that_takes_several_gets_one_job(gate: Gate, able: HostileDevice) -> None:
    job = await released(gate, able.uri, ONE, TWO, THREE)
    async with serving(gate):
        done = await until(gate, job, COMPLETED)
    assert whole(able) == [[ONE, TWO, THREE]]
    assert (done.impressions, await attempts(gate, job)) == (5, ["complete"])
    last = [heard.message.operation.boolean(A.LAST_DOCUMENT) for heard in able.requests(Operation.SEND_DOCUMENT)]
    assert last == [False, False, True]
    assert await states(gate, job) == [DocumentState.COMPLETED] * 3


async def test_a_device_that_takes_one_gets_a_job_for_each_and_its_counts_are_added(
    gate: Gate, device: HostileDevice
) -> None:
    job = await released(gate, device.uri, ONE, TWO)
    async with serving(gate):
        done = await until(gate, job, COMPLETED)
    assert whole(device) == [[ONE], [TWO]]
    assert done.impressions == 4


async def test_the_second_waits_until_the_first_is_printed(gate: Gate, device: HostileDevice) -> None:
    device.printer.at_once = False
    job = await released(gate, device.uri, ONE, TWO)
    async with serving(gate):
        first = await device.hears(Operation.SEND_DOCUMENT)
        await until(gate, job, JobState.PROCESSING, where=lambda seen: seen.sending == 1)
        assert await states(gate, job) == [DocumentState.PROCESSING, DocumentState.PENDING]
        assert first.job_id is not None
        await eventually(lambda: device.jobs[1].state is JobState.PROCESSING, "the first to be printed")
        assert len(device.jobs) == 1
        device.printer.finish(1)
        await eventually(lambda: len(device.jobs) == 2, "the second to come")
        await until(gate, job, JobState.PROCESSING, where=lambda seen: seen.sending == 2)
        assert await states(gate, job) == [DocumentState.COMPLETED, DocumentState.PROCESSING]
        await eventually(lambda: device.jobs[2].state is JobState.PROCESSING, "the second to be printed")
        device.printer.finish(2)
        await until(gate, job, COMPLETED)


async def test_nobodys_pages_come_between_them(gate: Gate, device: HostileDevice) -> None:
    job = await released(gate, device.uri, ONE, TWO)
    other = await submit(gate, await gate.fleet.queue("followme"), THREE)
    await gate.release.release(other.id, ALICE, "printer")
    async with serving(gate):
        await until(gate, job, COMPLETED)
        await until(gate, other, COMPLETED)
    assert whole(device) == [[ONE], [TWO], [THREE]]


async def test_copies_are_laid_as_the_printer_says(gate: Gate, sink: Sink) -> None:
    collated = await released(gate, sink.uri, ONE, THREE, template=(TWICE,))
    async with serving(gate):
        await until(gate, collated, COMPLETED)
        assert [paper.data for paper in await printed(sink, 4)] == [ONE, THREE, ONE, THREE]


async def test_each_document_is_converted_by_itself(converting: Gate, raster_device: HostileDevice) -> None:
    job = await released(converting, raster_device.uri, ONE, TWO)
    async with serving(converting):
        await until(converting, job, COMPLETED)
    assert whole(raster_device) == [[ONE], [TWO]]  # those filters change nothing
    assert [one.document_format for one in raster_device.jobs.values()] == ["image/pwg-raster"] * 2


async def test_nothing_is_left_of_them(gate: Gate, sink: Sink, sql: Connection) -> None:
    job = await released(gate, sink.uri, ONE, TWO)
    async with serving(gate):
        await until(gate, job, COMPLETED)
    assert await sql.fetchval("SELECT key FROM job") is None
    assert await sql.fetchval("SELECT count(*) FROM trash") == 2


# ── they do not ──


async def test_what_came_out_is_not_sent_again_when_the_rest_is_released_anew(
    gate: Gate, device: HostileDevice
) -> None:
    job = await released(gate, device.uri, ONE, TWO)
    honest = Lie(Operation.CREATE_JOB)
    device.lie(honest, Lie(Operation.CREATE_JOB, refuse=Status.CLIENT_ERROR_NOT_POSSIBLE))
    async with serving(gate):
        seen = await until(gate, job, HELD)
        assert seen.reasons == ("job-held-for-release",)
        assert seen.message.startswith("printer refused the job: ")
        assert seen.message.endswith("(document 2 of 2; what came out is not sent again)")
        assert await states(gate, job) == [DocumentState.COMPLETED, DocumentState.PENDING]
        await gate.release.release(job.id, ALICE, "printer")
        await until(gate, job, COMPLETED)
    assert whole(device) == [[ONE], [TWO]]


async def test_a_second_document_that_is_cut_off_is_held_and_the_first_is_not_sent_again(
    gate: Gate, sink: Sink
) -> None:
    job = await released(gate, sink.uri, ONE, TWO)
    sink.next_manners = [Manners(), Manners(cut_after=100_000)]
    async with serving(gate):
        seen = await until(gate, job, HELD)
        assert seen.reasons == REVIEW
        assert seen.message.startswith("outcome unknown: ")
        assert "(document 2 of 2; what came out is not sent again)" in seen.message
        assert await states(gate, job) == [DocumentState.COMPLETED, DocumentState.PENDING]


async def test_a_job_cancelled_while_its_first_document_is_printed_sends_no_other(
    gate: Gate, device: HostileDevice
) -> None:
    device.printer.at_once = False
    job = await released(gate, device.uri, ONE, TWO)
    async with serving(gate):
        await eventually(
            lambda: bool(device.jobs) and device.jobs[1].state is JobState.PROCESSING, "the first to be printed"
        )
        await gate.desk.cancel(job.id, ALICE)
        await until(gate, job, CANCELED)
    assert len(device.jobs) == 1


async def test_a_device_that_had_not_all_of_them_and_printed_is_not_believed(gate: Gate, able: HostileDevice) -> None:
    job = await released(gate, able.uri, ONE, TWO)
    honest = Lie(Operation.SEND_DOCUMENT)
    able.lie(honest, Lie(Operation.SEND_DOCUMENT, refuse=Status.SERVER_ERROR_BUSY))
    async with serving(gate):
        await able.hears(Operation.SEND_DOCUMENT, number=2)
        able.printer.finish(1)
        seen = await until(gate, job, HELD)
    assert seen.reasons == REVIEW
    assert seen.message.startswith("outcome unknown: ")


# ── workers die ──


async def test_a_gate_that_goes_between_two_documents_leaves_the_rest_to_another(
    gates: Gates, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, gone = await gates(), asyncio.Event()
    job = await released(first, sink.uri, ONE, TWO)
    move = JobStore.move

    async def dying(jobs: JobStore, wish: Move) -> Moved | None:
        if jobs is first.jobs and wish.document == 2:
            gone.set()
            await asyncio.Event().wait()  # killed before the second document is marked
        return await move(jobs, wish)

    monkeypatch.setattr(JobStore, "move", dying)
    async with serving(first):
        await asyncio.wait_for(gone.wait(), 20)
    assert len(papers(sink)) == 1
    second = await gates()
    async with serving(second):
        await until(second, job, COMPLETED)
    assert [paper.data for paper in papers(sink)] == [ONE, TWO]


async def test_an_heir_finds_the_document_that_was_under_way_and_sends_the_rest(
    gates: Gates, device: HostileDevice
) -> None:
    device.printer.at_once = False
    first = await gates()
    job = await released(first, device.uri, ONE, TWO, THREE)
    async with serving(first):
        await eventually(lambda: bool(device.jobs) and device.jobs[1].state is JobState.PROCESSING, "the first")
        device.printer.finish(1)
        await eventually(lambda: len(device.jobs) == 2 and device.jobs[2].state is JobState.PROCESSING, "the second")
    device.printer.finish(2)
    device.printer.at_once = True
    second = await gates()
    async with serving(second):
        await until(second, job, COMPLETED)
    assert whole(device) == [[ONE], [TWO], [THREE]]


async def test_an_heir_of_documents_that_went_together_waits_for_the_whole_job(
    gates: Gates, able: HostileDevice
) -> None:
    able.printer.at_once = False
    first = await gates()
    job = await released(first, able.uri, ONE, TWO)
    async with serving(first):
        await eventually(lambda: bool(able.jobs) and able.jobs[1].state is JobState.PROCESSING, "the job")
        await until(first, job, JobState.PROCESSING, where=lambda seen: seen.reasons != ("job-outgoing",))
    able.printer.finish(1)
    second = await gates()
    async with serving(second):
        await until(second, job, COMPLETED)
    assert whole(able) == [[ONE, TWO]]


# ── one of them is cancelled ──


async def test_a_cancelled_document_is_not_printed_and_its_octets_go(gate: Gate, sink: Sink, sql: Connection) -> None:
    job = await held(gate, sink.uri, ONE, TWO, THREE)
    left = await gate.documents.cancel(job.id, 1, ALICE)
    assert [document.number for document in left.documents] == [2, 3]
    assert await sql.fetchval("SELECT count(*) FROM trash") == 1
    with pytest.raises(NotPossible, match="document 1 of job 1 was cancelled"):
        await gate.documents.cancel(job.id, 1, ALICE)
    await gate.release.release(job.id, ALICE, "printer")
    async with serving(gate):
        await until(gate, job, COMPLETED)
    assert [paper.data for paper in papers(sink)] == [TWO, THREE]
    assert await states(gate, job) == [DocumentState.CANCELED, DocumentState.COMPLETED, DocumentState.COMPLETED]


async def test_one_that_is_left_goes_like_any_other(gate: Gate, sink: Sink) -> None:
    job = await held(gate, sink.uri, ONE, TWO)
    await gate.documents.cancel(job.id, 1, ALICE)
    await gate.release.release(job.id, ALICE, "printer")
    async with serving(gate):
        await until(gate, job, COMPLETED)
    assert [paper.data for paper in papers(sink)] == [TWO]
    assert await attempts(gate, job) == ["complete"]


async def test_with_the_last_one_its_job_is_cancelled(gate: Gate, sink: Sink) -> None:
    job = await held(gate, sink.uri, ONE, TWO)
    await gate.documents.cancel(job.id, 2, ALICE)
    ended = await gate.documents.cancel(job.id, 1, ALICE)
    assert (ended.state, ended.reasons) == (CANCELED, ("job-canceled-by-user",))


async def test_a_lane_that_had_leased_the_job_carries_it_without(gate: Gate, sink: Sink) -> None:
    job = await released(gate, sink.uri, ONE, TWO)
    [load] = await gate.lanes.claim((await gate.fleet.device("printer")).id, 1)
    assert [each.number for each in load.enclosed] == [1, 2]
    await gate.documents.cancel(job.id, 2, ALICE)
    start = Move(job.id, "start", (), worker=gate.lanes.worker, lease=load.lease, edge="sending")  # type: ignore[arg-type]
    assert await gate.jobs.move(start) is None
    async with serving(gate):
        await until(gate, job, COMPLETED)
    assert [paper.data for paper in papers(sink)] == [ONE]


async def test_a_document_at_its_device_is_not_cancelled(gate: Gate, device: HostileDevice) -> None:
    device.printer.at_once = False
    job = await released(gate, device.uri, ONE, TWO)
    async with serving(gate):
        await until(gate, job, JobState.PROCESSING)
        for number in (1, 2):
            with pytest.raises(NotPossible, match="is processing: only documents of a job that waits can be changed"):
                await gate.documents.cancel(job.id, number, ALICE)


async def test_single_jobs_cost_no_further_query(gate: Gate, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    fetch = gate.database.fetch

    async def counted(name: str, *arguments: object) -> object:
        asked.append(name)
        return await fetch(name, *arguments)

    monkeypatch.setattr(gate.database, "fetch", counted)
    await register(gate, sink.uri)
    job = await submit(gate, await hold_queue(gate), ONE)
    created = await held(gate, sink.uri, THREE)
    for each in (job, created):
        await gate.release.release(each.id, ALICE, "printer")
    loads = await gate.lanes.claim((await gate.fleet.device("printer")).id, 5)
    assert len(loads) == 2
    assert "lane_enclosed" not in asked
