"""Documents of any size become jobs; what does not arrive whole becomes nothing that waits."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from ippgate.app.gate import Gate
from ippgate.intake import IntakeSettings
from ippgate.intake.pulse import Pulse
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import (
    Busy,
    ClientGone,
    CompressionError,
    NotAccepting,
    NotAuthorized,
    NotFound,
    NotPossible,
    OneDocument,
    Overtaken,
    TimedOut,
    TooLarge,
    Unavailable,
)
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.model.queue import Queue
from ippgate.spool.frame import FRAME
from ippgate.spool.sweep import Sweeper
from ippgate.store.jobs import WAITING
from tests.integration.gates import (
    ALICE,
    BOB,
    OPERATOR,
    Connection,
    Feed,
    direct_queue,
    hold_queue,
    intake_of,
    job_of,
    register,
    stream,
    submit,
)
from tests.rig.documents import random_document
from tests.rig.eventually import eventually

NOISE = random_document(2 * FRAME + 17)
PDF = NewDocument("application/pdf", "one")
LARGE_OBJECTS = "SELECT count(*) FROM pg_largeobject_metadata"


@pytest.fixture
async def queue(gate: Gate) -> Queue:
    return await hold_queue(gate)


def new(queue: Queue) -> NewJob:
    return NewJob(queue.id, ALICE.name, "report", ALICE.host)


async def printed_job(gate: Gate, queue: Queue, feed: Feed) -> Job:
    return await gate.intake.submit(queue, new(queue), PDF, feed.body())


async def stored(gate: Gate, job: Job) -> bytes:
    oid = job.documents[0].oid
    assert oid is not None
    return b"".join([chunk async for chunk in gate.spool.read(oid, 1, await gate.spool.key_of(job.id))])


async def nothing_is_left(gate: Gate, sql: Connection) -> bool:
    """No job waits, and after a round of the sweeper no octet is stored."""
    await Sweeper(gate.database, gate.jobs, gate.lanes, interval=1).sweep()
    return not await gate.jobs.waiting(limit=1) and await sql.fetchval(LARGE_OBJECTS) == 0


# ── Print-Job ──


@pytest.mark.parametrize("size", [0, 1, 1000, FRAME - 1, FRAME, FRAME + 1, len(NOISE)])
async def test_a_document_of_any_size_becomes_a_held_job(gate: Gate, queue: Queue, size: int) -> None:
    document = NOISE[:size]
    job = await submit(gate, queue, document)
    assert job == await job_of(gate, job) or size <= FRAME
    kept = await job_of(gate, job)
    assert (kept.state, kept.reasons, kept.incoming) == (JobState.PENDING_HELD, ("job-held-for-release",), False)
    assert (kept.owner, kept.name, kept.host) == (ALICE.name, "report", ALICE.host)
    [one] = kept.documents
    assert (one.size, one.sha256) == (size, hashlib.sha256(document).digest())
    assert await stored(gate, kept) == document


async def test_what_a_client_is_told_of_a_small_job_is_what_is_stored(gate: Gate, queue: Queue) -> None:
    job = await submit(gate, queue, b"%PDF")
    assert job == await job_of(gate, job)


async def test_up_to_a_frame_a_job_and_its_document_are_one_call(
    gate: Gate, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Counter[str] = Counter()
    for method in ("fetch", "row", "value"):
        _count(gate, method, asked, monkeypatch)
    await submit(gate, queue, NOISE[:FRAME])
    assert asked == {"job_accept": 1}


def _count(gate: Gate, method: str, asked: "Counter[str]", patch: pytest.MonkeyPatch) -> None:
    ask = getattr(gate.database, method)

    async def counted(name: str, *arguments: Any) -> Any:
        asked[name] += 1
        return await ask(name, *arguments)

    patch.setattr(gate.database, method, counted)


async def test_a_passthrough_queue_sends_it_on_its_way(gate: Gate) -> None:
    device = await register(gate, "socket://127.0.0.1:9", force=True)
    queue = await direct_queue(gate, device)
    for document in (b"small", NOISE):
        job = await job_of(gate, await submit(gate, queue, document))
        assert (job.state, job.reasons, job.device_id) == (JobState.PENDING, (), device.id)
    held = NewJob(queue.id, "alice", "later", "", hold_until="indefinite")
    job = await gate.intake.submit(queue, held, PDF, stream(b"small"))
    assert (job.state, job.reasons) == (JobState.PENDING_HELD, ("job-hold-until-specified",))


async def test_a_queue_that_takes_no_jobs_says_so(gate: Gate, queue: Queue) -> None:
    closed = await gate.fleet.set_queue(queue.name, accepting=False)
    with pytest.raises(NotAccepting, match="takes no jobs at the moment"):
        await submit(gate, closed, b"x")
    with pytest.raises(NotAccepting):
        await gate.intake.create(closed, new(closed))


FAULTS = [
    (ClientGone("the client closed the connection"), "submission-interrupted"),
    (TooLarge("the document is larger than this printer takes"), "submission-interrupted"),
    (CompressionError("the compressed document is damaged"), "compression-error"),
    (Unavailable("the database cannot be reached"), "submission-interrupted"),
]


@pytest.mark.parametrize(("fault", "reason"), FAULTS, ids=lambda value: type(value).__name__)
async def test_a_small_document_that_breaks_off_never_was_a_job(
    gate: Gate, queue: Queue, sql: Connection, fault: Exception, reason: str
) -> None:
    feed = Feed()
    feed.send(NOISE[:1000])
    feed.fail(fault)
    with pytest.raises(type(fault)):
        await printed_job(gate, queue, feed)
    assert await sql.fetchval("SELECT count(*) FROM job") == 0
    assert await sql.fetchval(LARGE_OBJECTS) == 0


@pytest.mark.parametrize(("fault", "reason"), FAULTS, ids=lambda value: type(value).__name__)
async def test_a_large_document_that_breaks_off_is_an_aborted_job_with_the_reason(
    gate: Gate, queue: Queue, sql: Connection, fault: Exception, reason: str
) -> None:
    feed = Feed()
    feed.send(NOISE)
    feed.fail(fault)
    with pytest.raises(type(fault)) as told:
        await printed_job(gate, queue, feed)
    assert told.value is fault
    [job] = await gate.desk.listing(None, tuple(JobState), None, 10)
    assert (job.state, job.reasons, job.message) == (JobState.ABORTED, ("aborted-by-system", reason), str(fault))
    assert await sql.fetchval("SELECT key FROM job") is None
    assert await nothing_is_left(gate, sql)


async def test_a_request_that_is_cancelled_leaves_nothing(gate: Gate, queue: Queue, sql: Connection) -> None:
    feed = Feed()
    feed.send(NOISE)
    request = asyncio.create_task(printed_job(gate, queue, feed))
    await eventually(lambda: sql.fetchval("SELECT oid FROM document"), "the document to begin")
    request.cancel()
    await asyncio.gather(request, return_exceptions=True)
    [job] = await gate.desk.listing(None, tuple(JobState), None, 10)
    assert (job.state, job.message) == (JobState.ABORTED, "the document did not arrive whole")
    assert await nothing_is_left(gate, sql)


async def test_a_job_that_is_cancelled_while_it_arrives_is_not_possible(
    gate: Gate, queue: Queue, sql: Connection
) -> None:
    feed = Feed()
    feed.send(NOISE)
    request = asyncio.create_task(printed_job(gate, queue, feed))
    await eventually(lambda: sql.fetchval("SELECT oid FROM document"), "the document to begin")
    [job] = await gate.desk.listing(None, WAITING, None, 10)
    assert (job.incoming, job.reasons) == (True, ("job-held-for-release", "job-incoming"))
    await gate.desk.cancel(job.id, ALICE)
    assert await nothing_is_left(gate, sql)
    feed.send(NOISE)
    feed.end()
    with pytest.raises(NotPossible, match="ended while its document arrived"):
        await request
    assert (await job_of(gate, job)).state is JobState.CANCELED
    assert await nothing_is_left(gate, sql)


async def test_one_document_more_than_the_gate_takes_at_once_is_busy(gate: Gate, queue: Queue) -> None:
    intake = intake_of(gate, IntakeSettings(max_uploads=2))
    feeds = [Feed(), Feed()]
    requests = [asyncio.create_task(intake.submit(queue, new(queue), PDF, feed.body())) for feed in feeds]
    await asyncio.sleep(0)
    with pytest.raises(Busy, match="2 documents are arriving at this moment; try again"):
        await intake.submit(queue, new(queue), PDF, stream(b"x"))
    feeds[0].fail(ClientGone("gone"))
    with pytest.raises(ClientGone):
        await requests[0]
    assert await intake.submit(queue, new(queue), PDF, stream(b"x"))
    feeds[1].end()
    assert await requests[1]


# ── Create-Job, Send-Document, Close-Job ──


async def test_a_created_job_gets_its_document_and_is_closed_by_the_last(gate: Gate, queue: Queue) -> None:
    for document in (b"small", NOISE):
        job = await gate.intake.create(queue, new(queue))
        assert (job.incoming, job.reasons) == (True, ("job-held-for-release", "job-incoming"))
        done = await gate.intake.add_document(job.id, ALICE, PDF, stream(document), True)
        assert (done.incoming, done.reasons) == (False, ("job-held-for-release",))
        assert await stored(gate, done) == document


async def test_a_job_may_be_closed_by_a_request_of_its_own(gate: Gate, queue: Queue) -> None:
    for document in (b"small", NOISE):
        job = await gate.intake.create(queue, new(queue))
        sent = await gate.intake.add_document(job.id, ALICE, PDF, stream(document), False)
        assert sent.incoming
        closed = await gate.intake.close(job.id, ALICE)
        assert (closed.incoming, closed.state) == (False, JobState.PENDING_HELD)


async def test_a_job_that_is_closed_without_a_document_is_aborted(gate: Gate, queue: Queue, sql: Connection) -> None:
    job = await gate.intake.create(queue, new(queue))
    closed = await gate.intake.close(job.id, ALICE)
    assert (closed.state, closed.message) == (JobState.ABORTED, "the job was closed without a document")
    assert await nothing_is_left(gate, sql)


async def test_where_one_is_all_a_second_document_is_too_many(gate: Gate, queue: Queue) -> None:
    intake = intake_of(gate, IntakeSettings(max_documents=1))
    job = await intake.create(queue, new(queue))
    await intake.add_document(job.id, ALICE, PDF, stream(b"one"), False)
    with pytest.raises(OneDocument, match="one document in a job"):
        await intake.add_document(job.id, ALICE, PDF, stream(b"two"), True)
    assert await stored(gate, await job_of(gate, job)) == b"one"


@pytest.mark.parametrize("second", [b"small", NOISE], ids=["small", "large"])
async def test_a_second_document_at_the_same_moment_does_the_first_no_harm(
    gate: Gate, queue: Queue, second: bytes, sql: Connection
) -> None:
    job = await gate.intake.create(queue, new(queue))
    late = Feed()
    request = asyncio.create_task(gate.intake.add_document(job.id, ALICE, PDF, late.body(), True))
    await asyncio.sleep(0)
    await eventually(lambda: gate.intake._uploads, "the late one to be let in")
    await gate.intake.add_document(job.id, ALICE, PDF, stream(NOISE), False)
    late.send(second)
    late.end()
    with pytest.raises(Overtaken, match="arrived at the same moment: send this one again"):
        await request
    done = await gate.intake.close(job.id, ALICE)
    assert done.state is JobState.PENDING_HELD
    assert await stored(gate, done) == NOISE
    assert await sql.fetchval(LARGE_OBJECTS) == 1


async def test_a_job_is_not_closed_while_its_document_arrives(gate: Gate, queue: Queue, sql: Connection) -> None:
    job, feed = await gate.intake.create(queue, new(queue)), Feed()
    request = asyncio.create_task(gate.intake.add_document(job.id, ALICE, PDF, feed.body(), True))
    feed.send(NOISE)
    await eventually(lambda: sql.fetchval("SELECT oid FROM document"), "the document to begin")
    with pytest.raises(NotPossible, match="still arrives"):
        await gate.intake.close(job.id, ALICE)
    feed.end()
    assert await stored(gate, await request) == NOISE


async def test_only_its_owner_adds_to_a_job_that_is_there_and_open(gate: Gate, queue: Queue) -> None:
    job = await gate.intake.create(queue, new(queue))
    with pytest.raises(NotAuthorized, match="belongs to somebody else"):
        await gate.intake.add_document(job.id, BOB, PDF, stream(b"x"), True)
    with pytest.raises(NotAuthorized):
        await gate.intake.close(job.id, BOB)
    with pytest.raises(NotFound, match="there is no job"):
        await gate.intake.add_document(10**6, ALICE, PDF, stream(b"x"), True)
    await gate.intake.add_document(job.id, OPERATOR, PDF, stream(b"x"), True)
    with pytest.raises(NotPossible, match="takes no more documents"):
        await gate.intake.add_document(job.id, ALICE, PDF, stream(b"x"), True)
    with pytest.raises(NotPossible):
        await gate.intake.close(job.id, ALICE)


async def test_a_client_that_was_silent_too_long_is_timed_out(gate: Gate, queue: Queue, sql: Connection) -> None:
    job = await gate.intake.create(queue, new(queue))
    await sql.execute("UPDATE job SET incoming_until = now() - interval '1 second'")
    assert await nothing_is_left(gate, sql)
    with pytest.raises(TimedOut, match="did not come in time"):
        await gate.intake.add_document(job.id, ALICE, PDF, stream(b"x"), True)
    with pytest.raises(TimedOut):
        await gate.intake.close(job.id, ALICE)


@pytest.mark.parametrize("operation", ["Print-Job", "Send-Document"])
async def test_a_document_that_arrives_slowly_keeps_its_job_open(
    gate: Gate, queue: Queue, sql: Connection, operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, feed, still_open = 0.0, Feed(), "SELECT true FROM job WHERE incoming_until > now() + interval '60 seconds'"
    monkeypatch.setattr(gate.intake, "_pulse", lambda: Pulse(gate.jobs, 120, lambda: now))
    if operation == "Print-Job":
        request = asyncio.create_task(printed_job(gate, queue, feed))
    else:
        job = await gate.intake.create(queue, new(queue))
        request = asyncio.create_task(gate.intake.add_document(job.id, ALICE, PDF, feed.body(), True))
    feed.send(NOISE[: FRAME + 1])
    await eventually(lambda: sql.fetchval("SELECT oid FROM document"), "the document to begin")
    for _ in range(2):
        await sql.execute("UPDATE job SET incoming_until = now() + interval '1 second'")
        now += 50
        feed.send(b"x")
        await eventually(lambda: sql.fetchval(still_open), "the job to be kept open")
    feed.end()
    assert not (await request).incoming


async def test_a_broken_document_of_a_created_job_aborts_it(gate: Gate, queue: Queue, sql: Connection) -> None:
    for octets in (NOISE, b"small"):
        job, feed = await gate.intake.create(queue, new(queue)), Feed()
        feed.send(octets)
        feed.fail(CompressionError("the compressed document is damaged"))
        with pytest.raises(CompressionError):
            await gate.intake.add_document(job.id, ALICE, PDF, feed.body(), True)
        aborted = await job_of(gate, job)
        assert (aborted.state, aborted.reasons) == (JobState.ABORTED, ("aborted-by-system", "compression-error"))
    assert await nothing_is_left(gate, sql)


async def test_empty_chunks_are_nothing(gate: Gate, queue: Queue) -> None:
    async def body() -> AsyncIterator[bytes]:
        for chunk in (b"", b"a", b"", b"b", b""):
            yield chunk

    job = await gate.intake.submit(queue, new(queue), PDF, body())
    assert await stored(gate, job) == b"ab"
