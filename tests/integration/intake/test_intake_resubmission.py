"""Resubmit-Job: ended jobs whose documents are kept become jobs of their own, with keys and octets of their own."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ippgate.app.gate import Gate
from ippgate.config import Settings
from ippgate.ipp import JobState, attribute
from ippgate.ipp.registry import attributes as A
from ippgate.model.errors import NotAccepting, NotAuthorized, NotPossible
from ippgate.model.job import Job, NewDocument, NewJob
from ippgate.spool.frame import FRAME
from ippgate.spool.sweep import Sweeper
from tests.integration.gates import ALICE, BOB, OPERATOR, Connection, hold_queue, job_of, stream, submit
from tests.rig.documents import random_document

SMALL, LARGE = b"%PDF small", random_document(2 * FRAME + 17)
HELD = JobState.PENDING_HELD
DUPLEX = (attribute(A.SIDES, "two-sided-long-edge"),)
Gates = Callable[..., Awaitable[Gate]]


@pytest.fixture
async def keeping(gates: Gates, tmp_path: Path) -> Gate:
    """A gate that keeps the documents of ended jobs."""
    settings = Settings(home=tmp_path)
    return await gates(settings=replace(settings, spool=replace(settings.spool, keep_printed=3600.0)))


async def ended(gate: Gate, *documents: bytes) -> Job:
    """A job of Alice's that was cancelled."""
    queue = await hold_queue(gate)
    job = await gate.intake.create(queue, NewJob(queue.id, ALICE.name, "report", ALICE.host, DUPLEX, priority=70))
    for document in documents:
        what = NewDocument("application/pdf", f"{len(document)}.pdf")
        await gate.intake.add_document(job.id, ALICE, what, stream(document), document is documents[-1])
    return await gate.desk.cancel(job.id, ALICE)


async def again(gate: Gate, job: Job, caller: object = ALICE) -> Job:
    queue = await gate.fleet.queue("followme")
    new = NewJob(queue.id, job.owner, job.name, job.host, job.template, job.priority)
    return await gate.resubmission.resubmit(job, caller, queue, new)  # type: ignore[arg-type]


async def octets_of(gate: Gate, job: Job) -> list[bytes]:
    key, found = await gate.spool.key_of(job.id), []
    for document in (await job_of(gate, job)).documents:
        assert document.oid is not None
        found.append(b"".join([chunk async for chunk in gate.spool.read(document.oid, document.number, key)]))
    return found


@pytest.mark.parametrize("documents", [(SMALL,), (LARGE,), (SMALL, LARGE, b"")], ids=["small", "large", "several"])
async def test_the_copy_is_a_job_like_any_other(keeping: Gate, documents: tuple[bytes, ...]) -> None:
    job = await ended(keeping, *documents)
    copy = await job_of(keeping, await again(keeping, job))
    assert copy.id != job.id
    assert (copy.state, copy.reasons, copy.incoming) == (HELD, ("job-held-for-release",), False)
    assert (copy.owner, copy.name, copy.template, copy.priority) == ("alice", "report", DUPLEX, 70)
    assert [(each.document_format, each.name, each.size, each.sha256) for each in copy.documents] == [
        (each.document_format, each.name, each.size, each.sha256) for each in job.documents
    ]
    assert await octets_of(keeping, copy) == list(documents)


async def test_copy_and_original_share_no_key_and_no_octets(keeping: Gate, sql: Connection) -> None:
    job = await ended(keeping, SMALL, LARGE)
    copy = await again(keeping, job)
    objects = {each.oid for each in job.documents} & {each.oid for each in (await job_of(keeping, copy)).documents}
    assert not objects
    assert await sql.fetchval("SELECT count(DISTINCT key) FROM job") == 2
    await sql.execute("UPDATE trash SET due = now()")
    await Sweeper(keeping.database, keeping.jobs, keeping.lanes, interval=1).sweep()
    assert await sql.fetchval("SELECT key FROM job WHERE id = $1", job.id) is None
    assert await octets_of(keeping, copy) == [SMALL, LARGE]


async def test_a_document_that_was_cancelled_stays_out(keeping: Gate) -> None:
    queue = await hold_queue(keeping)
    job = await keeping.intake.create(queue, NewJob(queue.id, ALICE.name, "report", ALICE.host))
    for document in (SMALL, LARGE):
        what = NewDocument("application/pdf")
        await keeping.intake.add_document(job.id, ALICE, what, stream(document), document is LARGE)
    await keeping.documents.cancel(job.id, 1, ALICE)
    copy = await again(keeping, await keeping.desk.cancel(job.id, ALICE))
    assert await octets_of(keeping, copy) == [LARGE]


async def test_what_has_not_ended_is_not_resubmitted(keeping: Gate) -> None:
    job = await submit(keeping, await hold_queue(keeping), SMALL)
    with pytest.raises(NotPossible, match="is pending-held: only a job that has ended can be resubmitted"):
        await again(keeping, job)


@pytest.mark.parametrize("documents", [(SMALL,), (LARGE, SMALL)], ids=["one", "several"])
async def test_what_is_not_kept_is_gone(gate: Gate, documents: tuple[bytes, ...], sql: Connection) -> None:
    job = await ended(gate, *documents)
    with pytest.raises(NotPossible, match="its documents are kept no longer"):
        await again(gate, job)
    await Sweeper(gate.database, gate.jobs, gate.lanes, interval=1).sweep()
    with pytest.raises(NotPossible, match="its documents are kept no longer"):
        await again(gate, await job_of(gate, job))
    assert await sql.fetchval("SELECT count(*) FROM job") == 1


async def test_octets_that_go_in_the_middle_leave_no_half_copy(keeping: Gate, sql: Connection) -> None:
    job = await ended(keeping, SMALL, LARGE)
    await sql.execute("SELECT lo_unlink($1)", job.documents[1].oid)
    with pytest.raises(NotPossible, match="cannot be resubmitted: the stored document is gone"):
        await again(keeping, job)
    [copy] = [each for each in await keeping.desk.listing(None, tuple(JobState), None, 10) if each.id != job.id]
    assert copy.state is JobState.ABORTED


async def test_nobody_resubmits_what_is_not_theirs_but_operators_do(keeping: Gate) -> None:
    job = await ended(keeping, SMALL)
    with pytest.raises(NotAuthorized, match="belongs to somebody else"):
        await again(keeping, job, BOB)
    assert (await again(keeping, job, OPERATOR)).owner == "alice"


async def test_a_queue_that_takes_no_jobs_takes_no_copies(keeping: Gate) -> None:
    job = await ended(keeping, SMALL)
    await keeping.fleet.set_queue("followme", accepting=False)
    with pytest.raises(NotAccepting, match="takes no jobs at the moment"):
        await again(keeping, job)
