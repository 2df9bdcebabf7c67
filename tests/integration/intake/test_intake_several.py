"""Jobs of several documents arrive: each with its own format, name and size; one after the other; all or none."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable

import pytest

from ippgate.app.gate import Gate
from ippgate.intake import IntakeSettings
from ippgate.ipp import JobState
from ippgate.model.errors import (
    ClientGone,
    CompressionError,
    Forbidden,
    NotPossible,
    Overtaken,
    TimedOut,
    TooManyDocuments,
)
from ippgate.model.job import Document, Job, NewDocument, NewJob
from ippgate.model.queue import Queue
from ippgate.spool.frame import FRAME
from ippgate.spool.sweep import Sweeper
from tests.integration.gates import (
    ALICE,
    Connection,
    Feed,
    direct_queue,
    hold_queue,
    intake_of,
    job_of,
    register,
    stream,
)
from tests.rig.documents import JPEG, LONG_PDF, random_document
from tests.rig.eventually import eventually

SMALL, LARGE = b"small", random_document(FRAME + 17)
PDF, PHOTO = NewDocument("application/pdf", "report"), NewDocument("image/jpeg", "photo")
HELD, ABORTED = JobState.PENDING_HELD, JobState.ABORTED
LARGE_OBJECTS = "SELECT count(*) FROM pg_largeobject_metadata"
Ruled = Callable[[str], Awaitable[Gate]]


@pytest.fixture
async def queue(gate: Gate) -> Queue:
    return await hold_queue(gate)


def new(queue: Queue) -> NewJob:
    return NewJob(queue.id, ALICE.name, "papers", ALICE.host)


async def created(gate: Gate, queue: Queue) -> Job:
    return await gate.intake.create(queue, new(queue))


async def add(gate: Gate, job: Job, octets: bytes, *, last: bool = False, what: NewDocument = PDF) -> Job:
    return await gate.intake.add_document(job.id, ALICE, what, stream(octets), last)


async def octets_of(gate: Gate, job: Job, document: Document) -> bytes:
    assert document.oid is not None
    key = await gate.spool.key_of(job.id)
    return b"".join([chunk async for chunk in gate.spool.read(document.oid, document.number, key)])


async def swept(gate: Gate, sql: Connection) -> int:
    """How many large objects are left after a round of the sweeper."""
    await Sweeper(gate.database, gate.jobs, gate.lanes, interval=1).sweep()
    return int(await sql.fetchval(LARGE_OBJECTS))


async def test_each_document_is_kept_as_it_came(gate: Gate, queue: Queue) -> None:
    job = await created(gate, queue)
    await add(gate, job, SMALL)
    await add(gate, job, LARGE, what=PHOTO)
    done = await add(gate, job, b"", last=True)
    assert (done.state, done.reasons, done.incoming) == (HELD, ("job-held-for-release",), False)
    assert [(each.number, each.document_format, each.name, each.size) for each in done.documents] == [
        (1, "application/pdf", "report", 5),
        (2, "image/jpeg", "photo", len(LARGE)),
        (3, "application/pdf", "report", 0),
    ]
    for document, octets in zip(done.documents, (SMALL, LARGE, b""), strict=True):
        assert document.sha256 == hashlib.sha256(octets).digest()
        assert await octets_of(gate, done, document) == octets
    assert done.size == 5 + len(LARGE)


async def test_a_job_may_be_closed_when_its_documents_are_there(gate: Gate, queue: Queue) -> None:
    job = await created(gate, queue)
    await add(gate, job, SMALL)
    assert (await add(gate, job, LARGE)).incoming
    done = await gate.intake.close(job.id, ALICE)
    assert (done.state, done.incoming, len(done.documents)) == (HELD, False, 2)


async def test_one_more_than_a_job_may_have_is_refused_and_the_others_stay(gate: Gate, queue: Queue) -> None:
    intake = intake_of(gate, IntakeSettings(max_documents=2))
    job = await intake.create(queue, new(queue))
    for octets in (b"1", b"2"):
        await intake.add_document(job.id, ALICE, PDF, stream(octets), False)
    with pytest.raises(TooManyDocuments, match="takes 2 documents in a job: send the others in a job of their own"):
        await intake.add_document(job.id, ALICE, PDF, stream(b"3"), True)
    assert (await intake.close(job.id, ALICE)).state is HELD


async def test_what_was_cancelled_counts_too(gate: Gate, queue: Queue) -> None:
    intake = intake_of(gate, IntakeSettings(max_documents=2))
    job = await intake.create(queue, new(queue))
    await intake.add_document(job.id, ALICE, PDF, stream(b"1"), False)
    await gate.documents.cancel(job.id, 1, ALICE)
    second = await intake.add_document(job.id, ALICE, PDF, stream(b"2"), False)
    assert [document.number for document in second.documents] == [2]
    with pytest.raises(TooManyDocuments):
        await intake.add_document(job.id, ALICE, PDF, stream(b"3"), True)


async def test_a_document_is_refused_while_another_arrives(gate: Gate, queue: Queue, sql: Connection) -> None:
    job, feed = await created(gate, queue), Feed()
    await add(gate, job, SMALL)
    request = asyncio.create_task(gate.intake.add_document(job.id, ALICE, PDF, feed.body(), True))
    feed.send(LARGE)
    await eventually(lambda: sql.fetchval("SELECT oid FROM document WHERE number = 2"), "the second to begin")
    with pytest.raises(NotPossible, match="document 2 of job 1 still arrives: send the next one when it has been answ"):
        await add(gate, job, SMALL)
    with pytest.raises(NotPossible, match="still arrives"):
        await gate.intake.close(job.id, ALICE)
    with pytest.raises(NotPossible, match="document 2 of job 1 still arrives: cancel the job"):
        await gate.documents.cancel(job.id, 2, ALICE)
    feed.end()
    assert len((await request).documents) == 2


async def test_of_two_at_the_same_moment_one_is_sent_again_and_the_job_is_none_the_worse(
    gate: Gate, queue: Queue, sql: Connection
) -> None:
    job, late = await created(gate, queue), Feed()
    await add(gate, job, SMALL)
    request = asyncio.create_task(gate.intake.add_document(job.id, ALICE, PDF, late.body(), False))
    await eventually(lambda: gate.intake._uploads, "the late one to be let in")
    await add(gate, job, LARGE, last=True)
    late.send(SMALL)
    late.end()
    with pytest.raises(Overtaken, match="ended or closed while its document arrived"):
        await request
    done = await job_of(gate, job)
    assert (done.state, len(done.documents)) == (HELD, 2)
    assert await swept(gate, sql) == 2


@pytest.mark.parametrize("octets", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("fault", [ClientGone("gone"), CompressionError("it is damaged")], ids=["gone", "damaged"])
async def test_a_second_document_that_breaks_off_aborts_the_job_and_nothing_is_left(
    gate: Gate, queue: Queue, sql: Connection, octets: bytes, fault: Exception
) -> None:
    job, feed = await created(gate, queue), Feed()
    await add(gate, job, LARGE)
    feed.send(octets)
    feed.fail(fault)
    with pytest.raises(type(fault)):
        await gate.intake.add_document(job.id, ALICE, PDF, feed.body(), True)
    assert (await job_of(gate, job)).state is ABORTED
    assert await swept(gate, sql) == 0


async def test_a_job_whose_client_stays_away_is_aborted_with_all_of_them(
    gate: Gate, queue: Queue, sql: Connection
) -> None:
    job = await created(gate, queue)
    await add(gate, job, SMALL)
    await add(gate, job, LARGE)
    await sql.execute("UPDATE job SET incoming_until = now() - interval '1 second'")
    assert await swept(gate, sql) == 0
    with pytest.raises(TimedOut, match="did not come in time"):
        await add(gate, job, SMALL, last=True)


async def test_a_document_that_does_not_say_to_be_the_last_is_not_forwarded(gate: Gate) -> None:
    device = await register(gate, "socket://127.0.0.1:9", force=True)
    queue = await direct_queue(gate, device)
    job, feed = await created(gate, queue), Feed()
    request = asyncio.create_task(gate.intake.add_document(job.id, ALICE, PDF, feed.body(), False))
    feed.send(LARGE)
    feed.end()
    await request
    assert await gate.lanes.claim(device.id, 5) == []
    await add(gate, job, SMALL, last=True)
    [load] = await gate.lanes.claim(device.id, 5)
    assert [each.size for each in load.enclosed] == [len(LARGE), len(SMALL)]


async def test_a_last_document_is_forwarded_while_it_arrives_and_no_other_can_come(gate: Gate, sql: Connection) -> None:
    device = await register(gate, "socket://127.0.0.1:9", force=True)
    queue = await direct_queue(gate, device)
    job, feed = await created(gate, queue), Feed()
    request = asyncio.create_task(gate.intake.add_document(job.id, ALICE, PDF, feed.body(), True))
    feed.send(LARGE)
    await eventually(lambda: sql.fetchval("SELECT ready FROM job"), "the job to be ready")
    [load] = await gate.lanes.claim(device.id, 5)
    assert load.parcel.size is None
    with pytest.raises(NotPossible, match="still arrives"):
        await add(gate, job, SMALL)
    sealed = await gate.spool.seal_small(await gate.spool.key_of(job.id), 2, b"x")
    assert not await gate.spool.store_small(job.id, 2, PDF, sealed)
    feed.end()
    await request


# ── judged ──

PAGES = """[[rule]]
name = "Not too long"
when = "job.pages > 5"
refuse = "That is too long."
"""


async def test_rules_see_the_pages_of_all_of_them(ruled: Ruled) -> None:
    gate = await ruled(PAGES)
    queue = await hold_queue(gate)
    job = await created(gate, queue)
    waiting = await add(gate, job, LONG_PDF.read_bytes())
    assert not waiting.judged
    with pytest.raises(Forbidden, match="That is too long"):
        await add(gate, job, LONG_PDF.read_bytes(), last=True)
    assert (await job_of(gate, job)).state is ABORTED


async def test_what_is_found_of_each_is_kept(ruled: Ruled) -> None:
    gate = await ruled(PAGES.replace("> 5", "> 5000"))
    queue = await hold_queue(gate)
    job = await created(gate, queue)
    await add(gate, job, LONG_PDF.read_bytes())
    done = await add(gate, job, JPEG.read_bytes(), last=True, what=PHOTO)
    assert done.judged
    await gate.examining.round()
    done = await job_of(gate, job)
    found = [document.facts for document in done.documents]
    assert [facts and facts.document_format for facts in found] == ["application/pdf", "image/jpeg"]
    assert done.pages == sum(facts.pages or 0 for facts in found if facts)
    assert done.facts is not None
    assert done.facts.document_format is None
