"""A job is born once, whole, and many are born together."""

import asyncio
from collections import Counter
from typing import Any

import asyncpg
import pytest

from ippgate.app.gate import Gate
from ippgate.ipp.registry.enums import JobState
from ippgate.model.errors import NotFound
from ippgate.model.job import NewDocument, NewJob
from ippgate.store.birth import Birth
from ippgate.store.jobs import Accepted
from tests.integration.gates import OPERATOR, Connection
from tests.integration.store.births import a_device, a_queue, birth

PDF = NewDocument("application/pdf", "page one")


class Calls(Counter[str]):
    """Counts how often each named query is asked."""

    def __init__(self, gate: Gate, patch: pytest.MonkeyPatch) -> None:
        super().__init__()
        fetch = gate.database.fetch

        async def counted(name: str, *arguments: Any) -> Any:
            self[name] += 1
            return await fetch(name, *arguments)

        patch.setattr(gate.database, "fetch", counted)


async def accept(gate: Gate, made: Birth, document: bytes = b"%PDF") -> Accepted:
    sealed = await gate.spool.seal_small(gate.keys.unwrap(made.key), 1, document)
    return await gate.jobs.accept(made, PDF, sealed)


async def test_a_hundred_at_once_are_stored_in_a_few_calls(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    calls, queue = Calls(gate, monkeypatch), await a_queue(gate)
    births = [birth(gate, queue, name=f"job {n}") for n in range(100)]
    accepted = await asyncio.gather(*(accept(gate, made, made.new.name.encode()) for made in births))
    assert calls["job_accept"] <= 10
    for made, job in zip(births, await gate.jobs.get([one.job_id for one in accepted]), strict=True):
        assert (job.name, job.uuid, job.state) == (made.new.name, made.uuid, JobState.PENDING_HELD)
        [document] = job.documents
        assert (document.size, document.document_format, document.name) == (
            len(job.name),
            PDF.document_format,
            PDF.name,
        )
        assert document.oid is not None
        read = [chunk async for chunk in gate.spool.read(document.oid, 1, await gate.spool.key_of(job.id))]
        assert b"".join(read) == made.new.name.encode()


async def test_the_guilty_one_fails_alone(gate: Gate) -> None:
    queue = await a_queue(gate)
    births = [birth(gate, queue, name="x" * (300 if n == 5 else 10)) for n in range(12)]
    results = await asyncio.gather(*(accept(gate, made) for made in births), return_exceptions=True)
    assert [isinstance(result, Accepted) for result in results] == [n != 5 for n in range(12)]
    assert isinstance(results[5], asyncpg.CheckViolationError)


async def test_a_birth_that_is_told_twice_happens_once(gate: Gate, sql: Connection) -> None:
    made = birth(gate, await a_queue(gate))
    first, again = await accept(gate, made), await accept(gate, made)
    assert first == again
    assert await sql.fetchval("SELECT count(*) FROM pg_largeobject_metadata") == 1


async def test_one_that_is_there_and_one_that_is_new_share_a_batch(gate: Gate) -> None:
    queue = await a_queue(gate)
    known, new = birth(gate, queue), birth(gate, queue)
    first = await accept(gate, known)
    both = await asyncio.gather(accept(gate, known), accept(gate, new))
    assert both[0] == first
    assert both[1].job_id != first.job_id


async def test_a_queue_that_was_removed_in_between_is_not_found(gate: Gate) -> None:
    queue = await a_queue(gate)
    await gate.fleet.remove_queue(queue.name)
    with pytest.raises(NotFound, match="queue was removed"):
        await accept(gate, birth(gate, queue))
    with pytest.raises(NotFound, match="queue was removed"):
        await gate.jobs.create(birth(gate, queue), open_for=10)


async def test_everything_that_was_asked_for_is_kept(gate: Gate) -> None:
    queue, device = await a_queue(gate), await a_device(gate)
    new = NewJob(queue.id, "alïce", "Präsentation „Ümläut“ 你好", "2001:db8::1", priority=77, hold_until="indefinite")
    made = birth(gate, queue, device)
    made = Birth(new, made.uuid, made.state, made.reasons, made.device_id, made.key)
    job = await gate.desk.get((await accept(gate, made)).job_id, OPERATOR)
    assert (job.owner, job.name, job.host, job.priority, job.hold_until) == (
        new.owner, new.name, new.host, new.priority, new.hold_until,
    )  # fmt: skip
    assert (job.queue, job.device, job.device_uuid) == (queue.name, device.name, device.uuid)
    assert not job.incoming


async def test_a_created_job_is_open_for_its_time(gate: Gate, sql: Connection) -> None:
    queue = await a_queue(gate)
    job_id = (await gate.jobs.create(birth(gate, queue), open_for=60)).job_id
    assert (await gate.desk.get(job_id, OPERATOR)).incoming
    assert await gate.jobs.abandoned(10) == []
    await sql.execute("UPDATE job SET incoming_until = now() - interval '1 second'")
    assert await gate.jobs.abandoned(10) == [(job_id, JobState.PENDING_HELD)]
    assert await gate.jobs.stay_open(job_id, 60)
    assert await gate.jobs.abandoned(10) == []
    assert await gate.jobs.close(job_id)
    assert not await gate.jobs.close(job_id)
    assert not await gate.jobs.stay_open(job_id, 60)
